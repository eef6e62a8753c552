"""Of which applications statistics are made: a campaign, somebody's reach, and narrower."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from candide.admissions.applications.models import Application
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of, within
from candide.institution.catalogue.domain.gate import in_service as is_in_service
from candide.institution.catalogue.models import Campaign, Intake
from candide.reporting.statistics.figures import in_service


@dataclass(frozen=True)
class Scope:
    """The applications of `campaign` in the reach of `user`: of a centre, a commission or an
    intake where one is named, of what is in service unless `with_closed`."""

    user: Any
    campaign: Campaign
    centre: int | None = None
    commission: int | None = None
    intake: int | None = None
    with_closed: bool = False

    def applications(self) -> QuerySet[Application]:
        """Cancelled ones among them: each figure says whether it counts those."""
        found = Application.objects.all().visible_to(self.user)
        found = found.filter(intake__campaign=self.campaign)
        if self.centre:
            found = found.filter(intake__programme__commission__centre=self.centre)
        if self.commission:
            found = found.filter(intake__programme__commission=self.commission)
        if self.intake:
            found = found.filter(intake=self.intake)
        return found if self.with_closed else found.filter(in_service())

    def intakes(self) -> QuerySet[Intake]:
        """What these applications may be for, whether anybody applied or not."""
        found = intakes_in_reach(self.user).filter(campaign=self.campaign)
        if self.centre:
            found = found.filter(programme__commission__centre=self.centre)
        if self.commission:
            found = found.filter(programme__commission=self.commission)
        if self.intake:
            found = found.filter(pk=self.intake)
        if not self.with_closed:
            found = found.filter(
                is_active=True,
                programme__is_active=True,
                programme__commission__is_active=True,
                programme__commission__centre__is_active=True,
            )
        return found

    @property
    def is_kept(self) -> bool:
        """Whether the applications were destroyed, and only their figures are left."""
        return self.campaign.destroyed_at is not None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the institution is left out: then accounts may be counted too."""
        is_narrowed = self.centre or self.commission or self.intake
        return not is_narrowed and reach_of(self.user, Capability.VIEW_APPLICATIONS).everywhere

    def before(self) -> "Scope | None":
        """The same in the last campaign before this one, if there was one."""
        last = (
            Campaign.objects.filter(starts_on__lt=self.campaign.starts_on)
            .order_by("-starts_on", "-pk")
            .first()
        )
        if last is None:
            return None
        intake = None
        if self.intake:
            programme = Intake.objects.filter(pk=self.intake).values("programme")
            intake = (
                Intake.objects.filter(campaign=last, programme__in=programme)
                .values_list("pk", flat=True)
                .first()
            )
            if intake is None:
                return None
        return replace(self, campaign=last, intake=intake)


def intakes_in_reach(user: Any) -> QuerySet[Intake]:
    """The intakes whose applications `user` may see."""
    return Intake.objects.filter(
        within(user, Capability.VIEW_APPLICATIONS, "programme__commission")
    )


def campaigns() -> list[Campaign]:
    """Every campaign, archived ones too, the latest first."""
    return list(Campaign.objects.order_by("-starts_on", "-pk"))


def usual_campaign(known: list[Campaign], *, today: date) -> Campaign | None:
    """The one people mean without saying: that which runs (one archived before its end does not any
    more), else the latest that began."""
    begun = [each for each in known if each.starts_on <= today]
    running = [each for each in begun if is_in_service(each) and today <= each.ends_on]
    return next(iter([*running, *begun, *known]), None)

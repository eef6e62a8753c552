"""The dates of an intake: whether they are in order, and what they mean for somebody applying."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.deadlines import long_date
from candide.institution.catalogue.domain.gate import in_service, last_candidate_day
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Campaign, Intake
from candide.institution.catalogue.models.programme import NOT_BEFORE

_REQUIRED = ("opens_on", "closes_on", "documents_due_on")
_EXCLUSIVE = (
    ("acceptance_due_on", "acceptance_days"),
    ("reserve_acceptance_due_on", "reserve_acceptance_days"),
)


def date_blockers(intake: Intake) -> list[Blocker]:
    """Every inconsistency of the dates of `intake`, which need not be saved [APP-12]. `about` is
    the field to change. In an archived campaign nothing changes any more [3.3]: its applications
    are read with the dates they had."""
    return [
        *_frozen(intake),
        *_missing(intake),
        *_out_of_order(intake),
        *_fixed_twice(intake),
    ]


def date_warnings(intake: Intake) -> list[Blocker]:
    """Allowed but unwise: days on which the campaign itself is not running."""
    campaign = intake.campaign
    return [
        Blocker(
            "outside_campaign",
            _("“%(name)s” (%(day)s) is outside the campaign, from %(start)s to %(end)s.")
            % {
                "name": _name(field),
                "day": long_date(day),
                "start": long_date(campaign.starts_on),
                "end": long_date(campaign.ends_on),
            },
            f"field:{field}",
        )
        for field in ("opens_on", *NOT_BEFORE)
        if (day := getattr(intake, field)) and not campaign.starts_on <= day <= campaign.ends_on
    ]


def _frozen(intake: Intake) -> Iterator[Blocker]:
    if intake.campaign_id is not None and intake.campaign.is_frozen:
        yield Blocker("archived", _("This campaign is archived: its openings are frozen."))


def _missing(intake: Intake) -> Iterator[Blocker]:
    for field in _REQUIRED:
        if not getattr(intake, field):
            yield Blocker(
                "missing_date",
                _("“%(name)s” is missing.") % {"name": _name(field)},
                f"field:{field}",
            )


def _out_of_order(intake: Intake) -> Iterator[Blocker]:
    for field, earlier_fields in NOT_BEFORE.items():
        day = getattr(intake, field)
        for earlier in earlier_fields:
            limit = getattr(intake, earlier)
            if day and limit and day < limit:
                yield Blocker(
                    f"{field}_before_{earlier}",
                    _("“%(later)s” (%(day)s) comes before “%(earlier)s” (%(limit)s).")
                    % {
                        "later": _name(field),
                        "day": long_date(day),
                        "earlier": _name(earlier),
                        "limit": long_date(limit),
                    },
                    f"field:{field}",
                )


def _fixed_twice(intake: Intake) -> Iterator[Blocker]:
    for day, delay in _EXCLUSIVE:
        if getattr(intake, day) and getattr(intake, delay) is not None:
            yield Blocker(
                "fixed_twice",
                _("Give either “%(day)s” or “%(delay)s”, not both.")
                % {"day": _name(day), "delay": _name(delay)},
                f"field:{delay}",
            )


def _name(field: str) -> str:
    return str(Intake._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


# -- When one may apply ---------------------------------------------------------------------------


class Window(NamedTuple):
    """The days on which one may apply; never when `last` comes before `first`."""

    first: date
    last: date

    def period(self, *, today: date) -> Period:
        if today > self.last or self.last < self.first:
            return Period.CLOSED
        return Period.SOON if today < self.first else Period.OPEN


def window(opens_on: date, closes_on: date, campaign: Campaign) -> Window:
    """When intake and campaign both have begun, and neither has closed."""
    return Window(max(opens_on, campaign.starts_on), min(closes_on, last_candidate_day(campaign)))


def window_of(intake: Intake) -> Window:
    return window(intake.opens_on, intake.closes_on, intake.campaign)


def period(intake: Intake, *, today: date) -> Period:
    """Whether one may apply on `today`, could later, or could before: the days of the intake and
    of its campaign both count."""
    if not in_service(intake.campaign):
        return Period.CLOSED
    return window_of(intake).period(today=today)

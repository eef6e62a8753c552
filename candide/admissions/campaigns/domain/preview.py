"""What a switch will change, in numbers, before anybody confirms it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.correspondence.models import Message
from candide.admissions.decisions.domain.queries import IS_UNANSWERED
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.admissions.releases.enums import ReleaseState
from candide.admissions.releases.models import Release, ReleaseRow
from candide.admissions.tags.models import Tagging
from candide.core.blockers import Blocker
from candide.foundation.runs.enums import RunState
from candide.foundation.runs.models import Run
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Campaign, Institution, Intake
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail

_LIVE = Q(cancelled_at=None)
_EXAMINED = Q(
    dossier_status__in=[DossierStatus.RECEIVED, DossierStatus.INCOMPLETE, DossierStatus.COMPLETE]
)


@dataclass(frozen=True)
class Line:
    """So many of something, and what becomes of them. What is left undone is a `warning`."""

    code: str
    label: str
    number: int
    outcome: str
    is_warning: bool = False


@dataclass(frozen=True)
class Preview:
    """`into` is put in service, `archived` is archived; either may be missing."""

    into: Campaign | None
    archived: Campaign | None
    lines: list[Line]

    @property
    def left_undone(self) -> list[Line]:
        return [line for line in self.lines if line.is_warning and line.number]


def preview_of(campaign: Campaign) -> Preview:
    """What happens at the moment of `campaign`: a planned one is switched to, one in service is
    archived by itself. Eleven queries at most, however many applications there are."""
    into, archived = (None, campaign) if campaign.is_active else (campaign, campaign.replaces)
    lines = [*_openings(into, archived)]
    if archived is not None:
        lines += [*_applications(archived), *_around(archived)]
    return Preview(into, archived, [*lines, *_accounts()])


def preparing_warnings(preview: Preview) -> list[Blocker]:
    """What is allowed but unwise: shown before confirming."""
    found = []
    openings = Intake.objects.filter(campaign=preview.into, is_active=True)
    if preview.into is not None and not openings.exists():
        message = _("“%(campaign)s” has no opening in service: nobody could apply.")
        found.append(Blocker("no_openings", message % {"campaign": preview.into}))
    for line in preview.left_undone:
        message = _("%(label)s: %(number)d") % {"label": line.label, "number": line.number}
        found.append(Blocker(line.code, message))
    return found


def _openings(into: Campaign | None, archived: Campaign | None) -> list[Line]:
    rows: Any = Intake.objects.order_by().values("campaign").annotate(number=Count("pk"))
    wanted = [each.pk for each in (into, archived) if each is not None]
    numbers = {row["campaign"]: row["number"] for row in rows.filter(campaign__in=wanted)}
    found = []
    if into is not None:
        found.append(
            Line(
                "opened",
                _("Openings of the new campaign"),
                numbers.get(into.pk, 0),
                _("Shown in the catalogue; people apply on the days of each."),
            )
        )
    if archived is not None:
        found.append(
            Line(
                "closed",
                _("Openings of the archived campaign"),
                numbers.get(archived.pk, 0),
                _("Out of the catalogue, frozen with the dates they have."),
            )
        )
    return found


def _applications(campaign: Campaign) -> list[Line]:
    mine = Application.objects.filter(intake__campaign=campaign, archived_at=None)
    counts = mine.aggregate(
        live=Count("pk", filter=_LIVE),
        cancelled=Count("pk", filter=~_LIVE),
        candidates=Count("candidate", distinct=True),
        awaited=Count("pk", filter=_LIVE & Q(dossier_status=DossierStatus.AWAITED)),
        undecided=Count("pk", filter=_LIVE & _EXAMINED & Q(has_any_decision=False)),
        drafted=Count("pk", filter=_LIVE & Q(has_draft_decision=True)),
        unanswered=Count("pk", filter=_LIVE & IS_UNANSWERED),
        asked=Count("pk", filter=_LIVE & Q(correction_due_on__isnull=False)),
        unread=Count("pk", filter=Exists(_unread())),
        tagged=Count("pk", filter=Exists(Tagging.objects.filter(application=OuterRef("pk")))),
    )
    return [
        Line(code, label, counts[code], outcome, is_warning)
        for code, label, outcome, is_warning in _of_applications()
    ]


def _unread() -> Any:
    return Message.objects.filter(application=OuterRef("pk"), is_from_candidate=True, read_at=None)


def _of_applications() -> list[tuple[str, str, str, bool]]:
    read_only = _("Archived: staff and candidates read them, nobody changes them.")
    never_sent = _("Archived as they are: they cannot be transmitted any more.")
    return [
        ("live", _("Applications"), read_only, False),
        ("cancelled", _("Cancelled applications"), _("Archived: nobody restores them."), False),
        (
            "candidates",
            pgettext("switch", "Candidates"),
            _("They keep account and file, and apply in the next campaign with them."),
            False,
        ),
        ("awaited", _("Dossiers not transmitted"), never_sent, False),
        (
            "undecided",
            _("Dossiers without any decision"),
            _("Their candidates never have an answer."),
            True,
        ),
        (
            "drafted",
            _("Decisions not released"),
            _("They stay drafts: their candidates never see them."),
            True,
        ),
        (
            "unanswered",
            _("Offers without an answer"),
            _("Nobody can confirm or withdraw any more."),
            True,
        ),
        (
            "asked",
            _("Requests to candidates still open"),
            _("Nothing can be given any more."),
            True,
        ),
        (
            "unread",
            _("Applications with messages to read"),
            _("They can be read, not answered."),
            True,
        ),
        ("tagged", _("Applications with tags"), _("They keep them; nobody changes them."), False),
    ]


def _around(campaign: Campaign) -> list[Line]:
    mine = Application.objects.filter(intake__campaign=campaign)
    rows = ReleaseRow.objects.filter(release=OuterRef("pk"), application__intake__campaign=campaign)
    waiting = Release.objects.filter(state__in=[ReleaseState.OPEN, ReleaseState.PLANNED])
    mails = OutgoingMail.objects.filter(
        status__in=[MailStatus.QUEUED, MailStatus.SENDING],
        about_type=Application._meta.label_lower,
        about_id__in=mine.values("pk"),
    )
    runs = Run.objects.filter(state__in=[RunState.EXAMINING, RunState.RUNNING])
    return [
        Line(
            "releases",
            _("Releases prepared or planned"),
            waiting.filter(Exists(rows)).count(),
            _("Their decisions of this campaign are refused."),
            is_warning=True,
        ),
        Line(
            "runs",
            _("Actions for many under way"),
            runs.count(),
            _("What they have not done yet in this campaign is refused."),
            is_warning=True,
        ),
        Line("mails", _("Mails waiting to leave"), mails.count(), _("They leave all the same.")),
        *_handed_over(campaign),
    ]


def _handed_over(campaign: Campaign) -> list[Line]:
    mine = PreEnrolment.objects.in_service().filter(application__intake__campaign=campaign)
    counts = mine.order_by().aggregate(
        to_send=Count("pk", filter=Q(state=HandoverState.TO_SEND)),
        to_withdraw=Count("pk", filter=Q(state=HandoverState.TO_WITHDRAW)),
    )
    if not any(counts.values()) and not Institution.current().hands_over:
        return []
    return [
        Line(
            "to_send",
            _("People admitted, still to be sent to the student system"),
            counts["to_send"],
            _("They are never sent: they have to be entered there by hand."),
            is_warning=True,
        ),
        Line(
            "to_withdraw",
            _("People to be withdrawn from the student system"),
            counts["to_withdraw"],
            _("It is told of them all the same."),
        ),
    ]


def _accounts() -> list[Line]:
    never = User.objects.filter(activated_at=None, file_number__isnull=False, is_active=True)
    return [
        Line(
            "accounts",
            _("Accounts not activated"),
            never.count(),
            _("Nothing changes: each may still be activated in the days it has, and is then "
              "removed by the job that removes such accounts, once it was agreed to."),
        )
    ]  # fmt: skip

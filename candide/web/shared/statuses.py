"""How a status looks: icon and tone for each member of an enum; its word is the institution's, or
the enum's own.

Nothing is told by colour alone: the component always draws icon and word.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.stage import Stage
from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.handover.enums import HandoverState, ReportState
from candide.admissions.releases.enums import ReleaseState, RowState
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.files.enums import ScanStatus
from candide.foundation.jobs.enums import RunStatus
from candide.foundation.runs.enums import ItemState, RunState
from candide.institution.catalogue.enums import Period
from candide.institution.mails.enums import MailStatus
from candide.institution.pages.domain.wording import label_of

TONES = ("neutral", "info", "success", "warning", "danger")


@dataclass(frozen=True)
class Look:
    """One status as drawn: `tone` is one of `TONES`, `icon` a Lucide icon."""

    icon: str
    tone: str
    word: Any = ""


ENUMS: dict[str, type[TextChoices]] = {
    "dossier": DossierStatus,
    "document": ItemStatus,
    "decision": Outcome,
    "answer": CandidateAnswer,
    "period": Period,
    "scan": ScanStatus,
    "mail": MailStatus,
    "run": RunStatus,
    "long_run": RunState,
    "item": ItemState,
    "release": ReleaseState,
    "release_row": RowState,
    "download": DownloadState,
    "handover": HandoverState,
    "system_report": ReportState,
}

_DRAWN: tuple[tuple[TextChoices, str, str], ...] = (
    (DossierStatus.AWAITED, "hourglass", "neutral"),
    (DossierStatus.RECEIVED, "inbox", "info"),
    (DossierStatus.INCOMPLETE, "file-exclamation-point", "warning"),
    (DossierStatus.COMPLETE, "circle-check", "success"),
    (ItemStatus.MISSING, "hourglass", "neutral"),
    (ItemStatus.SUBMITTED, "send", "info"),
    (ItemStatus.APPROVED, "circle-check", "success"),
    (ItemStatus.REFUSED, "octagon-x", "danger"),
    (ItemStatus.NOT_APPLICABLE, "circle-minus", "neutral"),
    (Outcome.FAVOURABLE, "circle-check", "success"),
    (Outcome.UNFAVOURABLE, "octagon-x", "danger"),
    (Outcome.RESERVE_LIST, "list-ordered", "warning"),
    (Outcome.WAITING_LIST, "list", "warning"),
    (Outcome.SHORTLISTED, "calendar-check", "info"),
    (CandidateAnswer.ACCEPTED, "circle-check", "success"),
    (CandidateAnswer.WITHDRAWN, "undo-2", "neutral"),
    (Period.SOON, "calendar-clock", "info"),
    (Period.OPEN, "door-open", "success"),
    (Period.CLOSED, "lock", "neutral"),
    (ScanStatus.NOT_SCANNED, "circle-minus", "neutral"),
    (ScanStatus.PENDING, "hourglass", "info"),
    (ScanStatus.CLEAN, "shield-check", "success"),
    (ScanStatus.INFECTED, "shield-alert", "danger"),
    (ScanStatus.FAILED, "triangle-alert", "warning"),
    (MailStatus.QUEUED, "hourglass", "neutral"),
    (MailStatus.SENDING, "send", "info"),
    (MailStatus.SENT, "circle-check", "success"),
    (MailStatus.FAILED, "octagon-x", "danger"),
    (MailStatus.CANCELLED, "circle-minus", "neutral"),
    (MailStatus.KEPT, "archive", "neutral"),
    (RunStatus.ASKED, "hourglass", "neutral"),
    (RunStatus.RUNNING, "loader", "info"),
    (RunStatus.DONE, "circle-check", "success"),
    (RunStatus.FAILED, "octagon-x", "danger"),
    (RunStatus.ABANDONED, "triangle-alert", "warning"),
    (RunState.PREPARED, "list-checks", "neutral"),
    (RunState.EXAMINING, "loader", "info"),
    (RunState.EXAMINED, "eye", "warning"),
    (RunState.RUNNING, "loader", "info"),
    (RunState.STOPPED, "circle-stop", "warning"),
    (RunState.DONE, "circle-check", "success"),
    (ItemState.SELECTED, "hourglass", "neutral"),
    (ItemState.READY, "circle-arrow-right", "info"),
    (ItemState.DONE, "circle-check", "success"),
    (ItemState.NEEDLESS, "circle-minus", "neutral"),
    (ItemState.REFUSED, "octagon-x", "warning"),
    (ItemState.FAILED, "triangle-alert", "danger"),
    (ReleaseState.OPEN, "mails", "neutral"),
    (ReleaseState.PLANNED, "calendar-clock", "info"),
    (ReleaseState.DONE, "circle-check", "success"),
    (ReleaseState.GIVEN_UP, "ban", "neutral"),
    (RowState.WAITING, "hourglass", "neutral"),
    (RowState.PREPARED, "mail-check", "info"),
    (RowState.RELEASED, "circle-check", "success"),
    (RowState.REFUSED, "octagon-x", "warning"),
    (HandoverState.TO_SEND, "hourglass", "neutral"),
    (HandoverState.SENT, "send", "info"),
    (HandoverState.ACCEPTED, "circle-check", "success"),
    (HandoverState.REFUSED, "octagon-x", "danger"),
    (HandoverState.TO_WITHDRAW, "hourglass", "warning"),
    (HandoverState.WITHDRAWN, "undo-2", "neutral"),
    (HandoverState.ASIDE, "circle-minus", "neutral"),
    (ReportState.WAITING, "loader", "info"),
    (ReportState.DONE, "circle-check", "success"),
    (ReportState.FAILED, "triangle-alert", "danger"),
    (DownloadState.WAITING, "loader", "info"),
    (DownloadState.READY, "circle-check", "success"),
    (DownloadState.STOPPED, "circle-stop", "warning"),
    (DownloadState.FAILED, "triangle-alert", "danger"),
    (DownloadState.EXPIRED, "clock", "neutral"),
)
# By enum too: members of two enums are equal where they have the same value.
LOOKS = {(type(member), str(member)): (icon, tone) for member, icon, tone in _DRAWN}

# An application as a whole: the codes of `Stage`, which brings its word.
STAGES = {
    "cancelled": ("ban", "neutral"),
    "awaited": ("hourglass", "neutral"),
    "incomplete": ("file-exclamation-point", "warning"),
    "received": ("inbox", "info"),
    "complete": ("circle-check", "info"),
    "shortlisted": ("calendar-check", "info"),
    "reserve_list": ("list-ordered", "warning"),
    "waiting_list": ("list", "warning"),
    "refused": ("octagon-x", "danger"),
    "offered": ("party-popper", "success"),
    "accepted": ("circle-check-big", "success"),
    "withdrawn": ("undo-2", "neutral"),
}

NONE_YET = {
    "decision": Look("hourglass", "neutral", _("Awaited")),
    "answer": Look("hourglass", "neutral", _("No answer yet")),
}


def look(kind: str, value: str | Stage | None) -> Look:
    """How to draw `value`, a member of the enum `kind` names (empty: none yet), or a `Stage`."""
    if isinstance(value, Stage):
        return Look(*STAGES[value.code], value.label)
    if not value:
        return NONE_YET[kind]
    member = ENUMS[kind](value)
    return Look(*LOOKS[type(member), str(member)], label_of(member))

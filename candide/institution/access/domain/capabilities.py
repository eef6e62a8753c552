"""What each capability opens, in the order and the groups in which a role is composed of them
(« fonctionnalités »)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.institution.access.enums import Capability as C


@dataclass(frozen=True)
class Meaning:
    """What one capability opens to whoever may read, and to whoever may write; empty where that
    level opens nothing of its own. `only_everywhere`: it opens nothing in a centre alone."""

    capability: C
    read: Any = ""
    write: Any = ""
    only_everywhere: bool = False


@dataclass(frozen=True)
class Area:
    title: Any
    meanings: tuple[Meaning, ...]


AREAS = (
    Area(
        _("Applications"),
        (
            Meaning(
                C.VIEW_APPLICATIONS,
                read=_(
                    "The list of applications, and of each its dossier, documents, decisions, "
                    "letters and history."
                ),
            ),
            Meaning(C.CHECK_DOCUMENTS, write=_("Approve and refuse documents.")),
            Meaning(C.SET_DOSSIER_STATUS, write=_("Say whether a dossier is there and complete.")),
            Meaning(C.SET_ROUTE, write=_("Choose by which route an application is examined.")),
            Meaning(
                C.CONFIRM_ROUTE,
                write=_("Settle the route and tell the candidate; direct access admits by right."),
            ),
            Meaning(C.TAG_APPLICATIONS, write=_("Put tags on applications and take them off.")),
            Meaning(
                C.SET_DEADLINES, write=_("Give one candidate more time to return or to answer.")
            ),
            Meaning(
                C.WRITE_NOTES,
                write=_("Write notes on applications, which candidates never see."),
            ),
            Meaning(
                C.WRITE_TO_CANDIDATES,
                write=_(
                    "Write mails and messages to candidates, and ask them for documents and "
                    "answers again."
                ),
            ),
            Meaning(
                C.SET_FEES,
                write=_("Enter what a candidate will pay, and the exemption that is given."),
            ),
            Meaning(C.SET_REGIME, write=_("Enter under which regime a candidate will enrol.")),
            Meaning(
                C.ENTER_ENROLMENT_CODES,
                write=_("Enter by hand the code a candidate enrols with."),
            ),
            Meaning(
                C.ACT_FOR_CANDIDATES,
                write=_(
                    "Do for candidates what they do themselves, and restore what they cancelled; "
                    "the history names who did it."
                ),
            ),
            Meaning(
                C.IGNORE_DEADLINES,
                write=_("Act for candidates even where the dates no longer let them."),
            ),
        ),
    ),
    Area(
        _("Decisions"),
        (
            Meaning(C.ENTER_DECISIONS, write=_("Enter decisions; candidates see nothing of them.")),
            Meaning(C.RELEASE_DECISIONS, write=_("Make decisions visible to candidates.")),
        ),
    ),
    Area(
        _("Candidates"),
        (
            Meaning(
                C.VIEW_CANDIDATES,
                read=_(
                    "Candidates, their files and mails: those who applied there; for the whole "
                    "institution, all of them."
                ),
            ),
            Meaning(
                C.ADMINISTER_CANDIDATES,
                read=_("Candidates’ accounts."),
                write=_(
                    "Open accounts, change and delete them, release what is locked; for the whole "
                    "institution: merge duplicates as well."
                ),
            ),
        ),
    ),
    Area(
        _("Settings"),
        (
            Meaning(
                C.MANAGE_ORGANISATION,
                read=_("The settings of centres and commissions."),
                write=_("Change them, create and delete them."),
            ),
            Meaning(
                C.MANAGE_CATALOGUE,
                read=_("The settings of programmes and their dates."),
                write=_("Change them, create and delete them."),
            ),
            Meaning(
                C.MANAGE_REQUIREMENTS,
                read=_("The documents and questions candidates are asked for."),
                write=_("Change them, create and delete them."),
            ),
            Meaning(
                C.MANAGE_DECISIONS,
                read=_("The types of decision, the reasons and their letters."),
                write=_("Change them, create and delete them."),
            ),
            Meaning(
                C.MANAGE_TEXTS,
                read=_("The texts of pages and mails."),
                write=_("Change them, create and delete them."),
            ),
        ),
    ),
    Area(
        _("The institution"),
        (
            Meaning(
                C.VIEW_OUTBOX,
                read=_(
                    "Every mail that was sent, waits or failed; those about an application are "
                    "seen by whoever sees the application."
                ),
                write=_("Have mails sent again; in a centre, those about its applications."),
            ),
            Meaning(
                C.MANAGE_HANDOVER,
                read=_("What is handed over to the student system, refusals and reports."),
                write=_(
                    "Hand over again, put aside; for the whole institution: fetch the files as "
                    "well."
                ),
            ),
            Meaning(
                C.CHANGE_SETTINGS,
                read=_("The settings of the institution an administrator leaves to others."),
                write=_("Change those settings."),
                only_everywhere=True,
            ),
            Meaning(
                C.MANAGE_INSTITUTION,
                read=_("The settings of the whole service, and its automatic jobs."),
                write=_("Change them, run the jobs, work during maintenance."),
                only_everywhere=True,
            ),
            Meaning(
                C.MANAGE_STAFF,
                read=_("Who works here, with which roles; what the roles hold."),
                write=_(
                    "Give and take roles; for the whole institution: compose the roles as well."
                ),
            ),
        ),
    ),
)

MEANINGS = {meaning.capability: meaning for area in AREAS for meaning in area.meanings}

"""The processings of personal data there are here (« traitements ») [RGPD, article 30]: what each
is for, on which ground, of whom, who gets to see it, and until when. Which data it is made of is
not written here: `register` reads that from what the models declare."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution

PUBLIC_TASK = gettext_lazy("Task of public interest (GDPR, article 6.1.e)")
SECURITY = gettext_lazy("Security of processing, a duty of the institution (GDPR, article 32)")


@dataclass(frozen=True)
class Processing:
    """`rooms` are the apps whose models belong to it, but for models another one names itself in
    `models` (as "app.model"); `seen_by` the capabilities with which somebody meets the data;
    `others` who gets them outside; `kept` says until when, from the settings."""

    code: str
    title: Any
    purpose: Any
    ground: Any
    people: Any
    kept: Callable[[Institution], str]
    rooms: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    seen_by: tuple[Capability, ...] = ()
    others: tuple[Any, ...] = ()


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def _with_the_campaign(institution: Institution) -> str:
    return _(
        "Until %(days)s after the campaign was archived; sooner when the person is erased."
    ) % {"days": _days(institution.archive_days)}


def _with_the_account(institution: Institution) -> str:
    values = {
        "days": _days(institution.archive_days),
        "never": _days(institution.activation_days),
    }
    return (
        _(
            "As long as the account is used: it goes with the last application, %(days)s after the "
            "campaign was archived, unless the person signed in since; one that is never activated "
            "after %(never)s; sooner when the person asks to be erased."
        )
        % values
    )


def _of_staff(institution: Institution) -> str:
    return _("As long as the person works here; then the account is closed.")


def _log(institution: Institution) -> str:
    return _days(institution.reading_days)


def _week(institution: Institution) -> str:
    return _(
        "Files asked for: seven days. Sessions: until they end. Traces of changes hold no name, "
        "and are emptied when the person is erased."
    )


CANDIDATES = gettext_lazy("Candidates")
STAFF = gettext_lazy("Members of staff")
STUDENT_SYSTEM = gettext_lazy("The student information system of the institution")
MAIL_SERVER = gettext_lazy("The mail server of the institution")
READS = (Capability.VIEW_APPLICATIONS,)

PROCESSINGS = (
    Processing(
        "accounts",
        gettext_lazy("Accounts and signing in"),
        gettext_lazy(
            "Letting candidates open an account, sign in, prove their mail address and find their "
            "applications again."
        ),
        PUBLIC_TASK,
        CANDIDATES,
        _with_the_account,
        rooms=("accounts",),
        seen_by=(Capability.VIEW_CANDIDATES, Capability.ADMINISTER_CANDIDATES),
    ),
    Processing(
        "file",
        gettext_lazy("The candidate’s file"),
        gettext_lazy(
            "Knowing who applies, how to reach them, and what they have studied and done, once for "
            "all their applications."
        ),
        PUBLIC_TASK,
        CANDIDATES,
        _with_the_account,
        rooms=("candidates",),
        seen_by=(Capability.VIEW_CANDIDATES, *READS),
        others=(STUDENT_SYSTEM,),
    ),
    Processing(
        "applications",
        gettext_lazy("Applications and their examination"),
        gettext_lazy(
            "Taking applications with their documents and answers, checking that they are "
            "complete, having commissions examine them."
        ),
        PUBLIC_TASK,
        CANDIDATES,
        _with_the_campaign,
        rooms=("applications", "files", "tags", "requirements"),
        seen_by=READS,
    ),
    Processing(
        "decisions",
        gettext_lazy("Decisions, letters and answers"),
        gettext_lazy(
            "Deciding on applications, telling candidates, making letters, taking their answers "
            "and calling from the reserve list."
        ),
        PUBLIC_TASK,
        CANDIDATES,
        _with_the_campaign,
        rooms=("decisions", "releases"),
        seen_by=(*READS, Capability.ENTER_DECISIONS, Capability.RELEASE_DECISIONS),
    ),
    Processing(
        "correspondence",
        gettext_lazy("Messages, notes and mails"),
        gettext_lazy(
            "Writing with candidates about their applications, and keeping what was written."
        ),
        PUBLIC_TASK,
        CANDIDATES,
        _with_the_campaign,
        rooms=("correspondence", "mails"),
        seen_by=(*READS, Capability.WRITE_TO_CANDIDATES, Capability.VIEW_OUTBOX),
        others=(MAIL_SERVER,),
    ),
    Processing(
        "handover",
        gettext_lazy("Handing the admitted over"),
        gettext_lazy(
            "Announcing those who accepted an offer to the student information system, so that "
            "they can enrol."
        ),
        PUBLIC_TASK,
        CANDIDATES,
        _with_the_campaign,
        rooms=("handover",),
        seen_by=(Capability.MANAGE_HANDOVER,),
        others=(STUDENT_SYSTEM,),
    ),
    Processing(
        "staff",
        gettext_lazy("Rights and work of staff"),
        gettext_lazy("Knowing who may do what, and keeping lists and exports they set up."),
        PUBLIC_TASK,
        STAFF,
        _of_staff,
        rooms=("access", "exports", "catalogue", "tokens", "webhooks"),
        models=("applications.savedview",),
        seen_by=(Capability.MANAGE_STAFF,),
    ),
    Processing(
        "readings",
        gettext_lazy("Log of who opened which dossier"),
        gettext_lazy(
            "Telling, when data was misused, who of the staff looked at whose dossier, document or "
            "file, and which other system read it."
        ),
        SECURITY,
        gettext_lazy("Members of staff, and the candidates whose data they opened"),
        _log,
        rooms=("privacy",),
        seen_by=(Capability.MANAGE_INSTITUTION,),
    ),
    Processing(
        "operation",
        gettext_lazy("Operation: sessions, exports, long work"),
        gettext_lazy(
            "Running the service: what was asked for in the background, and how it ended."
        ),
        SECURITY,
        gettext_lazy("Candidates and members of staff"),
        _week,
        rooms=("downloads", "runs", "jobs", "leases", "history"),
        models=("accounts.visit",),
        seen_by=(Capability.MANAGE_INSTITUTION,),
    ),
)
# Where what belongs to none of them stands until somebody says what it is for.
UNDESCRIBED = Processing(
    "undescribed",
    gettext_lazy("Not described yet"),
    gettext_lazy("What this is for has still to be said."),
    gettext_lazy("To be said"),
    gettext_lazy("To be said"),
    lambda institution: _("To be said"),
)

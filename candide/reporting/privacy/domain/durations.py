"""How long each kind of data is kept (« durées de conservation »): one table of what it holds, from
when its time counts, who sets it, which job destroys it and who is told before. Every model that
holds personal data belongs to one of them, which a test sees to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candide.admissions.applications.models import Application
from candide.admissions.campaigns.domain import destroying
from candide.foundation.downloads.domain import cleaning
from candide.foundation.jobs.domain.pruning import ended_sessions, old_runs
from candide.foundation.jobs.models import JobSchedule
from candide.foundation.jobs.registry import find_job
from candide.foundation.runs.domain import pruning
from candide.institution.accounts.domain import journal, links, waiting_line
from candide.institution.accounts.domain.activation import never_activated
from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.outbox import old_mails
from candide.institution.tokens.domain import once
from candide.reporting.privacy.domain import identity_papers, reading_log, unused

FOR_CANDIDATES = (
    *("applications", "identity-papers", "unused-accounts", "never-activated"),
    *("mails", "sign-ins"),
)
Due = Callable[[datetime], QuerySet[Any]]


def days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def set_by(name: str) -> Callable[[Institution], str]:
    return lambda institution: days(getattr(institution, name))


def always(number: int) -> Callable[[Institution], str]:
    return lambda _institution: days(number)


@dataclass(frozen=True)
class Kept:
    """A kind of data. `long` says for how long, `since` from when; `setting` names what the
    institution may set; `due` finds what `job` would destroy at a moment, nothing where it goes
    with something else; `told` who is told before. `of` are its models, as "app.model", or all
    others of an "app"."""

    code: str
    title: Any
    holds: Any
    long: Callable[[Institution], str]
    since: Any
    of: tuple[str, ...] = ()
    setting: str = ""
    job: str = ""
    due: Due | None = None
    told: Any = ""


def _of_old_campaigns(moment: datetime) -> QuerySet[Application]:
    campaigns = destroying.to_destroy(now=moment).order_by().values("pk")
    return Application.objects.filter(intake__campaign__in=campaigns)


KINDS = (
    Kept(
        "applications",
        gettext_lazy("Applications of archived campaigns"),
        gettext_lazy(
            "Documents, answers, frozen dossiers, decisions, letters, messages, notes, their "
            "mails, what the student system was told; the account and the file of whoever has no "
            "other application and signed in no more."
        ),
        set_by("archive_days"),
        gettext_lazy("since the campaign was archived"),
        of=(
            *("applications", "decisions", "releases", "tags", "correspondence", "handover"),
            "files",
        ),
        setting="archive_days",
        job="destroy-campaigns",
        due=_of_old_campaigns,
        told=gettext_lazy("Administrators, by mail 30 days before"),
    ),
    Kept(
        "identity-papers",
        gettext_lazy("Identity papers"),
        gettext_lazy("The file of the document; that it was given and checked stays."),
        lambda _institution: _("the days each document says"),
        gettext_lazy("since no application needs it any more"),
        job="destroy-identity-papers",
        due=lambda moment: identity_papers.to_destroy(now=moment),
        told=gettext_lazy("Candidates, where they give it"),
    ),
    Kept(
        "unused-accounts",
        gettext_lazy("Accounts nobody uses"),
        gettext_lazy("The account and the file of a candidate who has no application."),
        set_by("unused_days"),
        gettext_lazy("since the last sign-in"),
        of=("accounts", "candidates"),
        setting="unused_days",
        job="erase-unused-accounts",
        due=lambda moment: unused.to_erase(now=moment),
        told=gettext_lazy("The candidate, by mail 30 days before; signing in keeps the account"),
    ),
    Kept(
        "never-activated",
        gettext_lazy("Accounts never activated"),
        gettext_lazy("Name and address of somebody who never followed the link in the mail."),
        set_by("activation_days"),
        gettext_lazy("since the account was created"),
        setting="activation_days",
        job="clean-accounts",
        due=lambda moment: never_activated(now=moment),
        told=gettext_lazy("The candidate, in the mail with the link"),
    ),
    Kept(
        "mails",
        gettext_lazy("Mails in the outbox"),
        gettext_lazy("Address, subject, words, files sent with them, attempts."),
        set_by("mail_days"),
        gettext_lazy("since the mail was written"),
        of=("mails",),
        setting="mail_days",
        job="destroy-mails",
        due=lambda moment: old_mails(now=moment),
    ),
    Kept(
        "readings",
        gettext_lazy("Log of who opened which dossier"),
        gettext_lazy(
            "Who of the staff, or which program, opened what of whom, and when; identifiers alone."
        ),
        set_by("reading_days"),
        gettext_lazy("since it was opened"),
        of=("privacy",),
        setting="reading_days",
        job="forget-readings",
        due=lambda moment: reading_log.old_readings(now=moment),
    ),
    Kept(
        "sign-ins",
        gettext_lazy("Journal of sign-ins"),
        gettext_lazy("Who came in and how, which attempts were refused; identifiers alone."),
        set_by("sign_in_days"),
        gettext_lazy("since the sign-in"),
        setting="sign_in_days",
        job="forget-sign-ins",
        due=lambda moment: journal.old_sign_ins(now=moment),
    ),
    Kept(
        "links",
        gettext_lazy("Links sent by mail"),
        gettext_lazy(
            "The digest of the link, the address it is to prove; that of an invitation goes with "
            "the account."
        ),
        always(links.EXPIRED_KEPT.days),
        gettext_lazy("since it ended unfollowed"),
        of=("accounts.mailedlink",),
        job="forget-links",
        due=lambda moment: links.old_links(now=moment),
    ),
    Kept(
        "sessions",
        gettext_lazy("Sessions"),
        gettext_lazy("Whose it is, what was typed and not saved yet."),
        lambda _institution: _("until it ends"),
        "",
        of=("accounts.visit",),
        job="prune-traces",
        due=lambda moment: ended_sessions(now=moment),
    ),
    Kept(
        "line",
        gettext_lazy("Waiting line"),
        gettext_lazy("That an account waited to be let in."),
        always(waiting_line.FORGOTTEN_AFTER.days),
        gettext_lazy("since it was last asked about"),
        of=("accounts.placeinline",),
        job="forget-line",
        due=lambda moment: waiting_line.old_places(now=moment),
    ),
    Kept(
        "exports",
        gettext_lazy("Files asked for (exports)"),
        gettext_lazy("Spreadsheets, archives of dossiers, one’s own data."),
        always(cleaning.KEPT.days),
        gettext_lazy("since it was made"),
        of=("downloads",),
        job="expire-downloads",
        due=lambda moment: cleaning.expired(now=moment),
        told=gettext_lazy("Whoever asked, beside the file"),
    ),
    Kept(
        "exports-asked",
        gettext_lazy("That an export was asked for"),
        gettext_lazy("What it was called, who asked, how many rows."),
        always(cleaning.REMEMBERED.days),
        gettext_lazy("since it was asked for"),
        job="expire-downloads",
        due=lambda moment: cleaning.remembered_enough(now=moment),
    ),
    Kept(
        "runs",
        gettext_lazy("Reports of actions on several, and of imports"),
        gettext_lazy("Who asked for what, and what came of each application or line."),
        always(pruning.REPORTS.days),
        gettext_lazy("since it ended"),
        of=("runs",),
        job="forget-runs",
        due=lambda moment: pruning.old_reports(now=moment),
    ),
    Kept(
        "runs-prepared",
        gettext_lazy("Actions on several that nobody confirmed"),
        gettext_lazy("What was about to be done, and to whom."),
        always(pruning.UNCONFIRMED.days),
        gettext_lazy("since it was prepared"),
        job="forget-runs",
        due=lambda moment: pruning.never_confirmed(now=moment),
    ),
    Kept(
        "job-runs",
        gettext_lazy("Runs of automatic jobs"),
        gettext_lazy("When they ran, their counts and errors; nobody’s data."),
        set_by("job_history_days"),
        gettext_lazy("since the run ended"),
        setting="job_history_days",
        job="prune-traces",
        due=lambda moment: old_runs(now=moment),
    ),
    Kept(
        "answers",
        gettext_lazy("Answers kept for programs that write"),
        gettext_lazy("Identifiers and codes, so that the same is done once."),
        always(once.KEPT.days),
        gettext_lazy("since the answer"),
        job="forget-answers",
        due=lambda moment: once.old_answers(now=moment),
    ),
    Kept(
        "history",
        gettext_lazy("History of changes"),
        gettext_lazy(
            "That somebody did something, when, and to which identifier. What it says is emptied "
            "with the application or the person it speaks of."
        ),
        lambda _institution: _("with no end: it leads to nobody who was erased"),
        gettext_lazy("since the change"),
    ),
    Kept(
        "staff",
        gettext_lazy("Accounts and rights of staff"),
        gettext_lazy("Name, address, roles, saved views and exports, what they set up."),
        lambda _institution: _("as long as the person works here; then the account is closed"),
        gettext_lazy("since the role was given"),
        of=(
            *("access", "exports", "catalogue", "requirements", "tokens", "webhooks"),
            "applications.savedview",
        ),
    ),
    Kept(
        "figures",
        gettext_lazy("Statistics and file numbers"),
        gettext_lazy("Counts that name nobody; numbers that are never given again."),
        lambda _institution: _("with no end: they are nobody’s data"),
        gettext_lazy("since the destruction or the erasure"),
    ),
    Kept(
        "backups",
        gettext_lazy("Backups"),
        gettext_lazy("Everything there was on the day, also what was destroyed since."),
        lambda _institution: _("as set on the machine; a month is usual"),
        gettext_lazy("since the backup"),
    ),
)

_beside: list[Kept] = []


def keep(kept: Kept) -> None:
    """Add a kind of data of a room this one does not know."""
    _beside.append(kept)


def kinds() -> tuple[Kept, ...]:
    """Every kind: those a job destroys first."""
    both = (*KINDS, *_beside)
    return tuple(sorted(both, key=lambda each: not each.job))


def for_candidates() -> list[tuple[str, str]]:
    """What candidates read: the kinds of data of theirs, and how long each is kept; also where
    nothing is destroyed because nobody agreed to it yet."""
    institution = Institution.current()
    agreed = set(JobSchedule.objects.exclude(agreed_at=None).values_list("code", flat=True))
    return [
        (str(each.title), _long(each, institution, is_in_force=_is_in_force(each, agreed)))
        for each in kinds()
        if each.code in FOR_CANDIDATES
    ]


def _is_in_force(kept: Kept, agreed: set[str]) -> bool:
    return not kept.job or kept.job in agreed or not find_job(kept.job).destroys


def _long(kept: Kept, institution: Institution, *, is_in_force: bool) -> str:
    long = f"{kept.long(institution)} {kept.since}"
    return long if is_in_force else _("%(long)s (not in force yet)") % {"long": long}


def kept_with(model: type[Model]) -> Kept | None:
    """The kind of data the rows of `model` belong to: the one that names it, else its room's."""
    label, room = model._meta.label_lower, model._meta.app_label
    named = (each for each in kinds() if label in each.of)
    return next(named, None) or next((each for each in kinds() if room in each.of), None)

"""Retention [administration 3.5]: what an archived campaign holds in person is destroyed some time
after it was archived. That is announced first, agreed to once by the institution, and done in the
background, one application after the other, each in its own transaction: whatever is killed, the
next run goes on with what is left. Figures are kept, and nobody can be found in them."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.admissions.applications.domain.deleting_account import (
    delete_account,
    deleting_blockers,
)
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.models import AdditionalDocument, Application, DocumentVersion
from candide.admissions.campaigns.domain.copies import (
    blank_history,
    blank_reports_of_destroyed,
    blank_works,
)
from candide.admissions.campaigns.mails import DestructionAnnounced
from candide.admissions.campaigns.models import Destruction
from candide.admissions.campaigns.registry import keep_of
from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.models import Candidate, StudentDocument
from candide.admissions.decisions.models import Decision, Letter, ReplacedLetter
from candide.admissions.handover.domain import deliveries
from candide.admissions.releases.models import ReleaseRow
from candide.foundation.files.domain.cleaning import remove
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.access.domain.alerting import administrators
from candide.institution.access.domain.last_manager import lock_rights
from candide.institution.accounts.models import User
from candide.institution.catalogue.enums import CampaignEvent
from candide.institution.catalogue.models import Campaign, Institution
from candide.institution.mails.domain.outbox import erase_mails
from candide.institution.mails.models import Attachment
from candide.institution.requirements.models import DocumentRequirement

NOTICE = timedelta(days=30)


# -- When -----------------------------------------------------------------------------------------


def destruction_moment(campaign: Campaign) -> datetime | None:
    """When the campaign is to be destroyed at the earliest; None where it is not, or was. It is
    never sooner than the notice after it was announced."""
    if campaign.archived_at is None or campaign.destroyed_at is not None:
        return None
    moment = campaign.archived_at + timedelta(days=Institution.current().archive_days)
    return max(moment, campaign.announced_at + NOTICE) if campaign.announced_at else moment


def _kept_long_enough(*, until: datetime) -> QuerySet[Campaign]:
    days = timedelta(days=Institution.current().archive_days)
    old = Campaign.objects.filter(destroyed_at=None, archived_at__lte=until - days)
    return old.order_by("archived_at", "pk")


def to_announce(*, now: datetime) -> QuerySet[Campaign]:
    """Those whose destruction comes within the notice, and that nobody was told of."""
    return _kept_long_enough(until=now + NOTICE).filter(announced_at=None)


def to_destroy(*, now: datetime) -> QuerySet[Campaign]:
    """Those kept long enough, and announced long enough ago."""
    return _kept_long_enough(until=now).filter(announced_at__lte=now - NOTICE)


@transaction.atomic
def announce(pk: int, *, now: datetime) -> None:
    """Tell the administrators, once."""
    campaign = Campaign.objects.locked(pk)
    if campaign.announced_at is not None:
        return
    campaign.announced_at = now
    campaign.save(update_fields=["announced_at"])
    moment = destruction_moment(campaign)
    assert moment is not None  # noqa: S101 -- it is archived, or it would not be looked for
    number = Application.objects.filter(intake__campaign=campaign).count()
    log(campaign, CampaignEvent.ANNOUNCED, applications=number)
    for person in administrators().order_by("pk"):
        DestructionAnnounced(person, campaign=campaign, moment=moment, number=number).send()


# -- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def begin(pk: int, *, now: datetime) -> None:
    """Keep the figures, once, while everything is still there."""
    campaign = Campaign.objects.locked(pk)
    if not Destruction.objects.filter(campaign=campaign).exists():
        keep_of(campaign)
        Destruction.objects.create(campaign=campaign, begun_at=now)
        log(campaign, CampaignEvent.DESTRUCTION_BEGUN)


def left_of(pk: int) -> list[int]:
    """The applications of the campaign that are still there."""
    mine = Application.objects.filter(intake__campaign=pk).order_by("pk")
    return list(mine.values_list("pk", flat=True))


@transaction.atomic
def destroy_application(pk: int, *, now: datetime) -> None:
    """Everything of one application, and the account of its candidate if it was the last and
    nobody used it since the campaign was archived."""
    application, user = _locked(pk)
    destruction = Destruction.objects.select_for_update().get(campaign=application.intake.campaign)
    counts = Counter(destruction.counts)
    files = _files_of(application)
    counts["mails"] += erase_mails(about=[(Application._meta.label_lower, pk)])
    for code, rows in _hanging_on(application):
        counts[code] += rows.count()
        rows.delete()
    blank_works([pk])
    blank_history(Application, [pk])
    deliveries.forget([pk], now=now)
    given = _versions_of(application)
    own = AdditionalDocument.objects.filter(application=application)
    asked = list(own.values_list("requirement", flat=True))
    application.delete()
    counts["applications"] += 1
    unused = DocumentVersion.objects.filter(pk__in=given, uses=None, snapshots=None)
    counts["documents"] += unused.count()
    unused.delete()
    DocumentRequirement.objects.filter(pk__in=asked).delete()
    if _is_unused(user, since=application.intake.campaign.archived_at):
        files |= _files_of_account(user)
        _destroy_account(user, now=now)
        counts["accounts"] += 1
    counts["files"] += sum(remove(file) for file in StoredFile.objects.filter(pk__in=files))
    destruction.counts = dict(counts)
    destruction.save(update_fields=["counts"])


def _locked(pk: int) -> tuple[Application, User]:
    """The application and the account of its candidate, with all that deleting that account locks,
    in the same order: accounts before INEs, INEs before the candidate. Rights come first, since
    who merges accounts takes them too: whose it is stays as it is."""
    lock_rights()
    application = Application.objects.select_related("intake__campaign", "candidate").get(pk=pk)
    owner = application.candidate.user_id
    accounts = User.objects.filter(Q(pk=owner) | Q(merged_into=owner)).order_by("pk")
    locked = {each.pk: each for each in accounts.select_for_update(of=("self",), no_key=True)}
    claims.lock_ines()
    lock_candidate(application.candidate_id)
    return application, locked[owner]


def _hanging_on(application: Application) -> list[tuple[str, QuerySet]]:
    """What would keep the application from being deleted, in the order in which it goes."""
    mine = {"application": application}
    return [
        ("releases", ReleaseRow.objects.filter(**mine)),
        ("letters", ReplacedLetter.objects.filter(decision__application=application)),
        ("letters", Letter.objects.filter(decision__application=application)),
        ("decisions", Decision.objects.filter(**mine)),
        ("messages", application.messages.all()),  # type: ignore[attr-defined]
        ("notes", application.notes.all()),  # type: ignore[attr-defined]
        ("snapshots", application.snapshots.all()),  # type: ignore[attr-defined]
    ]


def _versions_of(application: Application) -> list[int]:
    """The versions of documents that may serve nothing any more once it is gone: those it uses,
    and where the candidate has no other application, all there are."""
    versions = DocumentVersion.objects.filter(candidate=application.candidate_id)
    others = Application.objects.filter(candidate=application.candidate_id)
    if others.exclude(pk=application.pk).exists():
        versions = versions.filter(
            Q(uses__application=application) | Q(snapshots__application=application)
        )
    return list(versions.values_list("pk", flat=True).distinct())


def _files_of(application: Application) -> set[int]:
    """The files that may belong to nothing any more once it is gone."""
    pointing: tuple[tuple[QuerySet, str], ...] = (
        (DocumentVersion.objects.filter(candidate=application.candidate_id), "file"),
        (application.snapshots.all(), "pdf"),  # type: ignore[attr-defined]
        (application.snapshots.all(), "receipt"),  # type: ignore[attr-defined]
        (Letter.objects.filter(decision__application=application), "file"),
        (ReplacedLetter.objects.filter(decision__application=application), "file"),
        (ReleaseRow.objects.filter(application=application), "letter"),
        (
            Attachment.objects.filter(
                mail__about_type=Application._meta.label_lower, mail__about_id=application.pk
            ),
            "file",
        ),
    )
    return {key for rows, field in pointing for key in rows.values_list(field, flat=True) if key}


def _is_unused(user: User, *, since: datetime | None) -> bool:
    """Whether nobody signed in since then, and nothing else hangs on the account."""
    if since is None or user.merged_into_id is not None:
        return False
    if max(user.created_at, user.last_login or since) > since:
        return False
    return not {each.code for each in deleting_blockers(user)} - {"merged"}


def _files_of_account(user: User) -> set[int]:
    given = StudentDocument.objects.filter(candidate__user=user).exclude(file=None)
    return set(given.values_list("file", flat=True))


def _destroy_account(user: User, *, now: datetime) -> None:
    """With those that were merged into it."""
    for gone in User.objects.filter(merged_into=user).order_by("pk"):
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        _delete_account(gone, now=now)
    _delete_account(user, now=now)


def _delete_account(user: User, *, now: datetime) -> None:
    for model, rows in (
        (Candidate, Candidate.objects.filter(user=user)),
        (User, User.objects.filter(pk=user.pk)),
    ):
        blank_history(model, list(rows.values_list("pk", flat=True)))
    delete_account(user, by=None, now=now, with_mail=False)


@transaction.atomic
def finish(pk: int, *, now: datetime) -> bool:
    """Say that the campaign is destroyed, once nothing is left of it."""
    blank_reports_of_destroyed()
    if left_of(pk):
        return False
    campaign = Campaign.objects.locked(pk)
    destruction = Destruction.objects.select_for_update().get(campaign=campaign)
    destruction.finished_at = campaign.destroyed_at = now
    destruction.save(update_fields=["finished_at"])
    campaign.save(update_fields=["destroyed_at"])
    log(campaign, CampaignEvent.DESTROYED, **destruction.counts)
    return True

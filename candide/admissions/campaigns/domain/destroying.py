"""Retention [administration 3.5]: what an archived campaign holds in person is destroyed some time
after it was archived. That is announced first, agreed to once by the institution, and done in the
background, some applications at a time, each time for good: whatever is killed, the next run goes
on with what is left. Figures are kept, and nobody can be found in them."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.admissions.applications.domain.deleting_account import deletable, delete_accounts
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.models import (
    AdditionalDocument,
    Application,
    DocumentVersion,
    Snapshot,
)
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
from candide.admissions.correspondence.models import Message, Note
from candide.admissions.decisions.models import Decision, Letter, ReplacedLetter
from candide.admissions.handover.domain import deliveries
from candide.admissions.releases.models import ReleaseRow
from candide.foundation.files.domain.cleaning import remove_all
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
TOGETHER = 50  # applications destroyed in one transaction


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


def destroy_application(pk: int, *, now: datetime) -> None:
    """Everything of one application."""
    destroy_applications([pk], now=now)


@transaction.atomic
def destroy_applications(pks: Collection[int], *, now: datetime) -> None:
    """Everything of some applications of one campaign, and the accounts of those candidates whose
    last ones they were and who did not use theirs since the campaign was archived."""
    applications, users = _locked(pks)
    campaign = applications[0].intake.campaign
    destruction = Destruction.objects.select_for_update().get(campaign=campaign)
    counts = Counter(destruction.counts)
    files = _files_of(applications)
    label = Application._meta.label_lower
    counts["mails"] += erase_mails(about=[(label, pk) for pk in pks])
    for code, rows in _hanging_on(applications):
        counts[code] += rows.count()
        rows.delete()
    blank_works(pks)
    blank_history(Application, pks)
    deliveries.forget(pks, now=now)
    given = _versions_of(applications)
    own = AdditionalDocument.objects.filter(application__in=applications)
    asked = list(own.values_list("requirement", flat=True))
    Application.objects.filter(pk__in=pks).delete()
    counts["applications"] += len(applications)
    unused = DocumentVersion.objects.filter(pk__in=given, uses=None, snapshots=None)
    counts["documents"] += unused.count()
    unused.delete()
    DocumentRequirement.objects.filter(pk__in=asked).delete()
    over = _unused(users, since=campaign.archived_at)
    files |= _files_of_accounts(over)
    _destroy_accounts(over, now=now)
    counts["accounts"] += len(over)
    counts["files"] += remove_all(files)
    destruction.counts = dict(counts)
    destruction.save(update_fields=["counts"])


def _locked(pks: Collection[int]) -> tuple[list[Application], list[User]]:
    """The applications and the accounts of their candidates, with all that deleting these accounts
    locks, in the same order: accounts before INEs, INEs before candidates. Rights come first, since
    who merges accounts takes them too: whose they are stays as it is."""
    lock_rights()
    rows = Application.objects.select_related("intake__campaign", "candidate").filter(pk__in=pks)
    applications = list(rows.order_by("pk"))
    owners = {each.candidate.user_id for each in applications}
    accounts = User.objects.filter(Q(pk__in=owners) | Q(merged_into__in=owners)).order_by("pk")
    locked = list(accounts.select_for_update(of=("self",), no_key=True))
    claims.lock_ines()
    for candidate in sorted({each.candidate_id for each in applications}):
        lock_candidate(candidate)
    return applications, [each for each in locked if each.pk in owners]


def _hanging_on(applications: list[Application]) -> list[tuple[str, QuerySet]]:
    """What would keep the applications from being deleted, in the order in which it goes."""
    mine = {"application__in": applications}
    decided = {"decision__application__in": applications}
    return [
        ("releases", ReleaseRow.objects.filter(**mine)),
        ("letters", ReplacedLetter.objects.filter(**decided)),
        ("letters", Letter.objects.filter(**decided)),
        ("decisions", Decision.objects.filter(**mine)),
        ("messages", Message.objects.filter(**mine)),
        ("notes", Note.objects.filter(**mine)),
        ("snapshots", Snapshot.objects.filter(**mine)),
    ]


def _versions_of(applications: list[Application]) -> list[int]:
    """The versions of documents that may serve nothing any more once they are gone: those they
    use, and where a candidate has no other application, all there are."""
    candidates = {each.candidate_id for each in applications}
    others = Application.objects.filter(candidate__in=candidates).exclude(
        pk__in=_keys(applications)
    )
    go_on = set(others.order_by().values_list("candidate", flat=True))
    versions = DocumentVersion.objects.filter(
        Q(candidate__in=candidates - go_on)
        | Q(uses__application__in=applications)
        | Q(snapshots__application__in=applications),
        candidate__in=candidates,
    )
    return list(versions.values_list("pk", flat=True).distinct())


def _keys(applications: list[Application]) -> list[int]:
    return [each.pk for each in applications]


def _files_of(applications: list[Application]) -> set[int]:
    """The files that may belong to nothing any more once they are gone."""
    mine = {"application__in": applications}
    decided = {"decision__application__in": applications}
    versions = DocumentVersion.objects.filter(
        candidate__in={each.candidate_id for each in applications}
    )
    sent = Attachment.objects.filter(
        mail__about_type=Application._meta.label_lower, mail__about_id__in=_keys(applications)
    )
    pointing: tuple[tuple[QuerySet, str], ...] = (
        (versions, "file"),
        (Snapshot.objects.filter(**mine), "pdf"),
        (Snapshot.objects.filter(**mine), "receipt"),
        (Letter.objects.filter(**decided), "file"),
        (ReplacedLetter.objects.filter(**decided), "file"),
        (ReleaseRow.objects.filter(**mine), "letter"),
        (sent, "file"),
    )
    return {key for rows, field in pointing for key in rows.values_list(field, flat=True) if key}


def _unused(users: list[User], *, since: datetime | None) -> list[User]:
    """Those whom nobody signed in as since then, and on whom nothing else hangs; with an account
    that was merged into theirs nothing either."""
    if since is None:
        return []
    left = [
        user
        for user in users
        if user.merged_into_id is None and max(user.created_at, user.last_login or since) <= since
    ]
    wanted = {user.pk for user in left}
    merged = User.objects.filter(merged_into__in=wanted)
    keeping = {user.merged_into_id for user in merged.exclude(pk__in=deletable(merged))}
    free = set(deletable(User.objects.filter(pk__in=wanted)).values_list("pk", flat=True))
    return [user for user in left if user.pk in free - keeping]


def _files_of_accounts(users: list[User]) -> set[int]:
    given = StudentDocument.objects.filter(candidate__user__in=users).exclude(file=None)
    return set(given.values_list("file", flat=True))


def _destroy_accounts(users: list[User], *, now: datetime) -> None:
    """With those that were merged into them."""
    both = Q(pk__in=[user.pk for user in users]) | Q(merged_into__in=users)
    keys = list(User.objects.filter(both).order_by("pk").values_list("pk", flat=True))
    candidates = Candidate.objects.filter(user__in=keys).values_list("pk", flat=True)
    blank_history(Candidate, list(candidates))
    blank_history(User, keys)
    delete_accounts(keys, now=now)


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

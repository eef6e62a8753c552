"""Two accounts of one person become one (« fusionner ») (architecture, 0). The applications, the
documents and the lines of the file move to the account that stays; of what both say differently,
one value is chosen and the other stays in the account that is closed, so that nothing is lost.
Whoever signs in as before comes into the account that stays."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application, DocumentVersion
from candide.admissions.candidates import mails
from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.domain.comparing import BLOCKS, FIELDS, text_of
from candide.admissions.candidates.domain.editing import leases_on
from candide.admissions.candidates.domain.identity import search_text
from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.candidates.enums import CandidateEvent, IneState
from candide.admissions.candidates.models import (
    Candidate,
    ExternalStudies,
    IneClaim,
    InternalStudies,
    Internship,
    PossibleDuplicate,
    StudentDocument,
    WorkExperience,
)
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.accounts.models import MailedLink, User
from candide.institution.mails.models import OutgoingMail

LISTS = (ExternalStudies, Internship, WorkExperience)
_MOVED = {"id", "candidate", "version", "tab", "tab_version", "updated_at"}


@dataclass(frozen=True)
class Pair:
    """The account that stays, the one that is closed, and their files where they were begun."""

    kept: User
    gone: User
    file: Candidate | None
    other: Candidate | None


def merging_blockers(kept: User, gone: User, *, now: datetime) -> list[Blocker]:
    """Why `gone` may not be merged into `kept`."""
    return [
        *_accounts(kept, gone),
        *_roles(gone),
        *_same_intakes(kept, gone),
        *_edited_now(kept, gone, now),
    ]


def merging_warnings(kept: User, gone: User) -> list[Blocker]:
    """What speaks for two people: shown before confirming."""
    files = [Candidate.objects.filter(user=user).first() for user in (kept, gone)]
    if not all(files):
        return []
    one, other = files
    found = []
    if one.born_on != other.born_on:  # type: ignore[union-attr]
        found.append(Blocker("other_birth_date", _("The dates of birth differ.")))
    if one.ine and other.ine and one.ine != other.ine:  # type: ignore[union-attr]
        found.append(Blocker("other_ine", _("Each has an INE of its own.")))
    return found


def mark_of(kept: User, gone: User) -> str:
    """What the two accounts are like now, to see whether they changed since a preview."""
    parts = []
    for user in (kept, gone):
        file = Candidate.objects.filter(user=user).first()
        applications = Application.objects.filter(candidate__user=user).order_by("pk")
        parts.append(
            [
                [user.pk, user.email, user.student_number, user.last_name, user.first_name],
                file.version if file else None,
                [
                    block._default_manager.filter(candidate=file).values_list("version").first()
                    for block in BLOCKS.values()
                ],
                list(applications.values_list("pk", "cancelled_at")),
            ]
        )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@transaction.atomic
def merge(
    kept: User,
    gone: User,
    *,
    take: Collection[str],
    by: Any,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Merge `gone` into `kept`. `take` names the fields whose value comes from `gone`; what only
    one of them says stays anyway. `seen` is the mark of what was previewed."""
    lock_rights()
    users = {user.pk: user for user in _locked(User, [kept.pk, gone.pk])}
    claims.lock_ines()
    kept, gone = users[kept.pk], users[gone.pk]
    _locked(Candidate, Candidate.objects.filter(user__in=users).values_list("pk", flat=True))
    refuse_if([*_changed(kept, gone, seen), *merging_blockers(kept, gone, now=now)])
    pair = Pair(kept, gone, _file(kept), _file(gone))
    old_address = gone.email
    moved = list(
        Application.objects.filter(candidate__user=gone).order_by("pk").values_list("pk", flat=True)
    )
    taken = _merge_files(pair, take, now=now)
    taken += _merge_accounts(pair, take)
    _remember(pair, moved, taken, by=by, now=now)
    index_people([kept.pk, gone.pk], now=now)
    for address in dict.fromkeys((kept.email, old_address, gone.email)):
        mails.AccountsMerged(kept, other_number=gone.file_number or "", to=address).send()


# -- What stands in the way ------------------------------------------------------------------------


def _accounts(kept: User, gone: User) -> Iterator[Blocker]:
    if kept.pk == gone.pk:
        yield Blocker("same", _("This is one account."))
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        yield Blocker("merged", _("One of the accounts was merged already."))
    elif not kept.is_active:
        yield Blocker("closed", _("The account that is to stay is closed: reopen it first."))
    if not (kept.is_candidate and gone.is_candidate):
        yield Blocker("no_candidate", _("Only accounts of candidates are merged."))


def _roles(gone: User) -> Iterator[Blocker]:
    if gone.is_superuser or gone.assignments.exists():
        yield Blocker(
            "has_roles",
            _("The account that is to be closed also works here: take its roles first."),
        )
    yield from last_manager_blockers(person=gone)


def _same_intakes(kept: User, gone: User) -> Iterator[Blocker]:
    live = Application.objects.live()
    both = live.filter(
        candidate__user=kept,
        intake__in=live.filter(candidate__user=gone).values("intake"),
    )
    for application in both.with_offer().order_by("pk"):
        yield Blocker(
            "same_intake",
            _("Both applied to “%(programme)s”: cancel one of the two applications first.")
            % {"programme": application.intake.programme.name},
            f"application:{application.pk}",
        )


def _edited_now(kept: User, gone: User, now: datetime) -> Iterator[Blocker]:
    for user in (kept, gone):
        if leases_on(user, now=now):
            yield Blocker(
                "edited",
                _("Somebody is changing the file %(number)s at this moment.")
                % {"number": user.file_number},
            )


def _changed(kept: User, gone: User, seen: str | None) -> Iterator[Blocker]:
    if seen is not None and seen != mark_of(kept, gone):
        yield Blocker(
            "changed", _("One of the accounts changed since the preview. Look at it again.")
        )


# -- Doing it --------------------------------------------------------------------------------------


def _locked(model: Any, pks: Collection[int]) -> list[Any]:
    """The rows, locked in the order of their keys, so that no two merges wait for each other."""
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=list(pks)).order_by("pk"))


def _file(user: User) -> Candidate | None:
    return Candidate.objects.with_file().filter(user=user).first()


def _merge_files(pair: Pair, take: Collection[str], *, now: datetime) -> list[str]:
    """Move what hangs on the file of the account that is closed; the names of what was taken."""
    file, other = pair.file, pair.other
    if other is None:
        return []
    if file is None:  # the file changes hands as it is
        other.user = pair.kept
        other.search_text = search_text(other)
        other.advance()
        other.save(update_fields=["user", "search_text", "version", "tab", "tab_version"])
        return ["file"]
    taken = _swap_identity(pair, file, other, take)
    _merge_ine(pair, file, other, take, now=now)
    taken += _swap_blocks(file, other, take)
    Application.objects.filter(candidate=other).update(candidate=file)
    DocumentVersion.objects.filter(candidate=other).update(candidate=file)
    for model in LISTS:
        _move_lines(model, file, other)
    _move_imported(file, other)
    return taken


def _swap_identity(
    pair: Pair, file: Candidate, other: Candidate, take: Collection[str]
) -> list[str]:
    """Have the chosen values in the file that stays, and those not chosen in the other one."""
    taken = []
    for field in FIELDS:
        if field.is_of_account or field.name == "ine":
            continue
        mine, theirs = text_of(field, pair.kept, file), text_of(field, pair.gone, other)
        if theirs and mine != theirs and (field.name in take or not mine):
            _swap(file, other, field.columns)
            taken.append(field.name)
    file.student_number = file.student_number or other.student_number
    return taken


def _swap(one: Any, other: Any, columns: Collection[str]) -> None:
    for column in columns:
        mine, theirs = getattr(one, column), getattr(other, column)
        setattr(one, column, theirs)
        setattr(other, column, mine)


def _merge_ine(
    pair: Pair, file: Candidate, other: Candidate, take: Collection[str], *, now: datetime
) -> None:
    """The INE that stays is held by the file that stays; the other file holds none any more."""
    held = {one.ine for one in (file, other) if one.ine_state == IneState.CONFIRMED}
    if other.ine and ("ine" in take or not file.ine):
        file.ine, other.ine = other.ine, file.ine
    other.ine_state = IneState.CLAIMED if other.ine else IneState.NONE
    other.save()
    IneClaim.objects.filter(candidate=other, settled_at=None).update(settled_at=now)
    file.advance()
    file.search_text = search_text(file)
    claims.save_with_ine(file, previous="", now=now)
    IneClaim.objects.filter(holder=other).update(holder=file)
    if file.ine_state == IneState.CONFIRMED:
        IneClaim.objects.filter(candidate=file, settled_at=None).update(settled_at=now)
    for ine in sorted(held - {file.ine}):
        claims.pass_on(ine, now=now)


def _swap_blocks(file: Candidate, other: Candidate, take: Collection[str]) -> list[str]:
    taken = []
    for name, model in BLOCKS.items():
        mine = model._default_manager.filter(candidate=file).first()
        theirs = model._default_manager.filter(candidate=other).first()
        if theirs is None or (mine is not None and name not in take):
            continue
        taken.append(name)
        if mine is None:
            model._default_manager.filter(pk=theirs.pk).update(candidate=file)
            continue
        columns = [field.name for field in model._meta.concrete_fields if field.name not in _MOVED]
        _swap(mine, theirs, columns)
        for row in (mine, theirs):
            row.advance()
            row.save()
    return taken


def _move_lines(model: Any, file: Candidate, other: Candidate) -> None:
    """Lines that say exactly the same stay behind."""
    names = [field.attname for field in model._meta.concrete_fields if field.name not in _MOVED]
    known = set(model._default_manager.filter(candidate=file).values_list(*names))
    rows = model._default_manager.filter(candidate=other).order_by("pk").values_list("pk", *names)
    new = [pk for pk, *values in rows if tuple(values) not in known]
    model._default_manager.filter(pk__in=new).update(candidate=file)


def _move_imported(file: Candidate, other: Candidate) -> None:
    """Years here and documents of the student system that the file does not have yet."""
    for model, keys in (
        (InternalStudies, ("year", "code")),
        (StudentDocument, ("sis_code", "year")),
    ):
        known = set(model._default_manager.filter(candidate=file).values_list(*keys))
        rows = model._default_manager.filter(candidate=other).order_by("pk")
        new = [pk for pk, *values in rows.values_list("pk", *keys) if tuple(values) not in known]
        model._default_manager.filter(pk__in=new).update(candidate=file)


def _merge_accounts(pair: Pair, take: Collection[str]) -> list[str]:
    """One account signs in, whatever somebody signs in with."""
    kept, gone = pair.kept, pair.gone
    columns: list[str] = []
    taken = []
    for field in FIELDS:
        if not field.is_of_account:
            continue
        mine, theirs = text_of(field, kept, None), text_of(field, gone, None)
        if theirs and mine != theirs and (field.name in take or not mine):
            columns += field.columns
            taken.append(field.name)
    if "email" in taken and kept.activated_at is None:
        kept.activated_at = gone.activated_at
    if not kept.has_local_password and gone.has_local_password:
        _swap(kept, gone, ("password", "has_local_password"))
    kept.is_continuing_education = kept.is_continuing_education or gone.is_continuing_education
    kept.student_login = kept.student_login or gone.student_login
    gone.merged_into, gone.is_active = kept, False
    gone.session_epoch += 1
    # Both addresses and numbers are there once only: the one that is closed lets go of them first.
    wanted = {column: (getattr(kept, column), getattr(gone, column)) for column in columns}
    for column in {"email", "student_number"} & set(columns):
        setattr(gone, column, f"{gone.pk}@merging.invalid" if column == "email" else "")
    gone.save()
    for column, (_mine, theirs) in wanted.items():
        setattr(kept, column, theirs)
    kept.save()
    for column, (mine, _theirs) in wanted.items():
        setattr(gone, column, mine)
    gone.save()
    User.objects.filter(merged_into=gone).update(merged_into=kept)
    SocialAccount.objects.filter(user=gone).update(user=kept)
    MailedLink.objects.filter(user=gone).delete()
    OutgoingMail.objects.filter(for_user_id=gone.pk).update(for_user_id=kept.pk)
    return taken


def _remember(pair: Pair, moved: list[int], taken: list[str], *, by: Any, now: datetime) -> None:
    kept, gone = pair.kept, pair.gone
    log(kept, CandidateEvent.MERGED, by=by, other=gone.pk, applications=moved, fields=taken)
    log(gone, CandidateEvent.MERGED_AWAY, by=by, other=kept.pk, applications=moved)
    for application in Application.objects.filter(pk__in=moved).order_by("pk"):
        log(application, CandidateEvent.MERGED, by=by, other=gone.pk)
    one, other = sorted((kept.pk, gone.pk))
    PossibleDuplicate.objects.filter(one=one, other=other).update(settled_at=now, settled_by=by)

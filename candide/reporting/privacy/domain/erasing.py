"""Erasing a person (« effacement », « suppression CNIL ») [27.4, administration 3.6]: their
account, file, applications, documents and mails go, with every copy; what is counted stays, of
nobody in person. The file number is never given again, and says nothing of whose it was."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import checklist_of, lock_intake
from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.campaigns.domain.copies import (
    blank_history,
    blank_reports,
    blank_works,
)
from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.domain.ranking import rerank
from candide.admissions.decisions.domain.reserve_list import fill_places, holds_place
from candide.admissions.decisions.models import Letter
from candide.admissions.handover.domain import deliveries
from candide.admissions.handover.domain.parting import (
    parting_blockers,
    parting_warnings,
    refuse_while_told,
)
from candide.admissions.handover.models import PreEnrolment
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.downloads.domain.cleaning import drop_parts
from candide.foundation.files.domain.cleaning import remove
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.foundation.leases.models import Lease, Presence
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import AccountDeleted, AccountMail
from candide.institution.accounts.models import User, Visit
from candide.institution.catalogue.models import Intake
from candide.institution.mails.domain.outbox import ENDED
from candide.institution.mails.models import OutgoingMail
from candide.reporting.privacy.domain.belongings import (
    Belongings,
    belongings_of,
    delivered_with,
    downloads_with,
    mails_of,
)
from candide.reporting.privacy.mails import DataErased
from candide.reporting.privacy.models import ErasedApplication


@dataclass(frozen=True)
class Preview:
    """What goes, as (what, how many), the most of it first."""

    goes: list[tuple[str, int]]
    applications: list[Application]

    @property
    def handed_over(self) -> list[tuple[Application, PreEnrolment | None]]:
        """The applications, each with what the student system was told of it."""
        return [(each, getattr(each, "pre_enrolment", None)) for each in self.applications]


def preview(user: User) -> Preview:
    """What erasing `user` would take."""
    found = belongings_of(user)
    numbers: Counter[str] = Counter()
    for model, keys in found.rows.items():
        if keys and not model._meta.auto_created:
            numbers[capfirst(str(model._meta.verbose_name))] += len(keys)
    numbers[_("File")] += len(found.files)
    numbers[_("File handed to the student system")] += delivered_with(found).count()
    numbers[_("Mail")] += mails_of(found).count()
    numbers[_("Export that holds them")] += len(downloads_with(found))
    applications = Application.objects.with_offer().filter(pk__in=found.applications)
    applications = applications.select_related("pre_enrolment")
    goes = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return Preview([pair for pair in goes if pair[1]], list(applications.order_by("-created_at")))


@dataclass(frozen=True)
class Receipt:
    """What was erased (« reçu »). `number` is that of the line of the history that says so, so
    that the institution finds it again without knowing of whom it speaks."""

    number: int
    file_number: str
    at: datetime
    applications: int
    files: int


# -- When it is possible ---------------------------------------------------------------------------


def erasing_blockers(user: User) -> list[Blocker]:
    """Why nobody may erase `user` now."""
    found = []
    if not user.is_candidate:
        found.append(Blocker("no_candidate", _("Only accounts of candidates are erased.")))
    if user.assignments.exists() or user.is_superuser:
        message = _("This account also works here: take its roles first.")
        found.append(Blocker("has_roles", message))
    if user.merged_into_id is not None:
        message = _("This account was merged with another one: erase that one.")
        found.append(Blocker("merged", message))
    found += parting_blockers(_applications_of(user))
    return found + last_manager_blockers(person=user)


def own_erasing_blockers(user: User) -> list[Blocker]:
    """Why `user` may not have their own data erased now: an application is still being examined,
    or an offer stands."""
    found = erasing_blockers(user)
    for application in live_applications(user):
        message = _(
            "Your application to “%(programme)s” is under way: cancel it or withdraw first."
        )
        values = {"programme": application.intake.programme.name}
        found.append(Blocker("live", message % values, f"application:{application.pk}"))
    return found


def erasing_warnings(user: User) -> list[Blocker]:
    """What is lost with it."""
    found = []
    for application in live_applications(user):
        message = _("The application to “%(programme)s” is under way.")
        values = {"programme": application.intake.programme.name}
        found.append(Blocker("live", message % values, f"application:{application.pk}"))
    if Letter.objects.filter(decision__application__candidate__user=user).exists():
        message = _("The letters given to this person can no longer be verified.")
        found.append(Blocker("letters", message))
    return found + parting_warnings(_applications_of(user))


def _applications_of(user: User) -> list[int]:
    mine = Q(candidate__user=user) | Q(candidate__user__merged_into=user)
    return list(Application.objects.filter(mine).values_list("pk", flat=True))


def live_applications(user: User) -> list[Application]:
    """Those not cancelled, withdrawn, refused or archived."""
    rows = Application.objects.live().with_offer().filter(candidate__user=user, archived_at=None)
    over = Q(answer="withdrawn") | Q(released_outcome=Outcome.UNFAVOURABLE)
    return list(rows.exclude(over).order_by("pk"))


# -- Doing it --------------------------------------------------------------------------------------


@transaction.atomic
def erase(user: User, *, by: Any, now: datetime, with_mail: bool, is_own: bool = False) -> Receipt:
    """Erase all there is of `user`. Who waited for their place is called; the mail that says so
    goes with its last trace once it was sent."""
    lock_rights()
    user = User.objects.locked(user.pk)
    _lock_all(user)
    refuse_if(own_erasing_blockers(user) if is_own else erasing_blockers(user))
    found = belongings_of(user)
    refuse_while_told(found.applications, now=now)
    said = log(user, AccountEvent.ERASED, by=by, applications=len(found.applications), own=is_own)
    freed = _count(found)
    receipt = Receipt(
        number=said.pk,
        file_number=user.file_number or "",
        at=now,
        applications=len(found.applications),
        files=len(found.files),
    )
    _give_up_ines(found, now)
    _drop_copies(found, now)
    _drop_rows(found)
    _drop_files(found)
    for intake, places in freed.items():
        rerank([intake.pk])
        if places:
            fill_places(intake, now=now, freed=places)
    if with_mail:
        _farewell(user, receipt, is_own=is_own).send()
    return receipt


def _farewell(user: User, receipt: Receipt, *, is_own: bool) -> AccountMail:
    if not is_own:
        return AccountDeleted(user)
    return DataErased(
        user,
        number=receipt.number,
        at=receipt.at,
        applications=receipt.applications,
        files=receipt.files,
    )


def _lock_all(user: User) -> None:
    """After the account those merged into it and all that is theirs, in the order in which others
    lock it: accounts, INEs, the lists of intakes, files, applications. What is read from here on
    stays as it is."""
    users = [user, *_locked(User.objects.filter(merged_into=user))]
    claims.lock_ines()
    mine = Application.objects.filter(candidate__user__in=users)
    for intake in mine.order_by("intake_id").values_list("intake_id", flat=True).distinct():
        lock_intake(intake)
    _locked(Candidate.objects.filter(user__in=users))
    _locked(mine)


def _locked(rows: QuerySet) -> list[Any]:
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _count(found: Belongings) -> dict[Intake, int]:
    """Write what statistics keep; the intakes of applications under way, each with the places that
    become free. Nobody is called to the place of one that is archived."""
    applications = list(Application.objects.with_offer().filter(pk__in=found.applications))
    ErasedApplication.objects.bulk_create(
        ErasedApplication(
            intake_id=each.intake_id,
            dossier_status=each.dossier_status,
            released_outcome=each.released_outcome,
            answer=each.answer,
            is_cancelled=each.is_cancelled,
        )
        for each in applications
    )
    freed: Counter[Intake] = Counter()
    for each in applications:
        if each.archived_at is None:
            freed[each.intake] += int(holds_place(each) and not each.is_cancelled)
    return freed


def _give_up_ines(found: Belongings, now: datetime) -> None:
    """An INE the person held passes on to who claims it."""
    for candidate in found.of(Candidate).order_by("pk"):
        previous, candidate.ine = candidate.ine, ""
        claims.save_with_ine(candidate, previous=previous, now=now)


def _drop_copies(found: Belongings, now: datetime) -> None:
    """What speaks of these rows without pointing at them."""
    mails_of(found).delete()
    deliveries.forget(found.applications, now=now)
    blank_reports(found.applications)
    blank_works(found.applications)
    for download in downloads_with(found):
        drop_parts(download)
        if download.file_id is not None:
            found.files.add(download.file_id)
        download.delete()
    _drop_presence(found)
    Visit.objects.filter(account_id__in=found.user_keys).delete()
    for model, keys in found.rows.items():
        blank_history(model, keys)


def _drop_presence(found: Belongings) -> None:
    held = Q(owner_id__in=found.user_keys)
    for key in found.user_keys:
        held |= Q(resource__startswith=f"file:{key}/")
    resources = [checklist_of(each) for each in found.of(Application)]
    Lease.objects.filter(held | Q(resource__in=resources)).delete()
    Presence.objects.filter(Q(person_id__in=found.user_keys) | Q(resource__in=resources)).delete()


def _drop_rows(found: Belongings) -> None:
    """Those that point before those that are pointed at."""
    User.objects.filter(pk__in=found.user_keys).update(merged_into=None)
    left = {model for model, keys in found.rows.items() if keys}
    while left:
        free = {model for model in left if not _is_pointed_at(model, left - {model})}
        for model in sorted(free, key=lambda each: each._meta.label):
            found.of(model).delete()
        left -= free


def _is_pointed_at(model: type[Model], others: set[type[Model]]) -> bool:
    """Whether a row of `others` may point at one of `model`, so that it has to go first."""
    return any(
        each.related_model is model
        for other in others
        for each in other._meta.concrete_fields
        if each.is_relation
    )


def _drop_files(found: Belongings) -> None:
    """What no row points at any more; contents go once the rows are gone for good."""
    for file in StoredFile.objects.filter(pk__in=found.files).order_by("pk"):
        remove(file)


def forget_farewells() -> int:
    """Delete the mails that told somebody of it, once they were sent; how many."""
    farewells = [AccountDeleted.code, DataErased.code]
    gone = OutgoingMail.objects.filter(kind__in=farewells, status__in=ENDED)
    return gone.exclude(for_user_id__in=User.objects.values("pk")).delete()[0]

"""Deleting the account of somebody who never applied (« supprimer le compte ») [27.4]."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application, DocumentVersion
from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log, log_many
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.access.models import Assignment
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import AccountDeleted
from candide.institution.accounts.models import User
from candide.institution.mails.domain.outbox import erase_mails


def deleting_blockers(user: User) -> list[Blocker]:
    """Why the account may not be deleted; a cancelled application counts too."""
    found = []
    if Application.objects.filter(candidate__user=user).exists():
        message = _("This candidate applied: close the account instead.")
        found.append(Blocker("has_applications", message))
    if user.assignments.exists() or user.is_superuser:
        message = _("This account also works here: take its roles first.")
        found.append(Blocker("has_roles", message))
    if User.objects.filter(merged_into=user).exists() or user.merged_into_id is not None:
        found.append(Blocker("merged", _("Another account was merged with this one.")))
    return found + last_manager_blockers(person=user)


def deletable(users: QuerySet[User]) -> QuerySet[User]:
    """Those of `users` `deleting_blockers` says nothing of, but that others were merged into
    them, or they into others."""
    return users.filter(is_superuser=False).exclude(
        Exists(Application.objects.filter(candidate__user=OuterRef("pk")))
        | Exists(Assignment.objects.filter(user=OuterRef("pk")))
    )


@transaction.atomic
def delete_account(user: User, *, by: Any, now: datetime, with_mail: bool) -> None:
    """Delete the account and the file that was begun, and tell the person if that is wanted. The
    file number is never given again."""
    lock_rights()
    user = User.objects.locked(user.pk)
    claims.lock_ines()
    refuse_if(deleting_blockers(user))
    log(user, AccountEvent.DELETED, by=by, mail=with_mail)
    erase_mails(users=[user.pk], about=[(user._meta.label_lower, user.pk)])
    if with_mail:
        AccountDeleted(user).send()
    _drop([user.pk], now=now)


@transaction.atomic
def delete_accounts(pks: Collection[int], *, now: datetime) -> None:
    """The same of many that are `deletable`, without telling anybody. Whoever calls this has locked
    rights, the accounts and INEs, in this order, and asked then."""
    users = User.objects.filter(pk__in=pks).order_by("pk")
    log_many([(user, {"mail": False}) for user in users], AccountEvent.DELETED)
    erase_mails(users=pks, about=[(User._meta.label_lower, pk) for pk in pks])
    users.update(merged_into=None)
    _drop(pks, now=now)


def _drop(pks: Collection[int], *, now: datetime) -> None:
    """The files that were begun, their INEs passed on, and the accounts. Each file is read at its
    turn: the one before may have passed its INE on to it."""
    candidates = Candidate.objects.filter(user__in=pks)
    for pk in candidates.exclude(ine="").order_by("pk").values_list("pk", flat=True):
        candidate = Candidate.objects.get(pk=pk)
        previous, candidate.ine = candidate.ine, ""
        claims.save_with_ine(candidate, previous=previous, now=now)
    DocumentVersion.objects.filter(candidate__in=candidates).delete()
    candidates.delete()
    User.objects.filter(pk__in=pks).delete()

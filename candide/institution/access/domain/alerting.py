"""Telling administrators of jobs that fail or are late."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.foundation.jobs.domain.watching import claim_alert, troubles
from candide.institution.access.enums import Capability
from candide.institution.access.mails import JobInTrouble
from candide.institution.access.models import Assignment
from candide.institution.access.scope import holds_today
from candide.institution.accounts.models import User


def administrators() -> QuerySet[User]:
    """Who sets up the whole institution today, signed in or not."""
    held = Assignment.objects.filter(
        holds_today(),
        centre=None,
        commission=None,
        programme=None,
        role__is_active=True,
        role__grants__capability=Capability.MANAGE_INSTITUTION,
        role__grants__can_write=True,
    )
    able = Q(is_superuser=True) | Q(pk__in=held.values("user"))
    return User.objects.filter(able, is_active=True)


def tell_of_troubles(*, now: datetime) -> int:
    """Write to every administrator about each trouble nobody was told of; how many there were."""
    told = 0
    for trouble in troubles(now=now):
        with transaction.atomic():
            if not claim_alert(trouble, now=now):
                continue
            for person in administrators().order_by("pk"):
                JobInTrouble(person, trouble=trouble).send()
            told += 1
    return told

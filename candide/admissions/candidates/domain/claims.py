"""An INE belongs to one candidate. Who gives one that somebody else holds is never kept from going
on: the claim is recorded, the holder told, and staff settle it (architecture, 0; FILE-INE-06)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from candide.admissions.candidates import mails
from candide.admissions.candidates.enums import CandidateEvent, IneState
from candide.admissions.candidates.models import Candidate, IneClaim
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution


def lock_ines() -> None:
    """Have changes of INEs come one at a time; to be called once accounts are locked, before a file
    is. Whoever gives an INE up writes to the file of who claims it, and the other way round: two
    such changes would wait for each other's file."""
    Institution.objects.select_for_update(no_key=True).get(pk=Institution.current().pk)


MAIL_PAUSE = timedelta(days=1)


def save_with_ine(candidate: Candidate, *, previous: str, now: datetime) -> None:
    """Save `candidate`, whose INE was `previous`, holding or claiming the one it has now."""
    if candidate.pk is not None and candidate.ine == previous:
        candidate.save()
        return
    held_before = candidate.ine_state == IneState.CONFIRMED and bool(previous)
    holder = None if not candidate.ine else _holder(candidate)
    if holder is None:
        holder = _save_as_holder(candidate)
    if holder is not None:
        candidate.ine_state = IneState.CLAIMED
        candidate.save()
        _claim(candidate, holder, now)
    candidate.ine_claims.filter(settled_at=None).exclude(ine=candidate.ine).update(settled_at=now)
    if held_before:
        pass_on(previous, now)


def open_claim(candidate: Candidate) -> IneClaim | None:
    """What of the INE of `candidate` is not settled, if anything."""
    return candidate.ine_claims.filter(ine=candidate.ine, settled_at=None).first()


def save_proven(candidate: Candidate, *, previous: str, now: datetime) -> None:
    """Save `candidate`, who proved to be the person its INE was given to; `previous` was its INE.
    Who held the INE without proof now claims it."""
    held_before = candidate.ine_state == IneState.CONFIRMED and previous not in {"", candidate.ine}
    unproven = _holder(candidate)
    if unproven is not None:
        unproven.ine_state = IneState.CLAIMED
        unproven.save(update_fields=["ine_state", "updated_at"])
    candidate.ine_state = IneState.CONFIRMED
    candidate.save()
    candidate.ine_claims.filter(settled_at=None).update(settled_at=now)
    if unproven is not None:
        _claim(unproven, candidate, now)
    IneClaim.objects.filter(ine=candidate.ine, settled_at=None).update(holder=candidate)
    if held_before:
        pass_on(previous, now)


def _holder(candidate: Candidate) -> Candidate | None:
    return (
        Candidate.objects.select_for_update(of=("self",), no_key=True)
        .filter(ine=candidate.ine, ine_state=IneState.CONFIRMED)
        .exclude(pk=candidate.pk)
        .first()
    )


def _save_as_holder(candidate: Candidate) -> Candidate | None:
    """Save `candidate` as the one who holds its INE, or return who was quicker."""
    candidate.ine_state = IneState.CONFIRMED if candidate.ine else IneState.NONE
    try:
        with transaction.atomic():
            candidate.save()
    except IntegrityError:
        holder = _holder(candidate)
        if holder is None:
            raise
        return holder
    return None


def _claim(candidate: Candidate, holder: Candidate, now: datetime) -> None:
    mailed = candidate.ine_claims.filter(ine=candidate.ine, made_at__gt=now - MAIL_PAUSE).exists()
    IneClaim.objects.create(candidate=candidate, ine=candidate.ine, holder=holder, made_at=now)
    log(candidate, CandidateEvent.INE_CLAIMED, holder=holder.pk)
    if not mailed:  # who types it, empties it and types it again does not flood the holder
        mails.IneClaimed(holder).send()


def pass_on(ine: str, now: datetime) -> None:
    """The INE is free: whoever claimed it first holds it from now on."""
    waiting = IneClaim.objects.filter(ine=ine, settled_at=None, candidate__ine=ine)
    first = waiting.order_by("made_at", "pk").first()
    if first is None:
        return
    heir = Candidate.objects.locked(first.candidate_id)
    quicker = _save_as_holder(heir)
    if quicker is not None:
        waiting.update(holder=quicker)
        return
    first.settled_at = now
    first.save(update_fields=["settled_at"])
    waiting.exclude(pk=first.pk).update(holder=heir)

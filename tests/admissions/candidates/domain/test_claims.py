"""An INE that somebody else holds never blocks: it is claimed (architecture 0, FILE-INE-06)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.domain.claims import open_claim, save_proven
from candide.admissions.candidates.domain.identity import identity_entry, save_identity
from candide.admissions.candidates.enums import CandidateEvent, IneState
from candide.admissions.candidates.models import Candidate, IneClaim
from candide.foundation.history.models import HistoryEntry
from candide.institution.mails.models import OutgoingMail
from tests.factories.candidates import CandidateFactory
from tests.factories.reference import DepartmentFactory

INE = "1856816120S"
OTHER = "1234567890V"


@pytest.fixture
def file_of(db):
    """Make a file without an INE."""
    loiret = DepartmentFactory(code="45")

    def make(**fields):
        return CandidateFactory(birth_department=loiret, **fields)

    return make


def change(candidate, now, **fields):
    """Save other `fields` of the candidate's personal information."""
    candidate.refresh_from_db()
    entry = replace(identity_entry(candidate), **fields)
    user = candidate.user
    return save_identity(user, entry=entry, version=candidate.version, by=user, now=now)


def give(candidate, ine, now):
    return change(candidate, now, ine=ine)


def states():
    return dict(Candidate.objects.order_by("pk").values_list("pk", "ine_state"))


def test_first_who_gives_an_ine_holds_it(file_of, now):
    alix = file_of()

    give(alix, INE, now)

    assert states() == {alix.pk: IneState.CONFIRMED}
    assert not IneClaim.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_second_claims_it_and_the_holder_is_told(file_of, now):
    holder, alix = file_of(), file_of()
    give(holder, INE, now)

    saved = give(alix, INE, now)

    assert (saved.ine, saved.ine_state) == (INE, IneState.CLAIMED)
    claim = open_claim(saved)
    assert (claim.holder, claim.made_at) == (holder, now)
    [mail] = OutgoingMail.objects.all()
    assert (mail.kind, mail.to) == ("ine-claimed", holder.user.email)
    assert alix.user.email not in mail.text
    assert HistoryEntry.objects.filter(
        event=CandidateEvent.INE_CLAIMED, subject_id=alix.pk
    ).exists()


def test_holder_is_told_once(file_of, now):
    holder, alix = file_of(), file_of()
    give(holder, INE, now)
    give(alix, INE, now)

    change(alix, now, phone="0612345678")

    assert OutgoingMail.objects.count() == 1
    assert IneClaim.objects.count() == 1


def test_holder_is_not_flooded(file_of, now):
    holder, alix = file_of(), file_of()
    give(holder, INE, now)
    for ine in (INE, "", INE, "", INE):
        give(alix, ine, now)
    assert OutgoingMail.objects.count() == 1

    later = now + timedelta(days=1)
    give(alix, "", later)
    give(alix, INE, later)

    assert OutgoingMail.objects.count() == 2


def test_other_ine_settles_the_claim(file_of, now):
    holder, alix = file_of(), file_of()
    give(holder, INE, now)
    give(alix, INE, now)

    give(alix, OTHER, now)

    assert states() == {holder.pk: IneState.CONFIRMED, alix.pk: IneState.CONFIRMED}
    assert IneClaim.objects.get().settled_at == now


def test_emptied_ine_settles_the_claim(file_of, now):
    holder, alix = file_of(), file_of()
    give(holder, INE, now)
    give(alix, INE, now)

    give(alix, "", now)

    assert states() == {holder.pk: IneState.CONFIRMED, alix.pk: IneState.NONE}
    assert open_claim(alix) is None


def test_ine_the_holder_gives_up_passes_to_the_first_who_claimed_it(file_of, now):
    holder, alix, late = file_of(), file_of(), file_of()
    for candidate in (holder, alix, late):
        give(candidate, INE, now)

    give(holder, "", now)

    assert states() == {
        holder.pk: IneState.NONE,
        alix.pk: IneState.CONFIRMED,
        late.pk: IneState.CLAIMED,
    }
    late.refresh_from_db()
    assert open_claim(late).holder == alix


def test_who_proved_it_takes_the_ine_over(file_of, now):
    squatter, alix, late = file_of(), file_of(), file_of()
    for candidate in (squatter, alix, late):
        give(candidate, INE, now)
    alix.refresh_from_db()

    save_proven(alix, previous=INE, now=now)

    assert states() == {
        squatter.pk: IneState.CLAIMED,
        alix.pk: IneState.CONFIRMED,
        late.pk: IneState.CLAIMED,
    }
    for other in (squatter, late):
        other.refresh_from_db()
        assert open_claim(other).holder == alix
    assert open_claim(alix) is None


def test_proof_of_another_ine_frees_the_one_held_before(file_of, now):
    alix, waiting = file_of(), file_of()
    give(alix, OTHER, now)
    give(waiting, OTHER, now)
    alix.refresh_from_db()
    alix.ine = INE

    save_proven(alix, previous=OTHER, now=now)

    waiting.refresh_from_db()
    assert (waiting.ine, waiting.ine_state) == (OTHER, IneState.CONFIRMED)


def test_claims_of_a_file_that_does_not_exist_yet(file_of, now):
    """The very first save may claim."""
    holder = file_of()
    give(holder, INE, now)
    alix = file_of()
    entry, user = replace(identity_entry(alix), ine=INE), alix.user
    alix.delete()

    saved = save_identity(user, entry=entry, version=0, by=user, now=now)

    assert saved.ine_state == IneState.CLAIMED


def test_who_was_quicker_between_looking_and_saving_holds_it(file_of, now, monkeypatch):
    """The constraint decides, and the second one claims."""
    holder, alix = file_of(), file_of()
    give(holder, INE, now)
    real, answers = claims._holder, [None]
    monkeypatch.setattr(
        claims, "_holder", lambda candidate: answers.pop() if answers else real(candidate)
    )

    saved = give(alix, INE, now)

    assert saved.ine_state == IneState.CLAIMED


def test_other_refusals_of_the_database_are_not_taken_for_a_claim(file_of, now):
    alix = file_of()
    twice = type(alix)(user=alix.user, nationality=alix.nationality)
    twice.birth_country, twice.born_on, twice.ine = alix.birth_country, alix.born_on, INE

    with pytest.raises(IntegrityError):
        claims.save_with_ine(twice, previous="", now=now)


def test_free_ine_that_somebody_took_meanwhile_passes_to_nobody(file_of, now, monkeypatch):
    holder, alix, quick = file_of(), file_of(), file_of()
    give(holder, INE, now)
    give(alix, INE, now)
    real = claims._save_as_holder
    monkeypatch.setattr(
        claims,
        "_save_as_holder",
        lambda candidate: quick if candidate.pk == alix.pk else real(candidate),
    )

    give(holder, "", now)

    alix.refresh_from_db()
    assert alix.ine_state == IneState.CLAIMED
    assert open_claim(alix).holder == quick


def test_database_refuses_two_holders(file_of):
    """FILE-INE-06."""
    file_of(ine=INE, ine_state=IneState.CONFIRMED)

    with pytest.raises(IntegrityError), transaction.atomic():
        file_of(ine=INE, ine_state=IneState.CONFIRMED)

"""The candidate's file in two windows, or by two candidates who give the same INE."""

from dataclasses import replace
from functools import partial

import pytest

from candide.admissions.applications.domain.documents import give_document
from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.address import AddressEntry, save_address
from candide.admissions.candidates.domain.identity import identity_entry, save_identity
from candide.admissions.candidates.enums import IneState, Section
from candide.admissions.candidates.models import Candidate, IneClaim
from candide.foundation.leases.models import Lease
from tests.concurrency.at_once import ROUNDS, at_once, codes, events, mails, one_of
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.reference import DepartmentFactory
from tests.factories.requirements import DocumentRequirementFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

INE, OTHER, THIRD = "1856816120S", "1234567890V", "0987654321F"


@pytest.fixture
def loiret(transactional_db):
    return DepartmentFactory(code="45")


@pytest.fixture
def candidate(loiret):
    def make(**fields):
        return CandidateFactory(complete=True, birth_department=loiret, **fields)

    return make


@pytest.fixture
def saving(now):
    """Save personal information as it was read now, with something changed."""

    def make(candidate, **changes):
        candidate = Candidate.objects.select_related("user").get(pk=candidate.pk)
        entry = replace(identity_entry(candidate), **changes)
        user, version = candidate.user, candidate.version
        return partial(save_identity, user, entry=entry, version=version, by=user, now=now)

    return make


@pytest.fixture
def two_with(candidate, saving):
    """Alix and Dan, who each gave an INE; nobody has one from an earlier round."""

    def make(ine_of_alix, ine_of_dan):
        Candidate.objects.update(ine="", ine_state=IneState.NONE)
        alix, dan = candidate(), candidate()
        saving(alix, ine=ine_of_alix)()
        saving(dan, ine=ine_of_dan)()
        return alix, dan

    return make


def states(*candidates):
    found = dict(Candidate.objects.values_list("pk", "ine_state"))
    return [found[each.pk] for each in candidates]


# -- The INE --------------------------------------------------------------------------------------


def test_ine_given_by_two_is_confirmed_for_one_and_claimed_by_the_other(candidate, saving):
    for ine in (INE, OTHER, THIRD):
        alix, dan = candidate(), candidate()

        outcomes = at_once(saving(alix, ine=ine), saving(dan, ine=ine))

        assert codes(outcomes) == [[], []]
        assert sorted(states(alix, dan)) == [IneState.CLAIMED, IneState.CONFIRMED]
        holder = Candidate.objects.get(ine=ine, ine_state=IneState.CONFIRMED)
        claim = IneClaim.objects.get(ine=ine)
        assert (claim.holder, claim.settled_at) == (holder, None)
        assert mails("ine-claimed", for_user_id=holder.user_id) == 1
        assert events(holder) == ["candidates.section_saved"]


def test_two_who_hold_the_ine_of_each_other_exchange_them(two_with, saving):
    """Twins who took the wrong certificate: neither waits for ever, and each INE has one holder."""
    for _ in ROUNDS:
        alix, dan = two_with(INE, OTHER)

        outcomes = at_once(saving(alix, ine=OTHER), saving(dan, ine=INE))

        assert codes(outcomes) == [[], []]
        kept = Candidate.objects.exclude(ine="").values_list("pk", "ine")
        assert sorted(kept) == sorted([(alix.pk, OTHER), (dan.pk, INE)])
        for ine in (INE, OTHER):
            assert Candidate.objects.filter(ine=ine, ine_state=IneState.CONFIRMED).count() == 1


def test_heir_of_an_ine_changes_it_meanwhile(two_with, saving):
    """Alix gives hers up for another one, which Dan, who claimed the first, gives as well."""
    for _ in ROUNDS:
        alix, dan = two_with(INE, INE)

        outcomes = at_once(saving(alix, ine=OTHER), saving(dan, ine=OTHER))

        assert codes(outcomes) == [[], []]
        assert sorted(states(alix, dan)) == [IneState.CLAIMED, IneState.CONFIRMED]
        assert not Candidate.objects.filter(ine=INE).exists()


# -- Sections -------------------------------------------------------------------------------------


def test_first_save_in_two_windows_makes_one_file(candidate, now):
    known = candidate()
    for _ in ROUNDS:
        user = UserFactory()
        known.user = user
        saves = [
            partial(
                save_identity,
                user,
                entry=replace(identity_entry(known), first_name=name),
                version=0,
                by=user,
                now=now,
                tab=name,
            )
            for name in ("ALIX", "ALEX")
        ]

        outcomes = at_once(*saves)

        assert codes(outcomes) == [[], ["stale_version"]]
        assert Candidate.objects.get(user=user).first_name == one_of(outcomes).value.first_name


def test_section_saved_in_two_windows_is_saved_once(candidate, saving):
    for _ in ROUNDS:
        alix = candidate()

        outcomes = at_once(saving(alix, usual_name="DURAND"), saving(alix, usual_name="DUPOND"))

        assert codes(outcomes) == [[], ["stale_version"]]
        kept = Candidate.objects.get(pk=alix.pk)
        assert kept.usual_name == one_of(outcomes).value.usual_name
        assert kept.version == alix.version + 1
        assert events(alix) == ["candidates.section_saved"]


def test_address_saved_in_two_windows_is_saved_once(candidate, now):
    for _ in ROUNDS:
        alix = candidate()
        kept = alix.address
        entry = AddressEntry(country=kept.country, foreign_city="Bruxelles")
        saves = [
            partial(
                save_address,
                alix,
                entry=replace(entry, line_1=line),
                version=kept.version,
                by=alix.user,
                tab=line,
            )
            for line in ("1 rue Haute", "2 rue Basse")
        ]

        outcomes = at_once(*saves)

        assert codes(outcomes) == [[], ["stale_version"]]
        kept.refresh_from_db()
        assert kept.line_1 == ("1 rue Haute" if outcomes[0].won else "2 rue Basse")


def test_section_saved_while_a_document_is_given(candidate, applied, saving, stored, now):
    """Two windows of one person on different things: both are done, neither waits for ever. Each
    writes rows that point at what the other has locked."""
    transcript = DocumentRequirementFactory(common=True)
    for _ in ROUNDS:
        alix = candidate()
        application = applied(candidate=alix)

        outcomes = at_once(
            saving(alix, usual_name="DURAND"),
            partial(give_document, application, transcript, stored(), by=alix.user, now=now),
        )

        assert codes(outcomes) == [[], []]
        assert Candidate.objects.get(pk=alix.pk).usual_name == "DURAND"
        assert application.submitted_documents.count() == 1


# -- Leases ---------------------------------------------------------------------------------------


def test_section_taken_by_two_is_taken_by_one(candidate, bao, now):
    for _ in ROUNDS:
        alix = candidate().user

        outcomes = at_once(
            *(
                partial(editing.begin, alix, section=Section.ADDRESS, by=person, tab="t", now=now)
                for person in (alix, bao)
            )
        )

        assert codes(outcomes) == [[], ["leased"]]
        lease = Lease.objects.get(resource=editing.resource(alix, Section.ADDRESS))
        assert lease.owner_id == one_of(outcomes).value.owner_id
        assert lease.wanted_by_id == ({alix.pk, bao.pk} - {lease.owner_id}).pop()

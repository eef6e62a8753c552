"""Taking over what the student system knows, and keeping everybody else's data from whoever has not
proved to be that student [FILE-INE-08…10, FILE-PER-06…10, FILE-INT]."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import signing

from candide.admissions.candidates.domain import student_data
from candide.admissions.candidates.domain.claims import open_claim
from candide.admissions.candidates.domain.editing import begin
from candide.admissions.candidates.domain.replacing import typed_otherwise
from candide.admissions.candidates.domain.student_import import (
    PROOF_SALT,
    IneLookup,
    ask_for_proof,
    import_student,
    is_same_person,
    look_up_ine,
    make_token,
    proof_blockers,
    proved_student,
    refresh_import,
    remove_import,
    signed_in_student,
)
from candide.admissions.candidates.enums import CandidateEvent, IneState, MissedKind, Section
from candide.admissions.candidates.models import Address, Baccalaureate, Candidate, MissedFetch
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.integrations.sis.port import Unavailable
from tests.factories.accounts import UserFactory
from tests.factories.candidates import (
    AddressFactory,
    BaccalaureateFactory,
    CandidateFactory,
)

INE = "230145789KH"


@pytest.fixture
def alix(clementine):
    """An account that typed the names, date of birth and INE of the student Clémentine."""
    return CandidateFactory(
        birth_name="MARTIN",
        first_name="CLÉMENTINE",
        born_on=clementine.student.born_on,
        birth_department=clementine.loiret,
        ine=INE,
        ine_state=IneState.CONFIRMED,
    )


def take_over(user, student, now):
    return import_student(user, student=student, by=user, now=now)


def refusal_of(function, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        function(*args, **kwargs)
    return refusal.value.codes


# -- Who is asked about ----------------------------------------------------------------------------
def test_student_the_institution_signed_in_is_found(clementine):
    """FILE-INE-08."""
    user = UserFactory(student_number=clementine.student.student_number)

    assert signed_in_student(user) == clementine.student


def test_account_without_student_number_is_no_student(clementine):
    assert signed_in_student(UserFactory()) is None


def test_without_student_system_nobody_is_found(clementine, settings):
    settings.STUDENT_SYSTEM = "none"
    user = UserFactory(student_number=clementine.student.student_number)

    assert signed_in_student(user) is None


def test_ine_of_that_person_is_known(alix):
    """FILE-INE-09."""
    assert look_up_ine(alix) == IneLookup.KNOWN


def test_ine_is_asked_about_once(alix):
    """FILE-INE-10."""
    look_up_ine(alix)
    alix.refresh_from_db()

    assert look_up_ine(alix) == IneLookup.NOT_ASKED


@pytest.mark.parametrize(
    "change",
    [
        {"birth_name": "DURAND"},
        {"first_name": "CLÉMENCE"},
        {"first_name": ""},
        {"born_on": "2005-04-13"},
        {"ine": "223456789HE"},
    ],
)
def test_ine_of_another_person_looks_unknown(alix, change):
    """Nothing tells a thief whether the INE exists."""
    Candidate.objects.update(**change)
    alix.refresh_from_db()

    assert look_up_ine(alix) == IneLookup.UNKNOWN


@pytest.mark.parametrize(
    ("birth_name", "first_name"),
    [("Martin", "Clementine"), ("MARTIN", "CLÉMENTINE ROSE"), ("martin", "clémentine-rose")],
)
def test_accents_and_further_first_names_are_forgiven(clementine, birth_name, first_name):
    typed = Candidate(
        birth_name=birth_name, first_name=first_name, born_on=clementine.student.born_on
    )

    assert is_same_person(typed, clementine.student)


def test_nothing_is_looked_up_without_an_ine_or_when_switched_off(alix):
    assert look_up_ine(CandidateFactory()) == IneLookup.NOT_ASKED

    Institution.objects.update_or_create(pk=1, defaults={"has_ine_lookup": False})
    assert look_up_ine(alix) == IneLookup.NOT_ASKED


def test_imported_file_is_not_looked_up(alix):
    alix.is_imported = True

    assert look_up_ine(alix) == IneLookup.NOT_ASKED


def test_silent_system_is_asked_again_later(alix, student_system_down):
    with pytest.raises(Unavailable):
        look_up_ine(alix)

    alix.refresh_from_db()
    assert alix.looked_up_ine == ""


# -- Proof -----------------------------------------------------------------------------------------
def token_of(alix, clementine, now):
    return make_token(alix, clementine.student, now=now)


def test_link_goes_to_the_address_the_institution_knows(alix, clementine, now):
    ask_for_proof(alix, by=alix.user, now=now)

    [mail] = OutgoingMail.objects.all()
    assert (mail.kind, mail.to) == ("student-proof", clementine.student.email)
    assert mail.is_secret
    assert "/espace/dossier/etudiant/preuve/" in mail.text
    assert clementine.student.address.line_1 not in mail.text
    assert entries_about(alix).first().event == CandidateEvent.PROOF_SENT


def test_second_link_has_to_wait(alix, now):
    ask_for_proof(alix, by=alix.user, now=now)
    alix.refresh_from_db()
    soon, later = now + timedelta(minutes=9), now + timedelta(minutes=10)

    assert refusal_of(ask_for_proof, alix, by=alix.user, now=soon) == ["proof_just_sent"]
    ask_for_proof(alix, by=alix.user, now=later)

    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("change", [{"birth_name": "DURAND"}, {"ine": "", "ine_state": "none"}])
def test_no_link_for_somebody_else(alix, now, change):
    Candidate.objects.update(**change)
    alix.refresh_from_db()

    assert refusal_of(ask_for_proof, alix, by=alix.user, now=now) == ["ine_unknown"]
    assert not OutgoingMail.objects.exists()


def test_no_link_where_no_address_is_known(clementine, now):
    leo = CandidateFactory(
        birth_name="LEFEBVRE",
        first_name="LÉO",
        born_on="1999-01-30",
        ine="1705498811F",
        ine_state=IneState.CONFIRMED,
    )
    leo.refresh_from_db()

    assert refusal_of(ask_for_proof, leo, by=leo.user, now=now) == ["no_address_known"]


def test_no_link_once_imported(alix, now):
    alix.is_imported = True

    assert [blocker.code for blocker in proof_blockers(alix, now=now)] == ["imported"]


def test_link_proves_the_account_it_was_asked_for(alix, clementine, now):
    token = token_of(alix, clementine, now)

    assert proved_student(alix.user, token, now=now) == clementine.student


def test_link_of_somebody_else_proves_nothing(alix, clementine, now):
    """The thief who gets hold of the link, and the student who follows the thief's link."""
    token = token_of(alix, clementine, now)
    eden = CandidateFactory(ine="", first_name="EDEN")

    assert refusal_of(proved_student, eden.user, token, now=now) == ["link_invalid"]
    assert refusal_of(proved_student, UserFactory(), token, now=now) == ["link_invalid"]


def test_link_ends_after_a_day(alix, clementine, now):
    token = token_of(alix, clementine, now)
    day = timedelta(hours=24)

    assert proved_student(alix.user, token, now=now + day) == clementine.student
    late = now + day + timedelta(seconds=1)
    assert refusal_of(proved_student, alix.user, token, now=late) == ["link_expired"]


@pytest.mark.parametrize("change", [{"ine": "223456789HE"}, {"born_on": "2005-04-13"}])
def test_link_ends_when_the_file_says_otherwise(alix, clementine, now, change):
    token = token_of(alix, clementine, now)
    Candidate.objects.update(**change)

    assert refusal_of(proved_student, alix.user, token, now=now) == ["link_invalid"]


def test_forged_link_proves_nothing(alix, clementine, now):
    forged = signing.dumps({"user": alix.user_id, "number": "22301457"}, salt="another")

    assert refusal_of(proved_student, alix.user, forged, now=now) == ["link_invalid"]
    assert refusal_of(proved_student, alix.user, "nonsense", now=now) == ["link_invalid"]


def test_link_of_a_student_who_left_the_system_proves_nothing(alix, now):
    payload = {"user": alix.user_id, "number": "gone", "ine": INE, "until": 9_999_999_999}
    token = signing.dumps(payload, salt=PROOF_SALT)

    assert refusal_of(proved_student, alix.user, token, now=now) == ["link_invalid"]


# -- Taking over -----------------------------------------------------------------------------------
def test_import_begins_a_file_with_all_that_is_known(clementine, now):
    """FILE-PER-07, FILE-PER-10."""
    user = UserFactory(student_number="22301457")

    candidate = take_over(user, clementine.student, now)

    candidate.refresh_from_db()
    assert (candidate.birth_name, candidate.first_name, candidate.other_first_name) == (
        "MARTIN",
        "CLÉMENTINE",
        "ROSE",
    )
    assert (candidate.ine, candidate.ine_state, candidate.is_imported) == (
        INE,
        IneState.CONFIRMED,
        True,
    )
    assert (candidate.birth_commune, candidate.mobile) == (clementine.orleans, "+33639980011")
    assert candidate.student_number == "22301457"
    assert "22301457" in candidate.search_text
    address = candidate.address
    assert (address.lines, address.is_imported) == (["14 RUE DES PRUNIERS", "45160 Olivet"], True)
    baccalaureate = candidate.baccalaureate
    assert (baccalaureate.series.code, baccalaureate.year, baccalaureate.is_imported) == (
        "NBGE",
        2023,
        True,
    )
    assert (baccalaureate.school.code, baccalaureate.option_1.code) == ("0450049J", "MATHS_COMP")
    years = candidate.internal_studies.order_by("year").values_list("year", flat=True)
    assert list(years) == ["2023-2024", "2024-2025", "2025-2026"]
    assert candidate.documents_wanted_at == now
    assert [entry.event for entry in entries_about(candidate)] == [CandidateEvent.IMPORTED]


def test_what_was_typed_stays_unless_one_says_so(alix, clementine, now):
    """A-095: nothing is overwritten silently."""
    AddressFactory(candidate=alix, version=3)
    typed = BaccalaureateFactory(candidate=alix)

    take_over(alix.user, clementine.student, now)

    alix = Candidate.objects.get()
    assert (alix.address.is_imported, alix.address.version) == (False, 3)
    assert (alix.baccalaureate.is_imported, alix.baccalaureate.year) == (False, typed.year)


def test_differences_are_those_one_may_choose_between(alix, clementine, now):
    AddressFactory(candidate=alix)

    changes = typed_otherwise(alix.user, clementine.student)

    assert [change.section for change in changes] == [Section.ADDRESS]
    assert "14 RUE DES PRUNIERS" in changes[0].after
    assert typed_otherwise(UserFactory(), clementine.student) == []
    take_over(alix.user, clementine.student, now)
    import_student(
        alix.user, student=clementine.student, replaces=["address"], by=alix.user, now=now
    )
    assert typed_otherwise(alix.user, clementine.student) == []


def test_import_replaces_what_it_is_told_to_but_contacts(alix, clementine, now):
    """FILE-PER-06: nationality and telephones stay."""
    AddressFactory(candidate=alix, version=3)
    BaccalaureateFactory(candidate=alix)
    Candidate.objects.update(phone="+33612345678")

    import_student(
        alix.user,
        student=clementine.student,
        replaces=[Section.ADDRESS, Section.BACCALAUREATE],
        by=alix.user,
        now=now,
    )

    alix = Candidate.objects.get()
    assert alix.phone == "+33612345678"
    assert (alix.address.postcode, alix.address.version) == ("45160", 4)
    assert alix.baccalaureate.is_imported


def test_import_again_replaces_studies(alix, clementine, now):
    take_over(alix.user, clementine.student, now)
    take_over(alix.user, clementine.student, now)

    assert alix.internal_studies.count() == 3
    assert Address.objects.count() == Baccalaureate.objects.count() == 1


def test_proved_student_takes_the_ine_from_whoever_typed_it_first(clementine, now):
    squatter = CandidateFactory(ine=INE, ine_state=IneState.CONFIRMED)
    user = UserFactory(student_number="22301457")

    candidate = take_over(user, clementine.student, now)

    squatter.refresh_from_db()
    assert (candidate.ine_state, squatter.ine_state) == (IneState.CONFIRMED, IneState.CLAIMED)
    assert open_claim(squatter).holder == candidate


def test_student_without_ine_keeps_the_one_typed(alix, clementine, now):
    take_over(alix.user, replace(clementine.student, ine=""), now)

    alix.refresh_from_db()
    assert alix.ine == INE


def test_incomplete_address_and_unknown_series_are_left_out(clementine, now):
    student = replace(
        clementine.student,
        address=replace(clementine.student.address, postcode="99999"),
        baccalaureate=replace(clementine.student.baccalaureate, series="UNKNOWN"),
    )

    candidate = take_over(UserFactory(), student, now)

    assert not Address.objects.exists()
    assert not Baccalaureate.objects.exists()
    assert candidate.is_imported


@pytest.mark.parametrize(
    "change", [{"civility": "?"}, {"birth_name": ""}, {"birth_country": "99999"}]
)
def test_record_that_makes_no_file_is_refused(clementine, now, change):
    student = replace(clementine.student, **change)

    assert refusal_of(take_over, UserFactory(), student, now) == ["student_incomplete"]
    assert not Candidate.objects.exists()


def test_nothing_is_taken_over_while_somebody_else_edits(alix, clementine, now):
    """LOCK-07."""
    begin(alix.user, section=Section.ADDRESS, by=UserFactory(staff=True), tab="x", now=now)

    assert refusal_of(take_over, alix.user, clementine.student, now) == ["leased"]
    assert not Address.objects.exists()


def test_settings_leave_studies_and_documents_out(clementine, now):
    """FILE-INT-02."""
    Institution.objects.update_or_create(
        pk=1, defaults={"has_internal_studies": False, "has_student_documents": False}
    )

    candidate = take_over(UserFactory(), clementine.student, now)

    assert candidate.internal_studies.count() == 0
    assert candidate.documents_wanted_at is None


def test_studies_that_are_not_told_now_are_asked_for_later(clementine, student_system_down, now):
    candidate = take_over(UserFactory(), clementine.student, now)

    assert candidate.is_imported
    assert not candidate.internal_studies.exists()
    assert [missed.kind for missed in MissedFetch.objects.all()] == [MissedKind.STUDIES]


def test_student_abroad_is_taken_over(clementine, now):
    abroad = replace(clementine.student, birth_department="", birth_city="")

    candidate = take_over(UserFactory(), abroad, now)

    assert (candidate.birth_department, candidate.birth_commune) == (None, None)
    assert student_data.address_entry_of(replace(abroad, address=None)) is None


# -- Afterwards ------------------------------------------------------------------------------------
def test_corrected_data_are_fetched_again(alix, clementine, now):
    """S2-21: what the student system says now takes the place of what it said."""
    take_over(alix.user, clementine.student, now)
    alix.refresh_from_db()
    alix.internal_studies.update(result="Ajourné")
    Address.objects.update(line_1="1 RUE DE L'ERREUR")
    Baccalaureate.objects.update(year=2020)

    refresh_import(alix, by=alix.user, now=now)

    assert [year.result for year in alix.internal_studies.all()] == ["Admis"] * 3
    assert Address.objects.get().line_1 == "14 RUE DES PRUNIERS"
    assert Baccalaureate.objects.get().year == 2023


def test_file_that_was_not_imported_is_not_fetched_again(alix, now):
    assert refusal_of(refresh_import, alix, by=alix.user, now=now) == ["student_unknown"]


def test_removed_import_takes_its_data_along(alix, clementine, now):
    """FILE-PER-08."""
    take_over(alix.user, clementine.student, now)
    alix.refresh_from_db()

    remove_import(alix, by=alix.user, now=now)

    alix = Candidate.objects.get()
    assert (alix.is_imported, alix.ine, alix.ine_state, alix.student_number) == (
        False,
        "",
        IneState.NONE,
        "",
    )
    assert alix.birth_name == "MARTIN"
    assert not Address.objects.exists()
    assert not Baccalaureate.objects.exists()
    assert alix.internal_studies.count() == 0
    assert entries_about(alix).first().event == CandidateEvent.IMPORT_REMOVED


def test_removed_import_leaves_what_the_candidate_changed(alix, clementine, now):
    take_over(alix.user, clementine.student, now)
    Address.objects.update(is_imported=False)
    alix.refresh_from_db()

    remove_import(alix, by=alix.user, now=now)

    assert Address.objects.count() == 1


def test_import_is_not_removed_while_somebody_else_edits(alix, clementine, now):
    take_over(alix.user, clementine.student, now)
    begin(alix.user, section=Section.IDENTITY, by=UserFactory(staff=True), tab="x", now=now)
    alix.refresh_from_db()

    assert refusal_of(remove_import, alix, by=alix.user, now=now) == ["leased"]
    alix.refresh_from_db()
    assert alix.is_imported

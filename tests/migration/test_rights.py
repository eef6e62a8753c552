"""Roles, people and rights of eCandidat."""

from zoneinfo import ZoneInfo

import pytest

from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.accounts.models import User
from candide.institution.mails.models import OutgoingMail
from candide.migration.models import BroughtRow
from tests.factories.accounts import UserFactory
from tests.migration import university as u

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


def test_profiles_are_roles_with_what_their_functions_open(source, bring):
    source.put("parametre", cod_param="SCOL_GESTION_CANDIDAT_COMM", val_param="R")
    u.profile(source, "lecteur", "C", ("GEST_CANDIDATURE", False), ("EDIT_AVIS", True))
    u.profile(source, "chef", "C", ("EDIT_AVIS", False), ("GEST_PJ", True), ("GEST_PJ", False))
    u.profile(source, "scolCentrale", "A")
    u.profile(source, "admin", "A")

    outcome = bring()

    held = {
        role.code: {grant.capability: grant.can_write for grant in role.grants.all()}
        for role in RoleProfile.objects.prefetch_related("grants")
    }
    candidates = {Capability.VIEW_CANDIDATES: False, Capability.ADMINISTER_CANDIDATES: False}
    assert held["lecteur"] == {Capability.VIEW_APPLICATIONS: False, **candidates}
    assert held["chef"] == {
        Capability.ENTER_DECISIONS: True,
        Capability.MANAGE_REQUIREMENTS: True,
        **candidates,
    }
    assert held["scolCentrale"][Capability.MANAGE_INSTITUTION] is False
    assert held["scolCentrale"][Capability.MANAGE_STAFF] is True
    assert all(held["administrator"].values())
    assert outcome.numbers["Profils"] == [4, 3, 0, 1, 0]


def test_people_have_their_rights_where_they_had_them_and_get_no_mail(place, source, bring):
    centre, commission, _programme = place
    manager = u.profile(source, "gest", "G", ("GEST_CANDIDATURE", False))
    member = u.profile(source, "membre", "C", ("GEST_CANDIDATURE", False))
    everywhere = u.profile(source, "admin", "A")
    other = u.commission(source, centre, "BIO")
    whole = u.person(source, "bao", manager)
    source.put("gestionnaire", id_droit_profil_ind=whole, id_ctr_cand=centre, tem_all_comm_gest=1)
    some = u.person(source, "chris", manager, libelle_ind="Chris de La Tour")
    source.put("gestionnaire", id_droit_profil_ind=some, id_ctr_cand=centre)
    for each in (commission, other):
        source.put("gestionnaire_commission", id_droit_profil_ind=some, id_comm=each)
    chair = u.person(source, "dana", member, tes_ind=False)
    source.put(
        "commission_membre",
        id_droit_profil_ind=chair,
        id_comm=commission,
        tem_is_president=True,
        commentaire="Depuis 2020",
    )
    u.person(source, "ada", everywhere, mail_ind="Ada@Univ.Example")

    outcome = bring()

    given = {
        (row.user.email, row.role.code, str(row.centre or ""), getattr(row.commission, "code", ""))
        for row in Assignment.objects.select_related("user", "role", "centre", "commission")
    }
    assert given == {
        ("bao@univ.example", "gest", "UFR Sciences", ""),
        ("chris@univ.example", "gest", "", "INFO"),
        ("chris@univ.example", "gest", "", "BIO"),
        ("dana@univ.example", "membre", "", "INFO"),
        ("ada@univ.example", "administrator", "", ""),
    }
    dana = User.objects.get(email="dana@univ.example")
    assert not dana.is_active  # no longer in service there
    assert dana.assignments.get().is_chair
    bao = User.objects.get(email="bao@univ.example")
    assert (bao.first_name, bao.last_name, bao.directory_id) == ("Bao", "NGUYEN", "bao")
    assert not bao.has_usable_password()
    assert str(User.objects.get(directory_id="chris")) == "Chris DE LA TOUR"
    assert outcome.numbers["Droits"] == [5, 5, 0, 0, 0]
    assert not OutgoingMail.objects.exists()


def test_right_without_its_place_or_person_gives_nothing(source, bring):
    manager = u.profile(source, "gest", "G", ("GEST_CANDIDATURE", False))
    u.person(source, "nowhere", manager)
    lost = u.person(source, "lost", manager)
    source.put("gestionnaire", id_droit_profil_ind=lost, id_ctr_cand=77, tem_all_comm_gest=True)
    empty = u.person(source, "empty", manager)
    source.put("gestionnaire", id_droit_profil_ind=empty, id_ctr_cand=u.centre(source))
    u.person(source, "mute", manager, mail_ind=None)
    source.put("droit_profil_ind", login_ind="gone", id_profil=manager)

    outcome = bring()

    assert not Assignment.objects.exists()
    assert outcome.numbers["Droits"] == [5, 0, 0, 0, 5]
    assert outcome.numbers["Personnels"] == [4, 3, 0, 0, 1]


def test_colleague_who_stands_here_is_found_and_a_candidate_is_not_made_one(source, bring):
    colleague = UserFactory(staff=True, email="bao@univ.example", first_name="B.")
    UserFactory(email="alix@univ.example")
    everywhere = u.profile(source, "admin", "A")
    u.person(source, "bao", everywhere, mail_ind="BAO@univ.example")
    u.person(source, "alix", everywhere)

    outcome = bring()

    assert [row.user for row in Assignment.objects.filter(role__code="administrator")] == [
        colleague
    ]
    colleague.refresh_from_db()
    assert colleague.first_name == "B."
    assert outcome.numbers["Personnels"] == [2, 0, 0, 1, 1]


def test_login_is_found_whatever_its_capitals_and_not_kept(source, bring):
    everywhere = u.profile(source, "admin", "A")
    u.person(source, "Bao", everywhere)
    source.run("UPDATE droit_profil_ind SET login_ind = 'BAO'")
    u.person(source, "mute", everywhere, mail_ind="")

    outcome = bring()

    assert Assignment.objects.get(role__code="administrator").user.directory_id == "Bao"
    kept = set(BroughtRow.objects.values_list("key", flat=True))
    assert not any("bao" in key.lower() for key in kept)
    assert [said[0] for said in outcome.said("Personnels")] == ["mute"]

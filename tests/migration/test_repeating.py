"""What real databases hold; a second run, a trial, and what is refused."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError

from candide.admissions.decisions.models import (
    DecisionReason,
)
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Intake,
    Programme,
)
from candide.institution.requirements.models import DocumentRequirement
from candide.migration.models import BroughtRow
from tests.factories.catalogue import ApplicationCentreFactory
from tests.migration import university as u

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


def test_orphans_doubles_and_rows_that_cannot_be_are_left_with_their_reason(source, bring):
    u.campaign(source)
    u.centre(source)
    u.centre(source, "SCI", lib_ctr_cand="Encore")
    u.commission(source, 4711, "ORPHAN")
    u.programme(source, 4712, "LOST")
    source.put("type_decision", cod_typ_dec="X", lib_typ_dec="X", cod_typ_avis="ZZ")
    source.put("campagne", cod_camp="1900", lib_camp="?", dat_deb_camp="0000-00-00")

    outcome = bring()

    left = {kind: row[4] for kind, row in outcome.numbers.items() if row[4]}
    assert left == {
        "Campagnes": 1,
        "Centres": 1,
        "Commissions": 1,
        "Offre de formation": 1,
        "Ouvertures": 1,
        "Types de décision": 1,
        "Décisions automatiques des centres": 1,
    }
    assert [said[2] for said in outcome.said("Centres")] == [
        "« SCI » y est deux fois ; la première a été prise."
    ]


def test_texts_encoded_twice_and_html_in_labels_are_read(source, bring):
    u.centre(source, lib_ctr_cand="FacultÃ© de <b>mÃ©decine</b>", mail_contact_ctr_cand="pas une")

    outcome = bring()

    centre = ApplicationCentre.objects.get()
    assert str(centre.name) == "Faculté de médecine"
    assert centre.contact_email == ""
    assert [said[1] for said in outcome.said("Centres")] == ["ajusté"]


def test_opening_without_dates_or_with_contradicting_ones_is_mended_and_said(source, bring):
    u.campaign(source)
    commission = u.commission(source, u.centre(source), id_adr=None)
    nothing = dict.fromkeys(
        ["dat_deb_depot_form", "dat_fin_depot_form", "dat_retour_form"], "0000-00-00"
    )
    u.programme(source, commission, "A", **nothing, dat_jury_form=None)
    u.programme(source, commission, "B", dat_fin_depot_form=date(2027, 2, 1))

    outcome = bring()

    empty, odd = Intake.objects.order_by("programme__code")
    assert (empty.opens_on, empty.closes_on) == (date(2027, 1, 1), date(2027, 9, 30))
    assert (odd.opens_on, odd.closes_on) == (date(2027, 3, 1), date(2027, 3, 1))
    assert len(outcome.said("Ouvertures")) == 3
    assert Commission.objects.get().address_1 == "Commission Informatique"


# -- Again, for a trial, and refused ---------------------------------------------------------------


def everything(source):
    """A row of every kind."""
    source.put("parametre", cod_param="CANDIDATURE_NB_VOEUX_MAX", val_param="9")
    u.campaign(source)
    centre = u.centre(source)
    programme = u.programme(source, u.commission(source, centre))
    u.decision_type(source, id_mail=u.mail(source, "M", "a", "b", cod_typ_avis="FA"))
    source.put("type_formation", cod_typ_form="DU", lib_typ_form="Diplôme d'université")
    document = source.put("piece_justif", cod_pj="CV", lib_pj="CV")
    source.put("pj_form", id_pj=document, id_form=programme)
    right = u.person(source, "bao", u.profile(source, "gest", "G", ("GEST_PJ", False)))
    source.put("gestionnaire", id_droit_profil_ind=right, id_ctr_cand=centre, tem_all_comm_gest=1)


def test_second_run_finds_everything_and_writes_nothing(source, bring):
    everything(source)
    first = bring()
    made = BroughtRow.objects.count()

    second = bring()

    assert BroughtRow.objects.count() == made
    assert {kind: row[0] for kind, row in second.numbers.items()} == {
        kind: row[0] for kind, row in first.numbers.items()
    }
    assert all(row[0] == row[3] for row in second.numbers.values())


def test_what_changed_there_since_changes_here_and_the_rest_stays(source, bring):
    everything(source)
    bring()
    ApplicationCentre.objects.update(max_applications=3)
    source.run("UPDATE formation SET lib_form = 'Master Informatique', capacite_form = 30")
    source.run("DELETE FROM pj_form")

    outcome = bring()

    assert str(Programme.objects.get().name) == "Master Informatique"
    assert Programme.objects.get().slug == "master-1-informatique"
    assert Intake.objects.get().capacity == 30
    assert not DocumentRequirement.objects.get().programmes.exists()
    assert ApplicationCentre.objects.get().max_applications == 3
    changed = {kind for kind, row in outcome.numbers.items() if row[2]}
    assert changed == {"Offre de formation", "Ouvertures", "Pièces demandées"}


def test_what_stood_here_before_is_found_by_its_code_and_kept(place, bring):
    standing = ApplicationCentreFactory(code="SCI", max_applications=2)

    outcome = bring()

    standing.refresh_from_db()
    assert standing.max_applications == 2
    assert Commission.objects.get().centre == standing
    assert outcome.numbers["Centres"] == [1, 0, 0, 1, 0]


def test_what_was_deleted_here_does_not_come_back(source, bring):
    source.put("motivation_avis", cod_motiv="NIV", lib_motiv="Niveau")
    bring()
    DecisionReason.objects.all().delete()
    source.run("UPDATE motivation_avis SET lib_motiv = 'Niveau insuffisant'")

    outcome = bring()

    assert not DecisionReason.objects.exists()
    assert outcome.numbers["Motivations"] == [1, 0, 0, 0, 1]


def test_dry_run_tells_the_same_and_leaves_nothing(source, bring):
    everything(source)

    trial = bring("--dry-run")

    assert not ApplicationCentre.objects.exists()
    assert not BroughtRow.objects.exists()
    assert trial.output.endswith("C'était un essai : rien n'a été écrit.\n")
    assert bring().numbers == trial.numbers


def test_numbers_of_every_kind_add_up(source, bring):
    everything(source)
    u.commission(source, 99, "ORPHAN")

    outcome = bring()

    assert all(row[0] == sum(row[1:]) for row in outcome.numbers.values())
    assert outcome.numbers["Commissions"] == [2, 1, 0, 0, 1]


def test_database_of_something_else_is_refused(source, bring):
    source.run("RENAME TABLE formation TO formation_away")
    try:
        with pytest.raises(CommandError, match="formation"):
            bring()
    finally:
        source.run("RENAME TABLE formation_away TO formation")


def test_change_that_contradicts_what_stands_here_is_left_out(source, bring):
    source.put("motivation_avis", cod_motiv="NIV", lib_motiv="Niveau")
    bring()
    DecisionReason.objects.create(code="AUTRE", label="Autre")
    source.run("UPDATE motivation_avis SET cod_motiv = 'AUTRE'")

    outcome = bring()

    assert set(DecisionReason.objects.values_list("code", flat=True)) == {"NIV", "AUTRE"}
    assert outcome.numbers["Motivations"] == [1, 0, 0, 0, 1]


def test_what_was_found_here_stays_when_it_changes_there(source, bring):
    DecisionReason.objects.create(code="NIV", label="Le nôtre")
    source.put("motivation_avis", cod_motiv="NIV", lib_motiv="Niveau")
    bring()
    source.run("UPDATE motivation_avis SET lib_motiv = 'Niveau insuffisant'")

    outcome = bring()

    assert str(DecisionReason.objects.get().label) == "Le nôtre"
    assert outcome.numbers["Motivations"] == [1, 0, 0, 1, 0]
    assert [said[1] for said in outcome.said("Motivations")] == ["ajusté"]


def test_long_reports_are_cut_on_the_screen_and_whole_in_the_file(source, bring):
    for number in range(20):
        u.commission(source, 4700 + number, f"ORPHAN{number}", lib_comm="x")
        source.put("parametre", cod_param=f"P{number}", val_param="x")
        source.put("tag", lib_tag=f"{number}", id_ctr_cand=number + 900, color_tag="")
        source.put("alert_sva", nb_jour_sva=-number)
        source.put("type_decision", cod_typ_dec=f"T{number}", cod_typ_avis="??")
        source.put("faq", lib_faq=f"{number}")
        source.put("mail", cod_mail=f"M{number}", tem_is_modele_mail=number % 2)
        source.put("message", cod_msg=f"MSG{number}")
        source.put("individu", login_ind=f"p{number}", libelle_ind="X")
        u.programme(source, 8000 + number, f"LOST{number}")
    source.put("campagne", cod_camp="?", lib_camp="?")
    source.put("droit_profil_ind", login_ind="p1", id_profil=77)

    outcome = bring()

    assert "autre raison est dans le rapport." in outcome.output
    assert len(outcome.said("Commissions")) == 20

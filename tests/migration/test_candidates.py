"""Candidates and their archived applications, brought over from a real MariaDB."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import CandidateAnswer, ItemStatus, Outcome
from candide.admissions.applications.models import Answer, Application, FormAnswer
from candide.admissions.candidates.enums import Civility, IneState, StudyResult
from candide.admissions.candidates.models import Candidate, ExternalStudies
from candide.admissions.correspondence.models import Note
from candide.admissions.decisions.domain.consistency import differing
from candide.admissions.decisions.models import Decision
from candide.admissions.tags.models import Tagging
from candide.institution.accounts.models import IssuedFileNumber, User
from candide.institution.catalogue.models import Campaign, Intake
from candide.institution.mails.models import OutgoingMail
from candide.institution.reference.models import BaccalaureateSeries
from candide.migration.models import BroughtRow
from tests.factories.access import ada
from tests.factories.accounts import UserFactory
from tests.factories.reference import CommuneFactory, CountryFactory, DepartmentFactory
from tests.migration import people as p
from tests.migration import university as u

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
WITH = "--with-candidates"


@pytest.fixture(autouse=True)
def _france():
    CountryFactory(france=True)
    department = DepartmentFactory(code="45")
    CommuneFactory(insee="45234", department=department)


@pytest.fixture
def past(source):
    """An archived campaign, an account in it and its candidate, a programme."""
    campaign = u.past_campaign(source)
    u.campaign(source)
    programme = u.programme(source, u.commission(source, u.centre(source)))
    account = p.account(source, campaign)
    return campaign, account, p.candidate(source, account), programme


def test_candidates_are_only_brought_when_asked_for(past, bring):
    outcome = bring()

    assert not User.objects.exists()
    assert "Candidats" not in outcome.numbers


def test_account_and_file_say_what_they_said(past, source, bring):
    _campaign, _account, candidate, _programme = past
    address = source.put(
        "adresse", adr1_adr="2 rue Neuve", adr3_adr="Appt 4", cod_bdi_adr="45000", cod_com="45234",
        cod_pay="100",
    )  # fmt: skip
    source.run("UPDATE candidat SET id_adr = %s", [address])
    source.put("siscol_bac_oux_equ", cod_bac="S", lib_bac="S-scientifique")
    source.put("siscol_mention_niv_bac", cod_mnb="AB", lib_mnb="Assez bien")
    source.put("siscol_dip_aut_cur", cod_dac="DUT", lib_dac="DUT")
    source.put("siscol_etablissement", cod_etb="0450001A", lib_etb="Lycée inconnu")
    source.put(
        "candidat_bac_ou_equ", id_candidat=candidate, cod_bac="S", annee_obt_bac=2022,
        cod_mnb="AB", cod_etb="0450001A", cod_dep="045", cod_pay="100",
    )  # fmt: skip
    source.put(
        "candidat_cursus_post_bac", id_candidat=candidate, annee_univ_cursus=2024, cod_dac="DUT",
        lib_cursus="DUT Informatique", obtenu_cursus="O", cod_pay="100",
    )  # fmt: skip
    source.put(
        "candidat_cursus_interne", id_candidat=candidate, annee_univ_cursus_interne=2025,
        cod_vet_cursus_interne="L3INFO", lib_cursus_interne="Licence 3",
    )  # fmt: skip
    source.put(
        "candidat_stage", id_candidat=candidate, annee_stage=2025, duree_stage="2 mois",
        nb_h_sem_stage=35, organisme_stage="Mairie", descriptif_stage="Réseau",
    )  # fmt: skip
    source.put(
        "candidat_cursus_pro", id_candidat=candidate, annee_cursus_pro=2025,
        duree_cursus_pro="1 an", organisme_cursus_pro="SNCF", intitule_cursus_pro="Agent",
    )  # fmt: skip
    source.put("histo_num_dossier", num_dossier="AAAA1111", cod_camp="2026")

    outcome = bring(WITH)

    person = Candidate.objects.select_related("user", "address", "baccalaureate").get()
    assert (person.user.email, person.user.file_number) == ("alix@courriel.example", "AAAA1111")
    assert (person.user.language, person.user.has_usable_password()) == ("en", False)
    assert person.user.activated_at == datetime(2026, 3, 2, 10, 15, tzinfo=PARIS)
    assert (person.civility, person.display_name) == (Civility.MRS, "MARTIN ALIX")
    assert (person.ine, person.ine_state) == ("120890177FJ", IneState.CONFIRMED)
    assert person.birth_department.code == "45"
    assert "martin" in person.search_text
    assert (person.address.line_1, person.address.line_2) == ("2 rue Neuve", "Appt 4")
    assert person.address.commune.insee == "45234"
    baccalaureate = person.baccalaureate
    assert (baccalaureate.series.name, baccalaureate.year) == ("S-scientifique", 2022)
    assert str(baccalaureate.honours) == "Assez bien"
    assert baccalaureate.school_name == "Lycée inconnu"
    assert not BaccalaureateSeries.objects.get().is_active  # shown where chosen, not offered
    studies = ExternalStudies.objects.get()
    assert (studies.family.name, studies.result) == ("DUT", StudyResult.OBTAINED)
    assert person.internal_studies.get().label == "Licence 3"
    assert person.internships.get().weekly_hours == 35
    assert person.work_experiences.get().title == "Agent"
    assert IssuedFileNumber.objects.get().number == "AAAA1111"
    assert outcome.numbers["Candidats"] == [1, 1, 0, 0, 0]
    assert not OutgoingMail.objects.exists()


def test_archived_application_comes_with_what_was_decided_given_and_written(past, source, bring):
    _campaign, _account, candidate, programme = past
    favourable = u.decision_type(source)
    refusal = u.decision_type(source, "DEF", "DE")
    reason = source.put("motivation_avis", cod_motiv="NIV", lib_motiv="Niveau")
    document = source.put("piece_justif", cod_pj="CV", lib_pj="CV", tem_commun_pj=True)
    other = source.put("piece_justif", cod_pj="ID", lib_pj="Identité")
    yes_no = source.put("question", cod_question="Q1", lib_question="?", typ_question="B")
    free = source.put("question", cod_question="Q2", lib_question="?", typ_question="S")
    form = source.put(
        "formulaire", cod_formulaire="F", lib_formulaire="F", id_formulaire_limesurvey=77,
        id_i18n_url_formulaire=source.words(fr="https://enquetes.example/77"),
    )  # fmt: skip
    tag = source.put("tag", lib_tag="À revoir", color_tag="#ff0000")
    u.person(source, "bao", u.profile(source, "admin", "A"))
    one = p.application(
        source, candidate, programme, tem_accept_cand=True,
        dat_accept_cand=datetime(2026, 6, 3, 8), user_accept_cand="bao",  # noqa: DTZ001 -- theirs
        mnt_charge_cand=Decimal("243.00"),
    )  # fmt: skip
    p.decision(source, one, refusal, id_motiv=reason)
    p.decision(
        source, one, favourable,
        dat_valid_type_dec_cand=datetime(2026, 6, 2, 18),  # noqa: DTZ001 -- theirs
    )  # fmt: skip
    p.given(source, one, document, comment_pj_cand="Lisible")
    p.given(source, one, other, cod_typ_statut_piece="AT")
    source.put("question_cand", id_cand=one, id_question=yes_no, reponse_question_cand="O")
    source.put("question_cand", id_cand=one, id_question=free, reponse_question_cand="Parce que")
    source.put(
        "formulaire_candidature", id_cand=one, id_formulaire_limesurvey=77,
        reponses_formulaire_cand="Langue : anglais{;}Niveau : B2",
    )  # fmt: skip
    source.put("formulaire_cand", id_formulaire=form, id_cand=999)
    source.put("post_it", id_cand=one, message_post_it="À rappeler", user_cre_post_it="bao")
    source.put("tag_candidature", id_cand=one, id_tag=tag)

    outcome = bring(WITH)

    application = Application.objects.get()
    archived = Campaign.objects.get(code="2026")
    assert application.archived_at == archived.archived_at
    intake = application.intake
    assert (intake.campaign, intake.opens_on) == (archived, date(2026, 3, 1))
    assert (intake.acceptance_due_on, intake.acceptance_days) == (date(2026, 6, 15), None)
    assert (application.dossier_status, application.complete_on) == ("complete", date(2026, 4, 20))
    assert (application.answer, application.answered_by.email) == (
        CandidateAnswer.ACCEPTED,
        "bao@univ.example",
    )
    assert application.created_by == application.candidate.user
    assert application.fee_amount == Decimal("243.00")
    assert application.released_outcome == Outcome.FAVOURABLE
    decisions = Decision.objects.order_by("released_at")
    assert [row.type.code for row in decisions] == ["DEF", "FAV"]
    assert decisions[0].reason.code == "NIV"
    assert list(differing()) == []  # what is shown is what was decided
    submitted = application.submitted_documents.get()
    assert (submitted.status, submitted.comment) == (ItemStatus.APPROVED, "Lisible")
    answers = {row.question.code: row.value for row in Answer.objects.select_related("question")}
    assert answers == {"Q1": True, "Q2": "Parce que"}
    assert FormAnswer.objects.get().answers == [
        {"question": "Langue", "answer": "anglais"},
        {"question": "Niveau", "answer": "B2"},
    ]
    note = Note.objects.get()
    assert (note.text, note.author.email) == ("À rappeler", "bao@univ.example")
    assert Tagging.objects.get().tag.label == "À revoir"
    assert outcome.numbers["Pièces déposées"] == [2, 1, 0, 0, 1]
    assert outcome.numbers["Formulaires non concernés"] == [1, 0, 0, 0, 1]
    assert Intake.objects.count() == 2  # that of the campaign in service, and the past one


def test_account_of_each_campaign_is_one_person_with_the_latest_file(past, source, bring):
    _campaign, _account, candidate, programme = past
    before = u.past_campaign(source, "2025")
    older = p.candidate(
        source, p.account(source, before, "BBBB2222", mail_perso_cpt_min="alix@courriel.example"),
        nom_pat_candidat="Ancien",
    )  # fmt: skip
    source.put("candidat_stage", id_candidat=older, annee_stage=2020, organisme_stage="Vieux")
    p.application(source, candidate, programme)
    p.application(source, older, programme)

    outcome = bring(WITH)

    person = Candidate.objects.get()
    assert (person.user.file_number, person.birth_name) == ("AAAA1111", "MARTIN")
    assert person.applications.count() == 2
    assert not person.internships.exists()
    assert outcome.numbers["Comptes des candidats"] == [2, 1, 0, 1, 0]
    assert outcome.numbers["Stages"] == [1, 0, 0, 0, 1]


def test_two_people_behind_one_address_are_not_mixed(past, source, bring):
    campaign, _account, _candidate, programme = past
    twin = p.account(source, campaign, "CCCC3333", mail_perso_cpt_min="ALIX@courriel.example")
    sister = p.candidate(
        source, twin, prenom_candidat="Lou", dat_naiss_candidat=date(2001, 1, 1), ine_candidat=None,
        cle_ine_candidat=None,
    )  # fmt: skip
    p.application(source, sister, programme)

    outcome = bring(WITH)

    assert Candidate.objects.get().first_name == "ALIX"
    assert not Application.objects.exists()
    assert outcome.numbers["Comptes des candidats"] == [2, 1, 0, 1, 0]
    assert outcome.numbers["Candidats"] == [2, 1, 0, 0, 1]
    assert outcome.numbers["Candidatures passées"] == [1, 0, 0, 0, 1]


def test_people_who_cannot_be_are_left_with_their_reason(source, bring):
    campaign = u.past_campaign(source)
    UserFactory(staff=True, email="staff@univ.example")
    p.account(source, campaign, "A", tem_valid_cpt_min=False)
    p.account(source, campaign, "B", mail_perso_cpt_min="pas une adresse")
    p.account(source, campaign, "C", mail_perso_cpt_min="staff@univ.example")
    unborn = p.account(source, campaign, "D", mail_perso_cpt_min="d@x.example")
    p.candidate(source, unborn, dat_naiss_candidat="0000-00-00")
    stranger = p.account(source, campaign, "E", mail_perso_cpt_min="e@x.example")
    p.candidate(source, stranger, cod_pay_nat="999")
    p.candidate(source, 4711)
    odd = p.account(source, campaign, "F", mail_perso_cpt_min="f@x.example")
    p.candidate(source, odd, lib_ville_naiss_candidat=None, ine_candidat="123456789012345")

    outcome = bring(WITH)

    assert outcome.numbers["Comptes des candidats"] == [6, 3, 0, 0, 3]
    assert outcome.numbers["Candidats"] == [4, 1, 0, 0, 3]
    person = Candidate.objects.get()
    assert (person.birth_city, person.ine) == ("INCONNUE", "")
    assert {said[1] for said in outcome.said("Candidats")} == {"écarté", "ajusté"}


def test_ine_that_somebody_holds_is_claimed(past, source, bring):
    campaign = past[0]
    other = p.account(source, campaign, "GGGG", mail_perso_cpt_min="g@x.example")
    p.candidate(source, other, nom_pat_candidat="Autre")

    bring(WITH)

    states = sorted(Candidate.objects.values_list("ine_state", flat=True))
    assert states == [IneState.CLAIMED, IneState.CONFIRMED]


def test_applications_under_way_cancelled_or_twice(past, source, bring):
    _campaign, _account, candidate, programme = past
    present = p.candidate(
        source,
        p.account(
            source,
            u.campaign(source, "2028"),
            "HHHH",
            mail_perso_cpt_min="h@x.example",
        ),
        ine_candidat=None,
        cle_ine_candidat=None,
    )
    favourable = u.decision_type(source)
    p.application(source, present, programme)
    first = p.application(source, candidate, programme)
    p.application(source, candidate, programme)
    cancelled = p.application(source, candidate, programme, dat_annul_cand=p.MADE)
    p.decision(source, cancelled, favourable)
    p.decision(source, first, favourable, tem_valid_type_dec_cand=False)
    p.decision(source, first, favourable, tem_valid_type_dec_cand=False)

    outcome = bring(WITH)

    kept, gone = Application.objects.order_by("cancelled_at", "pk")
    kept, gone = (kept, gone) if kept.cancelled_at is None else (gone, kept)
    assert (kept.has_draft_decision, kept.released_outcome) == (True, "")
    assert (gone.is_cancelled, gone.has_any_decision) == (True, False)
    assert outcome.numbers["Candidatures passées"] == [4, 2, 0, 0, 2]
    assert outcome.numbers["Décisions"] == [3, 1, 0, 0, 2]


def test_one_campaign_may_be_named(past, source, bring):
    before = u.past_campaign(source, "2025")
    p.account(source, before, "BBBB2222", mail_perso_cpt_min="b@x.example")

    outcome = bring(WITH, "--campaign=2025")

    assert User.objects.get().file_number == "BBBB2222"
    assert outcome.numbers["Comptes des candidats"] == [2, 1, 0, 0, 1]


def test_second_run_brings_nobody_twice_and_nobody_back_who_was_erased(past, source, bring):
    _campaign, _account, candidate, programme = past
    one = p.application(source, candidate, programme)
    p.decision(source, one, u.decision_type(source))
    first = bring(WITH)
    brought = BroughtRow.objects.count()

    second = bring(WITH)

    assert BroughtRow.objects.count() == brought
    assert all(row[0] == row[3] for row in second.numbers.values())
    assert {kind: row[0] for kind, row in second.numbers.items()} == {
        kind: row[0] for kind, row in first.numbers.items()
    }
    Decision.objects.all().delete()
    Application.objects.all().delete()
    Candidate.objects.all().delete()
    User.objects.all().delete()
    source.run("UPDATE candidat SET prenom_candidat = 'Revenue'")

    third = bring(WITH)

    assert not User.objects.exists()
    for kind in ("Comptes des candidats", "Candidats", "Candidatures passées", "Décisions"):
        assert third.numbers[kind] == [1, 0, 0, 0, 1]


def test_dry_run_with_candidates_tells_the_same(past, source, bring):
    _campaign, _account, candidate, programme = past
    one = p.application(source, candidate, programme)
    p.decision(source, one, u.decision_type(source))

    trial = bring(WITH, "--dry-run")

    assert not User.objects.exists()
    assert bring(WITH).numbers == trial.numbers


def test_what_the_database_refuses_is_left_out_alone(past, source, bring):
    UserFactory(file_number="KKKK4444")
    p.account(source, past[0], "KKKK4444", mail_perso_cpt_min="k@x.example")

    outcome = bring(WITH)

    assert outcome.numbers["Comptes des candidats"] == [2, 1, 0, 0, 1]
    ((_key, verdict, reason),) = outcome.said("Comptes des candidats")
    assert verdict == "écarté"
    assert reason.startswith("Contredit ce qui est ici")
    assert "k@x.example" not in reason


def test_pages_show_what_was_brought(past, source, bring, client):
    _campaign, _account, candidate, programme = past
    one = p.application(source, candidate, programme)
    p.decision(source, one, u.decision_type(source))
    document = source.put("piece_justif", cod_pj="CV", lib_pj="CV", tes_pj=True, tem_commun_pj=True)
    p.given(source, one, document)
    bring(WITH)
    application = Application.objects.get()
    client.force_login(ada())

    page = client.get(reverse("staff:application", args=[application.pk]))
    archive = client.get(reverse("staff:applications"), {"place": "archived"})

    assert page.status_code == archive.status_code == 200
    assert "MARTIN" in page.content.decode()
    assert "Avis favorable" in page.content.decode()

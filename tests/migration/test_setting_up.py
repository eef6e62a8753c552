"""What is set up in eCandidat, brought over from a real MariaDB."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.models import (
    CentreDecisions,
    DecisionReason,
    DecisionType,
    IntakeDecisions,
)
from candide.admissions.tags.enums import TagColour
from candide.admissions.tags.models import Tag
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import (
    AdmissionRoute,
    AlertMode,
    CopyMode,
    LetterMode,
    TacitReference,
    TacitTone,
)
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Campaign,
    Commission,
    Institution,
    Intake,
    Programme,
    TacitThreshold,
)
from candide.institution.mails.models import MailTemplate
from candide.institution.pages.models import FaqEntry, Notice
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import DocumentRequirement, ExternalForm, Question
from tests.migration import university as u

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


# -- The organisation -----------------------------------------------------------------------------


def test_campaigns_keep_their_days_and_their_state(source, bring):
    u.past_campaign(source, dat_destruct_effec_camp=datetime(2028, 2, 1, 3))  # noqa: DTZ001 -- theirs
    u.campaign(source, dat_fin_candidat_camp=date(2027, 7, 1), id_i18n_camp=source.words(en="C27"))
    u.campaign(source, "2028", tes_camp=False)

    outcome = bring()

    past, present, planned = Campaign.objects.order_by("code")
    assert past.archived_at == datetime(2027, 1, 1, 8, tzinfo=PARIS)
    assert past.destroyed_at == datetime(2028, 2, 1, 3, tzinfo=PARIS)
    assert (present.is_active, str(present.label), present.candidates_until) == (
        True,
        "C27",
        date(2027, 7, 1),
    )
    assert planned.is_planned
    assert planned.switch_at is None
    assert outcome.numbers["Campagnes"] == [3, 3, 0, 0, 0]


def test_centre_commission_and_programme_say_what_they_said(place, bring):
    outcome = bring()

    centre = ApplicationCentre.objects.get()
    assert (centre.code, str(centre.name), centre.max_applications) == ("SCI", "UFR Sciences", 5)
    assert (centre.copy_mode, centre.contact_email) == (CopyMode.MAILBOX, "sciences@univ.example")
    assert centre.opens_on == date(2027, 3, 1)
    commission = Commission.objects.get()
    assert commission.centre == centre
    assert (commission.alert_mode, commission.letter_mode) == (
        AlertMode.MEMBERS,
        LetterMode.DOWNLOAD,
    )
    assert (commission.alerts_proposals, commission.alerts_cancellations) == (True, False)
    assert commission.address_lines == ["1 rue de Chartres", "45000"]
    programme = Programme.objects.get()
    assert (programme.commission, programme.slug) == (commission, "master-1-informatique")
    assert (programme.sis_code, programme.sis_version) == ("IFM1", "121")
    intake = Intake.objects.get()
    assert intake.programme == programme
    assert (intake.route, intake.capacity) == (AdmissionRoute.CONTROLLED, 24)
    assert (intake.opens_on, intake.jury_on, intake.acceptance_days) == (
        date(2027, 3, 1),
        date(2027, 6, 1),
        7,
    )
    assert outcome.numbers["Ouvertures"] == [1, 1, 0, 0, 0]
    assert [entry.data["source"] for entry in entries_about(programme)] == ["ecandidat"]


def test_what_gives_decisions_by_itself_is_found_again(source, bring):
    u.campaign(source)
    favourable = u.decision_type(source)
    called = u.decision_type(source, "FAVLC")
    chosen = {"id_typ_dec_fav": favourable, "id_typ_dec_fav_list_comp": called}
    centre = u.centre(source, **chosen)
    u.programme(source, u.commission(source, centre), tem_list_comp_form=True, **chosen)

    bring()

    kinds = {row.code: row for row in DecisionType.objects.all()}
    for row in (CentreDecisions.objects.get(), IntakeDecisions.objects.get()):
        assert (row.favourable, row.called) == (kinds["FAV"], kinds["FAVLC"])
    assert Intake.objects.get().has_automatic_reserve_list


def test_two_programmes_of_one_name_have_addresses_of_their_own(place, source, bring):
    _centre, commission, _programme = place
    u.programme(source, commission, "M1INFO-FC")

    bring()

    slugs = set(Programme.objects.values_list("slug", flat=True))
    assert slugs == {"master-1-informatique", "master-1-informatique-m1info-fc"}


# -- What is asked, said and decided ---------------------------------------------------------------


def test_documents_questions_and_forms_are_asked_by_the_same_programmes(place, source, bring):
    centre, _commission, programme = place
    cv = source.put(
        "piece_justif",
        cod_pj="CV",
        lib_pj="CV",
        id_i18n_lib_pj=source.words(fr="Curriculum vitæ", en="Résumé", es="Currículum"),
        order_pj=2,
        cod_typ_trait="AC",
        tes_pj=True,
        tem_conditionnel_pj=True,
    )
    source.put("pj_form", id_pj=cv, id_form=programme)
    source.put("pj_form", id_pj=cv, id_form=999)  # a programme that is gone
    source.put(
        "piece_justif", cod_pj="ID", lib_pj="Identité", tem_commun_pj=True, tem_unicite_pj=True
    )
    source.put("question", cod_question="HAND", lib_question="Aménagement ?", typ_question="B")
    motive = source.put(
        "question", cod_question="WHY", lib_question="Pourquoi ?", typ_question="S", tes_question=1
    )
    source.put("question_form", id_question=motive, id_form=programme)
    source.put(
        "formulaire",
        cod_formulaire="LANG",
        lib_formulaire="Langues",
        id_formulaire_limesurvey=123,
        id_ctr_cand=centre,
        id_i18n_url_formulaire=source.words(fr="https://enquetes.example/123?d=${numDossier}"),
    )

    outcome = bring()

    resume = DocumentRequirement.objects.get(code="CV")
    assert resume.label.data == {"fr": "Curriculum vitæ", "en": "Résumé"}
    assert (resume.position, resume.route, resume.is_conditional) == (2, "controlled", True)
    assert list(resume.programmes.all()) == [Programme.objects.get()]
    identity = DocumentRequirement.objects.get(code="ID")
    assert (identity.is_common, identity.is_shared, identity.is_active) == (True, True, False)
    kinds = {row.code: row.kind for row in Question.objects.all()}
    assert kinds == {"HAND": QuestionKind.YES_NO, "WHY": QuestionKind.LONG_TEXT}
    form = ExternalForm.objects.get()
    assert str(form.url) == "https://enquetes.example/123?d=${numDossier}"
    assert form.centre == ApplicationCentre.objects.get()
    assert outcome.numbers["Pièces demandées"] == [2, 2, 0, 0, 0]


def test_text_of_a_mail_becomes_markdown_with_the_same_variables(source, bring):
    u.mail(
        source,
        "CANDIDATURE",
        "Votre candidature &agrave; ${formation.libelle}",
        "<p>Bonjour <b>${candidat.prenom}</b>,</p><p>{if($commission.tel)}Tél. "
        "${commission.tel}{endif($commission.tel)}</p><script>alert(1)</script>${inconnue}",
        tem_is_modele_mail=True,
    )

    outcome = bring()

    row = MailTemplate.objects.get()
    assert (row.kind, row.name, row.centre) == ("application-created", "", None)
    assert row.subject.data == {"fr": "Votre candidature à ${formation.libelle}"}
    assert row.body.data == {
        "fr": "Bonjour **${candidat.prenom}**,\n\n{if($commission.tel)}Tél. "
        "${commission.tel}{endif($commission.tel)}\n\n${inconnue}"
    }
    (said,) = outcome.said("Textes de mails")
    assert said[1] == "ajusté"
    assert "${inconnue}" in said[2]


def test_mails_nobody_changed_or_sends_are_left(source, bring):
    u.mail(source, "STATUT_CO", "a", "b", tem_is_modele_mail=True, dat_mod_mail=u.MADE)
    u.mail(source, "OBSOLETE", "a", "b", tem_is_modele_mail=True)
    u.mail(source, "ORPHAN", "a", "b")

    outcome = bring()

    assert outcome.numbers["Textes de mails"] == [3, 0, 0, 0, 3]
    assert not MailTemplate.objects.exists()


def test_type_of_decision_sends_the_mail_it_sent(source, bring):
    own = u.mail(source, "AVIS_SPECIAL", "Bravo", "<p>Admis</p>", cod_typ_avis="FA")
    other = u.mail(source, "AVIS_REFUS", "Non", "<p>Refus</p>", cod_typ_avis="DE")
    u.decision_type(source, "FAV", id_mail=own)
    wrong = u.decision_type(source, "FAV2", id_mail=other)
    source.put("motivation_avis", cod_motiv="NIV", lib_motiv="Niveau insuffisant", tes_motiv=True)

    outcome = bring()

    kinds = {row.code: row for row in DecisionType.objects.all()}
    assert kinds["FAV"].mail == MailTemplate.objects.get(name="Mail AVIS_SPECIAL")
    assert (kinds["FAV"].outcome, kinds["FAV"].is_final) == (Outcome.FAVOURABLE, True)
    assert kinds["FAV"].label.data == {"fr": "Avis favorable", "en": "Favourable"}
    assert kinds["FAV2"].mail is None
    assert [said[0] for said in outcome.said("Types de décision")] == [str(wrong)]
    assert DecisionReason.objects.get().code == "NIV"


def test_tags_and_marks_of_silence_have_the_colour_next_to_theirs(source, bring):
    centre = u.centre(source)
    source.put("tag", lib_tag="À revoir", color_tag="#e02020", id_ctr_cand=centre, tes_tag=True)
    source.put("tag", lib_tag="Dossier " + "x" * 80, color_tag="gris")
    source.put("alert_sva", nb_jour_sva=30, color_sva="#ffa500", tes_sva=True)
    source.put("alert_sva", nb_jour_sva=0)

    outcome = bring()

    tags = {row.label: row for row in Tag.objects.all()}
    assert tags["À revoir"].colour == TagColour.RED
    assert tags["À revoir"].centre == ApplicationCentre.objects.get()
    assert {len(label) for label in tags} == {8, 60}
    threshold = TacitThreshold.objects.get()
    assert (threshold.days, threshold.tone) == (30, TacitTone.WARNING)
    assert outcome.numbers["Repères de décision tacite"] == [2, 1, 0, 0, 1]


def test_questions_answers_and_messages_are_shown_where_they_were(source, bring):
    source.put(
        "faq",
        lib_faq="Compte",
        order_faq=3,
        id_i18n_question_faq=source.words(fr="<b>Comment ?</b>"),
        id_i18n_reponse_faq=source.words(fr="<ul><li>Ainsi</li><li>Et <i>ainsi</i></li></ul>"),
    )
    source.put("faq", lib_faq="Vide")
    source.put("message", cod_msg="MSG_ACCUEIL", id_i18n_val_msg=source.words(fr="<p>Bonjour</p>"))
    source.put("message", cod_msg="MSG_AUTRE", id_i18n_val_msg=source.words(fr="Rien"))

    outcome = bring()

    entry = FaqEntry.objects.get()
    assert (str(entry.question), str(entry.answer)) == ("Comment ?", "- Ainsi\n- Et *ainsi*")
    notice = Notice.objects.get()
    assert (notice.place, str(notice.text), notice.is_active) == (
        Notice.Place.HOME,
        "Bonjour",
        False,
    )
    assert outcome.numbers["Messages"] == [2, 1, 0, 0, 1]


def test_parameters_that_mean_something_are_set(source, bring):
    for code, value in {
        "CANDIDATURE_NB_VOEUX_MAX": "12",
        "CANDIDATURE_NB_VOEUX_MAX_IS_ETAB": "O",
        "SVA_ALERT_DAT": "TRANS",
        "TECH_IS_BLOC_LETTRE": "O",
        "OPI_NB_BATCH_MAX": "0",
        "OPI_IS_UTILISE": "O",
        "OPI_PREFIXE": "trop long",
        "TECH_NB_JOUR_KEEP_HISTO_BATCH": "30",
    }.items():
        source.put("parametre", cod_param=code, val_param=value)
    source.put("langue", cod_langue="fr", tem_defaut_langue=True)
    source.put("langue", cod_langue="de", tes_langue=True)
    source.put("type_statut", cod_typ_statut="AT", tem_comm_visible=False)

    outcome = bring()

    institution = Institution.current()
    assert (institution.max_applications, institution.is_quota_global) == (12, True)
    assert (institution.tacit_reference, institution.has_letters) == (
        TacitReference.TRANSMITTED,
        False,
    )
    assert institution.languages == ["fr"]
    assert institution.statuses_hidden_from_commissions == ["awaited"]
    assert (institution.hands_over, institution.handover_prefix) == (False, "EC")
    left = {key for key, _outcome, _reason in outcome.said("Paramètres")}
    assert left == {
        "OPI_NB_BATCH_MAX",
        "OPI_IS_UTILISE",
        "OPI_PREFIXE",
        "TECH_NB_JOUR_KEEP_HISTO_BATCH",
    }
    assert outcome.numbers["Paramètres"] == [10, 6, 0, 0, 4]


def test_text_of_a_mail_that_cannot_be_right_is_said(source, bring):
    centre = u.centre(source)
    u.mail(
        source, "LONG", "Avis", "{if($motif)}" + "x" * 5001, cod_typ_avis="DE", id_ctr_cand=centre
    )
    u.mail(source, "LONG2", "Avis", "y", cod_typ_avis="DE", lib_mail="Mail LONG")
    u.mail(source, "MUTE", "", "", cod_typ_avis="DE")

    outcome = bring()

    names = set(MailTemplate.objects.values_list("name", "centre__code"))
    assert names == {("Mail LONG", "SCI"), ("Mail LONG (LONG2)", None)}
    verdicts = sorted(said[1] for said in outcome.said("Textes de mails"))
    assert verdicts == ["ajusté", "ajusté", "écarté"]

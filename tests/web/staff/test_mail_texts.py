"""« Mails » : the texts of mails, of the institution and of centres, and trying them."""

from typing import Any

import pytest

from candide.admissions.applications.mails import Applied
from candide.admissions.candidates.domain.identity import search_text
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.mails.kinds import kinds, standard_text
from candide.institution.mails.models import MailTemplate, OutgoingMail
from tests.factories.catalogue import ApplicationCentreFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

MAILS = "/gestion/parametrage/mails/"
APPLIED = f"{MAILS}application-created/"
TYPED = {
    "is_enabled": "on",
    "subject_0": "Candidature à ${formation.libelle}",
    "body_0": "Bonjour ${candidat.prenom},\n\nÀ bientôt.",
    "subject_1": "",
    "body_1": "",
}


@pytest.fixture
def centre(application: Any) -> Any:
    """Alix's, opened to setting up its own."""
    centre = application.intake.programme.commission.centre
    centre.sets_decisions = True
    centre.save()
    return centre


@pytest.fixture
def found(application: Any) -> Any:
    """Alix's application, found by her name and number."""
    candidate = application.candidate
    candidate.search_text = search_text(candidate)
    candidate.save()
    return application


@pytest.fixture
def writer(client: Any, centre: Any) -> Any:
    """Who edits the texts of Alix's centre, and sees its applications."""
    user = member(Capability.MANAGE_TEXTS, centre=centre)
    Assignment.objects.create(
        user=user, role=staff("manager", centre=centre).assignments.get().role, centre=centre
    )
    client.force_login(user)
    return user


def of_centre(centre: Any) -> str:
    return f"{APPLIED}centre/{centre.pk}/"


def test_list_shows_every_mail_with_what_was_done_to_it(as_ada, centre):
    as_ada.post(of_centre(centre), TYPED)
    as_ada.post(f"{MAILS}status-awaited/", {**TYPED, "is_enabled": ""})

    page = as_ada.get(MAILS)

    lines = [line for _room, lines in page.context["rooms"] for line in lines]
    said = words(page)
    assert {line.kind for line in lines} == set(kinds())
    assert f"Candidature déposée Le candidat Oui Texte d'origine {centre.name}" in said
    assert "Le titulaire du compte Toujours" in said
    assert [line.kind.code for line in lines if not line.is_enabled] == ["status-awaited"]


def test_list_finds_what_ecandidat_called_it(as_ada):
    page = as_ada.get(MAILS, {"q": "candidature_desist_auto"})

    (room,) = page.context["rooms"]
    assert [line.kind.code for line in room[1]] == ["answer-auto-withdrawn"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_constant_number_of_queries(as_ada, centre, number, django_assert_num_queries):
    for _each in range(number):
        other = ApplicationCentreFactory(sets_decisions=True)
        as_ada.post(of_centre(other), TYPED)

    with django_assert_num_queries(6):
        as_ada.get(MAILS)


def test_text_begins_with_the_first_one_and_is_sent_once_saved(as_ada, application):
    shown = as_ada.get(APPLIED).context["form"]
    first = standard_text(Applied, "fr")
    assert shown.initial["subject"].data["fr"] == first.subject

    saved = as_ada.post(APPLIED, TYPED, follow=True)
    Applied(application).send()

    mail = OutgoingMail.objects.get()
    assert mail.subject == f"Candidature à {application.intake.programme.name}"
    assert "Enregistré." in words(saved)
    assert "objet (Français) : texte d'origine → Candidature à ${formation.libelle}" in words(saved)


def test_unknown_variable_is_saved_once_confirmed_and_says_where(as_ada, application):
    typed = {**TYPED, "body_0": "Bonjour\n${candidat.surnom}"}

    asked = as_ada.post(APPLIED, typed)
    mark = asked.context["warnings_mark"]
    assert (asked.status_code, MailTemplate.objects.count()) == (409, 0)
    assert "ligne 2 : La variable ${candidat.surnom} n'existe pas" in words(asked)

    as_ada.post(APPLIED, {**typed, "confirmed": mark})
    assert MailTemplate.objects.get().body.data == {"fr": "Bonjour\n${candidat.surnom}"}


def test_unbalanced_condition_is_refused_beside_the_text(as_ada, application):
    page = as_ada.post(APPLIED, {**TYPED, "body_0": "a\n{if($prenom)} b"})

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["body"])
    assert "Français, ligne 2 : {if($prenom)} n'est jamais fermé" in words(page)
    assert MailTemplate.objects.count() == 0


def test_change_of_somebody_else_is_not_written_over_unseen(as_ada, application):
    as_ada.post(APPLIED, TYPED)
    seen = as_ada.get(APPLIED).context["form"].initial["seen"]
    MailTemplate.objects.update(body={"fr": "Autre"})

    refused = as_ada.post(APPLIED, {**TYPED, "subject_0": "Mien", "seen": seen})
    again = refused.context["form"]["seen"].value()
    assert (refused.status_code, MailTemplate.objects.get().body.data) == (409, {"fr": "Autre"})

    as_ada.post(APPLIED, {**TYPED, "subject_0": "Mien", "seen": again})
    assert MailTemplate.objects.get().subject.data == {"fr": "Mien"}


def test_first_text_of_somebody_else_meanwhile_is_not_written_over(as_ada, application):
    as_ada.post(APPLIED, TYPED)

    refused = as_ada.post(APPLIED, {**TYPED, "subject_0": "Mien", "seen": ""})

    assert (refused.status_code, MailTemplate.objects.get().version) == (409, 1)


def test_mail_without_which_nobody_signs_in_stays_in_service(as_ada, application):
    page = as_ada.get(f"{MAILS}account-created/")
    as_ada.post(f"{MAILS}account-created/", {**TYPED, "is_enabled": "", "body_0": "${prenom}"})

    assert page.context["form"].fields["is_enabled"].disabled
    assert "sans lui, personne ne pourrait se connecter" in words(page)
    assert [row.is_enabled for row in MailTemplate.objects.all()] in ([], [True])


def test_going_back_to_the_first_text(as_ada, application):
    as_ada.post(APPLIED, TYPED)
    assert "Revenir au texte d'origine" in words(as_ada.get(APPLIED))

    said = words(as_ada.post(f"{APPLIED}origine/", follow=True))

    assert "Le texte d'origine est de nouveau utilisé." in said
    assert "Revenir au texte d'origine" not in said
    assert as_ada.get(APPLIED).context["form"].initial["subject"].data["fr"] == (
        standard_text(Applied, "fr").subject
    )
    assert as_ada.post(f"{MAILS}status-awaited/origine/").status_code == 302


def test_centre_writes_its_own_words_and_reads_those_of_the_institution(
    client, writer, centre, application
):
    central = client.get(APPLIED)
    refused = client.post(APPLIED, TYPED).status_code
    client.post(of_centre(centre), TYPED)
    Applied(application).send()

    assert (central.context["may_change"], refused) == (False, 403)
    assert client.post(f"{APPLIED}origine/").status_code == 403
    assert OutgoingMail.objects.get().subject.startswith("Candidature à")
    assert MailTemplate.objects.get().centre == centre
    shown = client.get(MAILS, {"centre": centre.pk})
    assert "Modifié ici" in words(shown)


def test_centre_that_was_not_opened_reads_only(client, writer, centre):
    centre.sets_decisions = False
    centre.save()

    assert client.get(of_centre(centre)).context["may_change"] is False
    assert client.post(of_centre(centre), TYPED).status_code == 403


def test_text_of_another_centre_and_of_what_no_centre_has_is_not_there(client, writer, centre):
    other = ApplicationCentreFactory(sets_decisions=True)

    answers = [
        client.get(address).status_code
        for address in (
            of_centre(other),
            f"{MAILS}account-created/centre/{centre.pk}/",
            f"{MAILS}rien/",
        )
    ]

    assert answers == [404, 404, 404]


# -- Trying ---------------------------------------------------------------------------------------


def test_preview_on_a_real_application_saves_and_sends_nothing(client, writer, centre, found):
    number = found.candidate.user.file_number
    typed = {**TYPED, "subject_1": "For ${candidat.prenom}", "body_1": "Hello ${prenom}"}

    page = client.post(of_centre(centre), {**typed, "do": "preview", "about": number})

    first_name = found.candidate.first_name
    subjects = [each.rendered.subject for each in page.context["trial"].previews]
    assert subjects == [f"Candidature à {found.intake.programme.name}", f"For {first_name}"]
    assert f"Bonjour {first_name}," in words(page)
    assert (MailTemplate.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert HistoryEntry.objects.filter(event="row_changed").count() == 0


def test_preview_without_application_shows_samples(as_ada, application):
    page = as_ada.post(
        f"{MAILS}account-created/", {**TYPED, "body_0": "${prenom}", "do": "preview"}
    )

    (shown,) = page.context["trial"].previews
    assert shown.rendered.text.startswith("Alix\n")
    assert "Sur la candidature de" not in words(page)


def test_preview_says_what_an_application_does_not_tell(as_ada, found):
    name = found.candidate.birth_name
    typed = {**TYPED, "body_0": "${motif} ${candidat.nomPat}", "do": "preview", "about": name}

    page = as_ada.post(f"{MAILS}decision-unfavourable/", typed)

    assert "que cette candidature ne donne pas : motif." in words(page)


def test_application_out_of_reach_is_not_found(client, found):
    client.force_login(member(Capability.MANAGE_TEXTS))
    number = found.candidate.user.file_number

    page = client.post(APPLIED, {**TYPED, "do": "preview", "about": number})

    assert page.context["trial"].previews == []
    assert "Aucune candidature de votre périmètre" in words(page)


def test_test_goes_to_who_asks_for_it(client, writer, centre):
    page = client.post(of_centre(centre), {**TYPED, "do": "test"})

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject[:7]) == (writer.email, "[Essai]")
    assert writer.email in words(page)


def test_nothing_written_cannot_be_tried_and_too_many_tests_are_refused(as_ada, application):
    empty = {name: "" for name in TYPED}

    nothing = as_ada.post(APPLIED, {**empty, "do": "preview"})
    for _each in range(20):
        as_ada.post(APPLIED, {**TYPED, "do": "test"})
    refused = as_ada.post(APPLIED, {**TYPED, "do": "test"})

    assert "Saisissez un objet et un texte" in words(nothing)
    assert "Au plus 20 essais par heure" in words(refused)
    assert OutgoingMail.objects.count() == 20

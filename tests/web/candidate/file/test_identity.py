"""« Informations personnelles »: two steps, and what the guides say of the INE [FILE-INE, PER]."""

import pytest

from candide.admissions.candidates.domain.ine import EXAMPLES
from candide.admissions.candidates.enums import IneState
from candide.admissions.candidates.models import Candidate, SectionDraft
from candide.institution.catalogue.models import Institution
from tests.factories.candidates import CandidateFactory
from tests.web.candidate.file.conftest import FILE, IDENTITY, errors, words
from tests.web.conftest import links

FIRST, SECOND = f"{IDENTITY}modifier/", f"{IDENTITY}etat-civil/"
CIVIL_STATUS = {
    "civility": "Mme",
    "birth_name": "Martin",
    "first_name": "Alix",
    "born_on": "04/05/2006",
    "birth_country": "99100",
    "birth_department": "45",
    "birth_city": "Orléans",
    "language": "fr",
    "then": "next",
}


def first(visitor, ine="", nationality="99100"):
    return visitor.post(FIRST, {"nationality": nationality, "ine": ine, "then": "next"})


def second(visitor, **changes):
    return visitor.post(SECOND, {**CIVIL_STATUS, **changes})


@pytest.fixture
def nobody_known(settings):
    settings.STUDENT_SYSTEM = "none"


def test_empty_section_opens_the_first_step(visitor):
    response = visitor.get(IDENTITY, follow=True)

    assert response.redirect_chain[-1][0] == FIRST
    assert "Étape 1 sur 2" in words(response)


def test_ine_is_explained_with_valid_examples(visitor):
    """S0-03…05, S2-14…17, S2-19, S2-52."""
    text = words(visitor.get(FIRST))

    for who in (
        "candidat au baccalauréat français depuis 1995",
        "inscrit dans l'enseignement supérieur français",
        "un numéro BEA (base élèves académique)",
        "Les étudiants étrangers n'ayant jamais été inscrits dans un établissement français "
        "n'ont pas de numéro INE : laissez vide",
        "Si votre INE est dit incorrect, vous pouvez aussi laisser vide",
    ):
        assert who in text
    for shape in ("11 caractères", "10 caractères et une clé", "9 chiffres et une clé"):
        assert shape in text
    assert "les majuscules se mettent d'elles-mêmes" in text
    assert "Identifiant National Étudiant" in text
    assert "en-tête du relevé de notes du baccalauréat" in text
    assert "relevé de notes universitaire" in text
    assert "« O »" in text
    assert "« 0 » (zéro)" in text
    assert all(example in text for example in EXAMPLES)


def test_nationality_alone_is_enough_to_go_on(visitor, places):
    """S0-06, S2-19."""
    response = first(visitor, nationality=places.belgium.code)

    assert response.url == SECOND


def test_french_is_offered_first(visitor, places):
    """FILE-INE-01."""
    form = visitor.get(FIRST).context["form"]

    assert form["nationality"].value() == "99100"
    assert form.fields["nationality"].choices[1] == ("99100", "Française")


@pytest.mark.parametrize("ine", ["1856816120C", "123", "0000000000A"])
def test_wrong_ine_is_said_and_can_be_emptied(visitor, ine):
    """FILE-INE-03, FILE-INE-07; S2-52."""
    refused = first(visitor, ine)
    shown_again = visitor.get(FIRST)
    gone_on = first(visitor, "")

    assert refused.status_code == 422
    assert list(errors(refused)) == ["ine"]
    assert shown_again.context["form"]["ine"].value() == ine  # nothing typed is lost
    assert gone_on.url == SECOND


def test_small_letters_and_spaces_are_mended(visitor, nobody_known):
    """FILE-INE-02; S2-15."""
    first(visitor, " 1856816120 s ")
    second(visitor)

    assert Candidate.objects.get().ine == "1856816120S"


def test_wrong_national_key_only_warns(visitor, nobody_known):
    response = visitor.post(FIRST, {"nationality": "99100", "ine": "123456789AA"}, follow=True)

    assert response.redirect_chain[-1][0] == SECOND
    assert "les deux lettres finales (la clé)" in words(response)


def test_warning_is_shown_while_typing(visitor):
    response = visitor.autosave(FIRST, {"nationality": "99100", "ine": "123456789AA"})

    assert response.status_code == 200
    assert "les deux lettres finales (la clé)" in words(response)


def test_typed_ine_is_checked_while_typing_and_saved_by_nobody(visitor, alix):
    response = visitor.autosave(FIRST, {"nationality": "99100", "ine": "1856816120C"})
    visitor.autosave(FIRST, {"nationality": "99100", "ine": "1856816120S"})

    assert response.status_code == 422
    assert "la lettre finale (la clé)" in words(response)
    assert Candidate.objects.get().ine == ""


def test_second_step_comes_after_the_first(visitor):
    assert visitor.get(SECOND).url == FIRST


def test_both_steps_begin_the_file(visitor, user, nobody_known):
    first(visitor)
    shown = visitor.get(SECOND)

    response = second(visitor, mobile="0692 12 34 56")

    assert shown.context["form"]["birth_name"].value() == "Martin"  # of the account
    assert response.url == f"{FILE}adresse/"
    candidate = Candidate.objects.get()
    assert (candidate.user, candidate.display_name) == (user, "MARTIN ALIX")
    assert (candidate.nationality.code, candidate.mobile) == ("99100", "+262692123456")
    assert not SectionDraft.objects.exists()


def test_step_before_the_file_begins_is_kept_as_one_goes(visitor, nobody_known):
    first(visitor)

    response = visitor.autosave(SECOND, {**CIVIL_STATUS, "birth_city": ""})

    assert response.status_code == 200
    assert "Gardé en brouillon. Il reste à compléter : Ville de naissance" in words(response)
    assert not Candidate.objects.exists()
    assert visitor.get(SECOND).context["form"]["born_on"].value() == "04/05/2006"


def test_complete_step_is_saved_as_one_goes(visitor, nobody_known):
    first(visitor)

    visitor.autosave(SECOND, CIVIL_STATUS)
    response = second(visitor)

    assert response.url == f"{FILE}adresse/"
    assert Candidate.objects.get().version == 1


def test_every_error_is_told_at_once(visitor, alix):
    response = second(visitor, birth_name="123", born_on="31/02/2006", phone="12", birth_city="")

    assert response.status_code == 422
    assert sorted(errors(response)) == ["birth_city", "birth_name", "born_on", "phone"]
    assert "Il y a quelque chose à corriger" in words(response)


def test_birth_abroad_asks_for_no_department(visitor, places, alix):
    """FILE-PER-03."""
    answer = visitor.autosave(
        SECOND, {**CIVIL_STATUS, "birth_country": places.belgium.code, "birth_city": "Liège"}
    )

    assert answer.status_code == 200
    assert 'id="part-birthplace"' in answer.content.decode()
    alix.refresh_from_db()
    assert (alix.birth_country, alix.birth_department) == (places.belgium, None)


def test_towns_of_the_department_are_suggested(visitor, alix):
    response = visitor.get(SECOND)

    assert '<option value="Olivet">' in response.content.decode()


def test_person_with_one_name(visitor, nobody_known):
    first(visitor)

    second(visitor, birth_name="Suharto", first_name="", has_single_name="on")

    assert Candidate.objects.get().display_name == "SUHARTO"
    assert visitor.get(SECOND).context["form"]["has_single_name"].value() == "on"


def test_preferred_language_is_spoken_from_the_next_page_on(visitor, alix):
    """FILE-PER-05."""
    second(visitor, language="en", then="stay")

    assert "Personal information" in words(visitor.get(IDENTITY))


def test_shown_with_contact_address_and_the_links_to_change(visitor, user, alix):
    """FILE-PER-09, S2-54, S2-55."""
    response = visitor.get(IDENTITY)

    text = words(response)
    assert f"Adresse de contact : {user.email}" in text
    assert {
        ("/compte/adresse-mail/", "Modifier mon adresse mail"),
        ("/compte/mot-de-passe/", "Modifier mon mot de passe"),
        (FIRST, "Modifier"),
    } <= set(links(response))
    assert response.context["title"] == "Informations personnelles"
    title = f"<title>MARTIN ALIX ({user.file_number}) – Informations personnelles"
    assert title in response.content.decode()  # FILE-01


def test_ine_held_by_somebody_else_does_not_stop(visitor, alix, nobody_known):
    """Architecture 0: « retrouver mon compte » is offered, applying goes on."""
    holder = CandidateFactory(ine="1856816120S", ine_state=IneState.CONFIRMED, birth_name="DUPONT")

    response = first(visitor, "1856816120S")

    assert response.url == SECOND
    text = words(visitor.get(IDENTITY))
    assert "Un autre compte a saisi le même INE" in text
    assert "retrouver mon compte" in text
    assert holder.user.email not in text
    assert "DUPONT" not in text


def test_institution_may_check_nothing(visitor, nobody_known):
    Institution.objects.update(bea_check="off")

    assert first(visitor, "1856816120C").url == SECOND


def test_stale_first_step_shows_the_difference(visitor, alix, places):
    Candidate.objects.update(version=1, nationality=places.belgium)

    response = visitor.post(FIRST, {"nationality": "99100", "ine": "", "version": "0"})

    assert response.status_code == 409
    assert [(d.label, d.kept, d.typed) for d in response.context["differences"]] == [
        ("Nationalité", places.belgium.nationality, "Française")
    ]

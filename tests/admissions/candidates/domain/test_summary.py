"""The file as pages, snapshots and the dossier PDF read it."""

import json

import pytest
from django.utils import translation

from candide.admissions.candidates.domain.summary import (
    file_data,
    section_items,
    section_rows,
)
from candide.admissions.candidates.enums import IneState, Section
from candide.admissions.candidates.models import Baccalaureate, Candidate, InternalStudies
from candide.institution.catalogue.models import Institution
from tests.factories.candidates import (
    AddressFactory,
    BaccalaureateFactory,
    CandidateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
    WorkExperienceFactory,
)


@pytest.fixture
def alix(places):
    candidate = CandidateFactory(
        nationality=places.france,
        birth_country=places.france,
        birth_department=places.loiret,
        ine="123456789FJ",
        ine_state=IneState.CONFIRMED,
        mobile="+33612345678",
        student_number="22301457",
    )
    AddressFactory(
        candidate=candidate,
        country=places.france,
        postcode="45000",
        commune=places.orleans,
        foreign_city="",
    )
    BaccalaureateFactory(candidate=candidate, country=places.france, school=places.lycee)
    return candidate


def texts(candidate, section):
    [item] = section_items(candidate, section)
    return {row.label: row.text for row in section_rows(section, item)}


def test_identity_is_read_in_the_words_of_the_guides(alix):
    """FILE-PER-09; empty fields are left out."""
    with translation.override("fr"):
        assert texts(alix, Section.IDENTITY) == {
            "Nationalité": "Française",
            "Civilité": "Mme",
            "Nom patronymique": "MARTIN",
            "Prénom": "ALIX",
            "Date de naissance": "4 mai 2006",
            "Pays de naissance": "France",
            "Département de naissance": "Loiret",
            "Ville de naissance": "ORLEANS",
            "INE": "123456789",
            "Clé INE": "FJ",
            "Numéro étudiant": "22301457",
            "Téléphone portable": "+33 6 12 34 56 78",
            "Langue préférée": "Français",
        }


def test_baccalaureate_shows_only_what_is_given(alix):
    """FILE-BAC-09."""
    with translation.override("fr"):
        assert list(texts(alix, Section.BACCALAUREATE)) == [
            "Année d'obtention",
            "Série du bac ou équivalence",
            "Pays",
            "Établissement",
        ]


def test_whole_file_is_json_in_both_languages(alix):
    InternalStudies.objects.create(candidate=alix, year="2024-2025", code="L1", label="Licence 1")
    ExternalStudiesFactory(candidate=alix, year=2026)
    ExternalStudiesFactory(candidate=alix, year=2025)
    InternshipFactory(candidate=alix, weekly_hours=0)
    WorkExperienceFactory(candidate=alix)

    data = json.loads(json.dumps(file_data(alix)))

    assert data["name"] == "MARTIN ALIX"
    assert data["address_lines"] == ["1 rue des Épreuves", "45000 Orléans"]
    by_section = {section["section"]: section for section in data["sections"]}
    assert list(by_section) == [section.value for section in Section]
    assert by_section["external_studies"]["title"] == {
        "fr": "Cursus externe",
        "en": "Studies elsewhere",
    }
    years = [item["rows"][0]["value"] for item in by_section["external_studies"]["items"]]
    assert years == [2025, 2026]
    nationality = by_section["identity"]["items"][0]["rows"][0]
    assert nationality == {
        "name": "nationality",
        "label": {"fr": "Nationalité", "en": "Nationality"},
        "value": "99100",
        "text": {"fr": "Française", "en": "French"},
    }
    hours = [
        row["text"]["fr"]
        for row in by_section["internships"]["items"][0]["rows"]
        if row["name"] == "weekly_hours"
    ]
    assert hours == ["0"]
    from_sis = {
        name: [item["is_from_sis"] for item in section["items"]]
        for name, section in by_section.items()
        if any(item["is_from_sis"] for item in section["items"])
    }
    assert from_sis == {"internal_studies": [True]}


def test_what_was_imported_is_said_to_be_from_the_university(alix):
    """A-095."""
    Candidate.objects.filter(pk=alix.pk).update(is_imported=True)
    Baccalaureate.objects.filter(candidate=alix).update(is_imported=True)

    data = file_data(Candidate.objects.get(pk=alix.pk))

    assert [
        section["section"]
        for section in data["sections"]
        if any(item["is_from_sis"] for item in section["items"])
    ] == ["identity", "baccalaureate"]


def test_reading_does_not_depend_on_the_language_of_the_page(alix):
    with translation.override("en"):
        in_english = file_data(alix)
    with translation.override("fr"):
        in_french = file_data(alix)

    assert in_english == in_french


def test_file_of_an_institution_without_studies_here(alix):
    Institution.objects.update_or_create(pk=1, defaults={"has_internal_studies": False})

    found = [section["section"] for section in file_data(alix)["sections"]]

    assert "internal_studies" not in found


def test_bare_file_has_empty_sections(places):
    candidate = CandidateFactory()

    data = file_data(candidate)

    assert data["address_lines"] == []
    assert [bool(section["items"]) for section in data["sections"]] == [True, *[False] * 6]


@pytest.mark.parametrize("lines", [1, 3])
def test_queries_do_not_grow_with_the_lines(alix, lines, django_assert_num_queries):
    Institution.current()
    ExternalStudiesFactory.create_batch(lines, candidate=alix)
    InternshipFactory.create_batch(lines, candidate=alix)

    with django_assert_num_queries(8):
        file_data(alix)

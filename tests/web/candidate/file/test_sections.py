"""Address, baccalaureate and lists: chained choices, saving as one goes, walking through
[FILE-01…04, FILE-ADR, FILE-BAC, FILE-EXT, FILE-STG, FILE-PRO]."""

from dataclasses import replace

import pytest

from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import (
    Address,
    Baccalaureate,
    ExternalStudies,
    Internship,
    SectionDraft,
)
from candide.core.blockers import Blocker
from candide.institution.catalogue.models import Institution
from candide.web.shared.file.editors import EDITORS
from tests.factories.accounts import UserFactory
from tests.factories.candidates import (
    AddressFactory,
    BaccalaureateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
)
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    DiplomaFamilyFactory,
    SeriesSpecialityFactory,
)
from tests.web.candidate.file.conftest import FILE, errors, offered, words
from tests.web.conftest import links, words_inside

ADDRESS, BAC = f"{FILE}adresse/modifier/", f"{FILE}baccalaureat/modifier/"
STAGES, STUDIES = f"{FILE}stages/", f"{FILE}cursus-externe/"
IN_FRANCE = {"country": "99100", "postcode": "45000", "commune": "45234", "line_1": "1 rue du Port"}
INTERNSHIP = {
    "year": "2026",
    "duration": "2 mois",
    "organisation": "Mairie",
    "description": "Accueil",
}

pytestmark = pytest.mark.usefixtures("alix")


# -- The overview and the way through --------------------------------------------------------------
def test_overview_lists_the_seven_sections_in_the_words_of_the_guides(visitor):
    """S2-13."""
    response = visitor.get(FILE)

    assert [(s.title, s.state.value) for s in response.context["statuses"]] == [
        ("Informations personnelles", "complete"),
        ("Adresse", "mandatory"),
        ("Baccalauréat", "mandatory"),
        ("Cursus interne", "optional"),
        ("Cursus externe", "optional"),
        ("Stages", "optional"),
        ("Expériences professionnelles", "optional"),
    ]
    assert "1 sur 3" in words(response)


def test_sections_come_after_personal_information(visitor, alix):
    """FILE-02."""
    alix.delete()

    for section in (
        "adresse",
        "baccalaureat",
        "cursus-interne",
        "cursus-externe",
        "stages",
        "experiences-professionnelles",
    ):
        response = visitor.get(f"{FILE}{section}/")
        assert "Renseignez d'abord vos informations personnelles" in words(response)
    assert visitor.get(ADDRESS).url == f"{FILE}adresse/"
    assert visitor.get(BAC).url == f"{FILE}baccalaureat/"


def test_next_and_previous_walk_through_all_sections(visitor, alix, places):
    """FILE-01."""
    AddressFactory(candidate=alix)
    BaccalaureateFactory(candidate=alix)
    page, walked = f"{FILE}informations-personnelles/", []
    while page != FILE:
        walked.append(page.removeprefix(FILE).strip("/"))
        page = visitor.get(page).context["following_url"]

    assert walked == [
        "informations-personnelles",
        "adresse",
        "baccalaureat",
        "cursus-interne",
        "cursus-externe",
        "stages",
        "experiences-professionnelles",
    ]
    assert visitor.get(f"{FILE}stages/").context["previous_url"] == STUDIES


def test_without_studies_here_the_section_does_not_exist(visitor):
    """FILE-INT-02."""
    Institution.objects.update(has_internal_studies=False)

    assert visitor.get(f"{FILE}cursus-interne/").status_code == 404
    assert "Cursus post-bac" in words(visitor.get(STUDIES))


# -- Address ---------------------------------------------------------------------------------------
def test_empty_address_is_opened_for_entry(visitor):
    assert visitor.get(f"{FILE}adresse/").url == ADDRESS


def test_address_is_saved_and_shown(visitor):
    response = visitor.post(ADDRESS, {**IN_FRANCE, "then": "next"})

    assert response.url == f"{FILE}baccalaureat/"
    text = words(visitor.get(f"{FILE}adresse/"))
    for word in ("1 rue du Port", "45000", "Orléans", "Modifier"):
        assert word in text


def test_towns_follow_the_postcode(visitor, places):
    """FILE-ADR-02: several to choose from, a single one is chosen."""
    several = visitor.autosave(ADDRESS, {"country": "99100", "postcode": "45100", "commune": ""})
    single = visitor.autosave(ADDRESS, {"country": "99100", "postcode": "45 000", "commune": ""})

    assert offered(several, "commune") == ["45232", "45234"]
    assert several.context["form"]["commune"].value() == ""
    assert 'id="part-commune"' in several.content.decode()
    assert single.context["form"]["commune"].value() == "45234"


def test_part_is_drawn_anew_only_when_what_it_depends_on_changed(visitor):
    typed = {**IN_FRANCE, "part_town": "town:fr", "part_commune": "commune:45000"}

    unchanged = visitor.autosave(ADDRESS, typed)
    changed = visitor.autosave(ADDRESS, {**typed, "postcode": "45100"})

    assert "part-commune" not in unchanged.content.decode()
    assert "part-commune" in changed.content.decode()
    assert "part-town" not in changed.content.decode()


def test_town_of_another_postcode_is_dropped(visitor):
    response = visitor.autosave(ADDRESS, {**IN_FRANCE, "postcode": "99999"})

    assert response.status_code == 422
    assert response.context["form"]["commune"].value() == ""
    assert list(errors(response)) == ["postcode"]


def test_abroad_asks_for_the_town_only(visitor, places):
    """FILE-ADR-03."""
    response = visitor.autosave(ADDRESS, {**IN_FRANCE, "country": places.belgium.code})

    fields = set(response.context["form"].fields)
    assert {"foreign_city", "line_1"} <= fields
    assert not {"postcode", "commune"} & fields
    assert "Il reste à compléter : Commune étrangère" in words(response)


def test_lists_are_drawn_anew_without_script(visitor, places):
    """The button « Actualiser la liste » saves nothing and loses nothing."""
    page = visitor.get(ADDRESS).content.decode()
    response = visitor.post(
        ADDRESS, {"country": "99100", "postcode": "45100", "line_1": "1 rue", "refresh": "commune"}
    )

    assert "Actualiser la liste" in page
    assert response.status_code == 200
    assert offered(response, "commune") == ["45232", "45234"]
    assert response.context["form"]["line_1"].value() == "1 rue"
    assert errors(response) == {}
    assert not Address.objects.exists()


# -- Saving as one goes ----------------------------------------------------------------------------
def test_complete_section_is_saved_as_one_goes(visitor):
    response = visitor.autosave(ADDRESS, IN_FRANCE)

    assert response.status_code == 200
    assert Address.objects.get().line_1 == "1 rue du Port"
    assert not SectionDraft.objects.exists()


def test_incomplete_section_is_kept_and_comes_back(visitor):
    response = visitor.autosave(ADDRESS, {**IN_FRANCE, "line_1": ""})
    again = visitor.get(ADDRESS)

    assert response.status_code == 200
    assert "Gardé en brouillon. Il reste à compléter : Adresse" in words(response)
    assert errors(response) == {}
    assert again.context["has_draft"]
    assert again.context["form"]["postcode"].value() == "45000"
    assert not Address.objects.exists()


def test_wrong_value_is_told_at_its_field_and_kept(visitor):
    response = visitor.autosave(ADDRESS, {**IN_FRANCE, "line_2": "x" * 39})

    assert response.status_code == 422
    assert list(errors(response)) == ["line_2"]
    assert visitor.get(ADDRESS).context["form"]["line_2"].value() == "x" * 39


def test_what_is_wrong_with_no_field_in_particular_is_told_too(visitor, monkeypatch):
    blocker = Blocker("closed", "Pas le dimanche")
    editor = replace(EDITORS[Section.ADDRESS], check=lambda form, now: [blocker])
    monkeypatch.setitem(EDITORS, Section.ADDRESS, editor)

    while_typing = visitor.autosave(ADDRESS, IN_FRANCE)
    sent = visitor.post(ADDRESS, IN_FRANCE)

    for response in (while_typing, sent):
        assert response.status_code == 422
        assert "Pas le dimanche" in words(response)
    assert not Address.objects.exists()


def test_kept_entry_can_be_given_up(visitor):
    visitor.autosave(ADDRESS, {**IN_FRANCE, "line_1": ""})

    response = visitor.post(f"{FILE}adresse/abandonner/", {"item": ""})

    assert response.url == f"{FILE}adresse/"
    page = visitor.get(ADDRESS)
    assert (page.context["has_draft"], page.context["form"].raw("postcode")) == (False, "")


def test_one_window_saves_while_a_save_is_under_way(visitor):
    """The next save does not know the version the last one made."""
    window = {"tab": "w", "version": "0"}
    visitor.autosave(ADDRESS, {**IN_FRANCE, **window})

    response = visitor.post(ADDRESS, {**IN_FRANCE, **window, "line_1": "2 rue du Port"})

    assert response.status_code == 302
    assert Address.objects.get().line_1 == "2 rue du Port"


def test_what_is_kept_unfinished_is_said_in_the_overview(visitor):
    visitor.autosave(ADDRESS, {**IN_FRANCE, "line_1": ""})

    assert "Commencé, pas encore enregistré" in words(visitor.get(FILE))


# -- Baccalaureate ---------------------------------------------------------------------------------
def bac(**changes):
    return {
        "holding": "with",
        "year": "2024",
        "series": "NBGE",
        "country": "99100",
        "department": "45",
        "commune": "45234",
        "school": "",
        **changes,
    }


def test_series_follow_the_year(visitor, places):
    """FILE-BAC-04."""
    BaccalaureateSeriesFactory(code="S", valid_until_year=2020)

    modern = visitor.autosave(BAC, bac())
    older = visitor.autosave(BAC, bac(year="2010"))
    wrong = visitor.autosave(BAC, bac(year="20"))

    assert offered(modern, "series") == ["NBGE"]
    assert offered(older, "series") == ["S"]
    assert older.context["form"]["series"].value() == "S"  # the only one is chosen
    assert offered(wrong, "series") == []


def test_place_is_chosen_level_by_level(visitor, places):
    """FILE-BAC-05: only towns with a lycée, a single one is chosen."""
    response = visitor.autosave(BAC, bac(commune="", school=""))

    assert offered(response, "department") == ["45"]
    assert offered(response, "commune") == ["45234"]
    assert offered(response, "school") == [places.lycee.code]
    assert Baccalaureate.objects.get().school == places.lycee


def test_school_that_is_not_listed_is_written(visitor):
    """FILE-EXT-04 REC, for the baccalaureate too."""
    typed = bac(commune="", school="", school_name="Lycée du bout du monde")

    response = visitor.post(BAC, {**typed, "then": "next"})

    assert response.url == f"{FILE}cursus-interne/"
    found = Baccalaureate.objects.get()
    assert (found.school, found.school_name) == (None, "Lycée du bout du monde")


def test_baccalaureate_abroad_needs_no_school(visitor, places):
    response = visitor.post(BAC, bac(country=places.belgium.code, department="", commune=""))

    assert response.status_code == 302
    assert Baccalaureate.objects.get().country == places.belgium


def test_subjects_are_offered_where_there_are_any(visitor, places):
    """FILE-BAC-06."""
    without = visitor.autosave(BAC, bac())
    speciality = SeriesSpecialityFactory(series=places.general).speciality
    with_one = visitor.autosave(BAC, bac(school=places.lycee.code))

    assert "speciality_1" not in without.context["form"].fields
    assert offered(with_one, "speciality_1") == [speciality.code]
    assert with_one.context["form"]["speciality_1"].value() in {"", None}  # optional: not chosen
    assert "option_1" not in with_one.context["form"].fields


def test_no_baccalaureate(visitor):
    """FILE-BAC-01, 02."""
    none = BaccalaureateSeriesFactory(no_baccalaureate=True)
    asked = visitor.get(BAC)

    shown = visitor.autosave(BAC, {"holding": "without"})

    assert "Je n'ai pas le bac" in words(asked)
    assert "year" not in asked.context["form"].fields
    assert set(shown.context["form"].fields) == {"version", "tab", "holding", "situation"}
    assert Baccalaureate.objects.get().series == none
    page = visitor.get(BAC)
    assert page.context["form"]["holding"].value() == "without"


def test_without_an_entry_for_it_everybody_has_a_baccalaureate(visitor):
    """FILE-BAC-01."""
    response = visitor.get(BAC)

    assert "Je n'ai pas le bac" not in words(response)
    assert "year" in response.context["form"].fields


def test_imported_baccalaureate_is_only_read(visitor, alix):
    """FILE-BAC-08."""
    BaccalaureateFactory(candidate=alix, is_imported=True)

    response = visitor.get(f"{FILE}baccalaureat/")

    assert "proviennent du système de scolarité" in words(response)
    assert BAC not in response.content.decode()
    assert visitor.get(BAC).url == f"{FILE}baccalaureat/"


# -- Lists -----------------------------------------------------------------------------------------
def test_line_is_added_changed_and_deleted(visitor):
    """FILE-EXT-03, FILE-STG-01."""
    added = visitor.post(f"{STAGES}nouveau/", INTERNSHIP)
    line = Internship.objects.get()
    changed = visitor.post(
        f"{STAGES}{line.pk}/", {**INTERNSHIP, "duration": "3 mois", "version": "1"}
    )
    asked = visitor.get(f"{STAGES}{line.pk}/supprimer/")
    still_there = Internship.objects.get().duration
    deleted = visitor.post(f"{STAGES}{line.pk}/supprimer/")

    assert (added.url, changed.url, deleted.url) == (STAGES, STAGES, STAGES)
    assert "Voulez-vous supprimer cette ligne ?" in words(asked)
    assert still_there == "3 mois"
    assert not Internship.objects.exists()


def test_lines_are_shown_by_year(visitor, alix):
    for year in (2026, 2024, 2025):
        InternshipFactory(candidate=alix, year=year)

    response = visitor.get(STAGES)

    assert [item.year for item, _rows in response.context["items"]] == [2024, 2025, 2026]


def test_line_breaks_count_once(visitor):
    """FILE-STG-01: a browser lets 500 characters in, and sends two for each break."""
    response = visitor.post(f"{STAGES}nouveau/", {**INTERNSHIP, "description": "a\r\n" * 250})

    assert (response.status_code, Internship.objects.get().description) == (302, "a\n" * 249 + "a")


def test_new_line_is_kept_as_one_goes_and_added_once(visitor):
    visitor.autosave(f"{STAGES}nouveau/", INTERNSHIP)
    assert not Internship.objects.exists()
    assert "Une ligne commencée est gardée" in words(visitor.get(STAGES))

    visitor.post(f"{STAGES}nouveau/", INTERNSHIP)

    assert Internship.objects.count() == 1
    assert not visitor.get(f"{STAGES}nouveau/").context["has_draft"]


def test_line_deleted_meanwhile_comes_back_as_a_new_one(visitor, alix):
    line = InternshipFactory(candidate=alix)
    url = f"{STAGES}{line.pk}/"
    line.delete()

    response = visitor.post(url, INTERNSHIP)

    assert "Cette ligne a été supprimée entre-temps" in words(response)
    assert response.context["action"] == f"{STAGES}nouveau/"
    assert response.context["form"]["organisation"].value() == "Mairie"
    assert visitor.get(url).status_code == 404


def test_line_of_somebody_else_does_not_exist(visitor):
    other = InternshipFactory()

    for address in (f"{STAGES}{other.pk}/", f"{STAGES}{other.pk}/supprimer/"):
        assert visitor.get(address).status_code == 404
    assert visitor.post(f"{STAGES}{other.pk}/supprimer/").status_code == 404
    assert Internship.objects.get() == other


@pytest.mark.parametrize(
    "address",
    ["adresse/nouveau/", "cursus-interne/nouveau/", "cursus-interne/modifier/", "stages/modifier/"],
)
def test_addresses_that_make_no_sense_do_not_exist(visitor, address):
    assert visitor.get(FILE + address).status_code == 404


def test_studies_elsewhere_explain_iuts_and_unlisted_institutions(visitor, places):
    """S2-22, S2-23, S2-56."""
    page = visitor.get(f"{STUDIES}nouveau/")

    text = words(page)
    assert "composantes des universités" in text
    assert "université de rattachement" in text
    assert ("/assistance/", "Assistance") in links(page)
    assert "Établissement à l'étranger ou absent de la liste" in text


def test_institution_that_is_not_listed_is_written(visitor, places):
    """S2-23, S2-56: in a text field, the place of its studies with it."""
    typed = {
        "country": "99100",
        "department": "45",
        "commune": "45234",
        "year": "2026",
        "family": DiplomaFamilyFactory().code,
        "label": "Cirque, Orléans",
        "result": "in_progress",
    }

    visitor.post(f"{STUDIES}nouveau/", {**typed, "school_name": "École de cirque"})

    found, page = ExternalStudies.objects.get(), words_inside(visitor.get(STUDIES))
    assert (found.school, found.school_name) == (None, "École de cirque")
    assert (found.department.code, found.commune) == ("45", places.orleans)
    for shown in (
        "Libellé et niveau de la formation Cirque, Orléans",
        "Département Loiret",
        "Commune Orléans",
        "École de cirque",
    ):
        assert shown in page


def test_studies_elsewhere_offer_institutions_after_the_baccalaureate(visitor, places):
    family = DiplomaFamilyFactory()
    typed = {
        "country": "99100",
        "department": "45",
        "year": "2026",
        "family": family.code,
        "label": "Licence 3",
        "result": "in_progress",
    }

    response = visitor.post(f"{STUDIES}nouveau/", typed)

    assert response.status_code == 302
    assert ExternalStudies.objects.get().school == places.university


@pytest.mark.parametrize(("section", "queries"), [(STAGES, 9), (STUDIES, 9)])
@pytest.mark.parametrize("lines", [1, 3])
def test_list_takes_as_many_queries_for_one_line_as_for_three(
    visitor, alix, section, queries, lines, django_assert_num_queries
):
    InternshipFactory.create_batch(lines, candidate=alix)
    ExternalStudiesFactory.create_batch(lines, candidate=alix)

    visitor.get(section)  # the first page of a session writes the session

    with django_assert_num_queries(queries):
        visitor.get(section)


def test_staff_has_no_file(client):
    client.force_login(UserFactory(staff=True))

    assert client.get(FILE).status_code == 403
    assert client.get(ADDRESS).status_code == 403

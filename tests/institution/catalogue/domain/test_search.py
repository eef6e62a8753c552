import pytest
from django.utils import translation

from candide.institution.catalogue.domain.search import (
    PAGE_SIZE,
    Query,
    find_programmes,
    refresh_search_text,
    similar_programmes,
)
from candide.institution.catalogue.enums import CatalogueGrouping
from candide.institution.catalogue.models import Institution, Programme
from tests.factories.catalogue import (
    DAY,
    TODAY,
    ApplicationCentreFactory,
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
)
from tests.factories.reference import DiplomaTypeFactory

pytestmark = pytest.mark.django_db


def offer(name, *, centre="UFR Lettres", diploma="Master", **intake):
    """A programme on offer with this name, in a centre and of a type known by their names."""
    commission = CommissionFactory(
        centre=ApplicationCentreFactory._meta.model.objects.filter(code=centre[:20]).first()
        or ApplicationCentreFactory(code=centre[:20], name=centre)
    )
    of_programme = {
        key: intake.pop(key) for key in ("keywords", "kind", "is_active", "code") if key in intake
    }
    diploma_type = DiplomaTypeFactory(code=diploma, name=diploma) if diploma else None
    programme = ProgrammeFactory(
        name=name, commission=commission, diploma_type=diploma_type, **of_programme
    )
    return IntakeFactory(programme=programme, **intake)


def names(found):
    return [str(intake.programme) for group in found.groups for intake in group.intakes]


def counts(found):
    return {
        facet.name: {choice.value: choice.count for choice in facet.choices}
        for facet in found.facets
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("psychologie", id="a word"),
        pytest.param("PSYCHOLOGIE", id="capitals"),
        pytest.param("éducation psychologie", id="other order"),
        pytest.param("education", id="no accents"),
        pytest.param("psycho edu", id="beginnings of words"),
        pytest.param("Psychologie de l’éducation", id="small words and apostrophe"),
        pytest.param("orthopédagogie", id="keyword"),
        pytest.param("master psychologie", id="type of diploma"),
        pytest.param("psychologie lettres", id="centre"),
        pytest.param("psycologie", id="a letter forgotten"),
        pytest.param("pyschologie", id="two letters swapped"),
        pytest.param("psycol", id="half typed and wrong"),
        pytest.param("psychologies", id="plural"),
    ],
)
def test_search_forgives(text):
    """OFF-03: accents, case, order, half words and typing errors."""
    offer("Psychologie de l’éducation", keywords="orthopédagogie")
    offer("Archéologie", diploma="Licence", centre="UFR Sciences")

    found = find_programmes(Query(text), today=TODAY)

    assert names(found) == ["Psychologie de l’éducation"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("psychologie archéologie", id="every word must match"),
        pytest.param("cologie", id="the middle of a word"),
        pytest.param("astrophysique", id="unknown word"),
        pytest.param("xyz", id="nothing close"),
    ],
)
def test_search_finds_nothing(text):
    offer("Psychologie")
    offer("Archéologie")

    found = find_programmes(Query(text), today=TODAY)

    assert (names(found), found.total, found.groups) == ([], 0, [])
    assert not found.is_offer_empty


def test_search_tells_what_it_searched_instead():
    offer("Droit des affaires")

    exact = find_programmes(Query("droit"), today=TODAY)
    close = find_programmes(Query("dorit affaires"), today=TODAY)

    assert (exact.corrected, exact.total) == ("", 1)
    assert (close.corrected, close.total) == ("droit affaires", 1)


def test_small_words_alone_are_searched():
    offer("Des images")
    offer("Sons")

    found = find_programmes(Query("des"), today=TODAY)

    assert names(found) == ["Des images"]


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param({"is_active": False}, id="programme out of service"),
        pytest.param({"campaign": {"is_active": False}}, id="campaign out of service"),
    ],
)
def test_offer_shows_only_what_is_in_service(hidden):
    """OFF-01."""
    if campaign := hidden.get("campaign"):
        hidden = {"campaign": CampaignFactory(code="old", **campaign)}
    offer("Shown")
    offer("Hidden", **hidden)

    found = find_programmes(Query(), today=TODAY)

    assert names(found) == ["Shown"]


@pytest.mark.parametrize("above", ["intake", "commission", "centre"])
def test_offer_hides_what_is_out_of_service_above(above):
    """OFF-01: the intake, its commission and its centre in service too."""
    intake = offer("Hidden")
    commission = intake.programme.commission
    owner = {"intake": intake, "commission": commission, "centre": commission.centre}[above]
    owner.is_active = False
    owner.save()

    found = find_programmes(Query(), today=TODAY)

    assert found.is_offer_empty


def test_offer_shows_programmes_whatever_their_dates():
    """OFF-01, S2-58."""
    offer("Closed", closed=True)
    offer("Open")
    offer("Soon", soon=True)

    found = find_programmes(Query(), today=TODAY)

    assert names(found) == ["Closed", "Open", "Soon"]


def test_name_that_begins_another_comes_first():
    """OFF-01."""
    for name in ("Management et commerce", "Management", "Management du sport"):
        offer(name, centre="UFR Droit", diploma="Master")

    found = find_programmes(Query(), today=TODAY)

    assert names(found) == ["Management", "Management du sport", "Management et commerce"]


def test_results_are_grouped_by_centre_and_type_and_alphabetical():
    """OFF-01, S2-26; accents do not count in the order."""
    offer("Économie", centre="UFR Droit", diploma="Master")
    offer("Droit", centre="UFR Droit", diploma="Licence")
    offer("Algèbre", centre="École d’ingénieurs", diploma="Master")
    offer("Gestion", centre="UFR Droit", diploma="Master")
    offer("Divers", centre="UFR Droit", diploma=None)

    found = find_programmes(Query(), today=TODAY)

    assert [
        (
            str(group.centre),
            str(group.type or ""),
            group.begins_centre,
            [str(intake.programme) for intake in group.intakes],
        )
        for group in found.groups
    ] == [
        ("École d’ingénieurs", "Master", True, ["Algèbre"]),
        ("UFR Droit", "Licence", True, ["Droit"]),
        ("UFR Droit", "Master", False, ["Économie", "Gestion"]),
        ("UFR Droit", "", False, ["Divers"]),
    ]


@pytest.mark.parametrize(
    ("grouping", "types"),
    [
        (CatalogueGrouping.DIPLOMA, ["Licence", "Master"]),
        (CatalogueGrouping.KIND, ["Alternance"]),
        (CatalogueGrouping.NONE, [""]),
    ],
)
def test_grouping_is_a_setting_of_the_institution(grouping, types):
    institution = Institution.current()
    institution.catalogue_grouping = grouping
    institution.save()
    kind = ProgrammeKindFactory(code="alternance", name="Alternance")
    offer("Droit", diploma="Master", kind=kind)
    offer("Économie", diploma="Licence", kind=kind)

    found = find_programmes(Query(), today=TODAY)

    assert [str(group.type or "") for group in found.groups] == types
    assert ("type" in counts(found)) == (grouping != CatalogueGrouping.NONE)


def test_facets_count_under_the_other_choices():
    """OFF-03 [REC]: a choice says how many programmes it would show."""
    offer("Droit", centre="A", diploma="Licence")
    offer("Économie", centre="A", diploma="Master", soon=True)
    offer("Gestion", centre="B", diploma="Master", closed=True, paper=True)
    offer("Chimie", centre="B", diploma="Licence")  # another choice alone would not show it
    query = Query(chosen={"centre": frozenset({"A"}), "type": frozenset({"Master"})})

    found = find_programmes(query, today=TODAY)

    assert names(found) == ["Économie"]
    assert counts(found) == {
        "centre": {"A": 1, "B": 1},
        "type": {"Licence": 1, "Master": 1},
        "period": {"soon": 1},
        "procedure": {"online": 1},
    }


def test_several_values_of_a_facet_add_up():
    offer("Droit", diploma="Licence")
    offer("Économie", diploma="Master")
    offer("Gestion", diploma="DU")
    query = Query(chosen={"type": frozenset({"Licence", "DU"})})

    found = find_programmes(query, today=TODAY)

    assert names(found) == ["Gestion", "Droit"]
    assert counts(found)["type"] == {"DU": 1, "Licence": 1, "Master": 1}


def test_chosen_value_stays_listed_when_nothing_has_it():
    offer("Droit", diploma="Licence", paper=True)
    query = Query("droit", {"procedure": frozenset({"online"})})

    found = find_programmes(query, today=TODAY)

    assert (found.total, found.total_unfiltered) == (0, 1)
    assert counts(found)["procedure"] == {"online": 0, "paper": 1}


def test_procedure_is_paper_everywhere_when_the_institution_takes_nothing_online():
    """TRANS-01."""
    institution = Institution.current()
    institution.is_paperless = False
    institution.save()
    offer("Droit")

    found = find_programmes(Query(), today=TODAY)

    assert counts(found)["procedure"] == {"paper": 1}


def test_programme_in_two_campaigns_is_listed_once_with_what_matters_now():
    closed = offer("Droit", closed=True, campaign=CampaignFactory(code="first"))
    soon = IntakeFactory(
        programme=closed.programme, soon=True, campaign=CampaignFactory(code="second")
    )

    before = find_programmes(Query(), today=TODAY)
    after = find_programmes(Query(), today=soon.closes_on + DAY)

    assert [intake.pk for group in before.groups for intake in group.intakes] == [soon.pk]
    assert [intake.pk for group in after.groups for intake in group.intakes] == [soon.pk]
    assert counts(after)["period"] == {"closed": 1}


def test_pages_hold_a_fixed_number_and_the_last_one_catches_what_is_beyond():
    for number in range(PAGE_SIZE + 1):
        offer(f"Formation {number:03}")

    first = find_programmes(Query(), today=TODAY)
    beyond = find_programmes(Query(), today=TODAY, page=99)
    negative = find_programmes(Query(), today=TODAY, page=-1)

    assert (first.total, first.pages, len(names(first))) == (PAGE_SIZE + 1, 2, PAGE_SIZE)
    assert (beyond.page, names(beyond)) == (2, [f"Formation {PAGE_SIZE:03}"])
    assert negative.page == 1


def test_labels_come_in_the_language_of_the_reader():
    offer("Droit")
    centre = Programme.objects.get().commission.centre
    centre.name = {"fr": "Faculté de droit", "en": "Faculty of Law"}
    centre.save()

    with translation.override("en"):
        found = find_programmes(Query(), today=TODAY)

    assert [choice.label for choice in found.facets[0].choices] == ["Faculty of Law"]


def test_half_a_word_of_two_letters_suggests_nothing():
    offer("Droit")

    assert find_programmes(Query("zq"), today=TODAY).total == 0


def test_search_text_of_chosen_programmes_only():
    chosen, other = (offer(name).programme for name in ("Droit", "Lettres"))
    type(chosen).objects.update(search_text="")
    chosen.refresh_from_db()

    assert refresh_search_text([chosen]) == 1
    other.refresh_from_db()
    assert other.search_text == ""


def test_search_text_follows_a_renamed_centre_when_refreshed():
    intake = offer("Droit", centre="UFR Lettres")
    centre = intake.programme.commission.centre
    centre.name = "Institut de géographie"
    centre.save()

    changed = refresh_search_text()

    assert changed == 1
    assert find_programmes(Query("geographie"), today=TODAY).total == 1
    assert refresh_search_text() == 0


def test_similar_programmes_share_words_and_prefer_the_same_centre():
    gone = ProgrammeFactory(name="Master de droit public des affaires", is_active=False)
    near = offer("Droit public")
    farther = offer("Droit privé", centre="B")
    offer("Chimie de la mer")
    same_centre = IntakeFactory(
        programme=ProgrammeFactory(name="Zoologie et droit", commission=gone.commission)
    )

    found = similar_programmes(gone, today=TODAY)

    assert found == [near, same_centre, farther]


@pytest.mark.parametrize("size", [1, 3])
def test_finding_takes_a_constant_number_of_queries(size, django_assert_num_queries):
    for number in range(size):
        offer(f"Formation {number}", centre=f"Centre {number}", diploma=f"Diplôme {number}")
    Institution.current()

    with django_assert_num_queries(6):
        find_programmes(Query("formation"), today=TODAY)

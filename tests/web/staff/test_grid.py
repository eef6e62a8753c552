"""The grid of applications: who sees what, narrowed, sorted, page by page, in chosen columns."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.saved_views import save_view
from candide.admissions.applications.enums import DossierStatus, ItemStatus, Outcome
from candide.admissions.applications.models import Application
from candide.institution.catalogue.models import Institution, TacitThreshold
from candide.reporting.exports.applications import COLUMNS
from candide.reporting.exports.columns import with_columns
from candide.web.staff.grid.keyset import Key, page_of
from candide.web.staff.grid.page import NEWEST
from tests.admissions.conftest import NOW
from tests.factories.applications import (
    AnswerFactory,
    ApplicationFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CommissionFactory, IntakeFactory
from tests.factories.decisions import (
    DecisionFactory,
    DecisionReasonFactory,
    DecisionTypeFactory,
)
from tests.factories.requirements import QuestionFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

GRID = reverse("staff:applications")
DAY = timedelta(days=1)
COUNT_QUERIES = 8


def listed(response):
    return [line.application.pk for line in response.context["lines"]]


@pytest.fixture
def in_centre(application):
    """Makes applications to Alix's intake, by other people."""

    def make(**fields):
        return ApplicationFactory(intake=application.intake, **fields)

    return make


def test_grid_shows_what_is_in_reach_and_nothing_else(as_bao, application, in_centre):
    near = in_centre()
    ApplicationFactory()

    assert sorted(listed(as_bao.get(GRID))) == sorted([application.pk, near.pk])


def test_grid_of_a_commission_member_is_that_of_the_commission(client, application):
    client.force_login(staff("commission", commission=application.intake.programme.commission))
    ApplicationFactory()

    assert listed(client.get(GRID)) == [application.pk]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"received", "incomplete", "refused", "drafted", "accepted"}),
        ("dossier=incomplete", {"incomplete"}),
        ("decision=none", {"received", "incomplete", "drafted"}),
        ("decision=draft", {"drafted"}),
        ("decision=unfavourable", {"refused"}),
        ("answer=accepted", {"accepted"}),
        ("answer=none", {"received", "incomplete", "refused", "drafted"}),
        ("place=cancelled", {"cancelled"}),
        ("dossier=nonsense", {"received", "incomplete", "refused", "drafted", "accepted"}),
    ],
)
def test_grid_is_narrowed_by_its_filters(as_bao, application, in_centre, query, found):
    made = {
        "received": application,
        "incomplete": in_centre(incomplete=True),
        "refused": in_centre(
            complete=True, released_outcome=Outcome.UNFAVOURABLE, has_any_decision=True
        ),
        "drafted": in_centre(complete=True, has_draft_decision=True, has_any_decision=True),
        "accepted": in_centre(accepted=True),
        "cancelled": in_centre(cancelled=True),
    }

    assert set(listed(as_bao.get(f"{GRID}?{query}"))) == {made[name].pk for name in found}


def test_grid_of_one_commission(as_ada, application):
    """B-081: its active applications, and none of another commission of the same centre."""
    commission = application.intake.programme.commission
    beside = CommissionFactory(centre=commission.centre)
    other = ApplicationFactory(intake__programme__commission=beside)
    ApplicationFactory(intake=application.intake, cancelled=True)

    assert listed(as_ada.get(f"{GRID}?commission={commission.pk}")) == [application.pk]
    assert listed(as_ada.get(f"{GRID}?commission={beside.pk}")) == [other.pk]


@pytest.mark.parametrize("typed", ["dupont", "DÛPONT", "alix dup", "X7K2", "alix@exemple.org"])
def test_grid_searches_names_numbers_and_addresses(as_bao, in_centre, typed):
    candidate = CandidateFactory(search_text="x7k2m9qa dupont alix", user__email="alix@exemple.org")
    wanted = in_centre(candidate=candidate)

    assert listed(as_bao.get(GRID, {"q": typed})) == [wanted.pk]


def test_grid_that_finds_nothing_says_what_would_help(as_bao, application):
    assert "Effacez les filtres" in words(as_bao.get(GRID, {"q": "personne"}))


def test_grid_pages_by_key_both_ways(as_bao, application, in_centre, monkeypatch):
    monkeypatch.setattr("candide.web.staff.grid.page.SIZE", 2)
    for number in range(4):
        in_centre(created_at=NOW - timedelta(days=number + 1))

    first = as_bao.get(GRID)
    second = as_bao.get(f"{GRID}?after={key(first, 'after')}")
    third = as_bao.get(f"{GRID}?after={key(second, 'after')}")
    back = as_bao.get(f"{GRID}?before={key(third, 'before')}")
    start = as_bao.get(f"{GRID}?before={key(back, 'before')}")

    assert [len(listed(page)) for page in (first, second, third)] == [2, 2, 1]
    assert listed(back) == listed(second)
    assert listed(start) == listed(first)
    assert listed(as_bao.get(f"{GRID}?after=nonsense")) == listed(first)


def key(response, which):
    # The last one: the switch of language remembers the address of this page too.
    return re.findall(rf"{which}=([^\"&]+)", response.content.decode())[-1]


@pytest.mark.parametrize("count", [1, 3])
def test_grid_takes_constant_queries(as_bao, in_centre, count, django_assert_num_queries):
    for _number in range(count - 1):
        in_centre()
    as_bao.get(GRID)

    with django_assert_num_queries(8):
        as_bao.get(GRID)


def test_grid_shows_transmitted_status(as_bao, application):
    assert application.dossier_status == DossierStatus.RECEIVED
    assert "Réceptionné" in words(as_bao.get(GRID))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("route=direct", {"direct"}),
        ("documents=refused", {"refused"}),
        ("documents=submitted", {"given"}),
        ("due_within=3", {"waiting"}),
        ("due_within=2", set()),
        ("unchanged_for=10", {"old"}),
        ("created_from=2027-03-10", {"direct", "refused", "given", "waiting", "asked"}),
        ("created_to=2027-03-01", {"old"}),
        ("dossier=not-awaited", {"asked"}),
        ("due_within=many", {"direct", "refused", "given", "waiting", "asked", "old"}),
    ],
)
def test_grid_is_narrowed_by_what_is_wanted_less_often(as_bao, application, query, found):
    commission = application.intake.programme.commission

    def make(**fields):
        intake = IntakeFactory(programme__commission=commission, open=True)
        return ApplicationFactory(intake=intake, created_at=NOW - DAY, **fields)

    made = {
        "asked": application,
        "direct": make(route="direct"),
        "refused": make(),
        "given": make(),
        "waiting": make(),
        "old": make(),
    }
    Application.objects.filter(pk=made["old"].pk).update(created_at=NOW - 30 * DAY)
    SubmittedDocumentFactory(
        application=made["refused"], own_status=ItemStatus.REFUSED, version__status="submitted"
    )
    SubmittedDocumentFactory(application=made["given"], version__status=ItemStatus.SUBMITTED)
    intake = made["waiting"].intake
    intake.closes_on = intake.documents_due_on = (NOW + 3 * DAY).date()
    intake.save()

    assert set(listed(as_bao.get(f"{GRID}?{query}"))) == {made[name].pk for name in found}


def test_grid_of_one_type_of_decision_looks_at_the_last_one(as_bao, application, in_centre):
    """B-086: the draft that is there, else what was released last."""
    admitted, kept_back = DecisionTypeFactory(), DecisionTypeFactory()
    drafted = in_centre(complete=True, has_draft_decision=True, has_any_decision=True)
    released = in_centre(complete=True, released_outcome=Outcome.FAVOURABLE, has_any_decision=True)
    DecisionFactory(application=drafted, type=kept_back, released=True)
    DecisionFactory(application=drafted, type=admitted)
    DecisionFactory(application=released, type=admitted, released=True)
    DecisionFactory(application=released, type=kept_back, released=True)

    assert listed(as_bao.get(f"{GRID}?type={admitted.pk}")) == [drafted.pk]
    assert listed(as_bao.get(f"{GRID}?type={kept_back.pk}")) == [released.pk]


def test_types_of_decision_are_those_of_the_institution_and_of_centres_in_reach(
    as_bao, application
):
    DecisionTypeFactory(label="Pour tous")
    DecisionTypeFactory(label="Du centre", centre=application.intake.programme.commission.centre)
    DecisionTypeFactory(label="D’un autre", centre=CommissionFactory().centre)

    offered = [str(text) for _pk, text in as_bao.get(GRID).context["filters"]["type"].field.choices]

    assert offered[1:] == ["Du centre", "Pour tous"]


def test_archived_applications_stand_apart(as_bao, application, in_centre):
    archived = in_centre(archived_at=NOW)

    assert listed(as_bao.get(GRID)) == [application.pk]
    assert listed(as_bao.get(f"{GRID}?place=archived")) == [archived.pk]


def test_list_is_sorted_by_any_column_page_by_page(bao, application):
    """Up and down, nothing twice and nothing left out, and back to where one was."""
    for number in range(3):
        ApplicationFactory(
            intake=application.intake,
            candidate=CandidateFactory(complete=True, first_name=f"Alix{number}"),
            transmitted=bool(number),
            created_at=NOW - number * DAY,
        )
    rows = Application.objects.with_offer()

    for column in [column for column in COLUMNS if column.order]:
        for is_descending in (False, True):
            order = (Key(column.order, is_descending, column.is_nullable), NEWEST[1])
            shown = with_columns(rows, [column])
            first = page_of(shown, order, size=2)
            second = page_of(shown, order, size=2, after=first.after)
            back = page_of(shown, order, size=2, before=second.before)

            assert len({row.pk for row in first.rows + second.rows}) == 4, column.code
            assert (first.before, second.after) == ("", "")
            assert back.rows == first.rows, column.code


def test_empty_values_come_last_both_ways(as_bao, application, in_centre):
    early, late = (in_centre(transmitted_at=NOW - days * DAY) for days in (5, 1))
    never = in_centre()
    Application.objects.filter(pk=application.pk).update(transmitted_at=NOW)

    up, down = (
        listed(as_bao.get(f"{GRID}?sort={sort}")) for sort in ("transmitted", "-transmitted")
    )

    assert up == [early.pk, late.pk, application.pk, never.pk]
    assert down == [application.pk, late.pk, early.pk, never.pk]


def test_list_is_sorted_by_several_columns_in_turn(as_bao, application, in_centre):
    """B-087: neither column alone gives this order."""
    late, early = (in_centre(complete=True, created_at=NOW - days * DAY) for days in (1, 3))
    Application.objects.filter(pk=application.pk).update(created_at=NOW - 9 * DAY)

    found = listed(as_bao.get(f"{GRID}?sort=dossier&sort=created"))

    assert found == [early.pk, late.pk, application.pk]


def test_mark_of_another_order_leads_to_the_first_page(as_bao, application, in_centre, monkeypatch):
    monkeypatch.setattr("candide.web.staff.grid.page.SIZE", 1)
    in_centre()
    mark = as_bao.get(GRID).context["next_url"].partition("after=")[2]

    first = as_bao.get(f"{GRID}?sort=name")

    assert listed(as_bao.get(f"{GRID}?sort=name&sort=ine&after={mark}")) == listed(first)


def rich(application) -> Application:
    """An application that has something in every column."""
    question = QuestionFactory(label="Pourquoi nous ?", kind="short_text")
    AnswerFactory(application=application, question=question, value="Pour la mer")
    SubmittedDocumentFactory(application=application, version__status=ItemStatus.SUBMITTED)
    reason = DecisionReasonFactory(label="Capacité atteinte")
    DecisionFactory(application=application, released=True, reason=reason, rank=4, comment="Bien")
    DecisionFactory(application=application, type__label="Peut-être", rank=2)
    return application


def test_every_column_shows_its_value(as_bao, application):
    question = rich(application).answers.get().question
    codes = [column.code for column in COLUMNS] + [f"q-{question.pk}"]

    pages = [codes[start : start + 40] for start in range(0, len(codes), 40)]

    cells = {}
    for page in pages:
        (line,) = as_bao.get(GRID, {"columns": page}).context["lines"]
        cells |= {str(cell.heading): str(cell.text) for cell in line.cells}
    assert cells["Motif"] == "Capacité atteinte"
    assert (cells["Rang"], cells["Rang en préparation"]) == ("4", "2")
    assert (cells["Avis en préparation"], cells["Commentaire"]) == ("Peut-être", "Bien")
    assert cells["Pourquoi nous ?"] == "Pour la mer"
    assert cells["Pièces à vérifier"] == "1"
    assert "Réceptionné" in cells["Dossier"]
    assert cells["Nom patronymique"] == application.candidate.birth_name
    assert len(cells) == len(codes) - 1  # the name stands at the head of the line


def test_draft_is_never_shown_as_the_decision(as_bao, application):
    DecisionFactory(application=application, type__label="Peut-être")

    (line,) = as_bao.get(GRID, {"columns": ["decision_type", "draft"]}).context["lines"]

    assert [str(cell.text) for cell in line.cells] == ["–", "Peut-être"]


@pytest.mark.parametrize("count", [1, 3])
def test_grid_takes_twelve_queries_whatever_its_columns(
    as_bao, application, in_centre, count, django_assert_max_num_queries
):
    Institution.objects.update(tacit_reference="transmitted")
    TacitThreshold.objects.create(days=10, label="Dix jours")
    question = rich(application).answers.get().question
    for _number in range(count - 1):
        rich(in_centre(transmitted=True))
    codes = [column.code for column in COLUMNS if column.source or column.annotated is not dict]
    codes += ["nationality", "bac_series", f"q-{question.pk}"]
    address = f"{GRID}?sort=refused&" + "&".join(f"columns={code}" for code in codes)
    assert len(as_bao.get(address).context["lines"]) == count

    with django_assert_max_num_queries(12):
        as_bao.get(address)


def test_total_beyond_what_is_counted_at_once_comes_afterwards(
    as_bao, application, in_centre, monkeypatch
):
    monkeypatch.setattr("candide.web.staff.grid.page.COUNTED", 2)
    for _number in range(3):
        in_centre()

    page = as_bao.get(GRID)

    assert "Plus de 2 candidatures" in words(page)
    assert as_bao.get(reverse("staff:application_total")).content.decode() == "(4 candidatures)"


# -- Columns and views ---------------------------------------------------------------------------


def test_columns_are_added_moved_and_removed_by_links(as_bao, application):
    address = reverse("staff:columns")
    page = as_bao.get(address, {"columns": ["dossier", "answer"], "q": "dupont"})
    first, second = page.context["shown"]

    def codes(url):
        return re.findall(r"columns=([\w-]+)", url)

    assert (first["earlier"], second["later"]) == ("", "")
    assert codes(first["later"]) == codes(second["earlier"]) == ["answer", "dossier"]
    assert codes(first["without"]) == ["answer"]
    added = page.context["groups"][0]["columns"][0]["url"]
    assert codes(added)[:2] == ["dossier", "answer"]
    assert len(codes(added)) == 3
    assert "q=dupont" in page.context["list_url"]


def test_columns_stand_in_the_order_of_the_address(as_bao, application):
    """B-085."""
    pages = [as_bao.get(GRID, {"columns": codes}) for codes in (["answer", "dossier"], ["dossier"])]

    assert [[heading.text for heading in page.context["headings"]] for page in pages] == [
        ["Candidat", "Réponse", "Dossier"],
        ["Candidat", "Dossier"],
    ]


@pytest.mark.parametrize(("asked", "stay"), [("", 1), ("3", 3), ("9", 4), ("0", 1), ("many", 1)])
def test_first_columns_stay_in_view_and_a_search_keeps_them(as_bao, application, asked, stay):
    """B-085: as many as were chosen among the columns, the name always."""
    page = as_bao.get(GRID, {"frozen": asked})
    html = page.content.decode()

    assert page.context["grid"].frozen == stay
    assert (f'data-frozen="{stay}"' in html) == (stay > 1)
    assert (f'<input type="hidden" name="frozen" value="{stay}">' in html) == (stay > 1)


def test_number_of_columns_that_stay_is_chosen_among_the_columns(as_bao, application):
    page = as_bao.get(reverse("staff:columns"), {"columns": ["dossier", "answer"], "frozen": "2"})

    assert [("frozen=" in url, number) for number, url in page.context["freezing"]] == [
        (False, 1),
        (True, 2),
        (True, 3),
        (True, 4),
    ]
    assert "frozen=2" in page.context["list_url"]


def test_view_is_saved_with_its_search_columns_and_order(as_bao, bao, application):
    query = "dossier=received&columns=answer&sort=-name"

    response = as_bao.post(
        reverse("staff:views"), {"name": "À vérifier", "query": query, "is_default": "on"}
    )

    view = bao.saved_views.get()
    assert (view.name, view.query, view.is_default, view.is_shared) == (
        "À vérifier",
        query,
        True,
        False,
    )
    assert response.headers["Location"] == f"{GRID}?{query}"
    opened = as_bao.get(GRID)
    assert [heading.text for heading in opened.context["headings"]] == ["Candidat", "Réponse"]


def test_view_of_another_is_seen_when_shared_and_never_deleted(client, as_bao, bao, application):
    chris = staff("manager", centre=IntakeFactory().programme.commission.centre)
    shared = save_view(by=chris, name="De Chris", query="", is_shared=True)
    own = save_view(by=chris, name="À Chris", query="")

    page = words(as_bao.get(reverse("staff:views")))
    answers = [
        as_bao.post(reverse("staff:view_delete", args=[view.pk])).status_code
        for view in (shared, own)
    ]

    assert ("De Chris" in page, "À Chris" in page) == (True, False)
    assert answers == [403, 404]


def test_shared_view_shows_everybody_their_own_reach(as_bao, bao, application):
    ada = staff("administrator")
    ApplicationFactory(transmitted=True)
    query = "dossier=received&columns=answer"
    save_view(by=ada, name="Réceptionnées", query=query, is_shared=True, is_default=True)

    counted = as_bao.get(reverse("staff:view_counts"))

    assert [(view.name, number) for view, number in counted.context["views"]] == [
        ("Réceptionnées", 1)
    ]
    assert "Réceptionnées 1" in words(counted)
    # what Ada opens first is not what Bao does
    assert len(as_bao.get(GRID).context["headings"]) > 2


def test_view_is_deleted(as_bao, bao):
    view = save_view(by=bao, name="À vérifier", query="")

    as_bao.post(reverse("staff:view_delete", args=[view.pk]))

    assert not bao.saved_views.exists()


def test_one_keeps_thirty_views_at_most(as_bao, bao, monkeypatch):
    monkeypatch.setattr("candide.admissions.applications.domain.saved_views.MOST", 1)
    save_view(by=bao, name="Une", query="")

    refused = as_bao.post(reverse("staff:views"), {"name": "Deux", "query": ""})
    replaced = as_bao.post(reverse("staff:views"), {"name": "Une", "query": "q=a"})

    assert (refused.status_code, replaced.status_code) == (409, 302)
    assert bao.saved_views.get().query == "q=a"


@pytest.mark.parametrize("count", [1, 3])
def test_counts_of_views_take_constant_queries(as_bao, bao, count, django_assert_num_queries):
    for number in range(count):
        save_view(by=bao, name=f"Vue {number}", query="dossier=received")
    as_bao.get(reverse("staff:view_counts"))

    with django_assert_num_queries(COUNT_QUERIES):
        as_bao.get(reverse("staff:view_counts"))

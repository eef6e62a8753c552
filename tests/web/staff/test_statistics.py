"""« Statistiques »: every figure is the number of rows of the list it leads to, in one's reach."""

import re
from datetime import date, timedelta
from io import BytesIO
from random import Random
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.admissions.campaigns.domain.destroying import (
    begin,
    destroy_application,
    finish,
    left_of,
)
from candide.institution.catalogue.models import Campaign, Institution
from candide.reporting.statistics.figures import FIGURES, FUNNEL
from candide.web.staff.grid.page import Grid
from candide.web.staff.statistics.links import FILTERS
from tests.admissions.conftest import NOW
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import (
    ApplicationCentreFactory,
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
)
from tests.factories.decisions import DecisionFactory, DecisionTypeFactory
from tests.web.conftest import inside, words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

OVERVIEW = reverse("staff:statistics")
LEVELS = ("formations", "commissions", "centres")
DAY = timedelta(days=1)


def table(level):
    return reverse("staff:statistics_level", args=[level])


def random_application(rng, intake, types):
    """Any state an application can be in."""
    released = rng.choice(["", *Outcome])
    is_offered = released == Outcome.FAVOURABLE
    answer = rng.choice(["", *CandidateAnswer]) if is_offered else ""
    is_drafted = rng.random() < 0.3
    is_cancelled = not (released or is_drafted or answer) and rng.random() < 0.4
    made = ApplicationFactory(
        intake=intake,
        created_at=NOW - rng.randrange(20) * DAY,
        transmitted_at=rng.choice([None, NOW - rng.randrange(10) * DAY]),
        dossier_status=rng.choice(DossierStatus.values),
        released_outcome=released,
        has_draft_decision=is_drafted,
        has_any_decision=bool(released) or is_drafted,
        answer=answer,
        answered_at=NOW if answer else None,
        cancelled_at=NOW if is_cancelled else None,
        archived_at=intake.campaign.archived_at,
    )
    if released:
        DecisionFactory(application=made, type=types[released], released=True)
    if is_drafted:
        DecisionFactory(application=made, type=types[rng.choice(list(Outcome))])
    return made


@pytest.fixture
def university(application):
    """Two centres, three commissions, five programmes, one of them out of service, in a campaign
    that runs and one that is archived; as many applications in states drawn by lot."""
    rng = Random(20270315)  # noqa: S311 -- states, not secrets
    past = CampaignFactory(over=True, archived_at=NOW)
    types = {outcome: DecisionTypeFactory(outcome=outcome) for outcome in Outcome}
    commission = application.intake.programme.commission
    beside = CommissionFactory(centre=commission.centre)
    abroad = CommissionFactory(centre=ApplicationCentreFactory())
    for place in (commission, commission, beside, abroad, abroad):
        programme = ProgrammeFactory(commission=place)
        intakes = [
            IntakeFactory(programme=programme, capacity=5),
            IntakeFactory(programme=programme, campaign=past, is_active=place != beside),
        ]
        for intake in intakes:
            for _number in range(6):
                random_application(rng, intake, types)
    IntakeFactory(programme=ProgrammeFactory(commission=beside, is_active=False), capacity=3)
    closed = IntakeFactory(programme=ProgrammeFactory(commission=beside), is_active=False)
    random_application(rng, closed, types)
    return past


def total_of(user, url):
    """How many applications the list at `url` holds. What it is asked must all be understood."""
    path, asked = urlsplit(url).path, QueryDict(urlsplit(url).query)
    assert path == reverse("staff:applications")
    grid = Grid(asked, user, NOW.date())
    total = grid.rows().count()
    understood = grid.filters.cleaned_data
    assert {name for name in asked if not understood.get(name)} == set()
    return total


def figures_of(page):
    """Every linked cell of a table, its total among them."""
    cells = [cell for row in page.context["rows"] for cell in row["cells"]]
    return [cell for cell in [*cells, *page.context["sums"]] if cell.url]


def test_every_figure_knows_its_list():
    assert set(FILTERS) == {figure.code for figure in FIGURES}
    assert set(FUNNEL) <= set(FILTERS)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("archived", "closed"), [(False, ""), (True, "1")])
def test_every_figure_of_a_table_is_the_total_of_its_list(
    client, university, level, archived, closed
):
    ada = staff("administrator")
    client.force_login(ada)
    campaign = university if archived else Campaign.objects.get(code="2027")

    page = client.get(table(level), {"campaign": campaign.pk, "all": closed})

    cells = figures_of(page)
    wrong = [
        (str(cell.heading), cell.value, cell.url)
        for cell in cells
        if total_of(ada, cell.url) != (cell.value or 0)
    ]
    assert wrong == []
    assert sum(1 for cell in cells if cell.value) > 20


def test_every_figure_of_the_overview_is_the_total_of_its_list(as_bao, bao, university):
    context = as_bao.get(OVERVIEW).context

    linked = [(stage["number"], stage["url"]) for stage in context["funnel"]]
    linked += [(cell.value or 0, cell.url) for _t, cells in context["groups"] for cell in cells]
    for row in context["days"]:
        linked.append((row["day"].applied, row["applied_url"]))
        linked.append((row["day"].transmitted, row["transmitted_url"]))
    linked.append((context["delay"].number, context["delay_url"]))
    assert [(n, url) for n, url in linked if total_of(bao, url) != n] == []
    assert len(linked) > 40


def test_reach_is_respected_in_tables_pages_and_files(client, application, university):
    commission = application.intake.programme.commission
    other = ApplicationFactory()
    client.force_login(staff("commission", commission=commission))

    for level in LEVELS:
        page = client.get(table(level))
        assert len(page.context["rows"]) == (3 if level == "formations" else 1)
        assert str(other.intake.programme) not in words(page)
        content = client.get(table(level), {"format": "csv"}).content.decode()
        assert other.intake.programme.commission.centre.code not in content
    address = reverse("staff:statistics_programme", args=[other.intake_id])
    assert client.get(address).status_code == 404
    narrowed = client.get(OVERVIEW, {"centre": other.intake.programme.commission.centre_id})
    assert narrowed.context["asked"].scope.centre is None
    assert narrowed.context["people"].accounts is None


def test_campaign_is_chosen_archived_ones_too(as_ada, university):
    usual = as_ada.get(OVERVIEW)
    past = as_ada.get(OVERVIEW, {"campaign": university.pk})

    assert usual.context["asked"].scope.campaign.code == "2027"
    assert past.context["asked"].scope.campaign == university
    assert past.context["numbers"]["applied"] > 0


def test_campaign_archived_before_its_end_is_not_the_one_shown(as_ada, university):
    """Two were open side by side, and one was closed early."""
    CampaignFactory(code="beside", starts_on=date(2027, 3, 1), archived_at=NOW)

    shown = as_ada.get(OVERVIEW).context["asked"].scope.campaign

    assert shown.code == "2027"


def test_out_of_service_is_left_out_unless_asked_for_and_named(as_ada, university):
    usual, everything = as_ada.get(table("formations")), as_ada.get(table("formations"), {"all": 1})

    closed = [row["line"] for row in everything.context["rows"] if not row["line"].is_active]
    assert len(closed) == 2
    assert all(row["line"].is_active for row in usual.context["rows"])
    assert "hors service" in words(everything)


def test_tables_are_searched_and_sorted_and_totals_follow(as_ada, application, university):
    name = "Astrophysique"
    application.intake.programme.name = name
    application.intake.programme.save()
    searched = as_ada.get(table("formations"), {"q": str(name)})
    sorted_page = as_ada.get(table("formations"), {"sort": "-applied"})
    by_places = as_ada.get(table("formations"), {"sort": "places"})

    (row,) = searched.context["rows"]
    assert row["line"].name == str(name)
    assert [cell.value for cell in searched.context["sums"]] == [c.value for c in row["cells"]]
    assert {cell.url for cell in searched.context["sums"]} == {""}
    numbers = [row["line"].numbers["applied"] for row in sorted_page.context["rows"]]
    assert numbers == sorted(numbers, reverse=True)
    assert by_places.context["rows"][0]["line"].capacity is None


def test_csv_holds_the_table_and_executes_nothing(as_ada, application):
    programme = application.intake.programme
    programme.name = "=1+1"
    programme.save()

    response = as_ada.get(table("formations"), {"format": "csv"})

    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Code;Libellé;")
    assert "'=1+1" in lines[1]
    days = as_ada.get(OVERVIEW, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[:5] for line in days[1:]] == [
        ["2027-03-11", "0", "0", "1", "1"],
        ["2027-03-15", "1", "1", "0", "1"],
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_file_of_a_table_holds_the_figures_of_its_page(as_ada, university, level):
    """A-091."""
    address, asked = table(level), {"campaign": university.pk, "all": "1"}
    page = as_ada.get(address, asked)

    content = as_ada.get(address, {**asked, "format": "csv"}).content.decode("utf-8-sig")

    headings, *lines = [line.split(";") for line in content.splitlines()]
    wanted = [
        {str(cell.heading): cell.value for cell in row["cells"]} for row in page.context["rows"]
    ]
    *found, sums = [dict(zip(headings, line, strict=True)) for line in lines]
    assert len(found) == len(wanted) > 1
    assert {cell.heading: int(sums[str(cell.heading)] or 0) for cell in page.context["sums"]} == {
        cell.heading: cell.value or 0 for cell in page.context["sums"]
    }
    for line, cells in zip(found, wanted, strict=True):
        assert {name: int(line[name] or 0) for name in cells} == {
            name: value or 0 for name, value in cells.items()
        }
    assert sum(value or 0 for cells in wanted for value in cells.values()) > 20


def test_file_of_a_table_is_a_workbook_too(as_ada, university):
    """A-091, A-154: numbers are numbers, the totals come last, and it says of what it is."""
    address, asked = table("formations"), {"campaign": university.pk, "all": "1"}
    page = as_ada.get(address, asked)

    book = openpyxl.load_workbook(BytesIO(as_ada.get(address, {**asked, "format": "xlsx"}).content))

    figures, about = book.worksheets
    *lines, sums = figures.iter_rows(min_row=2, values_only=True)
    assert len(lines) == len(page.context["rows"])
    assert sums[0] == "Total"
    assert figures.auto_filter.ref.endswith(str(len(lines) + 1))  # sorted without the totals
    assert sums[3] == sum(line[3] for line in lines) == page.context["sums"][0].value
    assert about["A1"].value == "Par formation"
    assert university.label in about["A2"].value


def test_every_table_of_the_overview_and_of_a_programme_is_a_csv_too(as_ada, application):
    address = reverse("staff:statistics_programme", args=[application.intake_id])
    for page in (OVERVIEW, address):
        shown = as_ada.get(page)
        offered = shown.content.decode()

        funnel = csv_of(as_ada, page, "entonnoir")
        figures = csv_of(as_ada, page, "chiffres")

        assert [(line[0], int(line[1])) for line in funnel[1:]] == [
            (str(stage["heading"]), stage["number"]) for stage in shown.context["funnel"]
        ]
        counted = {(line[0], line[1]): int(line[2]) for line in figures[1:]}
        for title, cells in shown.context["groups"]:
            for cell in cells:
                assert counted[str(title), str(cell.heading)] == (cell.value or 0)
        assert counted["Personnes", "Candidats"] == shown.context["people"].candidates
        for name in ("entonnoir", "chiffres"):
            assert f"format=csv&amp;table={name}" in offered
        assert as_ada.get(page, {"format": "csv", "table": "autre"}).status_code == 404


def csv_of(client, page, name):
    content = client.get(page, {"format": "csv", "table": name}).content.decode("utf-8-sig")
    return [line.split(";") for line in content.splitlines()]


def test_days_stand_beside_the_same_day_of_the_last_campaign(as_ada, application):
    """Counted from the opening of each."""
    programme = application.intake.programme
    before = IntakeFactory(
        programme=programme,
        campaign=CampaignFactory(over=True),
        opens_on=date(2026, 3, 1),
        closes_on=date(2026, 4, 1),
    )
    same_day = (application.created_at.date() - application.intake.opens_on).days
    earlier = NOW.replace(year=2026, month=3, day=1) + same_day * DAY
    ApplicationFactory(intake=before, created_at=earlier)
    ApplicationFactory(intake=before, created_at=earlier)

    address = reverse("staff:statistics_programme", args=[application.intake_id])
    days = [row["day"] for row in as_ada.get(address).context["days"]]

    (day,) = [each for each in days if each.applied]
    assert (day.on, day.applied, day.applied_before) == (application.created_at.date(), 1, 2)
    assert day.before_on == earlier.date()


def test_delay_is_the_median_and_nine_in_ten(as_ada, application):
    kind = DecisionTypeFactory(outcome=Outcome.UNFAVOURABLE)
    for days in (1, 2, 3, 4, 5, 6, 7, 8, 9, 30):
        made = ApplicationFactory(
            intake=application.intake,
            transmitted=True,
            transmitted_at=NOW - days * DAY,
            released_outcome=Outcome.UNFAVOURABLE,
            has_any_decision=True,
        )
        DecisionFactory(application=made, type=kind, created_at=NOW - 40 * DAY, released_at=NOW)

    delay = as_ada.get(OVERVIEW).context["delay"]

    assert (delay.number, delay.median, delay.most) == (10, 5, 9)


def test_places_are_counted_where_there_are_some(as_ada, application):
    intake = application.intake
    intake.capacity = 3
    intake.save()
    ApplicationFactory(intake=intake, accepted=True)
    ApplicationFactory(intake=intake, offered=True)
    ApplicationFactory(intake=intake, withdrawn=True)
    ApplicationFactory(accepted=True)

    capacity = as_ada.get(OVERVIEW).context["capacity"]

    assert (capacity.places, capacity.accepted, capacity.unanswered, capacity.left) == (3, 1, 1, 1)


def test_line_of_a_programme_names_its_commission_and_its_places(as_ada, application):
    """B-138."""
    intake = application.intake
    intake.capacity = 3
    intake.save()

    page = as_ada.get(table("formations"))

    (row,) = page.context["rows"]
    programme = intake.programme
    assert row["line"].capacity.places == 3
    three = [str(cell.heading) for cell in row["cells"] if cell.value == 3]
    assert three == ["Places", "Places restantes"]
    assert f"{programme.name} {programme.code} · {programme.commission}" in words(page)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("url", "number"), [(OVERVIEW, 15), (table("formations"), 9)])
def test_statistics_take_constant_queries(
    as_bao, application, count, url, number, django_assert_num_queries
):
    for _number in range(count - 1):
        programme = ProgrammeFactory(commission=application.intake.programme.commission)
        ApplicationFactory(intake=IntakeFactory(programme=programme), transmitted=True)
    as_bao.get(url)

    with django_assert_num_queries(number):
        as_bao.get(url)


def test_no_campaign_no_figure(client):
    Institution.current()
    client.force_login(staff("administrator"))

    assert "Il n’y a pas encore de campagne." in words(client.get(OVERVIEW))
    assert client.get(table("centres")).context["rows"] == []
    assert client.get(reverse("staff:statistics_level", args=["rien"])).status_code == 404


def test_pages_of_an_old_campaign_say_the_same_after_its_destruction(as_ada, university):
    """Every table of the dashboards, of applications in whatever state: before, after the figures
    were written down, and once nothing of the applications is left."""
    past = Campaign.objects.get(archived_at=NOW)
    addresses = [OVERVIEW, *(table(level) for level in LEVELS)]

    def pages():
        asked = {"campaign": past.pk, "all": "1"}
        return [_figures(as_ada.get(address, asked)) for address in addresses]

    before = pages()
    begin(past.pk, now=NOW)
    begun = pages()
    for pk in left_of(past.pk):
        destroy_application(pk, now=NOW)
    finish(past.pk, now=NOW)
    after = pages()

    assert sum(len(page) for page in before) > 50
    assert begun == before
    assert after == before


def _figures(page):
    """The text of every cell of every table."""
    cells = re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", inside(page), flags=re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]

"""« Actions » : from the selection to the report, and « Mes actions »."""

import re

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import DossierStatus, Outcome
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.foundation.runs.domain import asking
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.enums import RunState
from candide.foundation.runs.models import Run
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.runs import RunFactory, RunItemFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

RUNS = reverse("staff:runs")


def page(run, name="run", *more):
    return reverse(f"staff:{name}", args=[run.pk, *more])


def work_all():
    while work(clock=lambda: NOW):
        pass


@pytest.fixture
def beside(application):
    def make(**fields):
        return again(ApplicationFactory(intake=application.intake, **fields))

    return make


def selected(client, *applications, **posted):
    data = posted or {"ids": [each.pk for each in applications]}
    response = client.post(RUNS, data)
    assert response.status_code == 302
    return Run.objects.latest("pk")


def subjects(run):
    return list(run.items.order_by("position").values_list("subject_id", flat=True))


def test_selection_leads_to_choosing_the_action(as_bao, application):
    run = selected(as_bao, application)

    shown = words(as_bao.get(page(run)))
    assert "1 candidature est sélectionnée." in shown
    assert "Saisir le statut du dossier" in shown


def test_selection_is_by_line_by_list_or_by_search(as_bao, application, beside):
    other, complete = beside(transmitted=True), beside(complete=True)

    repeated = selected(as_bao, ids=[other.pk, application.pk])
    joined = selected(as_bao, ids=f"{complete.pk},{other.pk}, x,")
    found = selected(as_bao, query="dossier=complete")
    everything = selected(as_bao, query="")

    assert subjects(repeated) == [other.pk, application.pk]
    assert subjects(joined) == [complete.pk, other.pk]
    assert subjects(found) == [complete.pk]
    assert sorted(subjects(everything)) == sorted([application.pk, other.pk, complete.pk])


def test_search_keeps_to_ones_reach_and_its_order(as_bao, application, beside):
    ApplicationFactory(complete=True)
    older = beside(complete=True, created_at=NOW.replace(year=2026))
    newer = beside(complete=True, created_at=NOW)

    assert subjects(selected(as_bao, query="dossier=complete")) == [newer.pk, older.pk]


def test_nothing_selected_and_too_much_say_so(as_bao, application, beside, monkeypatch):
    nothing = as_bao.post(RUNS, {})
    monkeypatch.setattr(asking, "MOST_ITEMS", 1)
    monkeypatch.setattr("candide.web.staff.bulk.selecting.MOST_ITEMS", 1)
    beside()
    too_many = as_bao.post(RUNS, {"query": ""})

    assert (nothing.status_code, too_many.status_code) == (409, 409)
    assert "Sélectionnez au moins une ligne." in words(nothing)
    assert "Au plus 1 lignes à la fois" in words(too_many)


def test_preview_then_confirmed_then_report(as_bao, application, beside):
    cancelled, elsewhere = beside(cancelled=True), again(ApplicationFactory())
    run = selected(as_bao, application, cancelled, elsewhere)

    as_bao.post(page(run, "run_action", "statut"), {"status": "complete", "on": ""})
    preview = words(as_bao.get(page(run)))
    assert "À faire 1" in preview
    assert "Refusée 2" in preview
    assert "Réceptionné → Complet" in preview
    assert "Cette candidature n'est pas dans votre périmètre." in preview
    assert elsewhere.candidate.birth_name not in preview or (
        elsewhere.candidate.birth_name == application.candidate.birth_name
    )
    assert again(application).dossier_status == DossierStatus.RECEIVED

    as_bao.post(page(run, "run_confirm"), {"seen": "1"})
    work_all()
    report = words(as_bao.get(page(run)))
    assert "Faite 1" in report
    assert again(application).dossier_status == DossierStatus.COMPLETE
    table = as_bao.get(page(run, "run_report"))
    assert table["Content-Disposition"] == f'attachment; filename="action-{run.pk}.csv"'
    assert application.candidate.birth_name in table.content.decode()
    history = words(as_bao.get(reverse("staff:application", args=[application.pk])))
    assert f"action sur plusieurs candidatures n° {run.pk}" in history


def test_same_applications_are_acted_on_again(as_bao, application, beside, client):
    """B-091: its number is said on every page, and afterwards the same ones are selected anew."""
    run = selected(as_bao, application, beside())
    for address in (page(run), page(run, "run_action", "statut"), page(run, "run_action", "mail")):
        assert "2 candidatures sont sélectionnées." in words(as_bao.get(address))
    as_bao.post(page(run, "run_action", "statut"), {"status": "complete"})
    assert "Agir sur 2 candidatures" in words(as_bao.get(page(run)))
    as_bao.post(page(run, "run_confirm"), {"seen": Run.objects.get(pk=run.pk).version})
    work_all()
    assert "Autre action sur ces 2 candidatures" in words(as_bao.get(page(run)))

    as_bao.post(reverse("staff:runs"), {"again": run.pk})

    again_run = Run.objects.latest("pk")
    assert again_run != run
    assert list(again_run.items.order_by("position").values_list("subject_id", flat=True)) == list(
        run.items.order_by("position").values_list("subject_id", flat=True)
    )
    client.force_login(
        staff("manager", centre=ApplicationFactory().intake.programme.commission.centre)
    )
    assert client.post(reverse("staff:runs"), {"again": run.pk}).status_code == 409


def test_preview_of_one_state(as_bao, application, beside):
    run = selected(as_bao, application, beside(cancelled=True))
    as_bao.post(page(run, "run_action", "statut"), {"status": "complete"})

    shown = as_bao.get(page(run), {"state": "refused"})
    everything = as_bao.get(page(run), {"state": "nonsense"})

    assert [row.item.state for row in shown.context["rows"]] == ["refused"]
    assert len(everything.context["rows"]) == 2


def test_large_selection_is_examined_in_the_background(as_bao, application, beside, monkeypatch):
    monkeypatch.setattr("candide.admissions.bulk.domain.running.AT_ONCE", 1)
    run = selected(as_bao, application, beside())
    as_bao.post(page(run, "run_action", "statut"), {"status": "complete"})

    waiting = words(as_bao.get(page(run)))
    part = as_bao.get(page(run), headers={"HX-Request": "true"})
    work_all()
    ended = as_bao.get(page(run), headers={"HX-Request": "true"})

    assert "1 sur 2" in waiting
    assert "Rien n'est modifié." in waiting
    assert "<html" not in part.content.decode()
    assert ended["HX-Refresh"] == "true"


def test_form_says_what_is_wrong_and_what_no_row_can_have(as_bao, application):
    run = selected(as_bao, application)
    reserve = DecisionTypeFactory(outcome=Outcome.RESERVE_LIST)

    mistaken = as_bao.post(page(run, "run_action", "statut"), {"status": "lost"})
    impossible = as_bao.post(page(run, "run_action", "avis"), {"type": reserve.pk})
    unasked = as_bao.get(page(run, "run_action", "validation"))

    assert mistaken.status_code == 422
    assert (impossible.status_code, unasked.status_code) == (409, 200)
    assert "Indiquez le rang de la première, à partir de 1." in words(impossible)
    assert Run.objects.get(pk=run.pk).state == RunState.PREPARED


def test_decision_entered_for_many_with_ranks(as_bao, application, beside):
    reserve = DecisionTypeFactory(outcome=Outcome.RESERVE_LIST)
    run = selected(as_bao, application, beside(complete=True))

    as_bao.post(page(run, "run_action", "avis"), {"type": reserve.pk, "first_rank": "3"})

    says = [row.says for row in as_bao.get(page(run)).context["rows"]]
    assert [re.search(r"\d+$", text).group() for text in says] == ["3", "4"]


def test_decision_over_a_released_one_is_warned_of_on_the_page(as_bao, bao, application):
    """B-096."""
    favourable = DecisionTypeFactory()
    enter_decision(application, Draft(favourable), by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    run = selected(as_bao, application)

    as_bao.post(page(run, "run_action", "avis"), {"type": favourable.pk})

    preview = words(as_bao.get(page(run))).partition("Avant de continuer")[2]
    assert preview.startswith(" Un avis est déjà validé : le candidat le voit")
    assert not again(application).has_draft_decision


def test_only_what_the_centre_may_give_is_offered(as_bao, application):
    foreign = DecisionTypeFactory(centre=ApplicationFactory().intake.programme.commission.centre)
    run = selected(as_bao, application)

    response = as_bao.post(page(run, "run_action", "avis"), {"type": foreign.pk})

    assert response.status_code == 422


def test_confirming_what_was_changed_meanwhile_is_refused(as_bao, application):
    run = selected(as_bao, application)
    for _time in range(2):
        as_bao.post(page(run, "run_action", "statut"), {"status": "complete"})

    response = as_bao.post(page(run, "run_confirm"), {"seen": "1"})

    assert response.status_code == 409
    assert "modifié entre-temps" in words(response)
    assert again(application).dossier_status == DossierStatus.RECEIVED


def test_stopped_and_resumed(as_bao, application, beside):
    other = beside(transmitted=True)
    run = selected(as_bao, application, other)
    as_bao.post(page(run, "run_action", "statut"), {"status": "complete"})
    as_bao.post(page(run, "run_confirm"), {"seen": "1"})
    assert "Arrêter" in words(as_bao.get(page(run)))
    work(clock=lambda: NOW, limit=1)

    as_bao.post(page(run, "run_stop"))
    twice = as_bao.post(page(run, "run_stop"))
    stopped = words(as_bao.get(page(run)))
    work_all()
    assert twice.status_code == 409
    assert "À faire 1" in stopped
    assert again(other).dossier_status == DossierStatus.RECEIVED

    as_bao.post(page(run, "run_resume"))
    work_all()
    assert again(other).dossier_status == DossierStatus.COMPLETE
    assert as_bao.post(page(run, "run_resume")).status_code == 409


def test_actions_are_those_of_ones_rights(client, application):
    client.force_login(staff("commission", commission=application.intake.programme.commission))
    run = selected(client, application)

    shown = words(client.get(page(run)))

    assert "Saisir un avis" in shown
    assert "Saisir le statut du dossier" not in shown
    assert client.get(page(run, "run_action", "statut")).status_code == 404
    assert client.get(page(run, "run_action", "inconnue")).status_code == 404


def test_without_any_action_the_page_says_so(client, application):
    from candide.institution.access.enums import Capability
    from candide.institution.access.models import Assignment, Grant, RoleProfile
    from tests.factories.accounts import UserFactory

    reader, role = UserFactory(staff=True), RoleProfile.objects.create(code="r", name="Lecture")
    Grant.objects.create(role=role, capability=Capability.VIEW_APPLICATIONS, can_write=False)
    Assignment.objects.create(user=reader, role=role)
    client.force_login(reader)

    run = selected(client, application)

    assert "Vos droits n'en offrent aucune" in words(client.get(page(run)))


def test_ones_actions_are_listed_and_everybodys_for_administrators(as_bao, bao, client):
    own, others = RunFactory(asked_by=bao), RunFactory(done=True)
    RunItemFactory(run=others, state="refused")
    RunItemFactory(run=others, state="failed")

    mine = words(as_bao.get(RUNS))
    assert f"n° {own.pk}" in mine
    assert f"n° {others.pk}" not in mine
    assert as_bao.get(page(others)).status_code == 404

    client.force_login(staff("administrator"))
    everybodys = words(client.get(RUNS))
    assert f"n° {others.pk}" in everybodys
    assert "1 refusée – 1 en échec" in everybodys
    assert client.get(page(others)).status_code == 200


def test_list_without_actions_says_where_they_begin(as_bao):
    assert "Agir sur la sélection" in words(as_bao.get(RUNS))


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_constant_queries(as_bao, application, beside, count, django_assert_num_queries):
    rows = [application, *(beside(transmitted=True) for _number in range(count - 1))]
    run = selected(as_bao, *rows)
    for _number in range(count - 1):
        selected(as_bao, application)
    as_bao.post(page(run, "run_action", "statut"), {"status": "complete"})
    as_bao.get(RUNS)

    with django_assert_num_queries(8):
        as_bao.get(RUNS)
    with django_assert_num_queries(13):
        as_bao.get(page(run))


# -- The grid ------------------------------------------------------------------------------------

GRID = reverse("staff:applications")


def test_grid_offers_its_rows_and_its_search(as_bao, application, beside, monkeypatch):
    complete, other = beside(complete=True), beside(complete=True)

    content = as_bao.get(GRID, {"dossier": "complete"}).content.decode()
    ids = re.findall(r'name="ids" value="(\d+)"', content)
    (query,) = re.findall(r'name="query" value="([^"]*)"', content)

    assert sorted(map(int, ids)) == sorted([complete.pk, other.pk])
    assert "Agir sur les 2 candidatures de cette recherche" in content
    assert sorted(subjects(selected(as_bao, query=query))) == sorted([complete.pk, other.pk])
    monkeypatch.setattr("candide.web.staff.grid.page.MOST_ITEMS", 1)
    assert 'name="query"' not in as_bao.get(GRID, {"dossier": "complete"}).content.decode()

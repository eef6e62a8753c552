"""« Traitements automatiques »: the page of the jobs."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client

from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.schedule import schedules
from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun, JobSchedule
from candide.foundation.jobs.registry import jobs
from candide.institution.catalogue.models import Institution
from candide.web.staff.operation.words import COUNTS
from tests.admissions.conftest import NOW
from tests.architecture.sources import ROOT
from tests.factories.jobs import JobRunFactory, WorkerBeatFactory
from tests.web.conftest import links, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

JOBS = "/gestion/parametrage/traitements/"
CLEAN = f"{JOBS}clean-files/"
WITHDRAW = f"{JOBS}auto-withdraw/"


@pytest.fixture
def ada(client):
    Institution.current()
    user = staff("administrator")
    client.force_login(user)
    return user


def act(client, page, what):
    return client.post(f"{page}{what}/")


def test_every_job_is_listed_with_its_plan_and_last_run(client, ada):
    """B-167."""
    schedules(now=NOW - timedelta(days=9))
    WorkerBeatFactory(seen_at=NOW)
    JobRunFactory(
        job="clean-files",
        done=True,
        counts={"rows": 3, "contents": 0},
        finished_at=NOW,
        started_at=NOW - timedelta(seconds=75),
    )

    response = client.get(JOBS)

    addresses = [address for address, _words in links(response)]
    assert {f"{JOBS}{job.code}/" for job in jobs()} <= set(addresses)
    assert (CLEAN, "Supprimer les fichiers qui ne servent plus à rien") in links(response)
    page = words_inside(response)
    assert "Tous les jours, à 03 h 30" in page
    assert "1 min 15 s" in page
    assert "3 fichiers" in page
    assert "Attend un accord" in page
    assert "Aucun processus de travail" not in page


def test_runs_of_a_job_say_how_long_how_many_and_what_went_wrong(client, ada):
    """B-167."""
    begun = NOW - timedelta(seconds=75)
    JobRunFactory(
        job="clean-files", done=True, counts={"rows": 3}, started_at=begun, finished_at=NOW
    )
    JobRunFactory(job="clean-files", failed=True, attempt=2)

    runs = words_inside(client.get(CLEAN)).partition("Exécutions")[2]

    for said in ("1 min 15 s", "3 fichiers", "KeyError"):
        assert said in runs


def test_whatever_a_job_counts_has_a_word():
    """A-033."""
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "candide").rglob("jobs.py"))
    calls = re.findall(r"run\.count\(([^*].*?)\)\n", code, re.DOTALL)
    counted = {name for call in calls for name in re.findall(r"\b([a-z_]+)=", call)}

    assert len(counted) > 10
    assert counted - {"now"} - set(COUNTS) == set()


def test_page_says_that_no_worker_lives(client, ada):
    assert "candide worker" in words_inside(client.get(JOBS))


def test_job_is_planned_otherwise_and_the_history_says_so(client, ada):
    response = client.post(
        f"{CLEAN}programmation/", {"how": "hour", "hour": "05:15", "weekdays": ["0", "3"]}
    )

    assert response.url == CLEAN
    row = JobSchedule.objects.get(code="clean-files")
    assert (row.hour, row.weekdays) == (time(5, 15), [0, 3])
    page = words_inside(client.get(CLEAN))
    assert "lundi, jeudi, à 05 h 15" in page
    assert "→ lundi, jeudi" in page
    assert "Prochaine exécution 18/03/2027 à 05h15" in page


@pytest.mark.parametrize(
    "data",
    [
        {"how": "minutes", "minutes": "2"},
        {"how": "minutes", "minutes": ""},
        {"how": "hour", "hour": ""},
        {"how": "hour", "hour": "25:00"},
        {"how": "hour", "hour": "05:00", "weekdays": ["9"]},
        {"how": "month", "hour": "05:00", "month": "9"},
        {"how": "month", "hour": "", "day": "1"},
        {"how": "month", "hour": "05:00", "day": "32"},
    ],
)
def test_plan_that_cannot_be_is_said_beside_its_field(client, ada, data):
    response = client.post(f"{CLEAN}programmation/", data)

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not JobSchedule.objects.filter(code="clean-files").exclude(hour=None).exists()


def test_job_is_planned_on_one_day_of_the_month(client, ada):
    """A-031."""
    client.post(f"{CLEAN}programmation/", {"how": "month", "hour": "05:00", "day": "31"})
    monthly = words_inside(client.get(CLEAN))
    data = {"how": "month", "hour": "05:00", "day": "1", "month": "9"}
    client.post(f"{CLEAN}programmation/", data)
    yearly = words_inside(client.get(CLEAN))
    client.post(f"{CLEAN}programmation/", {"how": "hour", "hour": "05:00"})

    assert "Le 31 de chaque mois, à 05 h 00" in monthly
    assert "Prochaine exécution 31/03/2027 à 05h00" in monthly
    assert "Le 1 septembre de chaque année, à 05 h 00" in yearly
    row = JobSchedule.objects.get(code="clean-files")
    assert (row.hour, row.day, row.month) == (time(5), None, None)


def test_job_is_switched_off_and_on(client, ada):
    for what in ("arreter", "activer"):
        assert act(client, CLEAN, what).url == CLEAN

    row = JobSchedule.objects.get(code="clean-files")
    assert row.is_enabled
    events = list(HistoryEntry.objects.order_by("pk").values_list("event", "by_id"))
    assert events == [("job-switched-off", ada.pk), ("job-switched-on", ada.pk)]


def test_job_is_asked_for_and_taken_back(client, ada):
    act(client, CLEAN, "lancer")
    assert "un processus de travail va commencer" in words_inside(client.get(CLEAN))
    assert act(client, CLEAN, "lancer").status_code == 409

    act(client, CLEAN, "annuler")

    assert JobRun.objects.count() == 0


def test_run_that_began_is_not_taken_back(client, ada):
    """A-032."""
    act(client, CLEAN, "lancer")
    JobRun.objects.update(status=RunStatus.RUNNING, started_at=NOW)

    refused = act(client, CLEAN, "annuler")

    assert refused.status_code == 409
    assert "il a peut-être commencé" in words_inside(refused)
    assert JobRun.objects.get().status == RunStatus.RUNNING


def test_what_destroys_is_agreed_to_before_it_runs(client, ada):
    """Nothing that destroys starts by itself, nor by hand, before an administrator agreed."""
    refused = act(client, WITHDRAW, "lancer")
    assert refused.status_code == 409
    assert "accord" in words_inside(refused)

    act(client, WITHDRAW, "accord")
    assert act(client, WITHDRAW, "lancer").url == WITHDRAW

    assert JobSchedule.objects.get(code="auto-withdraw").agreed_by_id == ada.pk
    assert JobRun.objects.get().status == RunStatus.ASKED


def test_progress_alone_is_asked_for_until_it_ended(client, ada):
    run = JobRunFactory(job="clean-files", total=40, progress=12)
    progress = client.get(CLEAN, headers={"HX-Request": "true"})
    assert "12 sur 40" in progress.content.decode()
    assert b"<main" not in progress.content

    run.status, run.finished_at = RunStatus.DONE, NOW
    run.save()

    assert client.get(CLEAN, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("path", ["rien/", "clean-files/rien/"])
def test_unknown_job_or_act_is_not_found(client, ada, path):
    assert client.post(f"{JOBS}{path}").status_code == 404


def test_administrators_are_told_on_their_first_page(client, ada):
    schedules(now=NOW - timedelta(days=9))
    JobRunFactory(job="clean-files", failed=True)

    page = client.get("/gestion/")

    assert (CLEAN, "Supprimer les fichiers qui ne servent plus à rien") in links(page)
    bao = Client()
    bao.force_login(staff("manager", centre=None))
    assert CLEAN not in [address for address, _words in links(bao.get("/gestion/"))]


def test_page_takes_constant_queries(client, ada, django_assert_num_queries):
    """With one run and with three."""
    client.get(CLEAN)  # notes the visit in the session
    for attempt in (1, 2, 3):
        JobRunFactory(job="clean-files", done=True, attempt=attempt, asked_by_id=ada.pk)
        if attempt != 2:
            with django_assert_num_queries(15):
                client.get(CLEAN)

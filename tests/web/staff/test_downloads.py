"""« Mes exports »: how far they are, and taking them."""

import pytest
from django.urls import reverse

from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.models import Assignment
from tests.factories.applications import ApplicationFactory
from tests.factories.downloads import DownloadFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def page(download, name="download"):
    return reverse(f"staff:{name}", args=[download.pk])


@pytest.fixture
def ready(bao, application):
    file = store_generated(b"1;2", name="export.csv", media_type="text/csv", by=bao)
    return DownloadFactory(
        ready=True, asked_by=bao, file=file, keys=(application.pk,), title="Mes candidatures"
    )


def test_taken_by_who_asked_and_noted(as_bao, bao, ready):
    assert "Télécharger" in words_inside(as_bao.get(page(ready)))

    response = as_bao.post(page(ready, "download_take"))

    assert b"".join(response) == b"1;2"
    assert response["Content-Disposition"] == 'attachment; filename="export.csv"'
    assert response["Cache-Control"] == "private, no-store"
    entry = HistoryEntry.objects.get(event="downloads.taken")
    assert (entry.by_id, entry.data["number"]) == (bao.pk, 1)


def test_who_may_see_everything_may_not_take_what_another_asked_for(as_ada, bao, application):
    download = DownloadFactory(ready=True, asked_by=bao, keys=(application.pk,))

    assert as_ada.get(page(download)).status_code == 404
    assert as_ada.post(page(download, "download_take")).status_code == 404
    assert words_inside(as_ada.get(reverse("staff:downloads"))).count("Candidatures") == 1


def test_rights_taken_away_since_keep_the_file_back(as_bao, bao, ready, application):
    Assignment.objects.filter(user=bao).delete()
    elsewhere = ApplicationFactory()
    role = staff("manager").assignments.get().role
    Assignment.objects.create(
        user=bao, role=role, centre=elsewhere.intake.programme.commission.centre
    )

    shown = as_bao.get(page(ready))
    refused = as_bao.post(page(ready, "download_take"))

    assert "Télécharger" not in words_inside(shown)
    assert refused.status_code == 409
    assert "1 ligne n'est plus dans votre périmètre" in words(refused)
    assert not HistoryEntry.objects.filter(event="downloads.taken").exists()


def test_who_is_no_longer_staff_knows_of_nothing(as_bao, bao, ready):
    Assignment.objects.filter(user=bao).delete()

    assert as_bao.post(page(ready, "download_take")).status_code == 404


def test_progress_alone_until_it_ended(as_bao, bao):
    download = DownloadFactory(asked_by=bao, number_done=3, number_asked=10)
    htmx = {"headers": {"HX-Request": "true"}}

    fragment = as_bao.get(page(download), **htmx)
    Download.objects.update(state=DownloadState.STOPPED)
    ended = as_bao.get(page(download), **htmx)

    assert "3 sur 10" in words(fragment)
    assert "<html" not in fragment.content.decode()
    assert ended["HX-Refresh"] == "true"


def test_stopped_resumed_deleted(as_bao, bao):
    download = DownloadFactory(asked_by=bao)

    assert as_bao.post(page(download, "download_stop")).status_code == 302
    download.refresh_from_db()
    assert download.state == DownloadState.STOPPED
    again = as_bao.post(page(download, "download_stop"))
    assert (again.status_code, "n'est pas en préparation" in words(again)) == (409, True)

    assert as_bao.post(page(download, "download_resume")).status_code == 302
    assert as_bao.post(page(download, "download_resume")).status_code == 409

    assert as_bao.post(page(download, "download_delete")).status_code == 302
    assert Download.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries(as_bao, bao, count, django_assert_num_queries):
    for _number in range(count):
        DownloadFactory(asked_by=bao, ready=True)
    as_bao.get(reverse("staff:downloads"))

    with django_assert_num_queries(7):
        as_bao.get(reverse("staff:downloads"))

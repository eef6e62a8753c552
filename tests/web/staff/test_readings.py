"""« Consultations »: every page and file about a candidate notes who of the staff opened it, and
administrators look through it."""

import pytest
from django.urls import reverse

from candide.admissions.candidates.domain.indexing import index_people
from candide.foundation.downloads.models import Download
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.models import Reading
from tests.factories.accounts import UserFactory
from tests.factories.applications import SubmittedDocumentFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.downloads import DownloadFactory
from tests.factories.files import StoredFileFactory
from tests.factories.mails import NOW
from tests.factories.privacy import ReadingFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import links, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/consultations/"


@pytest.fixture(autouse=True)
def _institution():
    Institution.current()


def noted():
    return list(
        Reading.objects.order_by("pk").values_list("opened", "application_id", "document_id")
    )


def test_what_staff_open_is_noted(as_bao, bao, application):
    account = application.candidate.user
    requirement = DocumentRequirementFactory(common=True)
    SubmittedDocumentFactory(
        application=application,
        requirement=requirement,
        version__candidate=application.candidate,
        version__status="submitted",
        version__file=StoredFileFactory(),
    )
    address = reverse("staff:application", args=[application.pk])

    for opened in (
        address,
        address,
        f"{address}pieces/{requirement.pk}/fichier",
        f"{address}dossier.pdf",
        reverse("staff:candidate", args=[account.pk]),
    ):
        answer = as_bao.get(opened)
        assert answer.status_code == 200
        answer.getvalue()  # files are streamed

    assert noted() == [
        ("dossier", application.pk, None),
        ("document", application.pk, requirement.pk),
        ("pdf", application.pk, None),
        ("file", None, None),
    ]
    assert set(Reading.objects.values_list("reader_id", "account_id")) == {(bao.pk, account.pk)}


def test_nothing_is_noted_of_whom_it_is_kept_from_or_of_candidates(client, application):
    address = reverse("staff:application", args=[application.pk])
    chris = staff("manager", centre=IntakeFactory().programme.commission.centre)

    client.force_login(chris)
    assert client.get(address).status_code == 404
    client.force_login(application.candidate.user)
    assert client.get(f"{address}dossier.pdf").status_code == 200
    assert client.get(reverse("candidate:application", args=[application.pk])).status_code == 200

    assert noted() == []


@pytest.mark.parametrize(("kind", "number"), [("dossiers", 1), ("applications", 0)])
def test_dossiers_taken_away_are_noted(as_bao, bao, application, kind, number):
    DownloadFactory(kind=kind, ready=True, asked_by=bao, keys=(application.pk,))

    as_bao.post(reverse("staff:download_take", args=[Download.objects.get().pk])).getvalue()

    assert noted() == [("export", application.pk, None)] * number


def test_administrators_look_for_who_opened_what(client, application):
    ada, bao = staff("administrator"), UserFactory(staff=True, last_name="NGUYEN")
    own = ReadingFactory(on=application, reader_id=bao.pk)
    other = ReadingFactory(reader_id=ada.pk, opened="file", application_id=None)
    erased = ReadingFactory(account_id=0, reader_id=0, application_id=None)
    index_people([application.candidate.user_id], now=NOW)
    client.force_login(ada)

    def found(**asked):
        answer = client.get(PAGE, asked)
        return {line["reading"] for line in answer.context["lines"]}, words_inside(answer)

    assert found()[0] == {own, other, erased}
    assert "personne effacée" in found()[1]
    assert found(reader="nguyen")[0] == {own}
    assert found(q=application.candidate.user.file_number)[0] == {own}
    assert found(q="99999999")[0] == set()
    lines, said = found(application=application.pk)
    assert (lines, str(application.intake.programme.name) in said) == ({own}, True)
    assert found(account=other.account_id)[0] == {other}
    assert found(first="2030-01-01")[0] == set()
    assert found(first="demain")[0] == {own, other, erased}


def test_older_ones_are_a_page_further(client, monkeypatch):
    monkeypatch.setattr("candide.web.staff.readings.PAGE", 1)
    first, last = ReadingFactory(), ReadingFactory()
    client.force_login(staff("administrator"))

    newest = client.get(PAGE)
    older = client.get(f"{PAGE}{newest.context['older']}")

    assert [line["reading"] for line in newest.context["lines"]] == [last]
    assert [line["reading"] for line in older.context["lines"]] == [first]
    assert older.context["older"] == ""


def test_pages_lead_administrators_there(client, application):
    client.force_login(staff("administrator"))
    account = application.candidate.user_id

    beside = links(client.get(reverse("staff:application", args=[application.pk])))
    of_person = links(client.get(reverse("staff:candidate", args=[account])))

    assert f"{PAGE}?application={application.pk}" in [address for address, _words in beside]
    assert f"{PAGE}?account={account}" in [address for address, _words in of_person]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_constant_queries(client, count, django_assert_num_queries):
    ReadingFactory.create_batch(count)
    client.force_login(staff("administrator"))
    client.get(PAGE)

    with django_assert_num_queries(7):
        client.get(PAGE)

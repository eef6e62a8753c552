"""« Consultations »: every page and file about a candidate notes who of the staff opened it, and
administrators look through it."""

import pytest
from django.urls import reverse

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.indexing import index_people
from candide.foundation.downloads import registry
from candide.foundation.downloads.models import Download
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.reading_log import read_together
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import Reading
from candide.web.staff.taken import OPENED, note_deliveries, note_download, note_run
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.downloads import DownloadFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import DeliveryFactory, PreEnrolmentFactory
from tests.factories.mails import NOW
from tests.factories.privacy import ReadingFactory, reading_of
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.runs import RunFactory, RunItemFactory
from tests.factories.tokens import TokenFactory
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


def of_many():
    """What was noted of many, and which applications are in it."""
    return [(each.opened, each.number, read_together(each)) for each in Reading.objects.all()]


@pytest.mark.parametrize(
    ("kind", "opened"),
    [
        ("dossiers", ["export"]),
        ("dossier", ["export"]),
        ("documents", ["documents"]),
        ("sheets", ["sheets"]),
        ("applications", ["table"]),
        ("letters", ["letters"]),
        ("centres", []),
    ],
)
def test_what_is_taken_away_of_many_is_noted(as_bao, bao, application, kind, opened):
    DownloadFactory(kind=kind, ready=True, asked_by=bao, keys=(application.pk,))

    note_download(Download.objects.get(), by=bao)

    assert of_many() == [(each, 1, [application.pk]) for each in opened]


def test_every_kind_of_export_is_noted_or_is_of_no_application():
    of_none = {"personal-data", "formations", "commissions", "centres", "handover-files"}

    assert set(registry._kinds) - of_none == set(OPENED)


def test_taking_an_export_is_noted(as_bao, bao, application):
    download = DownloadFactory(kind="dossiers", ready=True, asked_by=bao, keys=(application.pk,))

    as_bao.post(reverse("staff:download_take", args=[download.pk])).getvalue()

    assert of_many() == [("export", 1, [application.pk])]


def test_files_for_the_student_system_are_noted_of_everybody_in_them():
    ada, row = staff("administrator"), PreEnrolmentFactory(sent=True)
    delivery = DeliveryFactory()
    delivery.pre_enrolments.add(row)
    PreEnrolmentFactory(sent=True)

    note_deliveries([delivery.pk], by=ada)

    assert of_many() == [("handover", 1, [row.application_id])]


def test_report_of_an_action_is_noted_of_those_in_reach(bao, application):
    run = RunFactory(asked_by=bao)
    for each in (application, ApplicationFactory()):
        RunItemFactory(run=run, subject_id=each.pk)

    note_run(run, by=bao)

    assert of_many() == [("report", 1, [application.pk])]


def test_model_for_decisions_is_noted(as_bao, application):
    Application.objects.filter(pk=application.pk).update(dossier_status="complete")

    address = reverse("staff:decision_model", args=[application.intake_id, "csv"])
    assert as_bao.get(address).status_code == 200

    assert of_many() == [("table", 1, [application.pk])]


def test_administrators_see_programs_and_exports_and_who_was_in_them(client, application):
    ada, other = staff("administrator"), ApplicationFactory()
    token = TokenFactory(name="Entrepôt de données")
    keys = [application.pk, other.pk, 10**9]
    reading = reading_of(*keys, token=token, opened=Opened.LIST)
    ReadingFactory()
    client.force_login(ada)

    of_token = client.get(PAGE, {"token": token.pk})
    by_name = client.get(PAGE, {"reader": "entrepôt"})
    of_one = client.get(PAGE, {"application": application.pk})
    inside = client.get(reverse("staff:reading", args=[reading.pk]))

    for answer in (of_token, by_name, of_one):
        assert [line["reading"] for line in answer.context["lines"]] == [reading]
        assert "3 candidatures" in words_inside(answer)
        assert "Application « Entrepôt de données »" in words_inside(answer)
    assert inside.context["applications"] == [application, other]
    assert "1 candidature disparue depuis" in words_inside(inside)


def test_those_in_an_export_are_told_page_by_page(client, application, monkeypatch):
    monkeypatch.setattr("candide.web.staff.readings.PAGE", 1)
    ada, other = staff("administrator"), ApplicationFactory()
    reading = reading_of(application.pk, other.pk)
    client.force_login(ada)
    address = reverse("staff:reading", args=[reading.pk])

    first = client.get(address)
    second = client.get(f"{address}{first.context['next']}")

    assert [first.context["applications"], second.context["applications"]] == [
        [application],
        [other],
    ]
    assert second.context["next"] == ""
    assert client.get(reverse("staff:reading", args=[ReadingFactory().pk])).status_code == 404


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


def test_readers_are_looked_through_however_many_have_the_name(client):
    User.objects.bulk_create(UserFactory.build_batch(500, last_name="NGUYEN"))
    own = ReadingFactory(reader_id=UserFactory(staff=True, last_name="NGUYEN").pk)
    ReadingFactory()
    client.force_login(staff("administrator"))

    lines = client.get(PAGE, {"reader": "nguyen"}).context["lines"]

    assert [line["reading"] for line in lines] == [own]


def test_it_is_said_when_there_are_more_candidates_than_are_looked_through(client, monkeypatch):
    monkeypatch.setattr("candide.admissions.candidates.domain.finding.MOST", 1)
    users = [UserFactory(last_name="NGUYEN") for _number in range(2)]
    index_people([user.pk for user in users], now=NOW)
    client.force_login(staff("administrator"))

    def said(**asked):
        return "Plus de candidats répondent" in words_inside(client.get(PAGE, asked))

    assert (said(q="nguyen"), said(q=users[0].file_number), said()) == (True, False, False)
    assert not said(q="nguyen", account=users[0].pk)


def test_older_ones_are_a_page_further(client, monkeypatch):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 1)
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
    for _time in range(count):
        reading = reading_of(*range(1, 5000), token=TokenFactory())
    client.force_login(staff("administrator"))
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(reverse("staff:reading", args=[reading.pk]))

"""A person takes away all of their data, and nobody else's."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from candide.admissions.applications.models import Application, Snapshot
from candide.core.blockers import Refused
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.domain.taking import taking_blockers
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.files.domain.blobs import delete_blob, read_blob
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.exporting import ask_for_own_data, last_export
from candide.reporting.privacy.enums import Opened
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.correspondence import MessageFactory, NoteFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.files import StoredFileFactory
from tests.factories.mails import OutgoingMailFactory
from tests.factories.privacy import ReadingFactory, reading_of
from tests.factories.tokens import TokenFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


@pytest.fixture
def alix():
    candidate = CandidateFactory(complete=True, birth_name="MARTIN")
    application = ApplicationFactory(candidate=candidate, complete=True)
    SubmittedDocumentFactory(
        application=application,
        version__candidate=candidate,
        version__status="submitted",
        version__file=StoredFileFactory(content=b"%PDF-1.4 notes"),
    )
    MessageFactory(application=application, text="Quand aurai-je une réponse ?")
    NoteFactory(application=application, text="entre nous")
    DecisionFactory(application=application, comment="brouillon")
    OutgoingMailFactory(for_user_id=candidate.user_id, subject="Votre dossier", text="Bonjour")
    OutgoingMailFactory(for_user_id=candidate.user_id, secret=True, text="lien-secret")
    ApplicationFactory(candidate__birth_name="AUTRE")
    return candidate


def made(user):
    ask_for_own_data(user, now=NOW)
    assert work(clock=lambda: NOW) == 1
    download = last_export(user)
    assert download.state == DownloadState.READY, download.report
    with read_blob(download.file.key) as content:
        archive = zipfile.ZipFile(io.BytesIO(content.read()))
    return archive, json.loads(archive.read("donnees.json"))


def test_everything_of_the_person_is_in_it(alix):
    """B-160: the person's own export, JSON and documents."""
    archive, told = made(alix.user)

    assert told["candidates.candidate"][0]["birth_name"] == "MARTIN"
    assert told["accounts.user"][0]["email"] == alix.user.email
    assert len(told["applications.application"]) == 1
    assert told["correspondence.message"][0]["text"] == "Quand aurai-je une réponse ?"
    assert [mail["text"] for mail in told["mails"]] == ["Bonjour", None]
    name = told["applications.documentversion"][0]["file"]
    assert archive.read(name) == b"%PDF-1.4 notes"


def test_programs_read_numbers_and_yes_or_no_as_such(alix):
    """GDPR 20: a format machines read."""
    _archive, told = made(alix.user)

    (account,) = told["accounts.user"]
    found = [account[name] for name in ("id", "is_active", "last_login")]
    assert found == [alix.user.pk, True, None]


def test_what_staff_keep_among_themselves_and_secrets_are_not(alix):
    _archive, told = made(alix.user)

    text = json.dumps(told, ensure_ascii=False)
    for hidden in ("entre nous", "brouillon", "lien-secret", alix.user.password, "AUTRE"):
        assert hidden not in text
    assert "decisions.decision" not in told


def test_when_their_data_was_opened_is_told_and_not_by_whom_of_the_staff(alix):
    """GDPR 15: the moments, and the systems that received it."""
    application, token = alix.applications.get(), TokenFactory(name="Entrepôt")
    ReadingFactory(on=application, opened="pdf")
    reading_of(application.pk, application.pk + 1, opened=Opened.LIST, token=token)
    ReadingFactory()

    _archive, told = made(alix.user)

    assert [(each["by"], each["program"], each["what"]) for each in told["readings"]] == [
        ("staff", None, "Le dossier en PDF"),
        ("program", "Entrepôt", "Une liste de candidatures (API)"),
    ]
    assert [each["application"] for each in told["readings"]] == [application.pk, None]
    assert set(told["readings"][0]) == {"at", "what", "application", "by", "program"}


@pytest.mark.parametrize("opened", [Opened.DECISIONS, Opened.LETTER, Opened.REPORT])
def test_what_is_opened_before_a_release_is_not_told_apart(alix, opened):
    """A candidate sees released decisions only [VIEW-05], and learns of no draft here."""
    ReadingFactory(on=alix.applications.get(), opened=opened)

    _archive, told = made(alix.user)

    assert [each["what"] for each in told["readings"]] == ["La candidature"]


@pytest.mark.parametrize(
    ("display", "shows_comment", "rank", "comment"),
    [("none", False, None, ""), ("typed", True, 9, "Bravo"), ("current", True, 2, "Bravo")],
)
def test_decision_is_told_as_it_is_shown(alix, display, shows_comment, rank, comment):
    """VIEW-05."""
    institution = Institution.current()
    institution.rank_display = display
    institution.save()
    DecisionFactory(
        application__candidate=alix,
        released=True,
        type__shows_comment=shows_comment,
        comment="Bravo",
        **{"rank": 9, "current_rank": 4, "best_rank": 2},
    )

    _archive, told = made(alix.user)

    (line,) = told["decisions.decision"]
    assert (line["rank"], line["comment"]) == (rank, comment)
    assert not {"current_rank", "best_rank"} & set(line)


def test_only_the_person_takes_it_away(alix):
    made(alix.user)
    download = Download.objects.get()

    assert taking_blockers(download, by=alix.user, now=NOW) == []
    other = CandidateFactory().user
    assert [each.code for each in taking_blockers(download, by=other, now=NOW)] == ["out_of_reach"]


def test_file_that_is_gone_is_told_and_the_rest_is_there(alix):
    version = alix.documents.get()
    delete_blob(version.file.key)

    archive, told = made(alix.user)

    assert archive.namelist() == ["donnees.json"]
    assert told["applications.documentversion"][0]["file"] is None
    assert [line[1] for line in Download.objects.get().report] == ["gone"]


def test_file_the_antivirus_has_not_cleared_is_left_out(alix):
    file = alix.documents.get().file
    file.scan_status = "pending"
    file.save()

    archive, _told = made(alix.user)

    assert archive.namelist() == ["donnees.json"]
    assert [line[1] for line in Download.objects.get().report] == ["not_served"]


def test_it_is_not_asked_for_twice_at_once(alix):
    ask_for_own_data(alix.user, now=NOW)

    with pytest.raises(Refused) as refusal:
        ask_for_own_data(alix.user, now=NOW)

    assert refusal.value.codes == ["waiting"]


def test_dossier_and_receipt_of_what_was_transmitted_are_in_it(alix):
    pdf, receipt = (StoredFileFactory(content=words) for words in (b"dossier", b"receipt"))
    Snapshot.objects.create(
        application=Application.objects.get(candidate=alix),
        number=1,
        made_at=NOW,
        data={},
        pdf=pdf,
        receipt=receipt,
    )

    archive, _told = made(alix.user)

    contents = {archive.read(name) for name in archive.namelist()}
    assert {b"dossier", b"receipt"} <= contents

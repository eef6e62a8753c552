"""Making many letters, and taking them away as one file."""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.storage import default_storage

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain import letter_files
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.letter_files import ask_letters
from candide.admissions.decisions.domain.letters import withdraw_letter
from candide.admissions.decisions.jobs import make_missing_letters
from candide.admissions.decisions.models import Letter, ReplacedLetter
from candide.core.blockers import Refused
from candide.foundation.downloads.domain.making import work as make_downloads
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.files.domain.blobs import open_file
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.bulk.conftest import done, outcomes, previewed, said
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import decided, with_letters
from tests.factories.letters import LetterTemplateFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MISSING, CHANGED = {"which": "missing"}, {"which": "changed"}


@pytest.fixture
def offered(application, beside, bao):
    """Three with decisions, of a commission that gives letters since; a fourth without any."""
    rows = [
        decided(row, outcome, by=bao)
        for row, outcome in (
            (application, Outcome.FAVOURABLE),
            (beside(complete=True), Outcome.UNFAVOURABLE),
            (beside(complete=True), Outcome.WAITING_LIST),
        )
    ]
    with_letters(again(application), LetterMode.BOTH)
    return [*rows, beside(complete=True)]


def letters():
    return dict(Letter.objects.values_list("decision__application_id", "kind"))


def test_missing_letters_are_made_and_why_others_are_not_is_said(bao, offered):
    admitted, refused, waiting, undecided = offered

    run = done(bao, "lettres", MISSING, *offered)

    assert outcomes(run) == [
        ("done", []),
        ("done", []),
        ("refused", ["no_letter"]),
        ("refused", ["no_decision"]),
    ]
    assert letters() == {admitted.pk: "admission", refused.pk: "refusal"}
    assert (waiting.pk in letters(), undecided.pk in letters()) == (False, False)
    assert OutgoingMail.objects.filter(attachments__isnull=False).count() == 0


def test_letters_that_are_there_are_left_or_made_anew(bao, offered):
    done(bao, "lettres", MISSING, *offered[:2])
    assert outcomes(previewed(bao, "lettres", CHANGED, *offered[:2])) == [("needless", [])] * 2
    offered[0].candidate.first_name = "ALIXE"
    offered[0].candidate.save()
    Letter.objects.update(made_at=NOW - DAY)
    type(released_decision(offered[0])).objects.update(released_at=NOW - DAY, created_at=NOW - DAY)

    assert outcomes(previewed(bao, "lettres", MISSING, *offered[:2])) == [("needless", [])] * 2
    run = done(bao, "lettres", CHANGED, *offered[:1])

    assert outcomes(run) == [("done", [])]
    assert ReplacedLetter.objects.count() == 1


def test_letter_that_was_withdrawn_is_left(bao, offered):
    done(bao, "lettres", MISSING, offered[0])
    withdraw_letter(released_decision(again(offered[0])), by=bao, now=NOW)

    run = previewed(bao, "lettres", CHANGED, offered[0])

    assert outcomes(run) == [("needless", [])]
    assert "retirée" in said(run)[0]


def test_letter_that_fails_is_in_the_report_and_keeps_no_other_from_being_made(bao, offered):
    LetterTemplateFactory(body={"en": "Only in English"})

    run = done(bao, "lettres", MISSING, *offered[:2])

    assert outcomes(run) == [("refused", ["letter_failed"]), ("done", [])]
    assert letters() == {offered[1].pk: "refusal"}


def test_reader_makes_no_letters(bao, chris, offered):
    assert outcomes(previewed(chris, "lettres", MISSING, offered[0])) == [
        ("refused", ["out_of_reach"])
    ]


def test_letters_that_are_missing_are_made_every_night(bao, offered):
    class Run:
        def each(self, rows, act):
            for row in rows:
                act(row)

    make_missing_letters(NOW + DAY, Run())
    make_missing_letters(NOW + DAY, Run())
    assert letters() == {offered[0].pk: "admission", offered[1].pk: "refusal"}
    assert ReplacedLetter.objects.count() == 0

    Letter.objects.all().delete()
    Institution.objects.update(has_letters=False)
    make_missing_letters(NOW + DAY, Run())
    assert letters() == {}


# -- One file -------------------------------------------------------------------------------------


def taken(by, *rows, format="zip"):
    download = ask_letters([row.pk for row in rows], format=format, by=by, now=NOW)
    make_downloads(clock=lambda: NOW)
    return Download.objects.get(pk=download.pk)


def content_of(download):
    with open_file(download.file) as content:
        return content.read()


def test_zip_holds_the_letters_that_stand_and_says_which_are_not_there(bao, offered):
    done(bao, "lettres", MISSING, *offered[:2])
    withdraw_letter(released_decision(again(offered[1])), by=bao, now=NOW)

    download = taken(bao, *offered)

    assert (download.state, download.number_inside) == (DownloadState.READY, 1)
    assert [(key, code) for key, code, _message in download.report] == [
        (row.pk, "no_letter") for row in offered[1:]
    ]
    letter = Letter.objects.get(decision__application=offered[0])
    with zipfile.ZipFile(io.BytesIO(content_of(download))) as archive:
        assert archive.namelist() == [letter.file.name]
        with open_file(letter.file) as kept:
            assert archive.read(letter.file.name) == kept.read()


def test_letters_of_one_name_are_all_there(bao, offered):
    done(bao, "lettres", MISSING, *offered[:2])
    for letter in Letter.objects.all():
        letter.file.name = "lettre.pdf"
        letter.file.save()

    with zipfile.ZipFile(io.BytesIO(content_of(taken(bao, *offered[:2])))) as archive:
        assert archive.namelist() == ["lettre.pdf", "lettre-2.pdf"]


def test_one_pdf_holds_all_and_says_which_could_not_be_read(bao, offered):
    done(bao, "lettres", MISSING, *offered[:2])
    whole = taken(bao, *offered[:2], format="pdf")
    with pikepdf.open(io.BytesIO(content_of(whole))) as pdf:
        assert len(pdf.pages) == 2
    gone = Letter.objects.get(decision__application=offered[1])
    default_storage.delete(gone.file.blob)

    partly = taken(bao, *offered[:2], format="pdf")

    assert partly.number_inside == 1
    assert [(key, code) for key, code, _message in partly.report] == [(offered[1].pk, "not_read")]


def test_nothing_to_join_or_nothing_that_can_be_is_a_failure(bao, offered, monkeypatch):
    assert taken(bao, offered[3], format="pdf").state == DownloadState.FAILED
    done(bao, "lettres", MISSING, offered[0])

    def fails(*args, **kwargs):
        raise letter_files.JoiningFailed

    monkeypatch.setattr(letter_files, "join", fails)
    assert taken(bao, offered[0], format="pdf").state == DownloadState.FAILED


def test_what_is_out_of_reach_is_left_out(bao, chris, offered):
    done(bao, "lettres", MISSING, *offered[:2])

    download = taken(chris, offered[0])

    assert download.state == DownloadState.FAILED
    assert "out_of_reach" in str(download.report)


def test_one_pdf_is_of_some_letters_only(bao, monkeypatch):
    monkeypatch.setattr(letter_files, "MOST_PAGES", 1)

    with pytest.raises(Refused) as refusal:
        ask_letters([1, 2], format="pdf", by=bao, now=NOW)

    assert refusal.value.codes == ["too_many_for_one"]

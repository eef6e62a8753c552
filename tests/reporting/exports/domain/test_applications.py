"""The export of applications: what was asked for, in its order, and nothing out of reach."""

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candide.core.blockers import Refused
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.domain.taking import take, taking_blockers
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.files.domain.blobs import open_file
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution, Intake
from candide.reporting.exports.domain import applications as exporting
from candide.reporting.exports.domain import reading
from candide.reporting.exports.domain.applications import (
    ask_applications,
    columns_of,
    every_column,
    exporting_blockers,
)
from tests.admissions.conftest import NOW
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.correspondence import NoteFactory
from tests.factories.requirements import QuestionFactory
from tests.factories.tags import TagFactory, TaggingFactory
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def intake():
    return IntakeFactory()


@pytest.fixture
def bao(intake):
    return staff("manager", centre=intake.programme.commission.centre)


def made(by, rows, columns=("name", "dossier"), format="xlsx", about=()):
    download = ask_applications(
        [row.pk for row in rows], columns=columns, format=format, about=about, by=by, now=NOW
    )
    work(clock=lambda: NOW)
    download.refresh_from_db()
    return download


def book_of(download):
    with open_file(download.file) as content:
        return openpyxl.load_workbook(content)


def table(download):
    return list(book_of(download)["Candidatures"].iter_rows(values_only=True))


def test_rows_come_in_the_order_asked_for_with_statuses_in_words(bao, intake):
    older, newer = (
        ApplicationFactory(intake=intake, transmitted=True),
        ApplicationFactory(intake=intake),
    )

    download = made(bao, [newer, older], about=["Dossier : tous"])

    assert table(download) == [
        ("Candidat", "Dossier"),
        (newer.candidate.display_name, "En attente"),
        (older.candidate.display_name, "Réceptionné"),
    ]
    about = [row[0] for row in book_of(download)["À propos"].iter_rows(values_only=True)]
    assert about == ["Candidatures", "Dossier : tous", "Exporté le 15/03/2027 à 11h00"]
    assert download.file.name == "candidatures-20270315-110000.xlsx"
    assert download.title == "2 candidatures"


def test_no_more_is_kept_of_what_rows_share_than_fits(monkeypatch):
    monkeypatch.setattr(reading, "MOST_KEPT", 0)
    shared = reading.Shared(0, Intake)
    cell = shared.cell("pk", reading.as_it_is)
    first, second = (IntakeFactory() for _number in range(2))

    for line in ((first.pk,), (second.pk,), (None,)):
        shared.read([line])
        assert cell(line) == line[0]

    assert list(shared.values["pk", reading.as_it_is]) == [None, second.pk]


def test_text_of_notes_leaves_only_where_the_institution_lets_it(bao, intake):
    """A-027."""
    row = ApplicationFactory(intake=intake)
    NoteFactory(application=row, text="À revoir.", written_at=NOW)
    NoteFactory(application=row, text="Vu.", written_at=NOW, author=None)
    kept = table(made(bao, [row], columns=("name", "note_texts")))
    Institution.objects.update(has_note_export=True)

    told = table(made(bao, [row], columns=("name", "note_texts")))

    assert kept[0] == ("Candidat",)
    assert told[0] == ("Candidat", "Texte des notes")
    first, second = told[1][1].split("\n")
    assert first.endswith(" : À revoir.")
    assert second.endswith("– : Vu.")


def test_what_is_out_of_reach_is_not_in_it(bao, intake):
    own, foreign = ApplicationFactory(intake=intake), ApplicationFactory()

    download = made(bao, [foreign, own])

    assert [row[0] for row in table(download)[1:]] == [own.candidate.display_name]
    assert download.subjects == [own.pk]
    assert [line[:2] for line in download.report] == [[foreign.pk, "out_of_reach"]]


def test_only_what_is_out_of_reach_makes_no_file(bao):
    download = made(bao, [ApplicationFactory()])

    assert (download.state, download.file) == (DownloadState.FAILED, None)


def test_rights_taken_away_after_it_was_made_keep_it_back(bao, intake):
    download = made(bao, [ApplicationFactory(intake=intake)])
    assert taking_blockers(download, by=bao, now=NOW) == []
    Assignment.objects.filter(user=bao).delete()

    with pytest.raises(Refused) as refused:
        take(download, by=type(bao).objects.get(pk=bao.pk), now=NOW)

    assert refused.value.codes == ["out_of_reach"]


def test_every_column_can_be_exported_in_both_formats(bao, intake):
    QuestionFactory(common=True)
    rows = [ApplicationFactory(intake=intake, transmitted=True)]
    codes = [column.code for column in every_column()]

    in_excel, in_csv = made(bao, rows, codes), made(bao, rows, codes, "csv")

    assert len(table(in_excel)[1]) == len(codes)
    assert in_csv.file.name.endswith(".csv")
    assert (in_excel.state, in_csv.state) == (DownloadState.READY, DownloadState.READY)


def test_thousands_are_read_in_batches(bao, intake, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    rows = ApplicationFactory.create_batch(5, intake=intake)

    download = made(bao, rows)

    assert len(table(download)) == 6


def test_rows_of_a_batch_take_the_same_queries(bao, intake):
    """Whatever the columns: a new one may cost a query a batch, never one a row."""
    QuestionFactory(common=True)
    codes = [column.code for column in every_column()]
    numbers = []
    for count in (1, 1, 3):
        rows = ApplicationFactory.create_batch(count, intake=intake, transmitted=True)
        ask_applications(
            [row.pk for row in rows], columns=codes, format="csv", about=[], by=bao, now=NOW
        )
        with CaptureQueriesContext(connection) as queries:
            work(clock=lambda: NOW)
        numbers.append(len(queries))

    assert numbers[1] == numbers[2]


def test_columns_that_are_no_more_are_left_out():
    assert [column.code for column in columns_of(["ine", "gone", "name", "ine"])] == ["ine", "name"]


@pytest.mark.parametrize(
    ("codes", "found"),
    [(["name"], []), ([], ["no_column"]), (["gone"], ["no_column"])],
)
def test_exporting_blockers(codes, found):
    assert [blocker.code for blocker in exporting_blockers(codes)] == found


def test_too_many_columns_are_refused(monkeypatch):
    monkeypatch.setattr(exporting, "MOST_COLUMNS", 1)

    assert [b.code for b in exporting_blockers(["name", "ine"])] == ["too_many_columns"]


def test_tags_and_statuses_are_written_in_words(bao, intake):
    application = ApplicationFactory(intake=intake, transmitted=True)
    for label in ("Boursier", "À revoir"):
        TaggingFactory(application=application, tag=TagFactory(label=label))

    download = made(bao, [application], ["tags", "decision"])

    assert table(download)[1][0].split(" / ") == sorted(["Boursier", "À revoir"])
    assert table(download)[1][1] is None

"""Dossiers and documents of many: what is in the archive, what is told instead."""

import zipfile
from types import SimpleNamespace

import pikepdf
import pytest

from candide.admissions.applications.domain.documents import give_document
from candide.core.blockers import Blocker, Refused
from candide.foundation.downloads.domain import making as base
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.files.domain.blobs import delete_blob, open_file
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.enums import ScanStatus
from candide.foundation.pdf.joining import JoiningFailed
from candide.institution.catalogue.models import Institution
from candide.reporting.exports.domain import dossiers
from candide.reporting.exports.domain.dossiers import (
    DOCUMENTS,
    DOSSIER,
    DOSSIERS,
    SHEETS,
    ask_files,
    number_blockers,
)
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.samples import pdf
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def intake():
    return IntakeFactory(open=True)


@pytest.fixture
def bao(intake):
    return staff("manager", centre=intake.programme.commission.centre)


@pytest.fixture
def rows(intake):
    return [
        again(ApplicationFactory(intake=intake, candidate=CandidateFactory(complete=True)))
        for _number in range(2)
    ]


@pytest.fixture
def drawn(monkeypatch):
    """Dossiers that cost nothing to draw; those of `broken` raise. What was drawn."""
    made = SimpleNamespace(keys=[], broken=set())

    def current(application, *, language, now):
        if application.pk in made.broken:
            raise ValueError
        made.keys.append(application.pk)
        return SimpleNamespace(content=pdf(text=f"n{application.pk}"), name="dossier.pdf")

    monkeypatch.setattr(dossiers, "current_dossier", current)
    return made


def give(application, requirement, by, content=None):
    file = store_generated(
        content or pdf(), name="x.pdf", media_type="application/pdf", pages=1, by=by
    )
    give_document(application, requirement, file, by=application.candidate.user, now=NOW)
    return file


def made(by, rows, what, pattern="{number}", **more):
    download = ask_files([row.pk for row in rows], what, pattern=pattern, by=by, now=NOW, **more)
    while work(clock=lambda: NOW):
        pass
    download.refresh_from_db()
    return download


def names_in(download):
    with open_file(download.file) as content, zipfile.ZipFile(content) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def number(application):
    return str(application.candidate.user.file_number)


def codes(download):
    return [line[:2] for line in download.report]


def test_archive_of_dossiers_is_named_by_the_pattern(bao, rows, drawn):
    download = made(bao, rows, DOSSIERS, "{number}-{programme}")

    code = rows[0].intake.programme.code
    assert names_in(download) == [f"{number(row)}-{code}.pdf" for row in rows]
    assert (download.file.name, download.subjects) == (
        "dossiers-20270315-110000.zip",
        [row.pk for row in rows],
    )
    assert download.parts.count() == 0


def test_files_of_one_name_are_all_there(bao, rows, drawn):
    """B-130, B-131: two people have the same name."""
    requirement = DocumentRequirementFactory(common=True)
    for row in rows:
        give(row, requirement, bao)

    names = [names_in(made(bao, rows, what, "{name}")) for what in (DOSSIERS, DOCUMENTS)]

    assert names == [["MARTIN.pdf", "MARTIN-2.pdf"]] * 2


def test_dossier_that_fails_and_one_out_of_reach_do_not_stop_the_rest(bao, rows, drawn):
    foreign = ApplicationFactory()
    drawn.broken = {rows[0].pk}

    download = made(bao, [foreign, *rows], DOSSIERS)

    assert names_in(download) == [f"{number(rows[1])}.pdf"]
    assert codes(download) == [[rows[0].pk, "failed"], [foreign.pk, "out_of_reach"]]
    assert download.subjects == [rows[1].pk]


def test_dossiers_drawn_before_the_worker_died_are_not_drawn_again(bao, rows, drawn, monkeypatch):
    class Killed(BaseException):
        pass

    draw = dossiers._drawn

    def killing(making, application):
        if application.pk == rows[1].pk:
            raise Killed
        return draw(making, application)

    monkeypatch.setattr(dossiers, "_drawn", killing)
    download = ask_files([row.pk for row in rows], DOSSIERS, pattern="{number}", by=bao, now=NOW)
    with pytest.raises(Killed):
        work(clock=lambda: NOW)
    monkeypatch.setattr(dossiers, "_drawn", draw)

    work(clock=lambda: NOW + base.LEASE)

    download.refresh_from_db()
    assert (len(names_in(download)), drawn.keys) == (2, [row.pk for row in rows])


def test_dossier_that_is_lost_before_the_archive_is_made_is_told(bao, rows, drawn, monkeypatch):
    keep = base.Making.keep_part

    def losing(making, subject, *args, **more):
        file = keep(making, subject, *args, **more)
        if subject == rows[0].pk:
            delete_blob(file.key)
        return file

    monkeypatch.setattr(base.Making, "keep_part", losing)

    download = made(bao, rows, DOSSIERS)

    assert codes(download) == [[rows[0].pk, "file_missing"]]
    assert names_in(download) == [f"{number(rows[1])}.pdf"]


def test_dossiers_in_one_pdf_have_a_bookmark_each(bao, rows, drawn):
    download = made(bao, rows, DOSSIER)

    with open_file(download.file) as content, pikepdf.open(content) as document:
        titles = [item.title for item in document.open_outline().root]
        pages = len(document.pages)
    assert titles == [f"{number(row)} {row.candidate.display_name}" for row in rows]
    assert (pages, download.file.name) == (2, "dossiers-20270315-110000.pdf")


def test_dossier_that_cannot_be_joined_is_told(bao, rows, drawn, monkeypatch):
    def joined(parts, **more):
        return SimpleNamespace(content=pdf(), skipped=parts[:1])

    monkeypatch.setattr(dossiers, "join", joined)

    download = made(bao, rows, DOSSIER)

    assert download.subjects == [rows[1].pk]
    assert codes(download) == [[rows[0].pk, "failed"]]


def test_nothing_joined_fails(bao, rows, drawn, monkeypatch):
    def joined(parts, **more):
        raise JoiningFailed

    monkeypatch.setattr(dossiers, "join", joined)

    download = made(bao, rows, DOSSIER)

    assert (download.state, codes(download)) == (DownloadState.FAILED, [[None, "not_joinable"]])


def test_stopped_while_dossiers_are_drawn(bao, rows, drawn, monkeypatch):
    def lost(making, *args, **more):
        raise base.Lost

    monkeypatch.setattr(base.Making, "keep_part", lost)

    download = made(bao, rows[:1], DOSSIERS)

    assert (download.state, download.report) == (DownloadState.WAITING, [])


def test_documents_of_one_kind_or_all(bao, rows):
    diploma, notes = DocumentRequirementFactory.create_batch(2, common=True)
    give(rows[0], diploma, bao)
    give(rows[0], notes, bao)
    give(rows[1], notes, bao)
    pattern = "{number}-{document}"

    one = made(bao, rows, DOCUMENTS, pattern, requirement=diploma.pk)
    every = made(bao, rows, DOCUMENTS, pattern)

    assert names_in(one) == [f"{number(rows[0])}-{diploma.code}.pdf"]
    assert codes(one) == [[rows[1].pk, "nothing_given"]]
    assert sorted(names_in(every)) == sorted(
        [
            f"{number(rows[0])}-{diploma.code}.pdf",
            f"{number(rows[0])}-{notes.code}.pdf",
            f"{number(rows[1])}-{notes.code}.pdf",
        ]
    )


def test_missing_and_unscanned_files_are_told_and_the_rest_is_there(bao, rows):
    first, second, third = DocumentRequirementFactory.create_batch(3, common=True)
    gone, waiting = give(rows[0], first, bao), give(rows[0], second, bao)
    give(rows[0], third, bao)
    delete_blob(gone.key)
    waiting.scan_status = ScanStatus.PENDING
    waiting.save()

    download = made(bao, rows[:1], DOCUMENTS, "{number}-{document}")

    assert names_in(download) == [f"{number(rows[0])}-{third.code}.pdf"]
    assert sorted(codes(download)) == [
        [rows[0].pk, "file_missing"],
        [rows[0].pk, "scan_pending"],
    ]
    (told,) = [message for _pk, code, message in download.report if code == "file_missing"]
    assert told.startswith(f"{number(rows[0])}-{first.code}.pdf")


def test_documents_of_what_is_out_of_reach_are_told_and_not_in_it(bao, rows):
    """B-131."""
    foreign, requirement = ApplicationFactory(), DocumentRequirementFactory(common=True)
    for row in (foreign, rows[0]):
        give(row, requirement, bao)

    download = made(bao, [foreign, rows[0]], DOCUMENTS)

    assert names_in(download) == [f"{number(rows[0])}.pdf"]
    assert codes(download) == [[foreign.pk, "out_of_reach"]]


@pytest.mark.parametrize("what", [DOSSIERS, DOSSIER, DOCUMENTS])
def test_nothing_is_read_while_the_file_service_is_closed(bao, rows, drawn, monkeypatch, what):
    closed = [Blocker("maintenance", "En maintenance.")]
    monkeypatch.setattr(dossiers, "file_service_blockers", lambda: closed)

    assert codes(made(bao, rows, what)) == [[None, "maintenance"]]


@pytest.mark.parametrize(("what", "most"), [(DOSSIERS, 1000), (DOSSIER, 50), (DOCUMENTS, 5000)])
def test_at_most_so_many(what, most):
    assert number_blockers(what, most) == []
    assert [blocker.code for blocker in number_blockers(what, most + 1)] == ["too_many"]


def test_institution_allows_fewer_dossiers():
    """A-028: of dossiers and examination sheets, documents are as many as ever."""
    Institution.objects.create(pk=1, max_dossiers=10)

    found = {what: number_blockers(what, 11) for what in (DOSSIERS, DOSSIER, SHEETS, DOCUMENTS)}

    assert {what for what, blockers in found.items() if blockers} == {DOSSIERS, DOSSIER, SHEETS}


def test_wrong_pattern_asks_for_nothing(bao, rows):
    with pytest.raises(Refused) as refused:
        ask_files([rows[0].pk], DOSSIERS, pattern="{x}", by=bao, now=NOW)

    assert refused.value.codes == ["unknown_word"]


def test_examination_sheets_of_many_in_one_pdf(bao, rows):
    """B-129."""
    elsewhere = ApplicationFactory()

    download = made(bao, [*rows, elsewhere], SHEETS)

    assert download.state == DownloadState.READY
    with open_file(download.file) as content, pikepdf.open(content) as joined:
        assert len(joined.pages) == len(rows)
    assert download.number_left_out == 1


def test_no_examination_sheet_of_what_is_out_of_reach(bao):
    assert made(bao, [ApplicationFactory()], SHEETS).state == DownloadState.FAILED

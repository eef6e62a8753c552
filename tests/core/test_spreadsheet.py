"""Spreadsheets as people give them: .xlsx, CSV in two encodings, headings in two languages."""

import io
from datetime import date, datetime, time

import pytest
import xlsxwriter

from candide.core.blockers import Refused
from candide.core.spreadsheet import cells_at, places_of, table_of, text_of
from candide.reporting.exports.domain.writing import CsvTable, Heading


def workbook(*rows):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Formations")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_workbook_gives_its_first_sheet_by_name():
    table = table_of(workbook(["Code", "Places"], ["INFO", 30]))

    assert (table.sheet, table.heading, table.rows) == (
        "Formations",
        ["Code", "Places"],
        [["INFO", 30.0]],
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_either_encoding_and_with_any_delimiter(encoding, delimiter):
    text = f"Intitulé{delimiter}Code\nÉté{delimiter}\n"

    table = table_of(text.encode(encoding))

    assert (table.sheet, table.heading, table.rows) == ("", ["Intitulé", "Code"], [["Été", ""]])


def test_what_the_export_kept_from_being_a_formula_comes_back_as_it_was(tmp_path):
    written = CsvTable(tmp_path / "table.csv", [Heading("Code")])
    written.write(["=1|2"])
    written.write(["'quoted'"])
    written.close()

    table = table_of((tmp_path / "table.csv").read_bytes())

    assert table.rows == [["=1|2"], ["'quoted'"]]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"\x81\x8d\xff\xfe"])
def test_what_is_no_spreadsheet_is_refused(content):
    with pytest.raises(Refused) as refusal:
        table_of(content)

    assert refusal.value.codes == ["unreadable"]


def test_file_without_a_line_has_no_heading():
    assert (table_of(b"").heading, table_of(b"").rows) == ([], [])


def test_columns_are_found_by_their_names_and_the_first_of_two_alike_counts():
    names = {"code": "Code", "name": "Intitulé", "gone": "Absent"}

    places = places_of(["INTITULE", "code", "Code"], lambda: names)

    assert places == {"name": 0, "code": 1}
    assert cells_at(["Licence"], places) == {"name": "Licence", "code": ""}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (1.5, "1.5"),
        (date(2027, 3, 31), "2027-03-31"),
        (datetime(2027, 3, 31), "2027-03-31"),  # noqa: DTZ001 -- as a spreadsheet gives it
        (datetime(2027, 3, 31, 8, 30), "2027-03-31T08:30:00"),  # noqa: DTZ001 -- likewise
        (time(14, 30), "14:30"),
        (" a\r\nb ", "a\nb"),
    ],
)
def test_cell_reads_as_a_text(cell, text):
    assert text_of(cell) == text

"""Spreadsheets read back as somebody's program would read them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation

from candide.reporting.exports.domain.writing import LONGEST, Heading, sheet_name, writer

HEADINGS = [
    Heading("Nom"),
    Heading("Né le", "day"),
    Heading("Transmise", "moment"),
    Heading("Rang", "number"),
    Heading("FC", "flag"),
]
MOMENT = datetime(2027, 7, 1, 22, 30, 15, tzinfo=UTC)
ROW = ["RIMBAUD", date(2005, 10, 20), MOMENT, 3, True]
FORMULAS = ["=1+1", "@SUM(A1)", "+33 1", "-2+3", '=HYPERLINK("http://x")', "|calc"]


def written(tmp_path, rows, format="xlsx", headings=HEADINGS, about=()):
    path = tmp_path / f"table.{format}"
    table = writer(format, path, "Candidatures", headings, about)
    for row in rows:
        table.write(row)
    table.close()
    return path


def read(path):
    return openpyxl.load_workbook(path)


def test_workbook_keeps_types_in_the_time_zone_of_the_institution(tmp_path):
    sheet = read(written(tmp_path, [ROW, ["", None, None, None, False]]))["Candidatures"]

    first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    name, born, moment, rank, flag = first
    assert (name, rank, flag) == ("RIMBAUD", 3, "Oui")
    assert (born.isoformat(), moment.isoformat()) == ("2005-10-20T00:00:00", "2027-07-02T00:30:15")
    assert second == (None, None, None, None, "Non")
    assert [cell.number_format for cell in sheet[2][1:3]] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]


def test_workbook_has_its_head_in_sight_and_says_what_it_is(tmp_path):
    book = read(written(tmp_path, [ROW], about=["Candidatures", "Dossier : Complet"]))

    sheet, about = book["Candidatures"], book["À propos"]
    assert [cell.value for cell in sheet[1]] == [heading.text for heading in HEADINGS]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:E2")
    assert [row[0] for row in about.iter_rows(values_only=True)] == [
        "Candidatures",
        "Dossier : Complet",
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_of_a_workbook(tmp_path, text):
    sheet = read(written(tmp_path, [[text]], headings=HEADINGS[:1]))["Candidatures"]

    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_of_a_csv(tmp_path, text):
    path = written(tmp_path, [[text]], "csv", HEADINGS[:1])

    _heading, line = path.read_text("utf-8-sig").splitlines()
    assert line.strip('"').startswith("'")


def test_values_of_other_types_and_long_texts(tmp_path):
    rows = [[Decimal("12.50"), 0.5, time(9, 30), "x" * (LONGEST + 1), object]]
    sheet = read(written(tmp_path, rows))["Candidatures"]

    money, half, hour, text, other = next(sheet.iter_rows(min_row=2, values_only=True))
    assert (money, half, hour, len(text)) == (12.5, 0.5, time(9, 30), LONGEST)
    assert other == str(object)


def test_csv_in_french(tmp_path):
    row = [*ROW[:3], Decimal("12.5"), False, None, time(9, 30), 7, "Œ"]
    path = written(tmp_path, [row], "csv")

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    heading, line = path.read_text("utf-8-sig").splitlines()
    assert heading == "Nom;Né le;Transmise;Rang;FC"
    assert line == "RIMBAUD;20/10/2005;02/07/2027 00:30;12,5;Non;;09:30;7;Œ"


def test_csv_in_english(tmp_path):
    with translation.override("en"):
        path = written(tmp_path, [[*ROW[:3], Decimal("12.5"), True]], "csv")

    assert path.read_text("utf-8-sig").splitlines()[1] == (
        "RIMBAUD,2005-10-20,2027-07-02 00:30,12.5,Yes"
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Candidatures", "Candidatures"),
        ("Droit [M1] : 2027/2028", "Droit M1 2027 2028"),
        ("'", "1"),
        ("x" * 40, "x" * 31),
    ],
)
def test_names_of_sheets(title, name):
    assert sheet_name(title) == name


def test_table_without_rows_has_its_head(tmp_path):
    sheet = read(written(tmp_path, []))["Candidatures"]

    assert sheet.max_row == 1

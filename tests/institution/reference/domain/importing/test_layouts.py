import pytest
from django.db.models import Q

from candide.institution.reference.domain.importing import values
from candide.institution.reference.domain.importing.layouts import (
    Layout,
    expected,
    needed,
    optional,
    recognise,
    rows_of,
)
from candide.institution.reference.domain.importing.reading import Sheet
from candide.institution.reference.domain.importing.report import FileReport, Remark


def layout(name, *columns, **more):
    return Layout(name, name.title(), columns, build=None, tables=("schools",), **more)


TOWNS = layout("towns", needed("code", "Code INSEE"), needed("name", "nom"), optional("size"))
RICHER = layout("richer", needed("code", "Code INSEE"), needed("name", "nom"), needed("postcode"))
SERIES = layout("series", needed("code"), needed("name", "libelle"), words=("bac",))
NATIONS = layout("nations", needed("code"), needed("name", "libelle"), words=("nation",))
WIDE = layout("wide", needed("a"), needed("b"), needed("c"), expected("d"))
EXCLUSIVE = layout("exclusive", needed("dep"), needed("libelle"), without=("arr",))
ALL = [TOWNS, RICHER, SERIES, NATIONS, WIDE, EXCLUSIVE]


@pytest.mark.parametrize(
    ("name", "headings", "found"),
    [
        ("x.csv", ["nom", "code insee"], TOWNS),
        ("x.csv", ["nom", "code insee", "postcode"], RICHER),
        ("apogee_bac.csv", ["code", "libelle"], SERIES),
        ("Nationalités.csv", ["code", "libelle"], NATIONS),
        ("x.csv", ["dep", "libelle"], EXCLUSIVE),
        ("x.csv", ["arr", "dep", "libelle"], None),
        ("x.csv", ["rien", "de connu"], None),
        ("x.csv", ["nom", "prenom"], None),
    ],
)
def test_list_is_recognised_by_its_headings_then_by_its_name(name, headings, found):
    assert recognise(ALL, name, headings) == (found, [])


def test_list_that_could_be_several_is_not_guessed():
    found, (blocker,) = recognise(ALL, "liste.csv", ["code", "libelle"])

    assert found is None
    assert blocker.code == "ambiguous"
    assert "--as series" in blocker.message


def test_list_that_is_nearly_one_names_what_it_misses():
    found, (blocker,) = recognise(ALL, "x.csv", ["a", "b", "c"])

    assert found is None
    assert blocker.code == "missing_column"
    assert blocker.message.startswith("x.csv, ligne 1, colonne « d » : ")


COLUMNS = (
    needed("code", as_=values.digits(3)),
    expected("name"),
    expected("since", as_=values.year),
    optional("shown", as_=values.flag),
    optional("absent"),
)


@pytest.fixture
def read(tmp_path):
    def read(*lines):
        text = "code;name;since;shown\n" + "\n".join(lines)
        sheet = Sheet(tmp_path / "x.csv", text, ";", ["code", "name", "since", "shown"])
        report = FileReport(sheet.path, "x")
        return rows_of(layout("x", *COLUMNS, scopes={"schools": Q()}), sheet, report), report

    return read


def test_row_is_read_cell_by_cell(read):
    (row,), report = read("001; Un  deux ;2021;oui;;")

    assert (row.line, row.cells) == (
        2,
        {"code": "001", "name": "Un deux", "since": 2021, "shown": True},
    )
    assert (report.rows, report.refused, report.fatal) == (1, [], [])


def test_empty_cell_is_empty_a_year_unknown_and_a_yes_or_no_unsaid(read):
    (row,), _ = read("001;;;")

    assert row.cells == {"code": "001", "name": "", "since": None}
    assert row["name"] == ""
    assert (row.get("shown", "unsaid"), row.get("absent")) == ("unsaid", "")


def test_row_that_cannot_be_read_is_refused_alone(read):
    rows, report = read("001;a;;", ";b;;", "003;c;jamais;", "004;d", "005;e;;;de trop", "006;f;;")

    assert [row["code"] for row in rows] == ["001", "006"]
    assert report.rows == 6
    assert [(remark.line, remark.column) for remark in report.refused] == [
        (3, "code"),
        (4, "since"),
        (5, ""),
        (6, ""),
    ]
    assert report.fatal == []


def test_cell_that_betrays_a_damaged_column_condemns_the_file(read):
    rows, report = read("1;a;;", "002;b;;")

    assert [row["code"] for row in rows] == ["002"]
    (blocker,) = report.blockers()
    assert blocker.code == "lost_zero"
    assert blocker.message.startswith("x.csv, ligne 2, colonne « code » : « 1 » ")


def test_many_problems_are_counted_instead_of_listed(read):
    _, report = read(*[f"{number};a;;" for number in range(1, 13)])

    codes = [blocker.code for blocker in report.blockers()]
    assert codes == ["lost_zero"] * 10 + ["more_problems"]
    assert "2" in report.blockers()[-1].message


def test_remark_says_where_it_is(tmp_path):
    report = FileReport(tmp_path / "x.csv", "x")

    assert report.place(Remark(3, "nom", "")) == "x.csv, ligne 3, colonne « nom »"

"""The folder an institution fills: what people type there, and what it gets back."""

import csv
from io import StringIO

import pytest
from xlsxwriter import Workbook

from candide.integrations.sis.port import HeldDocument, Unavailable
from candide.integrations.sis.spreadsheets import STUDENTS, Spreadsheets
from candide.integrations.sis.wire import WireSettings
from tests.integrations.sis.systems import write
from tests.integrations.sis.test_handover_contract import enrolling, told, wish

ALIX = {
    "student_number": "1",
    "birth_name": "MARTIN",
    "first_name": "Alix",
    "civility": "Mme",
    "born_on": "04/05/2006",
}


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def system(folder):
    return Spreadsheets(WireSettings(folder=str(folder)))


def test_empty_folder_knows_nobody(system):
    assert system.student_by_number("1") is None
    assert system.programmes("droit") == []
    assert system.nomenclatures() == {}


def test_folder_that_is_not_there_is_unavailable(tmp_path):
    system = Spreadsheets(WireSettings(folder=str(tmp_path / "gone")))

    with pytest.raises(Unavailable):
        system.student_by_number("1")


def test_file_that_cannot_be_read_is_unavailable(folder, system):
    (folder / "etudiants.xlsx").write_bytes(b"PK nothing")

    with pytest.raises(Unavailable, match=r"etudiants\.xlsx"):
        system.student_by_number("1")


def test_workbook_is_read_as_a_spreadsheet_keeps_its_cells(folder, system):
    with Workbook(folder / "etudiants.xlsx") as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Numero_Etudiant", "nom_naissance", "date_naissance"])
        sheet.write_row(1, 0, [22301457, "MARTIN"])
        sheet.write_number(1, 2, 38842, day)

    student = system.student_by_number("22301457")

    assert (student.birth_name, student.born_on.isoformat()) == ("MARTIN", "2006-05-05")


def test_changed_file_is_read_again(folder, system):
    write(folder, "etudiants", STUDENTS, [ALIX])
    before = system.student_by_number("2")

    write(folder, "etudiants", STUDENTS, [ALIX, {**ALIX, "student_number": "2"}])

    assert before is None
    assert system.student_by_number("2").first_name == "Alix"


@pytest.mark.parametrize(
    "rows", [[{**ALIX, "born_on": "soon"}], [ALIX, {**ALIX, "first_name": "Autre"}]]
)
def test_line_without_a_date_and_two_of_one_number_are_nobody(folder, system, rows):
    write(folder, "etudiants", STUDENTS, rows)

    assert system.student_by_number("1") is None


def test_no_row_leads_out_of_the_folder(folder, system):
    (folder / "secret.pdf").write_bytes(b"%PDF")
    columns = {name: name for name in ("numero_etudiant", "code", "annee", "fichier")}
    row = dict(zip(columns, ("1", "RN", "2023", "../secret.pdf"), strict=True))
    write(folder, "pieces", columns, [row])

    with pytest.raises(LookupError):
        system.document_content("1", HeldDocument(code="RN", year="2023", name="Relevé"))


def test_admitted_come_back_in_one_file(system):
    gone = wish(2, is_withdrawn=True)
    phone = enrolling().person

    answer = told(system, enrolling(wish(1, programme="=cmd()"), gone), number=2)

    (file,) = answer.files
    lines = list(csv.DictReader(StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert file.name == "admis-20270315-2.csv"
    assert [(line["situation"], line["formation"]) for line in lines] == [
        ("admis", "'=cmd()"),
        ("désistement", gone.programme),
    ]
    assert {line["telephone"] for line in lines} == {phone.phone}
    assert lines[0]["adresse_ligne1"] == '12 rue "des; Épreuves"'
    assert {key: verdict.is_accepted for key, verdict in answer.verdicts.items()} == {
        "r1-1": None,
        "r2-1": True,
    }

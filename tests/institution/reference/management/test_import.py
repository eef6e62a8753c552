"""`candide import reference`, as an administrator sees it."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candide.institution.reference.domain import loading
from candide.institution.reference.models import ResultType
from tests.factories.reference import ResultTypeFactory

pytestmark = pytest.mark.django_db

RESULTS = "code;name;position\nADM;Admis;1\nAJ;Ajourné;2\nAJ;Autre;2\n"


@pytest.fixture
def run(tmp_path):
    def run(*options):
        output = StringIO()
        call_command("import", "reference", *options, stdout=output)
        return output.getvalue()

    return run


def last_lines(output):
    return [line.split() for line in output.split("\n\n")[-1].splitlines()]


def test_import_tells_what_it_read_refused_and_wrote(write, run):
    ResultTypeFactory(code="ADM", name="Reçu")

    output = run(str(write("result_types.csv", RESULTS)))

    assert "result_types.csv : 3 lignes lues" in output
    assert (
        "result_types.csv, ligne 4 : (refusée) contredit la ligne 3, qui a le même code." in output
    )
    assert last_lines(output) == [
        ["table", "ajoutées", "modifiées", "inchangées", "protégées", "fermées"],
        ["result_types", "1", "1", "0", "0", "0"],
        ["1", "ligne", "a", "été", "refusée."],
    ]
    assert ResultType.objects.count() == 2


def test_dry_run_says_so(write, run):
    output = run(str(write("result_types.csv", RESULTS)), "--dry-run")

    assert output.endswith("C'était un essai : rien n'a été écrit.\n")
    assert not ResultType.objects.exists()


def test_refusal_ends_with_every_reason(write, run):
    file = write("result_types.csv", RESULTS.replace("name", "nom"))

    with pytest.raises(CommandError) as error:
        run(str(file))

    first, *reasons = str(error.value).splitlines()
    assert first == "Rien n'a été importé."
    assert len(reasons) == 1


def test_long_lists_of_refusals_are_cut_and_written_to_a_file(write, run, tmp_path):
    rows = [f"AJ;Autre {number};2" for number in range(30)]
    target = tmp_path / "refus.txt.out"

    output = run(str(write("result_types.csv", RESULTS + "\n".join(rows))), "--report", str(target))

    assert "11 autres lignes (refusée) ; --report les liste toutes." in output
    with target.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream, delimiter=";"))
    assert len(lines) == 32
    assert lines[0] == ["file", "line", "column", "verdict", "reason"]
    assert lines[1][:4] == ["result_types.csv", "4", "", "refused"]


def test_doubts_are_told_and_files_passed_over_named(write, run, tmp_path):
    write("departments.csv", "code;name\n45;Loiret\n")
    write("schools.csv", "code;name;department;commune\n0450049J;Lycée;45;45234\n")
    write("bourses.csv", "code_bourse;lib_bourse\n01;CROUS\n")

    output = run(str(tmp_path), "--only", "departments, schools")

    assert "bourses.csv : laissé de côté ; " in output
    assert "schools.csv, ligne 2 : (à vérifier) " in output


def test_what_is_closed_is_counted(write, run):
    ResultTypeFactory(code="DEF", source="csv")

    output = run(str(write("result_types.csv", RESULTS)), "--complete")

    assert last_lines(output)[1] == ["result_types", "2", "0", "0", "0", "1"]


def test_without_a_path_the_data_of_candide_are_loaded(write, run, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "DATA", tmp_path)
    write("result_types.csv", RESULTS)

    run()

    assert set(ResultType.objects.values_list("source", flat=True)) == {"package"}

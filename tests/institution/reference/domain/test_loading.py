"""All of an import or nothing, what is written, what goes out of service, what is left alone."""

import gzip

import pytest

from candide.core.blockers import Refused
from candide.institution.reference.domain.importing import tables
from candide.institution.reference.domain.loading import import_reference
from candide.institution.reference.domain.queries import no_baccalaureate_series
from candide.institution.reference.enums import Source
from candide.institution.reference.models import (
    BaccalaureateSeries,
    Commune,
    CommunePostcode,
    Department,
    ResultType,
    School,
)
from tests.factories.reference import (
    DepartmentFactory,
    ResultTypeFactory,
)

pytestmark = pytest.mark.django_db

COMMUNES = "insee;nom;type;departement;code_postal\n45234;Orléans;commune-actuelle;45;45000\n"
RESULTS = "code;name;short_name;position\nADM;Admis;ADM;1\nAJ;Ajourné;AJ;2\n"


def results(*names):
    return list(ResultType.objects.order_by("code").values_list(*names))


def total(report, table="result_types"):
    counts = report.total(table)
    return counts.added, counts.changed, counts.unchanged, counts.kept


# -- Added, changed, left as it is --------------------------------------------------------------
def test_rows_are_added_then_changed_then_left_alone(write):
    file = write("result_types.csv", RESULTS)

    added = import_reference(file)
    file.write_text(RESULTS.replace("Ajourné", "Refusé"), encoding="utf-8")
    changed = import_reference(file)
    unchanged = import_reference(file)

    assert [total(report) for report in (added, changed, unchanged)] == [
        (2, 0, 0, 0),
        (0, 1, 1, 0),
        (0, 0, 2, 0),
    ]
    assert results("code", "name", "search_text", "position", "source") == [
        ("ADM", "Admis", "admis", 1, Source.CSV),
        ("AJ", "Refusé", "refuse", 2, Source.CSV),
    ]


def test_file_says_which_series_means_none_and_the_student_system_leaves_it_so(write):
    """A-012: Apogée names the codes, and not what they mean."""
    said = "code;name;is_no_baccalaureate\n0031;Capacité en droit;0\nNBAC;Sans bac;1\n"
    import_reference(write("series.csv", said))
    before = list(no_baccalaureate_series().values_list("code", flat=True))

    import_reference(
        write("series.csv", "code;name\n0031;Capacité\nNBAC;Aucun bac\n"),
        source=Source.APOGEE,
        is_partial=True,
    )

    after = no_baccalaureate_series().get()
    assert (before, after.code, after.name) == (["NBAC"], "NBAC", "Aucun bac")


def test_import_says_how_far_it_is(write):
    lines = []

    import_reference(write("result_types.csv", RESULTS), progress=lines.append)

    assert lines == ["result_types.csv : 2 lignes lues", "result_types.csv : terminé"]


def test_dry_run_tells_everything_and_writes_nothing(write):
    ResultTypeFactory(code="ADM", name="Reçu")

    report = import_reference(write("result_types.csv", RESULTS), is_dry_run=True)

    assert total(report) == (1, 1, 0, 0)
    assert report.is_dry_run
    assert results("code", "name") == [("ADM", "Reçu")]


def test_source_is_the_system_the_file_came_from(write):
    import_reference(write("result_types.csv", RESULTS), source=Source.APOGEE)

    assert set(results("source")) == {(Source.APOGEE,)}


def test_row_taken_over_unchanged_has_a_new_source(write):
    ResultTypeFactory(code="ADM", name="Admis", short_name="ADM", position=1, source="package")

    report = import_reference(write("result_types.csv", RESULTS))

    assert total(report) == (1, 0, 1, 0)
    assert set(results("source")) == {(Source.CSV,)}


def test_displayed_name_of_staff_survives(write):
    ResultTypeFactory(code="ADM", name="ADMIS", display_name="Admise ou admis")

    import_reference(write("result_types.csv", RESULTS))

    assert ResultType.objects.get(code="ADM").label == "Admise ou admis"


def test_row_by_hand_is_changed_unless_it_is_kept(write):
    ResultTypeFactory(code="ADM", name="Reçu", is_kept=True)
    ResultTypeFactory(code="AJ", name="Recalé")

    report = import_reference(write("result_types.csv", RESULTS), is_complete=True)

    assert total(report) == (0, 1, 0, 1)
    assert results("code", "name", "is_active") == [("ADM", "Reçu", True), ("AJ", "Ajourné", True)]


def test_same_row_twice_is_taken_once_and_a_contradiction_refused(write):
    file = write("result_types.csv", RESULTS + "AJ;Ajourné;AJ;2\nAJ;Autre;AJ;2\n")

    report = import_reference(file)

    assert total(report) == (2, 0, 0, 0)
    (remark,) = report.files[0].refused
    assert (remark.line, remark.reason) == (5, "contredit la ligne 3, qui a le même code.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"NOU;{'é' * 256};;;;", f"« {'é' * 30}… » dépasse 255 caractères."),
        ("NOU;Nouveau;;;2022;2021", "la dernière année précède la première."),
        ("ADM;Admis;;;2022;2021", "la dernière année précède la première."),
    ],
)
def test_row_the_database_would_not_take_is_refused_alone(write, row, reason):
    ResultTypeFactory(code="ADM", name="Reçu")
    header = "code;name;short_name;position;valid_from_year;valid_until_year"

    report = import_reference(write("result_types.csv", f"{header}\n{row}\nAJ;Ajourné;;;;\n"))

    (remark,) = report.files[0].refused
    assert (remark.line, remark.reason) == (2, reason)
    assert report.refused_count == 1
    assert results("code", "name") == [("ADM", "Reçu"), ("AJ", "Ajourné")]


def test_value_that_is_no_choice_is_refused(write):
    DepartmentFactory(code="45")
    text = "code;name;department;kind\n0450049J;Lycée;45;palais\n"

    report = import_reference(write("schools.csv", text))

    (remark,) = report.files[0].refused
    assert remark.reason.startswith("« palais » n'est pas l'une des valeurs apprentice_centre, ")


# -- Links --------------------------------------------------------------------------------------
def test_row_that_points_nowhere_is_refused_or_left_without(write):
    DepartmentFactory(code="45")
    text = """\
code;name;department;commune
0450049J;Lycée Pothier;45;45999
0450050K;Lycée Jean Zay;45;
0450051L;Lycée Franklin;99;
0180005H;Lycée Littré;18;
"""

    report = import_reference(write("schools.csv", text))

    assert list(School.objects.order_by("code").values_list("code", "commune")) == [
        ("0450049J", None),
        ("0450050K", None),
    ]
    file = report.files[0]
    assert [(r.line, r.reason) for r in file.warnings] == [
        (2, "la table « commune » n'a pas de ligne « 45999 ».")
    ]
    assert [(r.line, r.reason) for r in file.refused] == [
        (4, "la table « département » n'a pas de ligne « 99 »."),
        (5, "la table « département » n'a pas de ligne « 18 »."),
    ]


def test_parts_may_stand_before_their_whole(write):
    DepartmentFactory(code="01")
    text = """\
code;insee;kind;department;name;parent;postcodes
01015-D;01015;delegated;01;Arbignieu;01015;
01015;01015;current;01;Arboys en Bugey;;01300 01310
"""

    import_reference(write("communes.csv", text))

    assert Commune.objects.get(code="01015-D").parent.code == "01015"
    postcodes = CommunePostcode.objects.order_by("postcode").values_list("postcode", flat=True)
    assert list(postcodes) == ["01300", "01310"]


def test_specialities_are_linked_to_their_series(write, tmp_path):
    write("series.csv", "code;name;takes_specialities\nNBGE;Général;1\n")
    write("specialities.csv", "code;name\nMATHS;Mathématiques\nSVT;SVT\n")
    write("series_specialities.csv", "series;speciality\nNBGE;MATHS\nNBGE;SVT\n")

    import_reference(tmp_path)
    again = import_reference(tmp_path)

    series = BaccalaureateSeries.objects.get()
    assert sorted(series.specialities.values_list("code", flat=True)) == ["MATHS", "SVT"]
    assert total(again, "series_specialities") == (0, 0, 2, 0)


def test_few_and_many_rows_are_found_alike(write, monkeypatch):
    monkeypatch.setattr(tables, "FEW", 1)
    import_reference(write("result_types.csv", RESULTS))
    monkeypatch.setattr(tables, "MANY", 1)

    report = import_reference(write("result_types.csv", RESULTS))

    assert total(report) == (0, 0, 2, 0)


# -- Several files ------------------------------------------------------------------------------
def test_first_list_to_name_a_row_decides_whatever_the_order_of_names(write, tmp_path):
    DepartmentFactory(code="45")
    write("z.csv", "code;name;department\n0450049J;Lycée Pothier;45\n")
    write(
        "a.csv",
        "numero_uai;appellation_officielle;nature_uai;code_postal_uai;localite_acheminement_uai"
        ";departement\n0450049J;LYCEE POTHIER;302;45000;ORLEANS;045\n",
    )

    import_reference(tmp_path)
    again = import_reference(tmp_path)

    assert School.objects.get().name == "Lycée Pothier"
    assert total(again, "schools") == (0, 0, 1, 0)


def test_files_are_taken_in_the_order_their_tables_need(write, tmp_path):
    write("a_schools.csv", "code;name;department;commune\n0450049J;Lycée Pothier;45;45234\n")
    write("b_communes.csv", "code;insee;name;department\n45234;45234;Orléans;45\n")
    write("c_departments.csv", "code;name\n45;Loiret\n")

    report = import_reference(tmp_path)

    assert report.refused_count == 0
    assert School.objects.get().commune.department.name == "Loiret"


def test_what_is_no_known_list_is_passed_over_in_a_folder(write, tmp_path):
    write("result_types.csv", RESULTS)
    write("bourses.csv", "code_bourse;lib_bourse\n01;CROUS\n")
    write("presque.csv", "COM;REGION;LIBELLE\n45234;24;Orléans\n")
    write("vide.csv", "")
    write("lisezmoi.md", "rien")

    report = import_reference(tmp_path)

    assert dict(report.ignored) == {
        "bourses.csv": "aucune de ses colonnes n'est connue ; docs/reference-data.md décrit les"
        " listes.",
        "presque.csv": "aucune liste connue ; la plus proche est « INSEE : communes »,"
        " mais il manque les colonnes TYPECOM.",
        "vide.csv": "aucune de ses colonnes n'est connue ; docs/reference-data.md décrit les"
        " listes.",
    }
    assert ResultType.objects.count() == 2


def test_only_the_wanted_tables_are_touched(write, tmp_path):
    DepartmentFactory(code="45")
    write("result_types.csv", RESULTS)
    write("communes_cp.csv", COMMUNES)

    report = import_reference(tmp_path, only=["communes"])

    assert [file.name for file in report.files] == ["communes_cp.csv"]
    assert (Commune.objects.count(), CommunePostcode.objects.count()) == (1, 0)


def test_file_may_be_compressed_and_named_by_the_list_it_is(tmp_path):
    file = tmp_path / "liste.csv.gz"
    file.write_bytes(gzip.compress(b"code;name\nADM;Admis\n"))

    import_reference(file, layout="result_types")

    assert results("code") == [("ADM",)]


def test_delimiter_is_the_one_that_makes_a_list(write):
    text = "code|name, or what it is called|name\nADM|Reçu, admis|Admis\n"

    import_reference(write("x.csv", text), layout="result_types")

    assert results("code", "name") == [("ADM", "Admis")]


# -- Refused as a whole -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text", "encoding", "code", "start"),
    [
        (
            "communes_cp.csv",
            COMMUNES,
            "cp1252",
            "bad_encoding",
            "communes_cp.csv, ligne 2, colonne « nom » : ",
        ),
        (
            "communes_cp.csv",
            COMMUNES.replace("code_postal", "cp"),
            "utf-8",
            "missing_column",
            "communes_cp.csv, ligne 1, colonne « code_postal » : ",
        ),
        (
            "communes_cp.csv",
            COMMUNES + "1034;Belley;commune-actuelle;01;01300\n",
            "utf-8",
            "lost_zero",
            "communes_cp.csv, ligne 3, colonne « insee » : ",
        ),
        (
            "communes_cp.csv",
            COMMUNES + '45235;"Olivet;commune-actuelle;45;45160\n',
            "utf-8",
            "damaged",
            "communes_cp.csv, ligne 3 : ",
        ),
        ("x.csv", "code;libelle\nX;Y\n", "utf-8", "ambiguous", "x.csv, ligne 1 : "),
        ("x.csv", COMMUNES, "utf-16", "bad_encoding", "x.csv, ligne 1 : "),
        ("x.csv", "PK\x03\x04", "utf-8", "not_csv", "x.csv : "),
    ],
)
def test_damaged_file_stops_the_whole_folder(write, tmp_path, name, text, encoding, code, start):
    DepartmentFactory(code="45")
    write("result_types.csv", RESULTS)
    write(name, text, encoding)

    with pytest.raises(Refused) as refusal:
        import_reference(tmp_path)

    (blocker,) = refusal.value.blockers
    assert blocker.code == code
    assert blocker.message.startswith(start)
    assert not ResultType.objects.exists()
    assert not Commune.objects.exists()


def test_every_file_says_what_is_wrong_with_it_at_once(write, tmp_path):
    write("communes_cp.csv", COMMUNES, "cp1252")
    write("x.csv", "code;libelle\nX;Y\n")

    with pytest.raises(Refused) as refusal:
        import_reference(tmp_path)

    assert refusal.value.codes == ["bad_encoding", "ambiguous"]


def test_encoding_may_be_said(write):
    DepartmentFactory(code="45")

    import_reference(write("communes_cp.csv", COMMUNES, "cp1252"), encoding="cp1252")

    assert Commune.objects.get().name == "Orléans"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"only": ["communes", "planets"]}, "unknown_table"),
        ({"layout": "planets"}, "unknown_layout"),
        ({"encoding": "klingon"}, "unknown_encoding"),
    ],
)
def test_choice_that_does_not_exist_is_refused(write, options, code):
    with pytest.raises(Refused) as refusal:
        import_reference(write("result_types.csv", RESULTS), **options)

    assert refusal.value.codes == [code]


def test_file_alone_must_be_a_known_list(write):
    with pytest.raises(Refused) as refusal:
        import_reference(write("bourses.csv", "code_bourse;lib_bourse\n01;CROUS\n"))

    assert refusal.value.codes == ["unknown_list"]


def test_named_list_must_have_its_columns(write):
    file = write("result_types.csv", RESULTS)

    with pytest.raises(Refused) as refusal:
        import_reference(file, layout="v_commune")

    assert set(refusal.value.codes) == {"missing_column"}


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_nothing_to_read_is_refused(tmp_path, name):
    with pytest.raises(Refused) as refusal:
        import_reference(tmp_path / name)

    assert refusal.value.codes == ["no_file"]


def test_failure_half_way_leaves_nothing(write, tmp_path, monkeypatch):
    write("a_departments.csv", "code;name\n45;Loiret\n")
    write("result_types.csv", RESULTS)
    monkeypatch.setattr(ResultType, "fill_in", lambda self: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        import_reference(tmp_path)

    assert not Department.objects.exists()

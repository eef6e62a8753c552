"""All of an import or nothing, what is written, what goes out of service, what is left alone."""

import gzip

import pytest

from candide.core.blockers import Refused
from candide.institution.reference.domain import loading
from candide.institution.reference.domain.importing import tables
from candide.institution.reference.domain.loading import import_reference, load_package_data
from candide.institution.reference.enums import Source
from candide.institution.reference.models import (
    BaccalaureateSeries,
    Commune,
    CommunePostcode,
    Country,
    Department,
    DiplomaFamily,
    ReferenceRow,
    ResultType,
    School,
    SeriesSpeciality,
    Speciality,
)
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    CommuneFactory,
    DepartmentFactory,
    ResultTypeFactory,
    SchoolFactory,
    SeriesSpecialityFactory,
    SpecialityFactory,
)

pytestmark = pytest.mark.django_db

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


# -- Out of service -----------------------------------------------------------------------------
def test_rows_of_an_extract_are_not_missed(write):
    ResultTypeFactory(code="DEF", source=Source.CSV)

    report = import_reference(write("result_types.csv", RESULTS))

    assert report.closed == {}
    assert not ResultType.objects.filter(is_active=False).exists()


@pytest.mark.parametrize(
    ("owner", "source", "is_closed"),
    [
        (Source.PACKAGE, Source.CSV, True),
        (Source.CSV, Source.CSV, True),
        (Source.APOGEE, Source.CSV, False),
        (Source.APOGEE, Source.APOGEE, True),
        (Source.PEGASE, Source.APOGEE, False),
        (Source.CSV, Source.PEGASE, True),
        (Source.CSV, Source.PACKAGE, False),
        (Source.MANUAL, Source.CSV, False),
    ],
)
def test_complete_list_closes_rows_of_its_own_rank_only(write, owner, source, is_closed):
    row = ResultTypeFactory(code="DEF", source=owner)

    report = import_reference(write("result_types.csv", RESULTS), source=source, is_complete=True)

    row.refresh_from_db()
    assert row.is_active is not is_closed
    assert row.source == (source if is_closed else owner)
    assert report.closed == ({"result_types": 1} if is_closed else {})


def test_kept_row_is_never_closed(write):
    row = ResultTypeFactory(code="DEF", source=Source.CSV, is_kept=True)

    import_reference(write("result_types.csv", RESULTS), is_complete=True)

    row.refresh_from_db()
    assert row.is_active


def test_row_named_again_comes_back_into_service(write):
    ResultTypeFactory(code="ADM", is_active=False)

    import_reference(write("result_types.csv", RESULTS))

    assert ResultType.objects.get(code="ADM").is_active


def test_links_no_longer_named_are_closed(write, tmp_path):
    link = SeriesSpecialityFactory(
        series=BaccalaureateSeriesFactory(code="NBGE"),
        speciality=SpecialityFactory(code="LATIN"),
        source=Source.CSV,
    )
    SpecialityFactory(code="MATHS")
    file = write("series_specialities.csv", "series;speciality\nNBGE;MATHS\n")

    import_reference(file, is_complete=True)

    link.refresh_from_db()
    assert not link.is_active
    assert SeriesSpeciality.objects.filter(is_active=True).get().speciality.code == "MATHS"


COMMUNES = "insee;nom;type;departement;code_postal\n45234;Orléans;commune-actuelle;45;45000\n"


@pytest.fixture
def old_communes(monkeypatch):
    monkeypatch.setattr(tables, "TOLERATED_CLOSINGS", 2)
    loiret = DepartmentFactory(code="45")
    return [
        CommuneFactory(insee=f"4500{number}", department=loiret, source=Source.CSV)
        for number in range(3)
    ]


def open_communes():
    return Commune.objects.filter(is_active=True).count()


def test_list_that_would_close_much_is_taken_for_an_extract(write, old_communes):
    with pytest.raises(Refused) as refusal:
        import_reference(write("communes_cp.csv", COMMUNES))

    (blocker,) = refusal.value.blockers
    assert blocker.code == "looks_like_an_extract"
    assert blocker.message.startswith("communes : 3 lignes sur 4 ")
    assert (Commune.objects.count(), open_communes()) == (3, 3)


def test_list_that_would_close_much_may_be_confirmed(write, old_communes):
    import_reference(write("communes_cp.csv", COMMUNES), is_complete=True)

    assert (Commune.objects.count(), open_communes()) == (4, 1)


def test_list_that_is_partial_closes_nothing(write, old_communes):
    import_reference(write("communes_cp.csv", COMMUNES), is_partial=True)

    assert (Commune.objects.count(), open_communes()) == (4, 4)


def test_full_list_with_refused_rows_closes_nothing(write, old_communes):
    import_reference(write("communes_cp.csv", COMMUNES + ";Rien;commune-actuelle;45;45000\n"))

    assert open_communes() == 4


def test_two_lists_close_only_what_neither_names(write, tmp_path, old_communes):
    write("communes_a.csv", "code;insee;name;department\n45000;45000;A;45\n")
    write("communes_b.csv", "code;insee;name;department\n45001;45001;B;45\n")

    report = import_reference(tmp_path, is_complete=True, only=["communes"])

    assert report.closed == {"communes": 1}
    assert open_communes() == 2


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


# -- What comes with Candide --------------------------------------------------------------------
def test_small_tables_of_the_package_hold_what_they_must():
    report = load_package_data(["series", "specialities", "options", "series_specialities"])

    assert report.refused_count == 0
    general = BaccalaureateSeries.objects.get(code="NBGE")
    assert (general.valid_from_year, general.ine_controlled_from_year) == (2021, 1995)
    assert general.specialities.count() == Speciality.objects.count() >= 13
    assert BaccalaureateSeries.objects.get(is_no_baccalaureate=True).code == "0000"
    assert BaccalaureateSeries.objects.filter(code__in=["STHR", "S2TM", "0031"]).count() == 3
    assert not DiplomaFamily.objects.exists()


def test_package_data_load_whole_and_again_without_a_change():
    """Every country, département, commune and public university, in seconds."""
    first = load_package_data()
    again = load_package_data()

    assert first.refused_count == 0
    assert (first.closed, again.closed) == ({}, {})
    for table in tables.TABLES:
        counts, repeated = first.total(table), again.total(table)
        assert repeated.unchanged == counts.added > 0
        assert (repeated.added, repeated.changed, repeated.kept) == (0, 0, 0)
    assert Country.objects.countries()[0].is_france
    assert Department.objects.count() == 109
    assert Commune.objects.filter(kind="current").count() == 34969
    assert CommunePostcode.objects.filter(postcode="45000").count() == 1
    assert School.objects.filter(kind="university", commune__isnull=False).count() == 66
    for department in Department.objects.filter(code__in=["01", "2A", "75", "971"]):
        assert department.schools.filter(is_secondary=True).count() >= 2


def test_package_leaves_alone_what_the_institution_imported(write, monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "DATA", tmp_path)
    imported = ResultTypeFactory(code="ADM", name="Reçu", source=Source.CSV)
    own = ResultTypeFactory(code="AJ", name="Recalé", source=Source.MANUAL)
    gone = ResultTypeFactory(code="DEF", source=Source.PACKAGE)
    write("result_types.csv", RESULTS + "VAL;Validé;VAL;3\n")

    report = load_package_data()

    assert total(report) == (1, 0, 0, 2)
    assert report.closed == {"result_types": 1}
    for row in (imported, own, gone):
        row.refresh_from_db()
    assert (imported.name, own.name, gone.is_active) == ("Reçu", "Recalé", False)


def test_every_table_has_columns_of_ours():
    known = {layout.name for layout in loading.LAYOUTS}

    assert set(tables.TABLES) <= known
    assert len(known) == len(loading.LAYOUTS)
    models = {model for model in tables.TABLES.values() if issubclass(model, ReferenceRow)}
    assert all("name" in {field.name for field in model._meta.fields} for model in models)


def test_school_of_the_package_is_found_by_its_town():
    SchoolFactory(name="Lycée Pothier", city="Orléans")

    assert School.objects.matching("pothier orleans").count() == 1

"""The official layouts of countries, communes and postcodes, in small."""

import pytest

from candide.core.blockers import Refused
from candide.institution.reference.domain.loading import import_reference
from candide.institution.reference.enums import CommuneKind
from candide.institution.reference.models import (
    STATELESS,
    Commune,
    CommunePostcode,
    Country,
    Department,
)
from tests.factories.reference import CommuneFactory, CountryFactory, DepartmentFactory

pytestmark = pytest.mark.django_db


def loaded(model, *names):
    return sorted(model.objects.values_list(*names))


def total(report, table):
    counts = report.total(table)
    return counts.added, counts.changed, counts.unchanged


# -- Countries ----------------------------------------------------------------------------------
COUNTRIES = """\
cog5;apogee3;iso2;iso3;nom_fr;nom_en;nationalite_fr_f;nationalite_en;libelle_insee;principal
99109;109;DE;DEU;Allemagne;Germany;Allemande;German;ALLEMAGNE;1
99311;311;NA;NAM;Namibie;Namibia;Namibienne;Namibian;NAMIBIE;1
99132;132;GG;GGY;Guernesey;Guernsey;Britannique;;ROYAUME-UNI;0
99132;132;GB;GBR;Royaume-Uni;United Kingdom;Britannique;British;ROYAUME-UNI;1
99425;425;BM;BMU;Bermudes;Bermuda;;;TERRITOIRES AUX ANTILLES;0
;;GP;GLP;Guadeloupe;Guadeloupe;;;;0
"""


def test_countries_sharing_a_code_have_one_principal(write):
    report = import_reference(write("pays.csv", COUNTRIES))

    assert loaded(Country, "code", "iso2", "name", "nationality", "is_principal") == [
        ("99109", "DE", "Allemagne", "Allemande", True),
        ("99132", "GB", "Royaume-Uni", "Britannique", True),
        ("99132-GG", "GG", "Guernesey", "", False),
        ("99311", "NA", "Namibie", "Namibienne", True),
        ("99425", "", "Territoires aux antilles", "", True),
        ("99425-BM", "BM", "Bermudes", "", False),
    ]
    assert Country.objects.get(code="99109").apogee_code == "109"
    assert report.refused_count == 0


def test_words_of_such_a_list_do_not_replace_ours(write):
    CountryFactory(code="99109", name="Allemagne fédérale", nationality="", iso2="")

    report = import_reference(write("pays.csv", COUNTRIES))

    germany = Country.objects.get(code="99109")
    assert (germany.name, germany.nationality, germany.iso2) == (
        "Allemagne fédérale",
        "Allemande",
        "DE",
    )
    assert total(report, "countries") == (5, 1, 0)


def test_namibia_read_as_missing_condemns_the_file(write):
    file = write("pays.csv", COUNTRIES.replace(";NA;NAM", ";;NAM"))

    with pytest.raises(Refused) as refusal:
        import_reference(file)

    (blocker,) = refusal.value.blockers
    assert blocker.code == "lost_na"
    assert blocker.message.startswith("pays.csv, ligne 3, colonne « iso2 » : ")
    assert not Country.objects.exists()


def test_extinct_countries_of_insee_are_kept_out_of_service(write):
    text = """\
COG,ACTUAL,CRPAY,ANI,LIBCOG,LIBENR,CODEISO2,CODEISO3,CODENUM3
99109,1,,1990,ALLEMAGNE,RÉPUBLIQUE FÉDÉRALE D'ALLEMAGNE,DE,DEU,276
99115,2,,,TCHECOSLOVAQUIE,,,,
XXXXX,3,99132,,Jersey,Jersey,JE,JEY,832
XXXXX,3,,,Nulle part,,,,
XXXXX,3,99132,,Sercq,Sercq,,,
"""

    import_reference(write("v_pays_2026.csv", text))

    assert loaded(Country, "code", "iso2", "name", "is_active", "is_principal") == [
        ("99109", "DE", "Allemagne", True, True),
        ("99115", "", "Tchecoslovaquie", False, True),
        ("99132-JE", "JE", "Jersey", True, False),
    ]


def test_nationalities_of_apogee_only_complete_what_is_there(write):
    CountryFactory(code="99109", nationality="")
    CountryFactory(code="99101", nationality="Danoise")
    text = "code;libelle\n109;ALLEMAND(E)\n101;DANOIS(E)\n995;APATRIDE\n999;INCONNUE\n888;AUTRE\n"

    report = import_reference(write("nationalites_apogee.csv", text))

    assert loaded(Country, "code", "nationality", "is_country") == [
        ("99101", "Danoise", True),
        ("99109", "Allemand(e)", True),
        (STATELESS, "Apatride", False),
    ]
    (remark,) = report.files[0].refused
    assert (remark.line, remark.reason) == (6, "« 99888 » est inconnu.")


# -- Départements and communes ------------------------------------------------------------------
def test_departments_of_insee_and_overseas(write, tmp_path):
    write(
        "v_departement_2026.csv",
        "DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n2A,94,2A004,3,X,X,Corse-du-Sud\n",
    )
    write("v_comer_2026.csv", "COMER,TNCC,NCC,NCCENR,LIBELLE\n987,0,X,X,Polynésie française\n")
    write(
        "v_arrondissement_2026.csv",
        "ARR,DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n0,1,1,1,1,X,X,Y\n",
    )

    report = import_reference(tmp_path)

    assert loaded(Department, "code", "name") == [
        ("2A", "Corse-du-Sud"),
        ("987", "Polynésie française"),
    ]
    assert [name for name, _ in report.ignored] == ["v_arrondissement_2026.csv"]


COMMUNES_CP = """\
insee;nom;type;departement;region;code_postal;population
01034;Belley;commune-actuelle;01;84;01300;9000
2A004;Ajaccio;commune-actuelle;2A;94;20000;70000
2A004;Ajaccio;commune-actuelle;2A;94;20090;70000
75056;Paris;commune-actuelle;75;11;75005;2100000
75105;Paris 5e;arrondissement-municipal;75;11;75005;60000
98411;Kerguelen;commune-actuelle;984;984;;
01034;Ailleurs;commune-inventee;01;84;01300;1
"""


@pytest.fixture
def departments():
    return [DepartmentFactory(code=code) for code in ("01", "2A", "38", "75", "984")]


def test_communes_come_with_their_postcodes(write, departments):
    report = import_reference(write("communes_cp_2026.csv", COMMUNES_CP))

    assert loaded(Commune, "code", "kind", "name", "department__code") == [
        ("01034", "current", "Belley", "01"),
        ("2A004", "current", "Ajaccio", "2A"),
        ("75056", "current", "Paris", "75"),
        ("75105", "district", "Paris 5e", "75"),
        ("98411", "current", "Kerguelen", "984"),
    ]
    assert loaded(CommunePostcode, "commune__code", "postcode") == [
        ("01034", "01300"),
        ("2A004", "20000"),
        ("2A004", "20090"),
        ("75056", "75005"),
        ("75105", "75005"),
    ]
    (remark,) = report.files[0].refused
    assert (remark.line, remark.reason) == (8, "« commune-inventee » n'est pas un type de commune.")


def test_communes_no_longer_named_go_out_of_service(write, departments):
    import_reference(write("communes_cp_2026.csv", COMMUNES_CP))
    former = CommuneFactory(department=departments[0], former=True)
    file = write("communes_cp_2027.csv", "\n".join(COMMUNES_CP.splitlines()[:3]))

    report = import_reference(file)

    gone = Commune.objects.filter(is_active=False).values_list("code", flat=True)
    assert sorted(gone) == ["75056", "75105", "98411"]
    assert report.closed == {"communes": 3, "postcodes": 3}
    former.refresh_from_db()
    assert former.is_active


COG = """\
TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
COM,01015,84,01,01D,011,1,ARBOYS EN BUGEY,Arboys en Bugey,Arboys en Bugey,0104,
COMD,01015,,,,,1,ARBIGNIEU,Arbignieu,Arbignieu,,01015
COMD,01340,,,,,0,SAINT BOIS,Saint-Bois,Saint-Bois,,01015
COM,01025,84,01,01D,012,0,BAGE DOMMARTIN,Bâgé-Dommartin,Bâgé-Dommartin,0104,
COMD,01025,,,,,0,BAGE DOMMARTIN,Bâgé-Dommartin,Bâgé-Dommartin,,01025
COMA,38999,,,,,0,X,X,Associée,,01999
ARM,75105,11,75,75D,,0,PARIS 5,Paris 5,Paris 5e,,75056
"""


def test_communes_of_insee_come_with_their_parts(write, departments):
    report = import_reference(write("v_commune_2026.csv", COG))

    assert loaded(Commune, "code", "insee", "kind", "department__code") == [
        ("01015", "01015", CommuneKind.CURRENT, "01"),
        ("01015-D", "01015", CommuneKind.DELEGATED, "01"),
        ("01025", "01025", CommuneKind.CURRENT, "01"),
        ("01340-D", "01340", CommuneKind.DELEGATED, "01"),
        ("38999-A", "38999", CommuneKind.ASSOCIATED, "38"),
        ("75105", "75105", CommuneKind.DISTRICT, "75"),
    ]
    parts = Commune.objects.filter(parent__code="01015").values_list("name", flat=True)
    assert sorted(parts) == ["Arbignieu", "Saint-Bois"]
    assert [remark.line for remark in report.files[0].warnings] == [7, 8]  # wholes unknown


def test_communes_of_insee_close_nothing_overseas(write, departments):
    overseas = CommuneFactory(insee="98411", department=departments[4], source="csv")
    gone = CommuneFactory(insee="01999", department=departments[0], source="csv")

    import_reference(write("v_commune_2026.csv", COG))

    overseas.refresh_from_db()
    gone.refresh_from_db()
    assert (overseas.is_active, gone.is_active) == (True, False)


def test_communes_overseas_have_a_list_of_their_own(write, departments):
    text = "COM_COMER,LIBELLE,NATURE_ZONAGE,COMER\n98411,Kerguelen,DIS,984\n"

    import_reference(write("v_commune_comer_2026.csv", text))

    assert loaded(Commune, "code", "department__code") == [("98411", "984")]


@pytest.mark.parametrize(
    ("name", "header", "delimiter"),
    [
        ("v_commune_depuis_1943.csv", "COM,LIBELLE,DATE_DEBUT,DATE_FIN", ","),
        ("ref_insee_com.csv", "code_com_insee;lib_com;date_deb_insee;date_fin_insee", ";"),
    ],
)
def test_communes_of_the_past_are_added_once_each(write, departments, name, header, delimiter):
    rows = [
        "01015;Arbignieu;1943-01-01;2016-01-01",
        "01015;Arboys en Bugey;2016-01-01;",
        "01004;Ambérieu;1943-01-01;1950-01-01",
        "01004;Ambérieu;1950-01-01;1955-03-31",
        "01004;Ambérieu;1930-01-01;1943-01-01",
        "01034;Belley;1943-01-01;1972-01-01",
        "01034;Belley;1972-01-01;",
        "20004;Ajaccio;1943-01-01;1976-01-01",
        "91001;Aflou;1950-01-01;1962-07-02",
    ]
    text = "\n".join([header, *[row.replace(";", delimiter) for row in rows]])

    report = import_reference(write(name, text))

    assert loaded(Commune, "code", "name", "kind", "valid_until_year") == [
        ("01004-19550331", "Ambérieu", CommuneKind.FORMER, 1955),
        ("01015-20160101", "Arbignieu", CommuneKind.FORMER, 2016),
    ]
    assert [remark.line for remark in report.files[0].refused] == [10]  # Algeria before 1962


# -- Postcodes ----------------------------------------------------------------------------------
def test_postcodes_of_la_poste_may_be_in_the_encoding_it_uses(write):
    commune = CommuneFactory(insee="45234")
    text = (
        "#Code_commune_INSEE;Nom_de_la_commune;Code_postal;Libellé_d_acheminement;Ligne_5\n"
        "45234;ORLEANS;45000;ORLEANS;\n45234;ORLEANS;45000;ORLÉANS;LA SOURCE\n"
        "45999;NULLE PART;45000;NULLE PART;\n"
    )

    report = import_reference(write("019HexaSmal.csv", text, encoding="cp1252"))

    assert loaded(CommunePostcode, "commune", "postcode") == [(commune.pk, "45000")]
    (remark,) = report.files[0].refused
    assert (remark.line, remark.reason) == (4, "la table « commune » n'a pas de ligne « 45999 ».")


def test_cedex_postcodes_keep_the_line_they_are_written_with(write):
    CommuneFactory(insee="45234")
    text = """\
code_postal;ligne_acheminement;nom_localite;code_commune
45000;ORLEANS;ORLEANS;45234
45067;UNIVERSITE;ORLEANS;45234
45067;ORLEANS CEDEX 2;ORLEANS;45234
45067;AUTRE;ORLEANS;45234
"""

    import_reference(write("cedex_2020.csv", text))

    assert loaded(CommunePostcode, "postcode", "cedex_label") == [
        ("45000", ""),
        ("45067", "ORLEANS CEDEX 2"),
    ]

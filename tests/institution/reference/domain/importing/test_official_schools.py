"""The official layouts of establishments, in small."""

import pytest

from candide.institution.reference.domain.importing.official_schools import (
    department_of,
    tidy,
)
from candide.institution.reference.domain.loading import import_reference
from candide.institution.reference.models import School
from tests.factories.reference import CommuneFactory, DepartmentFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def orleans():
    for code in ("2B", "18", "988"):
        DepartmentFactory(code=code)
    return CommuneFactory(insee="45234", name="Orléans", department=DepartmentFactory(code="45"))


def loaded(*names):
    return sorted(School.objects.values_list(*names))


@pytest.mark.parametrize(
    ("uai", "department"),
    [
        ("0450855K", "45"),
        ("7200664J", "2B"),
        ("6200001A", "2A"),
        ("9830445S", "988"),
        ("9840349G", "987"),
        ("9740478B", "974"),
        ("9860001A", "986"),
    ],
)
def test_uai_tells_the_department(uai, department):
    assert department_of(uai) == department


@pytest.mark.parametrize(
    ("line", "town"),
    [("ORLEANS CEDEX 2", "Orleans"), ("Orléans", "Orléans"), ("BELLEY CEDE", "Belley")],
)
def test_town_of_an_address_is_tidied(line, town):
    assert tidy(line) == town


DIRECTORY = """\
Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Code postal;Code_commune;\
Nom_commune;Code_departement;Post_BAC;etat;code_nature
0450049J;Lycée Pothier;Lycée;45044;45234;Orléans;045;1;OUVERT;302
0450051L;Lycée Benjamin Franklin;Lycée;45000;45234;Orléans;045;0;OUVERT;306
0450064A;Lycée Gauguin;Lycée;45000;45234;Orléans;045;;FERME;320
0450001Z;Ecole maternelle;Ecole;45000;45234;Orléans;045;;OUVERT;101
0450002A;EREA;EREA;45000;45234;Orléans;045;;OUVERT;
0450003B;Collège;Collège;45000;45234;Orléans;045;;OUVERT;
"""


def test_directory_gives_lycees_and_passes_over_other_schools(write, orleans):
    report = import_reference(write("annuaire.csv", DIRECTORY))

    assert loaded("code", "kind", "is_secondary", "is_higher", "is_active") == [
        ("0450002A", "lycee", True, True, True),
        ("0450049J", "lycee", True, True, True),
        ("0450051L", "lycee", True, False, True),
        ("0450064A", "vocational_lycee", True, True, False),
    ]
    assert set(School.objects.values_list("commune", "city")) == {(orleans.pk, "Orléans")}
    assert [remark.line for remark in report.files[0].warnings] == [6]  # a doubtful key
    assert report.refused_count == 0


def test_addresses_of_schools_find_their_commune(write, orleans):
    text = """\
numero_uai;appellation_officielle;nature_uai;nature_uai_libe;code_postal_uai;\
localite_acheminement_uai;departement
0450049J;Lycée Pothier;302;Lycée d'enseignement général;45044;ORLEANS CEDEX 1;045
9830002K;;320;Lycée professionnel;98849;NOUMEA CEDEX;983
0450999Z;Collège;340;Collège;45000;ORLEANS;045
"""

    report = import_reference(write("lycees_bce.csv", text))

    assert loaded("code", "name", "city", "commune", "department__code") == [
        ("0450049J", "Lycée Pothier", "Orleans", orleans.pk, "45"),
        ("9830002K", "Lycée professionnel - Noumea", "Noumea", None, "988"),
    ]
    reasons = [(remark.line, remark.reason) for remark in report.files[0].warnings]
    assert (3, "la table « commune » n'a pas de ligne « 98849 NOUMEA CEDEX ».") in reasons


HIGHER = """\
uai - identifiant;libellé;nom court;sigle;type d'établissement;Code commune;Commune;\
Code département;anciens codes uai;English name
0450855K;Université d'Orléans;;UO;Université;45234;Orléans;D045;;University of Orleans
"0180910S;0450974L";INSA Centre Val de Loire;INSA CVL;;École;45234;Orléans;D045;;
"0180910S;0990974L";Autre école;;;Autre établissement;45234;Orléans;D045;;
;Université perdue;;;Grand établissement;45234;Orléans;D045;0450001A;
;Sans code;;;École;45234;Orléans;D045;;
0450049J;École d'Athènes;;;École;;Athènes;D999;;
"""


def test_higher_education_takes_one_uai_of_several(write, orleans):
    report = import_reference(write("etablissements_sup.csv", HIGHER))

    assert loaded("code", "kind", "short_name", "is_higher", "is_secondary") == [
        ("0180910S", "other", "", True, False),
        ("0450001A", "grand_etablissement", "", True, False),
        ("0450855K", "university", "UO", True, False),
        ("0450974L", "school", "INSA CVL", True, False),
    ]
    assert [remark.line for remark in report.files[0].refused] == [7, 6]


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        (
            "parcoursup.csv",
            "Code.UAI.de.l.établissement;Établissement;Code.départemental.de.l.établissement",
            "{uai};{name};45",
        ),
        (
            "tmm.csv",
            "Code UAI de l’établissement accrédité;Nom officiel (long) de l’établissement accrédité"
            ";Code postal de la ville de l’établissement accrédité"
            ";Ville de l’établissement accrédité",
            "{uai};{name};45067;ORLEANS CEDEX 2",
        ),
        ("fr-esr-mon_master.csv", "eta_uai;eta_nom;mention", "{uai};{name};Droit"),
    ],
)
def test_lists_of_programmes_add_establishments_and_change_none(write, name, header, row):
    known = SchoolFactory(code="0450049J", name="Lycée Pothier", is_higher=False)
    rows = [
        row.format(uai="0450855K", name="Université"),
        row.format(uai="0450855K", name="Université encore"),
        row.format(uai="0450049J", name="POTHIER"),
    ]

    import_reference(write(name, "\n".join([header, *rows])))

    assert loaded("code", "name", "is_higher", "department__code") == [
        ("0450049J", "Lycée Pothier", False, known.department.code),
        ("0450855K", "Université", True, "45"),
    ]

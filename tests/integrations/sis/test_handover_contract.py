"""What every connector keeps that admitted people are handed over to."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.cache import cache

from candide.institution.reference.domain.importing.tables import TABLES
from candide.integrations import sis
from candide.integrations.sis.demonstration import DOCUMENT
from candide.integrations.sis.port import Enrolling, Student, StudentAddress, Wish
from tests.integrations.sis.systems import connected

TODAY = date(2027, 3, 15)
KNOWN = "M1DEG01"


def wish(number: int = 1, **fields):
    values = {"campaign": "2027", "programme": KNOWN, "reference": f"r{number}"}
    values["programme_version"] = "1"
    return Wish(**{**values, "key": f"r{number}-1", **fields})


def enrolling(*wishes, **fields):
    person = Student(
        student_number="",
        civility="Mme",
        birth_name="MARTIN",
        first_name="ALIX",
        born_on=date(2006, 5, 4),
        birth_country="99100",
        nationality="99100",
        birth_city="ORLEANS",
        ine="123456789AB",
        email="alix@mail.test",
        phone="+33238000000",
        address=StudentAddress(
            country="99100",
            line_1='12 rue "des; Épreuves"',
            line_2="Étage 2",
            postcode="45000",
            commune="45234",
        ),
    )
    return Enrolling(
        file_number="7K2M9QXA",
        code="EC7K2M9QXA",
        person=person,
        wishes=wishes or (wish(),),
        **fields,
    )


@pytest.fixture(params=sorted(sis.SYSTEMS))
def system(request, tmp_path):
    with connected(request.param, tmp_path) as system:
        yield system


@pytest.fixture(params=[name for name, kind in sis.SYSTEMS.items() if kind.people_at_once])
def taking(request, tmp_path):
    with connected(request.param, tmp_path) as system:
        yield system


def told(system, *people, number=1):
    return system.hand_over(people, on=TODAY, number=number)


def test_nobody_is_nothing(system):
    answer = told(system)

    assert (answer.verdicts, answer.files) == ({}, ())


def test_who_takes_nobody_says_nothing_of_them():
    assert told(sis.SYSTEMS["none"](), enrolling()).verdicts == {}


def test_every_news_has_a_verdict_and_everybody_a_code(taking):
    old, new = wish(1, is_news=False), wish(2)

    answer = told(taking, enrolling(old, new))

    assert list(answer.verdicts) == [new.key]
    assert answer.verdicts[new.key].is_accepted is not False
    assert list(answer.codes) == ["7K2M9QXA"]


def test_the_same_again_is_answered_alike(taking):
    first, again = told(taking, enrolling()), told(taking, enrolling())

    assert first == again


def test_withdrawal_is_accepted_once_and_again(taking):
    told(taking, enrolling())
    gone = enrolling(wish(key="r1-2", is_withdrawn=True))

    verdicts = [told(taking, gone).verdicts["r1-2"].is_accepted for _time in range(2)]

    assert verdicts == [True, True]


def test_what_is_held_is_told_or_cannot_be_asked(system):
    answer = system.held(["nothing-of-the-kind"])

    assert answer in (None, {"nothing-of-the-kind": False})


def test_programmes_are_found_by_all_words(system):
    found = system.programmes("droit social")

    assert system.programmes("") == []
    assert all("droit" in each.label.casefold() for each in found)
    assert bool(found) == system.knows_programmes


def test_nomenclatures_are_rows_of_known_tables(system):
    tables = system.nomenclatures()

    assert set(tables) <= set(TABLES)
    assert all(row["code"] for rows in tables.values() for row in rows)


@pytest.mark.parametrize("name", [n for n, kind in sis.SYSTEMS.items() if not kind.takes_documents])
def test_document_nobody_takes_is_refused(name):
    system = sis.SYSTEMS[name]()

    with pytest.raises(LookupError):
        system.take_document("EC1", "r1", "RNBAC", b"%PDF", name="MARTIN", first_name="ALIX")


# -- The demonstration's system --------------------------------------------------------------------


def test_demonstration_holds_what_it_was_told_until_it_is_withdrawn():
    system = sis.SYSTEMS["demonstration"]()

    told(system, enrolling())
    held = system.held(["r1"])
    told(system, enrolling(wish(key="r1-2", is_withdrawn=True)))

    assert (held, system.held(["r1"])) == ({"r1": True}, {"r1": False})


def test_demonstration_refuses_what_it_does_not_know():
    system = sis.SYSTEMS["demonstration"]()

    verdict = told(system, enrolling(wish(programme="NONE"))).verdicts["r1-1"]

    assert (verdict.is_accepted, verdict.reason) == (False, "Formation inconnue : NONE")


def test_demonstration_keeps_documents():
    sis.SYSTEMS["demonstration"]().take_document(
        "EC1", "r1", "RNBAC", b"%PDF", name="MARTIN", first_name="ALIX"
    )

    assert cache.get(DOCUMENT.format("r1", "RNBAC")) == len(b"%PDF")
    assert cache.get(DOCUMENT.format("r2", "RNBAC")) is None


# -- Files [5.7.3] ---------------------------------------------------------------------------------


def sheets(answer):
    found = {}
    for file in answer.files:
        rows = csv.DictReader(StringIO(file.content.decode()), delimiter=";")
        found[file.name] = list(rows)
    return found


def test_files_have_the_columns_pegase_reads():
    answer = told(sis.SYSTEMS["files"](), enrolling(birth_commune="45234"))

    files = sheets(answer)
    (person,) = files["candidat-20270315.csv"]
    (application,) = files["candidature-20270315.csv"]
    (enrolment,) = files["inscription-20270315.csv"]
    assert list(person) == [
        "numero_candidat",
        "sexe",
        "nom_famille",
        "nom_usuel",
        "prenom",
        "prenom2",
        "prenom3",
        "date_naissance",
        "code_pays_naissance",
        "code_commune_naissance",
        "libelle_commune_naissance",
        "code_nationalite",
        "ine",
        "adresse_code_pays",
        "adresse_ligne1_etage",
        "adresse_ligne2_batiment",
        "adresse_ligne3_voie",
        "adresse_ligne4_complement",
        "adresse_code_postal",
        "adresse_code_commune",
        "adresse_cp_ville_etranger",
        "numero_telephone1",
        "numero_telephone2",
        "courriel",
    ]
    assert (person["sexe"], person["date_naissance"]) == ("F", "04/05/2006")
    assert person["adresse_ligne1_etage"] == "Étage 2"
    assert person["code_commune_naissance"] == "45234"
    assert list(application) == [
        "numero_candidat",
        "origine_admission",
        "voie_admission",
        "annee_concours",
        "code_voeu",
        "code_periode",
        "code_formation_psup",
        "code_sise",
        "code_etablissement_affectation",
    ]
    assert {name: value for name, value in application.items() if value} == {
        "numero_candidat": "7K2M9QXA",
        "origine_admission": "EC",
        "code_voeu": KNOWN,
        "code_periode": "2027",
    }
    assert (enrolment["nom_naissance"], enrolment["mail"]) == ("MARTIN", "alix@mail.test")
    assert (enrolment["code_voeu1"], enrolment["code_voeu2"]) == (KNOWN, "")
    assert [name for name in enrolment if name.endswith("5")] == [
        "origine_admission5",
        "annee_concours5",
        "code_voeu5",
        "code_periode5",
    ]


def test_semicolons_quotes_and_lines_stay_in_their_cell():
    answer = told(sis.SYSTEMS["files"](), enrolling())

    (person,) = sheets(answer)["candidat-20270315.csv"]

    assert person["adresse_ligne3_voie"] == '12 rue "des; Épreuves"'


def test_sixth_wish_is_refused_and_not_dropped():
    wishes = [wish(number) for number in range(1, 7)]

    answer = told(sis.SYSTEMS["files"](), enrolling(*wishes))

    assert [answer.verdicts[each.key].is_accepted for each in wishes] == [None] * 5 + [False]
    assert len(sheets(answer)["candidature-20270315.csv"]) == 5


def test_line_of_a_person_has_all_wishes_that_stand_and_the_others_have_the_news_alone():
    """5.7.3: the line of « inscription » says all somebody enrols in, so that loading it anew takes
    nothing away."""
    earlier, new = wish(1, is_news=False), wish(2, programme="M2DRT")

    answer = told(sis.SYSTEMS["files"](), enrolling(new, earlier))

    files = sheets(answer)
    (line,) = files["inscription-20270315.csv"]
    assert (line["code_voeu1"], line["code_voeu2"]) == (earlier.programme, new.programme)
    assert [each["code_voeu"] for each in files["candidature-20270315.csv"]] == [new.programme]
    assert list(answer.verdicts) == [new.key]


def test_withdrawal_is_told_in_a_file_of_its_own():
    answer = told(sis.SYSTEMS["files"](), enrolling(wish(is_withdrawn=True)))

    files = sheets(answer)

    assert list(files) == ["desistement-20270315.csv"]
    assert files["desistement-20270315.csv"][0]["code_voeu"] == KNOWN

"""What Apogée alone does: its dates, its documents, its wishes [5.7.1, 5.7.2]."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from candide.integrations.sis.apogee import ApogeeSystem, _day
from candide.integrations.sis.apogee_codes import split_ine
from candide.integrations.sis.port import HeldDocument, StudentBaccalaureate, Unavailable
from tests.integrations.sis import speaking
from tests.integrations.sis.speaking import Odd
from tests.integrations.sis.test_handover_contract import KNOWN, TODAY, enrolling, told, wish

CODE = "EC7K2M9QXA"


@pytest.fixture(scope="module")
def running():
    with speaking.running() as server:
        yield server


@pytest.fixture
def server(running):
    running.odd = None
    running.asked.clear()
    running.wishes.clear()
    running.people.clear()
    running.documents.clear()
    return running


@pytest.fixture
def apogee(server):
    return ApogeeSystem(server.apogee)


# -- Reading ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2005-04-12T00:00:00.000+02:00", date(2005, 4, 12)),
        ("2005-04-11T22:00:00.000Z", date(2005, 4, 12)),
        ("2005-01-11T23:00:00Z", date(2005, 1, 12)),
        ("2005-04-12", date(2005, 4, 12)),
        ("", None),
        ("soon", None),
    ],
)
def test_midnight_in_paris_is_of_the_day_that_begins(written, day):
    assert _day(written) == day


@pytest.mark.parametrize(
    ("ine", "parts"),
    [("230145789kh", ("230145789", "KH")), ("1856816120S", ("1856816120", "S"))],
)
def test_ine_is_told_with_its_key_apart(ine, parts):
    assert split_ine(ine) == parts


def test_documents_are_not_asked_for_where_no_service_has_them(server):
    system = ApogeeSystem(replace(server.apogee, documents_url=""))

    assert system.held_documents("22301457", ["RNBAC"]) == []
    with pytest.raises(LookupError):
        system.document_content("22301457", HeldDocument(code="RNBAC", year="2023", name="Relevé"))
    assert server.asked == []


def test_document_service_that_does_not_answer_is_unavailable(server, apogee):
    server.odd = Odd(status=500, body=b"{}", media_type="application/json")

    with pytest.raises(Unavailable, match="HTTP 500"):
        apogee.held_documents("22301457", ["RNBAC"])


@pytest.mark.parametrize(
    ("body", "media_type", "why"),
    [
        (b"<html>", "text/html", "no JSON"),
        (b'{"a": 1}', "application/json", "no list"),
    ],
)
def test_page_instead_of_a_list_is_unavailable(server, apogee, body, media_type, why):
    server.odd = Odd(body=body, media_type=media_type)

    with pytest.raises(Unavailable, match=why):
        apogee.held_documents("22301457", ["RNBAC"])


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (Odd(body=b"<html>", media_type="text/html"), "a page instead of a file"),
        (Odd(status=500), "HTTP 500"),
    ],
)
def test_page_instead_of_a_file_is_unavailable(server, apogee, odd, why):
    server.odd = odd

    with pytest.raises(Unavailable, match=why):
        apogee.document_content("22301457", HeldDocument(code="RNBAC", year="2023", name="x"))


@pytest.mark.parametrize(("status", "why"), [(200, "neither yes nor no"), (500, "HTTP 500")])
def test_ine_service_that_says_neither_is_unavailable(server, apogee, status, why):
    server.odd = Odd(status=status, body=b"perhaps")

    with pytest.raises(Unavailable, match=why):
        apogee.check_ine("230145789KH")


def test_offer_is_asked_for_once_an_hour(server, apogee):
    found = apogee.programmes("droit social")
    again = apogee.programmes("L2DEG02-1")

    assert [(each.code, each.version, each.diploma) for each in found] == [("M1DEG07", "1", "MDEG")]
    assert found[0].management_centre == "CG7"
    assert [each.code for each in again] == ["L2DEG02"]
    assert server.asked == ["/ws/services/OffreFormationMetier"]


# -- Hand-over -------------------------------------------------------------------------------------
def test_wishes_that_stand_are_told_together(server, apogee):
    """A-102."""
    old = wish(1, is_news=False)
    new = wish(
        2,
        programme="M1DEG02",
        regime="1",
        exemption="BE",
        fee=Decimal("243.50"),
        diploma="MDEG",
        diploma_version="1",
        management_centre="CG9",
    )

    answer = told(apogee, enrolling(old, new))

    assert answer.verdicts[new.key].is_accepted is True
    assert answer.codes == {"7K2M9QXA": CODE}
    first, second = server.wishes[CODE]
    assert (first["codEtp"], first["codCge"]) == (KNOWN, "CG1")
    assert second == {
        "codCatExoExt": "BE",
        "codCge": "CG9",
        "codDecVeu": "F",
        "codDemDos": "C",
        "codDip": "MDEG",
        "codEtp": "M1DEG02",
        "codRge": "1",
        "codVrsVdi": "1",
        "codVrsVet": "1",
        "comExoExt": "243.50",
        "numCls": "1",
        "temValPsd": "N",
    }


def test_person_is_told_in_capitals_without_accents(server, apogee):
    each = enrolling()
    person = replace(
        each.person,
        birth_name="N’Guyen-Cœur",
        first_name="Élise-Maëlle-Anne-Charlotte",
        birth_department="45",
        student_number="22301457",
        baccalaureate=StudentBaccalaureate(
            series="NBGE",
            honours="TB",
            department="2A",
            school="0450049J",
            speciality_1="MATHS",
            options=("LATIN",),
        ),
    )

    told(apogee, replace(each, person=person))

    said = server.people[CODE]
    assert said["individu"]["etatCivil"] == {
        "codNneIndOpi": "123456789AB",
        "codSexEtuOpi": "F",
        "libNomPatIndOpi": "N'GUYEN-COEUR",
        "libNomUsuIndOpi": None,
        "libPr1IndOpi": "ELISE-MAELLE-ANNE-CH",
        "libPr2IndOpi": None,
    }
    assert said["individu"]["donneesNaissance"] == {
        "codDepPayNai": "045",
        "codPayNat": "100",
        "codTypDepPayNai": "D",
        "dateNaiIndOpi": "04052006",
        "libVilNaiEtuOpi": "ORLEANS",
        "temDateNaiRelOpi": "N",
    }
    assert said["individu"]["codEtuOpi"] == "22301457"
    assert (said["bac"]["codBac"], said["bac"]["daaObtBacOba"]) == ("NBGE", str(TODAY.year))
    assert (said["bac"]["codDep"], said["bac"]["codOpt1Bac"]) == ("02A", "LATIN")
    assert said["adresseFixe"]["codCom"] == "45234"


def test_last_wish_withdrawn_leaves_an_empty_one(server, apogee):
    """A-101."""
    told(apogee, enrolling(wish()))
    gone = wish(key="r1-2", is_withdrawn=True)

    answer = told(apogee, enrolling(gone))

    assert answer.verdicts == {"r1-2": answer.verdicts["r1-2"]}
    assert answer.verdicts["r1-2"].is_accepted is True
    assert server.wishes[CODE] == []


def test_refused_wish_keeps_no_other_from_being_taken(server, apogee):
    old, good, bad = wish(1, is_news=False), wish(2), wish(3, programme="NONE")
    gone = wish(4, is_withdrawn=True)

    answer = told(apogee, enrolling(old, bad, good, gone))

    assert {key: verdict.is_accepted for key, verdict in answer.verdicts.items()} == {
        good.key: True,
        bad.key: False,
        gone.key: True,
    }
    assert answer.verdicts[bad.key].reason == "VET inconnue : NONE"
    assert [each["codEtp"] for each in server.wishes[CODE]] == [KNOWN, KNOWN]


def test_withdrawal_beside_a_refused_wish_is_told_all_the_same(server, apogee):
    old, bad, gone = wish(1, is_news=False), wish(2, programme="NONE"), wish(3, is_withdrawn=True)

    answer = told(apogee, enrolling(old, bad, gone))

    assert answer.verdicts[gone.key].is_accepted is True
    assert len(server.wishes[CODE]) == 1


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"programme_version": ""}, "version"), ({"management_centre": ""}, "CGE")],
)
def test_what_apogee_could_not_take_is_said_before_it_is_asked(server, fields, word):
    system = ApogeeSystem(replace(server.apogee, management_centre=""))
    lacking = wish(**{"management_centre": "CG1", **fields})

    verdict = told(system, enrolling(lacking)).verdicts[lacking.key]

    assert verdict.is_accepted is False
    assert word in verdict.reason


def test_outage_is_no_refusal(server, apogee):
    server.answer("outage.xml", status=500)

    with pytest.raises(Unavailable):
        told(apogee, enrolling())


def test_document_follows_and_the_same_again_replaces_it(server, apogee):
    """A-104."""
    for content in (b"%PDF-1", b"%PDF-2"):
        apogee.take_document(CODE, "r1", "RNBAC", content, name="MARTIN", first_name="Alix")

    assert server.documents == {(CODE, "RNBAC"): b"%PDF-2"}
    with pytest.raises(LookupError, match="nullretrieve"):
        apogee.take_document("UNKNOWN", "r1", "RNBAC", b"%PDF", name="MARTIN", first_name="Alix")


def test_operation_an_older_service_lacks_is_named(server, apogee, monkeypatch):
    """A-109."""
    monkeypatch.delitem(speaking.OPERATIONS, "mettreajourDonneesOpi_v10")

    versions = apogee.versions()

    lacking = [name for name, service in versions.items() if not service]
    assert lacking == ["mettreajourDonneesOpi_v10"]
    assert not server.wishes


@pytest.mark.parametrize(
    ("recorded", "status", "why"),
    [("sign_in_page.html", 200, "no WSDL"), ("error_page.html", 500, "HTTP 500")],
)
def test_what_is_no_description_of_a_service_is_no_answer(server, apogee, recorded, status, why):
    server.answer(recorded, status=status)

    with pytest.raises(Unavailable, match=why):
        apogee.versions()

"""« Système de scolarité »: how it is, and a test of each call [5.2]."""

import pytest

from candide.admissions.candidates.models import MissedFetch
from candide.admissions.handover.domain.trying import CALLS
from candide.admissions.handover.enums import HandoverEvent
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution
from candide.integrations.sis.breaker import FAILURES, Breaker
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.integrations.sis import speaking
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/systeme-de-scolarite/"
NUMBER, INE = "22301457", "230145789KH"
TYPED = {
    "numero": NUMBER,
    "ine": INE,
    "identifiant": "clemartin",
    "cursus": NUMBER,
    "pieces": NUMBER,
    "repertoire": INE,
    "formations": "droit",
    "nomenclatures": "",
    "piece": NUMBER,
    "periodes": "",
    "versions": "",
    "remontee": "12",
}


@pytest.fixture(autouse=True)
def ada(client, frozen):
    Institution.current()
    client.force_login(staff("administrator"))


@pytest.fixture
def apogee(settings):
    """Apogée, as the speaking server is it."""
    with speaking.running() as server:
        settings.STUDENT_SYSTEM = "apogee"
        settings.SIS = vars(server.apogee)
        yield server


@pytest.mark.parametrize("code", sorted(CALLS))
def test_each_call_is_tried_alone(client, code):
    """A-109."""
    response = client.post(f"{PAGE}{code}/", {"words": TYPED[code]})

    tried = response.context["tried"]
    assert (tried.call.code, tried.is_well) == (code, True)
    entry = entries_about(Institution.current()).first()
    assert (entry.event, entry.data) == (HandoverEvent.SYSTEM_TESTED, {"call": code})


@pytest.mark.parametrize("code", sorted(set(CALLS) - {"nomenclatures", "formations", "cursus"}))
def test_apogee_says_what_came_and_how_long_it_took(client, apogee, code):
    tried = client.post(f"{PAGE}{code}/", {"words": TYPED[code]}).context["tried"]

    assert tried.is_well
    network = {"numero", "ine", "repertoire", "versions"}
    assert bool(tried.exchanges) == (code in network)


def test_what_came_back_is_shown_as_understood_and_as_it_came(client, apogee):
    page = words_inside(client.post(f"{PAGE}numero/", {"words": NUMBER}))

    assert "nom_naissance : MARTIN" in page
    assert "adresse_code_postal : 45160" in page
    assert "Réponse 1 telle que reçue : HTTP 200" in page
    assert "recupererIdentifiantsEtudiant_v2Return" in page
    assert speaking.PASSWORD not in page


def test_page_that_came_instead_is_shown_as_text(client, apogee):
    apogee.answer("error_page.html", status=500)

    response = client.post(f"{PAGE}numero/", {"words": NUMBER})

    assert not response.context["tried"].is_well
    assert b"&lt;h1&gt;Apache Tomcat" in response.content


def test_silence_is_said(client, monkeypatch):
    def silent(system, number):
        raise Unavailable

    monkeypatch.setattr(DemonstrationStudentSystem, "student_by_number", silent)

    tried = client.post(f"{PAGE}numero/", {"words": NUMBER}).context["tried"]

    assert (tried.is_well, tried.words) == (False, "Il ne répond pas.")


@pytest.mark.parametrize(
    ("recorded", "status", "words"),
    [
        ("sign_in_page.html", 401, "Il ne laisse pas entrer Candide"),
        ("sign_in_page.html", 200, "C’est une page qui est revenue"),
        ("outage.xml", 503, "Le service lui-même est en panne."),
    ],
)
def test_why_it_does_not_answer_is_said_in_words(client, apogee, recorded, status, words):
    apogee.answer(recorded, status=status)

    assert words in client.post(f"{PAGE}numero/", {"words": NUMBER}).context["tried"].words


def test_answer_nobody_expected_is_said_and_breaks_nothing(client, monkeypatch):
    def odd(system, number):
        return {}["no such key"]

    def worse(system, number):
        raise TypeError("of somebody")

    monkeypatch.setattr(DemonstrationStudentSystem, "student_by_number", odd)
    missing = client.post(f"{PAGE}numero/", {"words": NUMBER}).context["tried"]
    monkeypatch.setattr(DemonstrationStudentSystem, "student_by_number", worse)
    failed = client.post(f"{PAGE}numero/", {"words": NUMBER}).context["tried"]

    assert (missing.is_well, failed.is_well) == (False, False)
    assert "KeyError" in missing.words
    assert "TypeError" in failed.words
    assert "somebody" not in failed.words


def test_operation_that_lacks_is_named(client, apogee, monkeypatch):
    """A-109."""
    monkeypatch.delitem(speaking.OPERATIONS, "mettreajourDonneesOpi_v10")

    tried = client.post(f"{PAGE}versions/").context["tried"]

    assert (tried.is_well, tried.words) == (False, "Il lui manque : mettreajourDonneesOpi_v10")
    assert "mettreajourDonneesOpi_v10 : –" in tried.lines


def test_document_held_is_fetched_and_is_not_shown(client):
    tried = client.post(f"{PAGE}piece/", {"words": NUMBER}).context["tried"]

    (line,) = tried.lines
    assert "PDF" in line
    assert client.post(f"{PAGE}piece/", {"words": "nobody"}).context["tried"].lines == []


def test_document_that_is_listed_and_held_no_more_is_said(client, monkeypatch):
    def gone(system, number, document):
        raise LookupError(document.code)

    monkeypatch.setattr(DemonstrationStudentSystem, "document_content", gone)

    tried = client.post(f"{PAGE}piece/", {"words": NUMBER}).context["tried"]

    assert (tried.is_well, tried.words) == (False, "Il ne détient plus cette pièce.")


def test_nothing_typed_is_refused_and_unknown_calls_are_not_found(client):
    assert client.post(f"{PAGE}numero/", {"words": " "}).status_code == 422
    assert client.post(f"{PAGE}rien/").status_code == 404


def test_what_a_system_has_not_is_said(client, settings):
    settings.STUDENT_SYSTEM = "none"

    shown = client.get(PAGE)

    assert [is_there for _call, is_there, _words in shown.context["calls"]] == [False] * len(CALLS)
    assert "Ce système n’a pas cet appel." in words_inside(shown)


def test_open_circuit_is_shown_and_closed_by_hand(client, apogee):
    for _time in range(FAILURES):
        Breaker("apogee").failed("student_by_number: ReadTimeout")
    shown = words_inside(client.get(PAGE))

    tried = client.post(f"{PAGE}repertoire/", {"words": "999999999AA"}).context["tried"]
    assert tried.is_well, "whoever looks why asks all the same"
    for _time in range(FAILURES):
        Breaker("apogee").failed("student_by_number: ReadTimeout")
    open_again = words_inside(client.get(PAGE))
    client.post(f"{PAGE}reprendre/")

    for each in (shown, open_again):
        assert "Ouvert : plus personne ne l’interroge" in each
    assert "ReadTimeout" in shown
    assert "Fermé : il est interrogé" in words_inside(client.get(PAGE))
    assert client.post(f"{PAGE}numero/", {"words": NUMBER}).context["tried"].is_well


def test_resuming_what_is_never_paused_changes_nothing(client):
    client.post(f"{PAGE}reprendre/")

    assert not entries_about(Institution.current()).exists()


def test_what_was_missed_is_counted(client):
    MissedFetch.objects.create(
        user=UserFactory(), kind="record", missed_at=NOW, next_attempt_at=NOW
    )

    assert client.get(PAGE).context["missed"] == 1

"""What goes wrong on the way to a student system, as it was recorded: it is `Unavailable`, said
without secrets and names, and others do not wait for it too."""

import threading
from dataclasses import replace

import pytest

from candide.integrations.sis import breaker, pegase
from candide.integrations.sis.apogee import ApogeeSystem
from candide.integrations.sis.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker
from candide.integrations.sis.pegase import PegaseSystem
from candide.integrations.sis.port import Unavailable
from candide.integrations.sis.wire import Wire, WireSettings
from tests.integrations.sis import speaking
from tests.integrations.sis.speaking import Odd

NUMBER = "22301457"


@pytest.fixture(scope="module")
def running():
    with speaking.running() as server:
        yield server


@pytest.fixture
def server(running):
    pegase._tokens.clear()
    running.odd = None
    running.asked.clear()
    running.bodies.clear()
    return running


@pytest.fixture
def apogee(server):
    return ApogeeSystem(server.apogee)


def refusal_of(function, *args):
    with pytest.raises(Unavailable) as refusal:
        function(*args)
    return str(refusal.value)


RECORDED = [
    ("outage.xml", {"status": 500}, "technical.data.transaction.connexion"),
    ("error_page.html", {"status": 500}, "a page instead of an answer"),
    ("error_page.html", {"status": 404}, "HTTP 404"),
    ("sign_in_page.html", {}, "no SOAP envelope"),
    ("sign_in_page.html", {"status": 302}, "HTTP 302"),
    ("sign_in_page.html", {"status": 401}, "HTTP 401: who asks is not let in"),
    ("entities.xml", {}, "a page instead of an answer"),
    ("empty_body.xml", {}, "an empty envelope"),
    ("nothing.xml", {}, "nothing at all"),
    ("another_answer.xml", {}, "the answer to another question"),
]


@pytest.mark.parametrize(("recorded", "fields", "why"), RECORDED)
def test_what_is_no_answer_is_said_shortly(server, apogee, recorded, fields, why):
    server.answer(recorded, **fields)

    assert refusal_of(apogee.student_by_number, NUMBER) == f"student_by_number: {why}"


def test_windows_letters_under_the_name_of_utf8_are_read(server, apogee):
    server.answer("latin.xml", times=1)

    rows = apogee.nomenclatures()

    assert rows["series"] == [{"code": "NBGE", "name": "Baccalauréat général"}]


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (Odd(body=b""), "nothing at all"),
        (Odd(body=b"<html>"), "no JSON"),
        (Odd(status=500, body=b"{}"), "HTTP 500"),
    ],
)
def test_pegase_that_answers_oddly_is_silent(server, odd, why):
    server.odd = odd

    assert why in refusal_of(PegaseSystem(server.pegase).student_by_number, NUMBER)


@pytest.mark.parametrize(
    ("odd", "lacking"),
    [
        (None, set()),
        # A gateway's own words, and its way elsewhere.
        (Odd(status=404, body=b"<html>"), {"idt", "ins-ext", "coc", "odf", "ref"}),
        (Odd(body=b"default backend"), {"idt", "ins-ext", "coc", "odf", "ref"}),
        (Odd(status=302), {"idt", "ins-ext", "coc", "odf", "ref"}),
        # Where it may be a number nobody has, it proves nothing.
        (Odd(status=404, body=b'{"status": 404}'), {"idt", "odf", "ref"}),
        (Odd(status=404), {"idt", "odf", "ref"}),
        (Odd(status=400, body=b"{}"), set()),
    ],
)
def test_module_with_nothing_behind_its_address_lacks(server, odd, lacking):
    """A-109."""
    server.odd = odd

    versions = PegaseSystem(server.pegase).versions()

    assert {module for module, said in versions.items() if not said} == lacking


def test_pegase_does_not_let_in_who_has_another_password(server):
    settings = replace(server.pegase, password="another")

    said = refusal_of(PegaseSystem(settings).student_by_number, NUMBER)

    assert said.endswith("who asks is not let in")
    assert "another" not in said


def test_token_is_asked_for_once_an_hour_and_again_once_it_is_refused(server):
    system = PegaseSystem(server.pegase)
    tickets = lambda: server.asked.count("/cas/v1/tickets")  # noqa: E731 -- counted three times

    system.programmes("droit")
    system.programmes("gestion")
    first = tickets()
    server.odd = Odd(status=401, times=1)
    refusal_of(system.programmes, "droit")
    system.programmes("droit")

    assert (first, tickets()) == (1, 2)


# -- Slowness and busy servers ---------------------------------------------------------------------
def impatient(server, **fields):
    settings = replace(server.apogee, seconds=speaking.PATIENCE, **fields)
    return ApogeeSystem(settings)


def test_silence_ends_in_time(server):
    silence = threading.Event()
    server.odd = Odd(silence=silence)

    said = refusal_of(impatient(server).student_by_number, NUMBER)

    silence.set()
    assert said == "student_by_number: ReadTimeout"


def test_drop_by_drop_ends_in_time_too(server):
    server.odd = Odd(body=b"<" * 40, drips=True)

    assert refusal_of(impatient(server).student_by_number, NUMBER).endswith("ReadTimeout")


def test_nobody_there_is_said(server):
    nowhere = ApogeeSystem(replace(server.apogee, url="http://127.0.0.1:9/ws"))

    assert refusal_of(nowhere.student_by_number, NUMBER).endswith("ConnectError")


def test_busy_server_is_asked_again_with_growing_waits(server):
    waits = []
    system = ApogeeSystem(replace(server.apogee, tries=3, seconds=5))
    system.wire = Wire("apogee", system.settings, sleep=waits.append)
    server.odd = Odd(status=503, times=2)

    student = system.student_by_number(NUMBER)

    assert student.student_number == NUMBER
    assert waits == [0.2, 0.6]


def test_patience_ends_before_the_waits_do(server):
    waits = []
    system = ApogeeSystem(replace(server.apogee, tries=9, seconds=0.25))
    system.wire = Wire("apogee", system.settings, sleep=waits.append)
    server.odd = Odd(status=503)

    said = refusal_of(system.student_by_number, NUMBER)

    assert said.endswith("HTTP 503")
    assert waits == [0.2]


def test_gateway_is_told_its_headers_and_nobody_the_password(server, apogee):
    apogee.student_by_number(NUMBER)

    exchanges = list(apogee.wire.exchanges)
    assert [(each.status, each.size > 0) for each in exchanges] == [(200, True)] * 3
    assert NUMBER in exchanges[0].beginning
    assert speaking.PASSWORD.encode() not in b"".join(server.bodies)


# -- The circuit breaker ---------------------------------------------------------------------------
class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


def test_after_some_failures_nobody_asks_any_more(server, apogee):
    server.odd = Odd(status=500)
    for _time in range(FAILURES):
        refusal_of(apogee.student_by_number, NUMBER)
    asked = len(server.asked)

    said = refusal_of(ApogeeSystem(server.apogee).student_by_number, NUMBER)

    assert (said, len(server.asked)) == ("the circuit is open", asked)


def test_after_the_pause_one_tries_and_the_others_wait():
    clock = Clock()
    one, other = Breaker("x", clock=clock), Breaker("x", clock=clock)
    for _time in range(FAILURES):
        one.failed("silence")
    clock.now += FIRST_PAUSE

    one.refuse_if_open()

    assert refusal_of(other.refuse_if_open) == "somebody else is trying"


def test_success_closes_it_for_everybody():
    clock = Clock()
    one, other = Breaker("x", clock=clock), Breaker("x", clock=clock)
    for _time in range(FAILURES):
        one.failed("silence")
    clock.now += FIRST_PAUSE
    one.refuse_if_open()

    one.succeeded()

    other.refuse_if_open()
    state = other.state()
    assert (state.failures, state.until, state.reason) == (0, 0, "silence")
    assert state.well_at == clock.now


def test_pauses_grow_and_have_an_end():
    clock = Clock()
    one = Breaker("x", clock=clock)
    for _time in range(FAILURES - 1):
        one.failed("silence")
    pauses = []

    for _time in range(7):
        one.failed("silence")
        pauses.append(one.state().until - clock.now)

    assert pauses == [30, 60, 120, 240, 480, LONGEST_PAUSE, LONGEST_PAUSE]


def test_fewer_failures_and_a_success_begin_anew():
    one = Breaker("x", clock=Clock())
    for _time in range(FAILURES - 1):
        one.failed("silence")

    one.succeeded()
    one.failed("silence")

    one.refuse_if_open()
    assert one.state().failures == 1


def test_closing_it_lets_everybody_ask_at_once():
    one = Breaker("x", clock=Clock())
    for _time in range(FAILURES):
        one.failed("silence")

    one.close()

    one.refuse_if_open()
    assert not one.state().is_open_at(one.clock())


def test_success_is_written_down_now_and_then_alone(monkeypatch):
    clock, written = Clock(), []
    one = Breaker("x", clock=clock)
    one.succeeded()
    monkeypatch.setattr(breaker.cache, "set", lambda *args: written.append(args))

    one.succeeded()
    clock.now += 61
    one.succeeded()

    assert len(written) == 1


def test_more_than_is_taken_is_refused(server, monkeypatch):
    monkeypatch.setattr("candide.integrations.sis.wire.MOST_BYTES", 10)

    said = refusal_of(ApogeeSystem(server.apogee).student_by_number, NUMBER)

    assert said.endswith("more than is taken")


def test_settings_of_the_deployment_are_read(settings):
    settings.SIS = {**settings.SIS, "url": "https://apogee.example.org/ws", "tries": 2}

    assert ApogeeSystem().settings == WireSettings(url="https://apogee.example.org/ws", tries=2)

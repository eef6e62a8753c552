"""What we ask of a CAS server, asked of a real one."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from candide.integrations.cas import (
    CasServer,
    Refused,
    ended_ticket,
    sign_in_url,
    sign_out_url,
    validate,
)
from tests.integrations.cas.server import running, sign_in

SERVICE = "http://127.0.0.1:9/compte/universite/cas/valmont/?state=abc"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("cas")) as url:
        yield url


@pytest.fixture(params=["2", "3"])
def server(request: Any, address: str) -> CasServer:
    return CasServer(url=address, version=request.param)


@pytest.fixture
def visitor() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def ticket_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["ticket"][0]


def test_ticket_says_once_who_came(server, visitor):
    back = sign_in(visitor, sign_in_url(server, SERVICE), "btran")
    ticket = ticket_of(back)

    person = validate(server, ticket, SERVICE)

    assert back.startswith(f"{SERVICE}&ticket=ST-")
    assert person.login == "btran"
    assert person.attributes["givenName"] == "Bao"
    assert person.attributes["eduPersonAffiliation"] == "member"
    with pytest.raises(Refused):
        validate(server, ticket, SERVICE)


def test_ticket_is_for_one_service(server, visitor):
    ticket = ticket_of(sign_in(visitor, sign_in_url(server, SERVICE), "btran"))

    with pytest.raises(Refused):
        validate(server, ticket, SERVICE.replace("abc", "other"))


def test_who_is_to_sign_in_anew_types_the_password_again(address, visitor):
    server = CasServer(url=address)
    sign_in(visitor, sign_in_url(server, SERVICE), "btran")
    without_typing = ticket_of(visitor.get(sign_in_url(server, SERVICE)).headers["location"])
    typed = ticket_of(sign_in(visitor, sign_in_url(server, SERVICE, is_again=True), "btran"))

    assert validate(server, typed, SERVICE, is_again=True).login == "btran"
    with pytest.raises(Refused):
        validate(server, without_typing, SERVICE, is_again=True)


def test_signing_out_there_names_the_ticket(address, visitor):
    told: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.append(parse_qs(body)["logoutRequest"][0])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = CasServer(url=address)
    listener = HTTPServer(("127.0.0.1", 0), Listener)
    service = f"http://127.0.0.1:{listener.server_port}/compte/universite/cas/valmont/"
    ticket = ticket_of(sign_in(visitor, sign_in_url(server, service), "btran"))
    validate(server, ticket, service)
    thread = Thread(target=listener.handle_request)
    thread.start()

    visitor.get(sign_out_url(server, "http://127.0.0.1:9/"))
    thread.join(10)
    listener.server_close()

    assert [ended_ticket(request) for request in told] == [ticket]

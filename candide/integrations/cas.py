"""The institution's CAS server: where people sign in there, what it says of a ticket, and whose
visit it ends. python-cas, the extra `cas`, speaks the protocol; it is only imported here when a
server is asked. It reads XML with parsers that follow what a document declares: what declares
anything is refused before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

import httpx

from candide.integrations.fetching import TooLong, fetch

LONGEST = 100_000  # bytes of an answer
LONGEST_LOGIN = 150
HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")


class Refused(Exception):
    """The server does not vouch for this ticket, or says nothing that can be understood."""


class Unavailable(Exception):
    """The server does not answer: ask again later."""


@dataclass(frozen=True, kw_only=True)
class CasServer:
    """`version` 3 gives attributes, 2 as a rule none."""

    url: str
    version: str = "3"


@dataclass(frozen=True, kw_only=True)
class CasPerson:
    """Whom a ticket was made for."""

    login: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def sign_in_url(server: CasServer, service: str, *, is_again: bool = False) -> str:
    """Where people sign in to come back to `service`; `is_again`: even who is signed in there."""
    return str(_client(server, service, renew=is_again).get_login_url())


def sign_out_url(server: CasServer, service: str) -> str:
    return str(_client(server, service).get_logout_url(service))


def validate(server: CasServer, ticket: str, service: str, *, is_again: bool = False) -> CasPerson:
    """Ask the server whom it made `ticket` for. It does so once, and for one service."""
    client = _client(server, service)
    asked = {"ticket": ticket, "service": service} | ({"renew": "true"} if is_again else {})
    answer = _get(f"{_root(server)}{client.url_suffix}", asked)
    try:
        login, said, _ticket = client.verify_response(_harmless(answer))
    except (ParseError, IndexError, AttributeError, ValueError) as error:
        raise Refused(type(error).__name__) from None
    login = (login or "").strip()
    if not login or len(login) > LONGEST_LOGIN or not login.isprintable():
        raise Refused("no login")
    return CasPerson(login=login, attributes=_first_values(said or {}))


def ended_ticket(request: str) -> str:
    """The ticket whose visit the server wants to end (« single logout »); empty where it names
    none."""
    from cas import CASClientV3  # noqa: PLC0415 -- an extra: only who has a CAS installs it

    try:
        found = CASClientV3.get_saml_slos(_harmless(request.encode()))
    except Refused:
        return ""
    return (found[0].text or "").strip() if found else ""


# -- What they are made of -------------------------------------------------------------------------


def _client(server: CasServer, service: str, *, renew: bool = False) -> Any:
    from cas import CASClient  # noqa: PLC0415 -- an extra: only who has a CAS installs it

    return CASClient(
        version=server.version, service_url=service, server_url=_root(server), renew=renew
    )


def _root(server: CasServer) -> str:
    return server.url.rstrip("/") + "/"


def _get(url: str, asked: dict[str, str]) -> bytes:
    """The answer, as long as one may be."""
    try:
        return fetch(url, asked, longest=LONGEST)
    except TooLong:
        raise Refused("too long") from None
    except httpx.HTTPError as error:
        raise Unavailable(type(error).__name__) from None


def _harmless(document: bytes) -> str:
    """The document as characters, without what says how to read it. Whoever declares a type can
    declare entities that grow without end or read files: no CAS needs one."""
    try:
        text = HEAD.sub("", document.decode())
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None
    if "<!" in text.replace("<![CDATA[", "").replace("<!--", "") or "\0" in text:
        raise Refused("declares something")
    return text


def _first_values(said: Mapping[str, Any]) -> dict[str, str]:
    """One value for each name: the first where there are several."""
    values = {
        name: next(iter(value), "") if isinstance(value, list) else value
        for name, value in said.items()
    }
    return {name: value for name, value in values.items() if isinstance(value, str)}

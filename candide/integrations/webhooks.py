"""Calling an address somebody typed. It is the world that is called, never this network: names are
looked up once, and the connection goes to the address that was looked at, not to what the name
says a moment later. Redirections are not followed."""

import http.client
import ipaddress
import socket
import ssl
from typing import Any
from urllib.parse import SplitResult, urlsplit

PATIENCE = 10.0  # seconds, for each step
_READ_AT_MOST = 1024


class NotCalled(Exception):
    """Nobody answered, or the address is not one to call."""


def address_problem(url: str, *, is_trial: bool) -> str:
    """What is wrong with an address: "scheme", "form", "private", or nothing. A name may lead
    elsewhere tomorrow: `post` looks again."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return "form"
    if parts.scheme != "https" and not (is_trial and parts.scheme == "http"):
        return "scheme"
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        return "form"
    return "" if is_trial or not _is_inner_name(parts.hostname) else "private"


def post(url: str, body: bytes, headers: dict[str, str], *, is_trial: bool) -> int:
    """The status `url` answers with. Raises `NotCalled`. Where this `is_trial`, inner addresses
    are called too."""
    if problem := address_problem(url, is_trial=is_trial):
        raise NotCalled(f"address: {problem}")
    parts = urlsplit(url)
    connection = _connection(parts, _looked_up(parts, is_trial=is_trial))
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        response = connection.getresponse()
        response.read(_READ_AT_MOST)
        return response.status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotCalled(type(error).__name__) from None
    finally:
        connection.close()


def _is_inner_name(host: str) -> bool:
    """Whether `host` is, as it stands, an address of no public network, or a name of this one."""
    try:
        return not _is_public(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _looked_up(parts: SplitResult, *, is_trial: bool) -> tuple[str, int]:
    """The address and port to connect to: every address of the name has to be public."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotCalled(type(error).__name__) from None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if not is_trial and not all(_is_public(address) for address in addresses):
        raise NotCalled("address: private")
    return addresses[0], port


def _connection(parts: SplitResult, target: tuple[str, int]) -> http.client.HTTPConnection:
    """A connection to `target` that speaks to the host of the address."""

    def connect(_address: Any, timeout: Any = None, *_: Any) -> socket.socket:
        return socket.create_connection(target, timeout)

    host = str(parts.hostname)
    made: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        made = http.client.HTTPSConnection(host, parts.port, timeout=PATIENCE, context=context)
    else:
        made = http.client.HTTPConnection(host, parts.port, timeout=PATIENCE)
    made._create_connection = connect  # type: ignore[attr-defined]
    return made

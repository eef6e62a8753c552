"""Reading an address of another system: for a few seconds, and no more of it than is expected."""

import ipaddress
from urllib.parse import urlsplit

import httpx

SECONDS = 5


class TooLong(Exception):
    """There is more of it than anybody has to say."""


def fetch(url: str, asked: dict[str, str] | None = None, *, longest: int) -> bytes:
    """What answers at `url`, `longest` bytes at most. Raises `TooLong` and `httpx.HTTPError`. A
    server on this very machine is not asked through a proxy."""
    body = b""
    with (
        httpx.Client(timeout=SECONDS, trust_env=not is_loopback(url)) as client,
        client.stream("GET", url, params=asked) as answer,
    ):
        answer.raise_for_status()
        for part in answer.iter_bytes():
            body += part
            if len(body) > longest:
                raise TooLong
    return body


def is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Speaking to a student system over HTTP: a time to answer, some more tries with growing waits,
and the circuit breaker. Whatever goes wrong on the way ends as `Unavailable`, whose text names no
person and no secret."""

import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
from django.conf import settings as deployment

from candide.integrations.sis.breaker import Breaker
from candide.integrations.sis.port import Unavailable

WAITS = (0.2, 0.6, 1.8, 5.4)
BUSY = {429, 502, 503, 504}  # a gateway or a restart: worth another try
MOST_BYTES = 64 * 1024 * 1024
SHOWN = 4000
KEPT = 10
FORBIDDEN = {401, 403}


class Garbled(Exception):
    """What came back is no answer."""


@dataclass(frozen=True, kw_only=True)
class WireSettings:
    """Where the system is, and how patiently it is asked. `ine_url`, `documents_url`, `auth_url`:
    services beside it, each empty where there is none."""

    url: str = ""
    user: str = ""
    password: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 5
    tries: int = 3
    ine_url: str = ""
    documents_url: str = ""
    auth_url: str = ""
    institution: str = ""
    management_centre: str = ""
    folder: str = ""


def deployed() -> WireSettings:
    """What `CANDIDE_SIS_…` say."""
    said: dict[str, Any] = deployment.SIS
    return WireSettings(**said)


@dataclass(frozen=True)
class Exchange:
    """One question and what came back, for whoever looks why it does not work."""

    status: int
    milliseconds: int
    size: int
    beginning: str


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    media_type: str

    @property
    def is_well(self) -> bool:
        return self.status == httpx.codes.OK

    @property
    def is_nothing(self) -> bool:
        return self.status == httpx.codes.NOT_FOUND


class Wire:
    """One system's way. `exchanges` keeps what was heard of late."""

    def __init__(
        self,
        name: str,
        settings: WireSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self.breaker = Breaker(name)
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self.is_trial = False  # an administrator looks why: it is asked whatever the breaker says
        self._sleep = sleep

    def ask(
        self,
        call: str,
        method: str,
        url: str,
        *,
        read: Callable[[Answer], Any],
        headers: Mapping[str, str] | None = None,
        **asked: Any,
    ) -> Any:
        """Ask, and give back what `read` makes of the answer; `read` raises `Garbled` where it is
        none. Asking twice changes nothing: only such calls are made here."""
        if not self.is_trial:
            self.breaker.refuse_if_open()
        try:
            said = {**self.settings.headers, **(headers or {})}
            answer = self._asked_until_it_answers(method, url, headers=said, **asked)
            if answer.status in FORBIDDEN:
                raise Garbled(f"HTTP {answer.status}: who asks is not let in")
            found = read(answer)
        except Garbled as why:
            self.breaker.failed(f"{call}: {why}")
            raise Unavailable(f"{call}: {why}") from None
        self.breaker.succeeded()
        return found

    def _asked_until_it_answers(
        self, method: str, url: str, *, headers: Mapping[str, str], **asked: Any
    ) -> Answer:
        begun = time.monotonic()
        patience = 2 * self.settings.seconds
        why = ""
        for number in range(self.settings.tries):
            if number:
                wait = WAITS[min(number, len(WAITS)) - 1]
                if time.monotonic() - begun + wait > patience:
                    break
                self._sleep(wait)
            try:
                answer = self._asked_once(method, url, headers=headers, **asked)
            except httpx.HTTPError as error:
                why = type(error).__name__
                continue
            if answer.status not in BUSY:
                return answer
            why = f"HTTP {answer.status}"
        raise Garbled(why)

    def _asked_once(self, method: str, url: str, **asked: Any) -> Answer:
        begun, seconds = time.monotonic(), self.settings.seconds
        content = b""
        with (
            httpx.Client(verify=_tls(), timeout=seconds) as client,
            client.stream(method, url, **asked) as response,
        ):
            for chunk in response.iter_bytes():
                content += chunk
                # Drop by drop no read takes too long, and all of them together do.
                if time.monotonic() - begun > seconds:
                    raise httpx.ReadTimeout("drop by drop")
                if len(content) > MOST_BYTES:
                    raise Garbled("more than is taken")
            answer = Answer(response.status_code, content, response.headers.get("content-type", ""))
        self.exchanges.append(
            Exchange(
                status=answer.status,
                milliseconds=round((time.monotonic() - begun) * 1000),
                size=len(content),
                beginning=text_of(content[:SHOWN]),
            )
        )
        return answer


def text_of(content: bytes) -> str:
    """Bytes as text; what is not UTF-8, as it says, is what Windows writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes longer than a call: once for a process."""
    return httpx.create_ssl_context()

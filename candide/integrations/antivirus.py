"""The antivirus: whatever can say of a stream of bytes whether it holds a virus."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.conf import settings


class Finding(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"  # the antivirus answered that it cannot say (too large for it, say)


@dataclass(frozen=True)
class Verdict:
    """What the antivirus said; `signature` names what it found or why it could not say."""

    finding: Finding
    signature: str = ""


class Unavailable(Exception):
    """The antivirus did not answer: ask again later."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Antivirus(Protocol):
    def scan(self, content: Readable) -> Verdict:
        """Judge `content`, read from where it stands to its end. Raises `Unavailable`."""


def antivirus() -> Antivirus | None:
    """The antivirus of this deployment (CANDIDE_ANTIVIRUS_SOCKET), None if it has none."""
    return Clamd(settings.ANTIVIRUS_SOCKET) if settings.ANTIVIRUS_SOCKET else None


class Clamd:
    """ClamAV's daemon, by its INSTREAM command. `address` is a path (`/run/clamav/clamd.ctl`,
    `unix:/run/…`) or a machine (`tcp://host:3310`, `host:3310`)."""

    CHUNK = 64 * 1024

    def __init__(self, address: str, *, connect_seconds: float = 3, seconds: float = 30) -> None:
        self.address = address.removeprefix("unix:").removeprefix("tcp://")
        self.connect_seconds = connect_seconds
        self.seconds = seconds

    def scan(self, content: Readable) -> Verdict:
        try:
            with self._connect() as connection:
                self._send(connection, content)
                answer = self._answer(connection)
        except (OSError, ValueError) as error:
            raise Unavailable(type(error).__name__) from error
        return _verdict(answer)

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.connect_seconds)
            try:
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
        else:
            host, _, port = self.address.rpartition(":")
            connection = socket.create_connection((host, int(port)), self.connect_seconds)
        connection.settimeout(self.seconds)
        return connection

    def _send(self, connection: socket.socket, content: Readable) -> None:
        # It stops listening in the middle of what is too large for it, and says so in its answer.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"zINSTREAM\0")
            while chunk := content.read(self.CHUNK):
                connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
            connection.sendall((0).to_bytes(4, "big"))

    def _answer(self, connection: socket.socket) -> str:
        answer = b""
        while not answer.endswith(b"\0") and (more := connection.recv(4096)):
            answer += more
        return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(Finding.CLEAN)
    if said.endswith(" FOUND"):
        return Verdict(Finding.INFECTED, said.removesuffix(" FOUND"))
    if said.endswith("ERROR"):
        return Verdict(Finding.FAILED, said.removesuffix("ERROR").strip(" ."))
    raise Unavailable("no answer")

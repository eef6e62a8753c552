"""A real SMTP server of our own on the loopback, that answers as it is told and writes down what
it accepted."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

Reply = str | None
ACCEPTED = "250 OK"


@dataclass
class Accepted:
    """One message the server took over, for one recipient."""

    recipient: str
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """Use as a context manager. `on_recipient` and `on_data` may answer "550 …" in place of
    accepting, hang up by raising `ConnectionError`, or take their time."""

    on_recipient: Callable[[str], Reply] = lambda address: None
    on_data: Callable[[EmailMessage], Reply] = lambda message: None
    accepted: list[Accepted] = field(default_factory=list)
    connections: int = 0
    host: str = "127.0.0.1"
    port: int = 0

    def __enter__(self) -> "MailServer":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._transports: list[Any] = []
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the mail server did not start")
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Be down from now on."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join(10)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def message_ids(self) -> list[str]:
        """Of everything that was accepted, in that order."""
        return [one.message_id for one in self.accepted]

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stopped = asyncio.Event()
        handler = _Handler(self)
        server = await self._loop.create_server(
            lambda: _Protocol(self, handler, hostname="server.test", loop=self._loop),
            self.host,
            self.port,
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for transport in self._transports:
            transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0)


class _Protocol(SMTP):
    def __init__(self, server: MailServer, *args: Any, **kwargs: Any) -> None:
        self._server = server
        super().__init__(*args, **kwargs)

    def connection_made(self, transport: Any) -> None:
        self._server.connections += 1
        self._server._transports.append(transport)
        super().connection_made(transport)


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._ask(self._server.on_recipient, address, smtp)
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or ACCEPTED

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        reply = await self._ask(self._server.on_data, message, smtp)
        if reply is None:
            for recipient in envelope.rcpt_tos:
                self._server.accepted.append(Accepted(recipient, message))
        return reply or ACCEPTED

    async def _ask(self, question: Callable[[Any], Reply], subject: Any, smtp: SMTP) -> Reply:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(None, question, subject)
        except ConnectionError:
            smtp.transport.abort()
            return "421 Bye"

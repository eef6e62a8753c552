"""The provider on the network: a page on which one chooses who to be, and the endpoints."""

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from django.template.loader import render_to_string
from django.utils import translation

from candide.demo.oidc.provider import Client, ProtocolError, Provider, students

LONGEST_BODY = 16_384
COOKIE = "demonstration_provider_visit"
STYLE = b"""
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1f23; background: #fff; }
.mark { border: 2px dashed #7a4b00; padding: .75rem 1rem; color: #5c3900; background: #fdf0d5; }
ul { list-style: none; padding: 0; }
li { margin: .5rem 0; }
button { font: inherit; width: 100%; text-align: left; padding: .75rem 1rem; cursor: pointer;
  border: 1px solid #767f88; border-radius: .5rem; background: #f6f7f9; color: inherit; }
button:hover { background: #e4f0fa; }
:focus-visible { outline: 3px solid #0b4f8a; outline-offset: 2px; }
small { display: block; color: #4f5963; }
"""


class Handler(BaseHTTPRequestHandler):
    """One request; `provider` is set on the class made for each server."""

    provider: Provider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(
            {
                "/.well-known/openid-configuration": self._configuration,
                "/jwks": self._jwks,
                "/authorize": self._choose,
                "/userinfo": self._userinfo,
                "/logout": self._logout,
                "/style.css": self._style,
            }
        )

    def do_POST(self) -> None:
        self._answer({"/authorize": self._chosen, "/token": self._token})

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses hold codes: nothing is logged."""

    # -- Pages -----------------------------------------------------------------------------------

    def _choose(self) -> None:
        asked = self._query()
        self.provider.check_request(asked)
        language = "en" if self.headers.get("Accept-Language", "").startswith("en") else "fr"
        with translation.override(language):
            page = render_to_string(
                "demo/oidc_choose.html", {"students": students(), "asked": asked}
            )
        self._send(200, page.encode(), "text/html; charset=utf-8")

    def _chosen(self) -> None:
        form = self._form()
        self.provider.check_request(form)
        visit = ""
        if form.get("sign_in"):
            visit = secrets.token_urlsafe(16)
            answer = {"code": self.provider.issue_code(form["sign_in"], form, visit=visit)}
        else:
            answer = {"error": "access_denied"}
        if form.get("state"):
            answer["state"] = form["state"]
        self._redirect(f"{form['redirect_uri']}?{urlencode(answer)}", visit=visit)

    def _logout(self) -> None:
        back = self._query().get("post_logout_redirect_uri", "")
        ours = {_origin(address) for address in self.provider.client.redirect_uris}
        if _origin(back) not in ours:
            raise ProtocolError("unknown post_logout_redirect_uri")
        if visit := self._visit():
            # Of a demonstration that is stopped, whoever signs out is led back all the same.
            with suppress(httpx.HTTPError):
                self.provider.tell_ended(sid=visit)
        self._redirect(back)

    def _style(self) -> None:
        self._send(200, STYLE, "text/css; charset=utf-8")

    # -- Endpoints -------------------------------------------------------------------------------

    def _configuration(self) -> None:
        self._send_json(200, self.provider.configuration())

    def _jwks(self) -> None:
        self._send_json(200, self.provider.jwks())

    def _token(self) -> None:
        form = self._form()
        client_id, secret = self._basic() or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        self._send_json(200, self.provider.exchange(form, client_id=client_id, secret=secret))

    def _userinfo(self) -> None:
        _, _, token = self.headers.get("Authorization", "").partition("Bearer ")
        self._send_json(200, self.provider.userinfo(token))

    # -- The wire --------------------------------------------------------------------------------

    def _answer(self, pages: dict[str, Callable[[], None]]) -> None:
        page = pages.get(urlsplit(self.path).path)
        if page is None:
            self._send_json(404, {"error": "not_found"})
            return
        try:
            page()
        except (ProtocolError, ValueError) as error:
            self._send_json(400, {"error": str(error)})

    def _query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    def _form(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY:
            raise ProtocolError("too long")
        return dict(parse_qsl(self.rfile.read(length).decode("utf-8", "replace")))

    def _basic(self) -> tuple[str, str] | None:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        try:
            name, _, secret = base64.b64decode(value).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return name, secret

    def _visit(self) -> str:
        """The visit of who asks, which signing in began."""
        kept = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return kept.value if kept else ""

    def _redirect(self, address: str, *, visit: str = "") -> None:
        self.send_response(302)
        self.send_header("Location", address)
        if visit:
            self.send_header("Set-Cookie", f"{COOKIE}={visit}; Path=/; HttpOnly; SameSite=Lax")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.end_headers()
        self.wfile.write(body)


def make_server(host: str, port: int, client: Client, *, issuer: str = "") -> ThreadingHTTPServer:
    """A server that listens already; port 0 takes a free one."""
    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    address = issuer or f"http://{host}:{server.server_port}"
    provider = Provider(address, client)
    server.RequestHandlerClass = type("BoundHandler", (Handler,), {"provider": provider})
    return server


@contextmanager
def running(client: Client) -> Iterator[Provider]:
    """The provider in a thread of this process, for tests."""
    server = make_server("127.0.0.1", 0, client)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.RequestHandlerClass.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc

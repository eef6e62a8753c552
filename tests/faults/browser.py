"""A browser without a window, for trials of faults: it keeps cookies, sends the CSRF token, and
knows when an answer never came."""

import re
import socket
from typing import Any

import httpx
from django.urls import reverse

from tests.faults.installation import wait_until

HIDDEN = re.compile(r'name="([\w-]+)" value="([^"]*)"')


class Lost(Exception):
    """No answer came: whether the server did it, nobody knows."""


class Browser:
    """Somebody at a deployment's address. Pages are named as in `urls.py`."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.client = httpx.Client(
            base_url=base_url,
            transport=transport,
            # What a killed server leaves of a connection is not used again.
            headers={"Accept-Language": "fr", "Connection": "close"},
            timeout=120,
            trust_env=False,
        )

    def get(self, name: str, *args: Any) -> httpx.Response:
        """The page. Raises `Lost` when none comes."""
        try:
            return self.client.get(reverse(name, args=args))
        except httpx.TransportError as error:
            raise Lost from error

    def post(
        self,
        name: str,
        *args: Any,
        data: dict[str, Any] | None = None,
        files: list[tuple[str, tuple[str, bytes]]] | None = None,
    ) -> httpx.Response:
        """The answer. Raises `Lost` when there is none."""
        token = self.client.cookies.get("csrftoken", "")
        try:
            return self.client.post(
                reverse(name, args=args),
                data={**(data or {}), "csrfmiddlewaretoken": token},
                files=files,
            )
        except httpx.TransportError as error:
            raise Lost from error

    def field(self, name: str, page: httpx.Response) -> str:
        """What a page's hidden field holds, the empty text if it is not there."""
        return dict(HIDDEN.findall(page.text)).get(name, "")

    def sign_in(self, login: str, password: str) -> httpx.Response:
        self.get("account_login")
        return self.post("account_login", data={"login": login, "password": password})

    def wait_for_server(self) -> None:
        """Return once the server answers that it is well."""
        wait_until(self._is_answered, "the server answers")

    def close(self) -> None:
        self.client.close()

    def _is_answered(self) -> bool:
        try:
            return self.client.get("/healthz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]

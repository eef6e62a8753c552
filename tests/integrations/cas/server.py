"""A real CAS server for the tests, and a browser's part in its protocol."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from candide.config.providers import USUAL, allauth_apps
from tests.architecture.sources import ROOT
from tests.integrations.cas.people import PASSWORD

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')


@contextmanager
def running(place: Path) -> Iterator[str]:
    """Its address. It is a process of its own, with its data in `place`."""
    kept = {name: text for name, text in os.environ.items() if "DJANGO" not in name}
    command = [sys.executable, "-m", "tests.integrations.cas.process", str(place)]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**kept, "NO_PROXY": "*", "no_proxy": "*"}, stderr=log
        )
    try:
        yield f"http://127.0.0.1:{_port(process, place)}/"
    finally:
        process.terminate()
        process.wait(10)


def _port(process: Any, place: Path) -> str:
    until = time.monotonic() + 30
    while not (place / "port").exists():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError((place / "log").read_text())
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    return (place / "port").read_text()


def sign_in(browser: httpx.Client, url: str, login: str) -> str:
    """Sign in on the page at `url`, as somebody does who came there; the address one is led to."""
    page = browser.get(url)
    if page.is_redirect:  # signed in there already
        return page.headers["location"]
    fields = {name: value for name, value in HIDDEN.findall(page.text)}
    typed = {"username": login, "password": PASSWORD}
    return browser.post(url, data={**fields, **typed}).headers["location"]


def connect(
    settings: Any, url: str, *, audience: tuple[str, ...] = ("candidates", "staff"), **told: Any
) -> None:
    """Let Candide know a CAS server at `url`, by the name « valmont »."""
    provider = {
        "name": "valmont",
        "kind": "cas",
        "label": "CAS Valmont",
        "url": url,
        "audience": list(audience),
        "version": "3",
        "client_id": "",
        "client_secret": "",
        "names": USUAL["cas"],
        **told,
    }
    settings.SIGN_IN = [*settings.SIGN_IN, provider]
    apps = allauth_apps("cas", settings.SIGN_IN)
    settings.SOCIALACCOUNT_PROVIDERS = {
        **settings.SOCIALACCOUNT_PROVIDERS,
        "candide_cas": {"APPS": apps},
    }

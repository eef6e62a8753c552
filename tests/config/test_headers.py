"""docs/security.md says which headers an installation sends and how it keeps passwords: it does."""

import json
import re
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT
from tests.config.test_settings import KEY, clean_environment

TABLE = re.compile(r"^\| `([A-Z][\w-]+)` \| `(.+)` \|$", re.MULTILINE)
COOKIES = re.compile(r"^\| `(sessionid|csrftoken)` \| (.+) \|$", re.MULTILINE)
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
answer = Client(SERVER_NAME="candidatures.univ.example").get("/healthz", secure=True)
plain = Client(SERVER_NAME="candidatures.univ.example").get("/")
kept = ("SECURE", "HTTPONLY", "SAMESITE")
flags = {
    getattr(settings, f"{kind}_COOKIE_NAME"): [
        getattr(settings, f"{kind}_COOKIE_{flag}") for flag in kept
    ]
    for kind in ("SESSION", "CSRF")
}
print(json.dumps({
    "headers": dict(answer.headers), "cookies": flags,
    "plain": [plain.status_code, plain.headers["Location"]],
    "password": make_password("secret"),
}))
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """What an installation behind TLS says; its database has no table."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=clean_environment(
            DJANGO_SETTINGS_MODULE="candide.config.settings",
            CANDIDE_SECRET_KEY=KEY,
            CANDIDE_BASE_URL="https://candidatures.univ.example",
            CANDIDE_DATABASE_URL="sqlite:///:memory:",
            CANDIDE_DATA_DIR=str(tmp_path_factory.mktemp("data")),
            # Another storage of static files asks for what `prepare` collects.
            CANDIDE_DEBUG="0",
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def directives(policy):
    return {part.strip() for part in policy.split(";")}


def test_headers_are_those_of_the_page_on_security(answered):
    documented = dict(TABLE.findall((ROOT / "docs/security.md").read_text(encoding="utf-8")))
    sent = {name: answered["headers"].get(name) for name in documented}

    policies = [each.pop("Content-Security-Policy") for each in (documented, sent)]
    assert len(documented) == 5
    assert sent == documented
    assert directives(policies[1]) == directives(policies[0])


def test_cookies_are_those_of_the_page_on_security(answered):
    documented = dict(COOKIES.findall((ROOT / "docs/security.md").read_text(encoding="utf-8")))

    assert set(documented) == {"sessionid", "csrftoken"}
    for name, words in documented.items():
        assert words.startswith("`Secure`, `HttpOnly`, `SameSite=Lax`")
        assert answered["cookies"][name] == [True, True, "Lax"]


def test_nobody_stays_without_tls(answered):
    assert answered["plain"] == [301, "https://candidatures.univ.example/"]


def test_passwords_are_kept_as_the_page_on_security_says(answered):
    """A-120."""
    assert "are kept with Argon2" in (ROOT / "docs/security.md").read_text(encoding="utf-8")
    assert answered["password"].startswith("argon2$argon2id$")


def test_answers_of_nginx_carry_what_guards_files():
    """nginx drops them from what it sends in Candide's place, unless it is told to say them."""
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    directory, objects = conf.split("location /private/ {")[1:]

    for part in (directory, objects):
        assert "internal;" in part
        for name in (
            "Strict-Transport-Security",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cross-Origin-Resource-Policy",
        ):
            assert f"add_header {name} " in part
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in conf
    assert "client_max_body_size 100m;" in conf

"""Settings are read from the environment, refused with a sentence, and documented in one place."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

KEY = "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz"
DOCUMENTED = re.compile(r"^\| `(CANDIDE_\w+)` \| (.+?) \|", re.MULTILINE)
DUMP = """
import json
from candide.config import settings
from candide.config.environment import env
print(json.dumps({name: str(value) for name, value in env.dump().items()}))
"""


def clean_environment(**ours):
    """This process's environment without any setting of ours, and with `ours`."""
    outside = {name: value for name, value in os.environ.items() if "CANDIDE" not in name}
    for of_the_tests in ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        outside.pop(of_the_tests, None)
    return {**outside, **ours}


def candide(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "candide", *arguments],
        cwd=ROOT,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
    )


def documented():
    """The default of each variable as docs/settings.md gives it."""
    return dict(DOCUMENTED.findall((ROOT / "docs/settings.md").read_text()))


@pytest.fixture(scope="module")
def defaults():
    """Every variable the code reads, with the value it has when only the key is set."""
    done = subprocess.run(
        [sys.executable, "-c", DUMP],
        cwd=ROOT,
        env=clean_environment(CANDIDE_SECRET_KEY=KEY),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_every_variable_is_documented_and_no_other(defaults):
    assert set(documented()) == set(defaults)


def test_documented_defaults_are_those_of_the_code(defaults):
    spelling = {
        "True": "1",
        "False": "0",
        "": "*empty*",
        "[]": "*empty*",
        "{}": "*empty*",
        "30": "WARNING",
    }
    in_code = {name: spelling.get(value, value) for name, value in defaults.items()}
    literal = {
        name: text.strip("`")
        for name, text in documented().items()
        if re.fullmatch(r"`[^`]*`|\*empty\*", text) and name != "CANDIDE_SECRET_KEY"
    }

    assert {name: in_code[name] for name in literal} == literal


def test_defaults_told_in_words(defaults):
    assert defaults["CANDIDE_ALLOWED_HOSTS"] == "['127.0.0.1']"
    assert defaults["CANDIDE_DATABASE_URL"] == "sqlite:////var/lib/candide/candide.sqlite3"
    assert defaults["CANDIDE_STATIC_ROOT"] == "/var/lib/candide/static"
    assert defaults["CANDIDE_PROBE_URL"] == "http://127.0.0.1:8000/healthz"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "CANDIDE_SECRET_KEY is missing or too short."),
        ({"CANDIDE_SECRET_KEY": "short"}, "CANDIDE_SECRET_KEY is missing or too short."),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_WEB_WORKERS": "many"},
            '"CANDIDE_WEB_WORKERS" invalid: Not a valid integer.',
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_WEB_WORKERS": "0"},
            '"CANDIDE_WEB_WORKERS" invalid: Must be greater than or equal to 1.',
        ),
        ({"CANDIDE_DEBUG": "perhaps"}, '"CANDIDE_DEBUG" invalid: Not a valid boolean.'),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_BASE_URL": "candidatures.example.org"},
            "Give the address people type",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_BASE_URL": "https://example.org/candide"},
            "without a path",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_DATABASE_URL": "mysql://localhost/candide"},
            "It must begin with sqlite:/// or postgresql://.",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_TIME_ZONE": "Paris"},
            "Give the name of a time zone",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_EMAIL_URL": "mail.example.org"},
            "It must begin with smtp://",
        ),
        ({"CANDIDE_DEBUG": "1", "CANDIDE_MAIL_FROM": "me"}, "Give the address mails come from."),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_DIRECTORY": "ldap"},
            "CANDIDE_DIRECTORY=ldap needs CANDIDE_LDAP_BASE beside it.",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_STUDENT_SYSTEM": "apogee"},
            "CANDIDE_STUDENT_SYSTEM=apogee needs CANDIDE_SIS_URL beside it.",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_STUDENT_SYSTEM": "banner"},
            "Must be one of: none, demonstration, files, spreadsheets, apogee, pegase.",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_SIS_URL": "apogee.example.org"},
            "Give the address of the service",
        ),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_OIDC_ISSUER": "https://sso.example.org"},
            "CANDIDE_OIDC_ISSUER needs CANDIDE_OIDC_CLIENT_ID",
        ),
        ({"CANDIDE_DEBUG": "1", "CANDIDE_SIGN_IN": "CAS-1"}, "“CAS-1” is no name of a provider."),
        (
            {"CANDIDE_DEBUG": "1", "CANDIDE_DATABSE_URL": "sqlite:///x"},
            "CANDIDE_DATABSE_URL is not a setting. Did you mean CANDIDE_DATABASE_URL?",
        ),
        ({"CANDIDE_DEBUG": "1", "CANDIDE_ZZZ": "1"}, "CANDIDE_ZZZ is not a setting."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_a_wrong_setting_is_refused_with_a_sentence(variables, sentence):
    done = candide("check", **variables)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("candide: wrong setting: ")
    assert sentence in done.stderr
    assert done.stderr.endswith("See docs/settings.md.\n")


def test_help_needs_no_setting():
    assert candide("version").returncode == 0


def test_documented_production_settings_pass_the_checks(tmp_path):
    """The environment file of deploy, with places of this test in it."""
    lines = (ROOT / "deploy/candide.env").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    variables |= {
        "CANDIDE_SECRET_KEY": KEY,
        "CANDIDE_DATA_DIR": str(tmp_path),
        "CANDIDE_STATIC_ROOT": str(tmp_path / "static"),
    }

    done = candide("check", "--deploy", "--fail-level=WARNING", **variables)

    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.startswith("System check identified no issues")

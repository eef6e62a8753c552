"""The `candide` command itself."""

import os
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import base
from environs import EnvValidationError

from candide import __main__ as command


@pytest.fixture(autouse=True)
def umask():
    """The command narrows what others may read; the tests go on as before."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_runs_one_command_for_nobody_else_to_read(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["candide", "version"])

    assert command.main() == 0
    assert capsys.readouterr().out.startswith("5.2.")
    assert os.umask(0o022) == 0o027


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ImproperlyConfigured("CANDIDE_X is missing."), "CANDIDE_X is missing."),
        (
            EnvValidationError(
                "Environment variable \"CANDIDE_N\" invalid: ['Must be at least 1.']", ["…"]
            ),
            'Environment variable "CANDIDE_N" invalid: Must be at least 1.',
        ),
    ],
)
def test_a_wrong_setting_ends_with_one_sentence(monkeypatch, capsys, error, sentence):
    def fail(*_):
        raise error

    monkeypatch.setattr(sys, "argv", ["candide", "check"])
    monkeypatch.setattr(base.BaseCommand, "run_from_argv", fail)

    assert command.main() == 2
    assert capsys.readouterr().err == (
        f"candide: wrong setting: {sentence} See docs/settings.md.\n"
    )

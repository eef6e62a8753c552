"""What an installation does with stylesheets and scripts."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from candide.web.shared import theme

SCRIPTS = sorted(Path(theme.__file__).parent.glob("static/shared/*.js"))


def test_everything_is_collected_under_names_of_its_content(settings, tmp_path):
    """Fails when a stylesheet names a file that is not shipped."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    named = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert re.fullmatch(r"shared/candide\.[0-9a-f]{12}\.css", named["shared/candide.css"])
    assert (tmp_path / named["bootstrap/css/bootstrap.min.css"]).exists()
    assert (tmp_path / named["django_htmx/htmx-2.min.js"]).exists()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_imports_no_other(path):
    """Names of content are not written into imports, so a script would import a stale one."""
    assert re.findall(r"^\s*(?:import\b|export\b.*\bfrom\b)", path.read_text("utf-8"), re.M) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_evaluates_no_text(path):
    text = path.read_text("utf-8")

    assert re.findall(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|\.style\b", text) == []
    assert finders.find(f"shared/{path.name}") == str(path)

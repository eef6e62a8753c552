import os

import pytest
from django.core.management import call_command

from candide.core.management.commands import prepare


@pytest.fixture
def called(monkeypatch):
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_: calls.append(name))
    monkeypatch.setattr(prepare, "begin", lambda: calls.append("begin"))
    return calls


@pytest.fixture
def static_root(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path
    return tmp_path


def test_prepare_does_all_that_a_new_version_needs(called, static_root):
    call_command("prepare")

    assert called == ["migrate", "createcachetable", "begin", "collectstatic"]
    assert (static_root / "data").is_dir()


def test_prepare_again_collects_nothing_anew(called, static_root):
    call_command("prepare")
    called.clear()

    call_command("prepare")

    assert called == ["migrate", "createcachetable", "begin"]


def test_prepare_collects_anew_when_a_file_changed(called, static_root, settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "style.css").write_text("a {}")
    settings.STATICFILES_DIRS = [str(source)]
    call_command("prepare")
    called.clear()
    (source / "style.css").write_text("a { color: red }")

    call_command("prepare")

    assert called == ["migrate", "createcachetable", "begin", "collectstatic"]


def test_times_alone_collect_nothing_anew(called, static_root, settings, tmp_path):
    """An image cuts them, and its containers may not write to its static files."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "style.css").write_text("a {}")
    settings.STATICFILES_DIRS = [str(source)]
    call_command("prepare")
    called.clear()
    os.utime(source / "style.css", (1, 1))

    call_command("prepare")

    assert called == ["migrate", "createcachetable", "begin"]


def test_image_gets_its_static_files_without_a_database(called, static_root):
    call_command("prepare", static=True)

    assert called == ["collectstatic"]
    called.clear()
    call_command("prepare")
    assert called == ["migrate", "createcachetable", "begin"]

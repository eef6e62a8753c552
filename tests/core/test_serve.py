import os
import shutil
import socket
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command

from candide.core import measuring
from candide.core.management.commands import serve
from candide.foundation.pdf import rendering


@pytest.mark.parametrize(
    ("listen", "reuse_port", "trusted"),
    [
        ("127.0.0.1:8000", True, ["127.0.0.1", "::1"]),
        ("unix:/run/candide/web.sock", False, ["*"]),
    ],
)
def test_options_come_from_the_settings(settings, listen, reuse_port, trusted):
    settings.LISTEN = listen
    settings.WEB_WORKERS = 3
    settings.WEB_THREADS = 5

    server = serve.Server(serve.options())

    assert server.cfg.bind == [listen]
    assert (server.cfg.workers, server.cfg.threads) == (3, 5)
    assert server.cfg.worker_class_str == "gthread"
    assert server.cfg.reuse_port is reuse_port
    assert server.cfg.forwarded_allow_ips == trusted
    assert isinstance(server.load(), WSGIHandler)


def test_socket_that_systemd_holds_is_not_opened_again(monkeypatch, settings):
    settings.LISTEN = "10.1.0.11:8000"
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    assert serve.options()["reuse_port"] is False

    monkeypatch.setenv("LISTEN_PID", "1")
    assert serve.options()["reuse_port"] is True


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET])
def test_socket_that_is_handed_over_is_where_the_setting_says(
    monkeypatch, settings, tmp_path, family
):
    """Else nobody learns where it listens, and whose word is taken is decided by the wrong one."""
    ran = []
    monkeypatch.setattr(serve.Server, "run", lambda server: ran.append(server.cfg.bind))
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    with listening(family, tmp_path) as (held, place):
        monkeypatch.setattr(serve, "SD_LISTEN_FDS_START", held.fileno())
        settings.LISTEN = place
        call_command("serve")
        settings.LISTEN = "10.1.0.11:8000"
        with pytest.raises(CommandError) as refusal:
            call_command("serve")
        held.getsockname()  # still open

    assert ran == [[place]]
    assert f"says 10.1.0.11:8000, but systemd listens on {place}" in str(refusal.value)


@contextmanager
def listening(family, folder):
    """A socket as systemd holds it, and where."""
    with socket.socket(family) as held:
        if family == socket.AF_UNIX:
            held.bind(str(folder / "web.sock"))
            yield held, f"unix:{folder / 'web.sock'}"
        else:
            held.bind(("127.0.0.1", 0))
            yield held, f"127.0.0.1:{held.getsockname()[1]}"


def test_worker_loads_the_renderer_before_the_first_request(monkeypatch):
    """A transmission draws its receipt while it holds its locks [TRANS-05]."""
    loaded = []
    monkeypatch.setattr(rendering, "load_renderer", lambda: loaded.append("weasyprint"))
    monkeypatch.delitem(sys.modules, "candide.config.wsgi", raising=False)

    serve.Server(serve.options()).load()

    assert loaded == ["weasyprint"]


def test_command_runs_the_server(monkeypatch):
    ran = []
    monkeypatch.setattr(serve.Server, "run", lambda server: ran.append(server.cfg.bind))

    call_command("serve")

    assert ran == [["127.0.0.1:8000"]]


def test_worker_takes_the_first_place_that_is_free():
    def worker(place=None):
        return SimpleNamespace(place=place)

    server, new = SimpleNamespace(WORKERS={11: worker(1), 13: worker(3)}), worker()

    serve.give_place(server, new)

    assert new.place == 2


def test_worker_measures_at_its_place(monkeypatch):
    monkeypatch.setattr(measuring, "_place", "main")

    serve.take_place(None, SimpleNamespace(place=2))

    assert measuring._place == "2"


def test_folder_of_measures_is_there_while_the_server_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    seen = []

    def run(server):
        seen.append(Path(os.environ[serve.FOLDER_VARIABLE]))
        assert seen[0].parent == tmp_path
        assert seen[0].is_dir()

    monkeypatch.setattr(serve.Server, "run", run)

    call_command("serve")

    assert len(seen) == 1
    assert list(tmp_path.iterdir()) == []
    assert serve.FOLDER_VARIABLE not in os.environ


def test_worker_that_ends_leaves_the_folder_to_the_others(monkeypatch, tmp_path):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    monkeypatch.setenv(serve.FOLDER_VARIABLE, "")
    with serve.folder_of_measures() as folder:
        monkeypatch.setattr(os, "getpid", lambda: 1)
    monkeypatch.undo()

    assert folder.is_dir()


def test_what_a_killed_server_left_goes_when_one_starts(monkeypatch, tmp_path):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    monkeypatch.setenv(serve.FOLDER_VARIABLE, "")
    (tmp_path / "candide-measures-dead").mkdir()
    (tmp_path / "candide-measures-dead" / "counter_1.db").touch()
    (tmp_path / "candide-measures-link").symlink_to(tmp_path)
    (tmp_path / "web.sock").touch()

    living, held = serve.make_folder(tmp_path)
    with serve.folder_of_measures() as own:
        found = {path for path in tmp_path.iterdir() if path.is_dir() and not path.is_symlink()}
    os.close(held)

    assert found == {living, own}
    assert (tmp_path / "web.sock").exists()


def test_folder_taken_for_abandoned_is_made_anew(monkeypatch, tmp_path):
    locked = []

    def lock_too_late(descriptor, operation):
        if not locked:
            shutil.rmtree(next(tmp_path.iterdir()))
        locked.append(descriptor)

    monkeypatch.setattr(serve.fcntl, "flock", lock_too_late)

    folder, held = serve.make_folder(tmp_path)
    os.close(held)

    assert len(locked) == 2
    assert list(tmp_path.iterdir()) == [folder]

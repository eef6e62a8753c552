import socket
import stat

import pytest

from tools import demo


@pytest.fixture
def outside(monkeypatch, tmp_path):
    """The environment of somebody who set nothing but where the data go."""
    for name in list(demo.os.environ):
        if name.startswith("CANDIDE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CANDIDE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_environment_of_the_demonstration(outside):
    environment = demo.environment(8123)

    assert environment["CANDIDE_DEMO"] == "1"
    assert environment["CANDIDE_BASE_URL"] == "http://127.0.0.1:8123"
    assert environment["CANDIDE_LISTEN"] == "127.0.0.1:8123"
    assert environment["CANDIDE_DATA_DIR"] == str(outside)


def test_the_secret_key_is_kept_and_nobody_elses(outside):
    first = demo.environment(8123)["CANDIDE_SECRET_KEY"]

    assert demo.environment(8123)["CANDIDE_SECRET_KEY"] == first
    assert len(first) >= 50
    assert stat.S_IMODE((outside / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(outside.stat().st_mode) == 0o700


def test_what_the_person_set_stays(outside, monkeypatch):
    monkeypatch.setenv("CANDIDE_BASE_URL", "http://localhost:9000")

    assert demo.environment(8123)["CANDIDE_BASE_URL"] == "http://localhost:9000"


def test_a_port_somebody_listens_at_is_taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        assert demo.is_taken(port) is True

    assert demo.is_taken(port) is False

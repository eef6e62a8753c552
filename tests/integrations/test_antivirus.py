"""One contract for every antivirus: the fake that other tests use, and a real ClamAV daemon with a
signature file of our own (there is no network to fetch the official ones)."""

import io
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

from candide.integrations.antivirus import Clamd, Finding, Unavailable, Verdict, antivirus
from tests.factories import samples
from tests.fakes import FakeAntivirus

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
MEGABYTE = 1024 * 1024

CONFIGURATION = """
DatabaseDirectory {place}/signatures
LocalSocket {place}/clamd.sock
TCPSocket {port}
TCPAddr 127.0.0.1
PidFile {place}/clamd.pid
StreamMaxLength 4M
MaxThreads 2
Foreground yes
{user}
"""


@pytest.fixture(scope="module")
def clamd():
    """A daemon of this test's own; its socket and its port."""
    if CLAMD is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon): its contract is not tested")
    place = Path(tempfile.mkdtemp(prefix="clamd-"))
    place.chmod(0o755)
    (place / "signatures").mkdir()
    line = f"Eicar-Test:0:*:{samples.eicar().hex()}\n"
    (place / "signatures" / "own.ndb").write_text(line)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "User root" if os.getuid() == 0 else ""
    configuration = place / "clamd.conf"
    configuration.write_text(CONFIGURATION.format(place=place, port=port, user=user))
    process = subprocess.Popen(
        [CLAMD, "--config-file", str(configuration)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers(place / "clamd.sock", process)
        yield place / "clamd.sock", port
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(place)


def _until_it_answers(path, process):
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            Clamd(str(path)).scan(io.BytesIO(b"hello"))
        except Unavailable:
            threading.Event().wait(0.05)
        else:
            return
    pytest.fail("clamd did not start")


@pytest.fixture(params=["fake", "unix socket", "unix: address", "tcp"])
def scanner(request):
    if request.param == "fake":
        return FakeAntivirus()
    path, port = request.getfixturevalue("clamd")
    addresses = {
        "unix socket": str(path),
        "unix: address": f"unix:{path}",
        "tcp": f"tcp://127.0.0.1:{port}",
    }
    return Clamd(addresses[request.param])


def test_clean_file(scanner):
    assert scanner.scan(io.BytesIO(samples.pdf())) == Verdict(Finding.CLEAN)


def test_empty_file(scanner):
    assert scanner.scan(io.BytesIO(b"")) == Verdict(Finding.CLEAN)


def test_infected_file_is_named(scanner):
    verdict = scanner.scan(io.BytesIO(samples.eicar()))

    assert verdict.finding == Finding.INFECTED
    assert verdict.signature.startswith("Eicar-Test")


def test_file_beyond_its_limit_is_not_called_clean(scanner):
    verdict = scanner.scan(io.BytesIO(bytes(6 * MEGABYTE)))

    assert verdict == Verdict(Finding.FAILED, "INSTREAM size limit exceeded")


def test_scans_from_where_the_file_stands(scanner):
    content = io.BytesIO(samples.eicar() + b"nothing else")
    content.seek(68)

    assert scanner.scan(content) == Verdict(Finding.CLEAN)


def test_virus_inside_a_compressed_pdf_is_found(clamd):
    def change(document):
        document.Root.Hidden = document.make_stream(samples.eicar() * 100)

    content = samples.pdf(change=change)
    assert samples.eicar() not in content

    verdict = Clamd(str(clamd[0])).scan(io.BytesIO(content))

    assert verdict.finding == Finding.INFECTED


# -- What only a client over a socket can meet ---------------------------------------------------


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1", "no port"])
def test_daemon_that_is_not_there_is_unavailable(address):
    with pytest.raises(Unavailable):
        Clamd(address).scan(io.BytesIO(b"x"))


@pytest.fixture
def says():
    """A daemon that answers `said` to whoever connects, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threads = []

        def listen(said):
            def answer():
                connection, _ = server.accept()
                with connection:
                    while not connection.recv(65536).endswith(b"\0\0\0\0"):
                        pass
                    if said is None:
                        connection.recv(1)  # until the client gives up
                    else:
                        connection.sendall(said)

            threads.append(threading.Thread(target=answer))
            threads[-1].start()
            return f"127.0.0.1:{server.getsockname()[1]}"

        yield listen
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("said", [b"", b"\0", b"UNKNOWN COMMAND\0"])
def test_answer_that_says_nothing_is_unavailable(says, said):
    with pytest.raises(Unavailable):
        Clamd(says(said)).scan(io.BytesIO(b"x"))


def test_daemon_that_hangs_is_unavailable(says):
    with pytest.raises(Unavailable):
        Clamd(says(None), seconds=0.05).scan(io.BytesIO(b"x"))


def test_answer_without_its_end_is_read_to_its_last_byte(says):
    assert Clamd(says(b"stream: OK")).scan(io.BytesIO(b"x")) == Verdict(Finding.CLEAN)


# -- Which one a deployment has -----------------------------------------------------------------


def test_deployment_without_antivirus(settings):
    settings.ANTIVIRUS_SOCKET = ""

    assert antivirus() is None


def test_deployment_with_clamd(settings):
    settings.ANTIVIRUS_SOCKET = "/run/clamav/clamd.ctl"

    assert antivirus().address == "/run/clamav/clamd.ctl"

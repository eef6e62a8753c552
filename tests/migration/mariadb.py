"""A MariaDB of our own: a server in a temporary folder that listens on a Unix socket only, started
by the first test that needs it, gone with the last."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.postgres import end_with_parent, identity, run_as, unprivileged_user

PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
START_SECONDS = 60
# Nothing of this server has to survive anything.
OPTIONS = (
    "--skip-grant-tables",  # whoever reaches the socket is everybody: no system tables are needed
    "--innodb-log-file-size=8M",
    "--skip-networking",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
    "--innodb-file-per-table=0",
    "--sync-frm=0",
    "--sql-mode=",  # as lenient as those who let zero dates in
    "--character-set-server=utf8mb4",
)


def is_installed() -> bool:
    return _binary() is not None


@contextlib.contextmanager
def temporary_server() -> Iterator[Path]:
    """Yield the socket of a new server, which asks nobody for a password."""
    owner = unprivileged_user()
    # A short path: a socket's may not be longer than 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="candide-my-", dir="/tmp"))
    try:
        if owner is not None:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        data, socket = home / "data", home / "sock"
        run_as(owner, ["mkdir", str(data)])
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [
                    str(_binary()),
                    "--no-defaults",
                    f"--datadir={data}",
                    f"--socket={socket}",
                    f"--pid-file={home / 'pid'}",
                    *OPTIONS,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
                **identity(owner),
            )
        try:
            _wait(server, socket, home / "log")
            yield socket
        finally:
            server.kill()  # the data are thrown away
            server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(server: subprocess.Popen, socket: Path, log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        if server.poll() is not None:
            break
        if socket.exists() and b"ready for connections" in log.read_bytes():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
    raise RuntimeError(f"MariaDB did not start:\n{log.read_text(errors='replace')}")


def _binary() -> str | None:
    return shutil.which("mariadbd", path=PATH)

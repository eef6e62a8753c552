"""A PostgreSQL of our own for the tests: a temporary cluster that listens on a Unix socket only, in
a directory of its own, and is gone afterwards.

    .venv/bin/python tools/postgres.py COMMAND...   runs COMMAND with CANDIDE_DATABASE_URL set

PostgreSQL refuses root, so root runs it as Debian's user `postgres`, or as `nobody`.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

SUPERUSER = "candide"
PR_SET_PDEATHSIG = 1
START_SECONDS = 60

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    # Nothing of this cluster has to survive the end of its machine. What was committed survives
    # that of its server, which trials stop.
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # A test rolls its rows back: what is counted meanwhile is tables of many pages and no row, and
    # the planner, who believes it, then reads ten thousand rows once for each of ten thousand.
    "autovacuum": "off",
    "log_min_messages": "warning",
}


@dataclass
class Cluster:
    """A server in a directory of its own. `within` is the command that enters another network, as
    `ip netns exec db`; there it listens at `address` to `clients`, a network. What it holds is in
    `kept`, which stays, or else goes with its directory."""

    home: Path
    owner: pwd.struct_passwd | None
    within: list[str] = field(default_factory=list)
    address: str = ""
    clients: str = ""
    kept: Path | None = None
    server: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{SUPERUSER}@{quote(str(self.home), safe='')}/{SUPERUSER}"

    @property
    def data(self) -> Path:
        return self.kept or self.home / "data"

    def make(self) -> None:
        data = self.data
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.owner is not None:
            os.chown(data, self.owner.pw_uid, self.owner.pw_gid)
        run_as(
            self.owner,
            [
                *(binary("initdb"), "--no-sync", "--auth=trust", "--encoding=UTF8"),
                *("--locale=C.UTF-8", f"--username={SUPERUSER}", f"--pgdata={data}"),
            ],
        )
        if self.clients:
            with (data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {self.clients} trust\n")

    def start(self) -> None:
        settings = {**SETTINGS, "listen_addresses": self.address}
        command = [binary("postgres"), "-D", str(self.data), "-k", str(self.home)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        if self.within:  # entered by root, who then becomes the owner and dies with us
            who = [f"--reuid={self.owner.pw_uid}", f"--regid={self.owner.pw_gid}"]
            command = [
                *self.within,
                "setpriv",
                "--pdeathsig=QUIT",
                *who,
                "--clear-groups",
                *command,
            ]
        with (self.home / "log").open("ab") as log:
            self.server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **({"cwd": "/"} if self.within else identity(self.owner)),
                preexec_fn=None if self.within else end_with_parent,
            )

    def stop(self) -> None:
        """Immediately: what its clients were doing is undone when it starts again."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait()


@contextlib.contextmanager
def cluster(**settings) -> Iterator[Cluster]:
    """A cluster, started, with one database, empty in a new one; gone afterwards unless kept."""
    owner = unprivileged_user()
    # A short path: a socket's may not be longer than 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="candide-pg-", dir="/tmp"))
    try:
        if owner is not None:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        made = Cluster(home, owner, **settings)
        is_new = not (made.data / "PG_VERSION").exists()
        if is_new:
            made.make()
        made.start()
        try:
            wait_until_ready(made)
            create = [binary("createdb"), f"--host={home}", f"--username={SUPERUSER}", SUPERUSER]
            if is_new:
                run_as(owner, create)
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def temporary_cluster() -> Iterator[str]:
    """Yield the URL of a new cluster's empty database."""
    with cluster() as made:
        yield made.url


def wait_until_ready(made: Cluster) -> None:
    ready = [binary("pg_isready"), "--quiet", f"--host={made.home}", f"--timeout={START_SECONDS}"]
    for _ in range(START_SECONDS * 10):
        if made.server.poll() is not None:
            break
        if subprocess.run(ready, **identity(made.owner)).returncode == 0:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            made.server.wait(0.1)
    log = (made.home / "log").read_text(errors="replace")
    raise RuntimeError(f"PostgreSQL did not start:\n{log}")


def binary(name: str) -> str:
    """The newest installed PostgreSQL's own program, not Debian's wrapper around it."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])
    )
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise RuntimeError(f"{name} of PostgreSQL is not installed")
    return path


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to become before starting PostgreSQL; nobody else unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("neither the user postgres nor nobody exists")


def identity(owner: pwd.struct_passwd | None) -> dict:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}


def run_as(owner: pwd.struct_passwd | None, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, **identity(owner))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def end_with_parent() -> None:
    """Have the kernel end the server when this process dies, even of SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def end_orderly_on_sigterm() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def main() -> int:
    end_orderly_on_sigterm()
    with temporary_cluster() as url:
        environment = {**os.environ, "CANDIDE_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

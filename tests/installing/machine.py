"""A bare machine: Debian's smallest set in a tree of its own, started by its own systemd in
namespaces, with this machine's network. Needs root, debootstrap and systemd-nspawn.

    with BareMachine() as machine:
        machine.run("apt-get update")
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.sources import ROOT
from tests.faults.installation import children, wait_until

NSPAWN = shutil.which("systemd-nspawn")
# Beside Debian's smallest set: what every installed Debian has.
INCLUDED = "init,dbus,ca-certificates"
HANDED = re.compile(r"(http|https|no|all)_proxy|PIP_\w+|SSL_CERT_FILE|REQUESTS_CA_BUNDLE", re.I)
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PORTS = (25, 80, 443, 5432)
# Where the next command is given: a shell that is left remembers nothing.
HERE = "/root/.here"


def missing() -> str:
    """What keeps this machine from having another one inside; empty where nothing does."""
    if os.geteuid() != 0:
        return "only root makes machines"
    for program in ("debootstrap", "systemd-nspawn"):
        if shutil.which(program) is None:
            return f"the program {program} is missing"
    if taken := [port for port in PORTS if _is_taken(port)]:
        return f"ports are taken here: {taken}"
    return ""


def _is_taken(port: int) -> bool:
    listening = {"0A"}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _number, local, _remote, state, *_rest = line.split()
            if state in listening and int(local.rpartition(":")[2], 16) == port:
                return True
    return False


@dataclass
class Ran:
    """A command of a document that ended well."""

    command: str
    said: str
    seconds: float


@dataclass
class BareMachine:
    """Use as a context manager. BARE_TREE= keeps the tree at a place of your own, for another
    time."""

    tree: Path = field(init=False)
    leader: int = field(init=False)

    def __enter__(self) -> "BareMachine":
        kept = os.environ.get("BARE_TREE")
        self.tree = Path(kept or tempfile.mkdtemp(prefix="candide-bare-", dir="/var/tmp"))
        self._is_kept = bool(kept)
        subprocess.run(
            ["/bin/sh", ROOT / "tools/bare_machine.sh", "tree"],
            env={**os.environ, "BARE_TREE": str(self.tree), "BARE_INCLUDE": INCLUDED},
            check=True,
        )
        self._hand_authorities()
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        if not self._is_kept:
            shutil.rmtree(self.tree, ignore_errors=True)

    def _hand_authorities(self) -> None:
        """Those this machine trusts beside Debian's stay trusted when others are added there."""
        bundle = Path(os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt")
        theirs = self.tree / "usr/share/ca-certificates/mozilla"
        known = {path.read_text().strip() for path in theirs.glob("*.crt")}
        ours = [one for one in CERTIFICATE.findall(bundle.read_text()) if one not in known]
        for number, certificate in enumerate(ours):
            place = self.tree / f"usr/local/share/ca-certificates/handed-{number}.crt"
            place.write_text(f"{certificate}\n")

    def start(self) -> None:
        """Switch it on."""
        with (self.tree / "var/log/console").open("wb") as console:
            self._nspawn = subprocess.Popen(
                [
                    *(NSPAWN, "--quiet", "--boot", "--register=no", "--keep-unit"),
                    *("--console=pipe", "--resolv-conf=off", f"--directory={self.tree}"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
        wait_until(lambda: bool(children(self._nspawn.pid)), "the machine is switched on")
        self.leader = children(self._nspawn.pid)[0]
        wait_until(self._is_up, "the machine has started")

    def stop(self) -> None:
        """Switch it off, as by its button."""
        self._nspawn.send_signal(signal.SIGTERM)
        try:
            self._nspawn.wait(60)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()

    def run(self, text: str) -> Ran:
        """Give the commands as root at a terminal gives them, one after the other, where the last
        ones ended; fails with what they said when one of them fails."""
        begun = time.monotonic()
        script = f'cd "$(cat {HERE} 2>/dev/null || echo ~)"\nset -ex\n{text}\npwd > {HERE}'
        done = subprocess.run(
            [*self.enter, "bash", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        seconds = time.monotonic() - begun
        assert done.returncode == 0, f"after {seconds:.0f} s:\n{text}\n\nsaid:\n{done.stdout}"
        return Ran(text, done.stdout, seconds)

    @property
    def enter(self) -> list[str]:
        """The command that runs what follows it there."""
        handed = [f"{name}={value}" for name, value in os.environ.items() if HANDED.fullmatch(name)]
        environment = ["env", "-i", f"PATH={PATH}", "HOME=/root", *handed]
        return ["nsenter", f"--target={self.leader}", "--all", *environment]

    def _is_up(self) -> bool:
        asked = subprocess.run(
            [*self.enter, "systemctl", "is-system-running"], capture_output=True, text=True
        )
        return asked.stdout.strip() in {"running", "degraded"}

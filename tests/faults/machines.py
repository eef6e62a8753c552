"""Machines of our own: each has a network of its own (a namespace), and a cable to a switch that
can be pulled out. Needs root and `ip`.

    with Machines() as machines:
        web = machines.add("web")
        subprocess.run([*web.enter, "true"])
        web.unplug()
"""

import os
import shutil
import subprocess
import uuid
from dataclasses import dataclass, field

NETWORK = "10.213.77.{}"
SUBNET = NETWORK.format("0/24")
OURS = NETWORK.format(1)  # where this process stands
IP = shutil.which("ip") or ""


def missing() -> str:
    """What keeps this machine from having others inside; empty where nothing does."""
    if os.geteuid() != 0:
        return "only root makes networks"
    if not IP:
        return "the program ip is missing (Debian's iproute2)"
    name = f"candide-{os.getpid()}"
    made = subprocess.run([IP, "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        return f"no network can be made here: {made.stderr.strip()}"
    _ip("netns", "del", name)
    return ""


@dataclass(frozen=True)
class Machine:
    """`enter` is the command that runs what follows it there."""

    name: str
    address: str
    cable: str

    @property
    def enter(self) -> list[str]:
        return [IP, "netns", "exec", self.name]

    def unplug(self) -> None:
        """Cut it off: packets go nowhere, and nobody is told."""
        _ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        _ip("link", "set", self.cable, "up")


@dataclass
class Machines:
    """Use as a context manager."""

    made: list[Machine] = field(default_factory=list)

    def __enter__(self) -> "Machines":
        self._switch = f"cd{uuid.uuid4().hex[:8]}"
        _ip("link", "add", self._switch, "type", "bridge")
        _ip("addr", "add", f"{OURS}/24", "dev", self._switch)
        _ip("link", "set", self._switch, "up")
        return self

    def __exit__(self, *exc: object) -> None:
        for machine in self.made:
            subprocess.run([IP, "netns", "del", machine.name], check=False)
        _ip("link", "del", self._switch)

    def add(self, name: str) -> Machine:
        number = len(self.made) + 10
        own = f"{self._switch}-{name}"
        machine = Machine(own, NETWORK.format(number), f"{self._switch}{number}")
        _ip("netns", "add", own)
        self.made.append(machine)
        _ip("link", "add", machine.cable, "type", "veth", "peer", "name", "eth0", "netns", own)
        _ip("link", "set", machine.cable, "master", self._switch, "up")
        _ip("-n", own, "addr", "add", f"{machine.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            _ip("-n", own, "link", "set", device, "up")
        return machine


def _ip(*words: str) -> None:
    subprocess.run([IP, *words], check=True)

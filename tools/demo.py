"""The demonstration: prepare its data, then run the web server, the worker and the small sign-in
provider as children of this process, until interrupted.

    make demo            on port 8000; PORT= and SIZE=small|medium|large choose

Everything it keeps is in `.demo/`; removing that folder starts afresh.
"""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
CANDIDE = [sys.executable, "-m", "candide"]
PR_SET_PDEATHSIG = 1
READY_SECONDS = 60
PATIENCE_SECONDS = 15


def main() -> int:
    port = int(os.environ.get("PORT") or 8000)
    size = os.environ.get("SIZE") or "small"
    for needed in (port, port + 1):
        if is_taken(needed):
            return fail(f"port {needed} is taken; choose another, as in: make demo PORT=8100")
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    os.environ.update(environment(port))
    try:
        for command in (["prepare", "--verbosity=0"], ["demo", f"--size={size}"]):
            done = subprocess.run([*CANDIDE, *command], cwd=ROOT).returncode
            if done:
                return done
        return supervise(
            {
                "the web server": ["serve"],
                "the worker": ["worker"],
                "the sign-in provider": ["oidc-demo", f"--port={port + 1}"],
            },
            port,
        )
    except KeyboardInterrupt:
        return 0


def environment(port: int) -> dict[str, str]:
    """The settings of the demonstration; what the person has set already stays."""
    data = Path(os.environ.get("CANDIDE_DATA_DIR") or ROOT / ".demo").resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = data / "secret_key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    ours = {
        "CANDIDE_DEMO": "1",
        "CANDIDE_DATA_DIR": str(data),
        "CANDIDE_SECRET_KEY": key.read_text(),
        "CANDIDE_LISTEN": f"127.0.0.1:{port}",
        "CANDIDE_BASE_URL": f"http://127.0.0.1:{port}",
        "CANDIDE_OIDC_ISSUER": f"http://127.0.0.1:{port + 1}",
        "CANDIDE_OIDC_CLIENT_ID": "candide",
        "CANDIDE_OIDC_CLIENT_SECRET": "candide-demonstration",
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **{name: os.environ[name] for name in ours if os.environ.get(name)}}


def supervise(commands: dict[str, list[str]], port: int) -> int:
    """Run the commands until we are interrupted or one of them ends; then end them all."""
    children = {
        name: subprocess.Popen(
            [*CANDIDE, *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            # An interrupt from the keyboard reaches only us, and we end them in order.
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        for name, command in commands.items()
    }
    try:
        address = f"http://127.0.0.1:{port}"
        if wait_until_ready(f"{address}/healthz", children):
            print(f"\nCandide is at {address} — Ctrl-C ends it.\n", flush=True)
        while all(child.poll() is None for child in children.values()):
            time.sleep(0.5)
        ended = [name for name, child in children.items() if child.poll() is not None]
        return fail(f"{' and '.join(ended)} ended unexpectedly")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(list(children.values()))


def wait_until_ready(address: str, children: dict[str, subprocess.Popen]) -> bool:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and all(c.poll() is None for c in children.values()):
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(address, timeout=5):
                return True
        time.sleep(0.2)
    return False


def stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        child.terminate()
    until = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def is_taken(port: int) -> bool:
    """Whether somebody answers there already: our server would share the port without a word."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end_with_parent() -> None:
    """Have the kernel end the child when this process dies, even of SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def fail(text: str) -> int:
    print(f"candide: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

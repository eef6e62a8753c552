"""Runs the tests of `make test`, `make check` and `make soak`.

    .venv/bin/python tools/test.py [check] [postgresql] [sqlite] [coverage] [soak] [bare]

Every step runs even when one before it failed; the last lines tell what failed, and how long each
step took. Steps that a part yields together run beside one another, two at a time.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import STDOUT
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from coverage_gate import DATA
from postgres import SUPERUSER, end_orderly_on_sigterm, temporary_cluster

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-m", "candide"]
SETTINGS = {"CANDIDE_DEBUG": "1", "CANDIDE_DATABASE_URL": "sqlite:///:memory:"}
PYTEST = [sys.executable, "-m", "pytest", "-q", "--durations=15"]
CORES = 2
LOOKED_AT_SECONDS = 0.05  # whether a step is done
PARALLEL = ["-n", str(CORES), "--dist", "worksteal"]
COVERAGE = ["-p", "tests.covered"]


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


Together = list[Step]


class Outcome(NamedTuple):
    name: str
    succeeded: bool
    seconds: float


def check() -> Iterator[Together]:
    """Linters, types, contracts; what reads the models gets a database nobody uses."""
    yield [
        Step("mypy", [f"{BIN}/mypy", "candide"]),  # takes longest
        Step("ruff check", [f"{BIN}/ruff", "check", "."]),
        Step("ruff format", [f"{BIN}/ruff", "format", "--check", "."]),
        # Not --check: formatting the components again and again, it comes to no end.
        Step("djlint", [f"{BIN}/djlint", "--lint", "--quiet", "candide"]),
        Step("import contracts", [f"{BIN}/lint-imports"]),
        Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], SETTINGS),
        Step("translations", [sys.executable, "tools/messages.py", "--check"]),
        Step("shell scripts", ["sh", "-n", "tools/bootstrap"]),
    ]


def postgresql() -> Iterator[Together]:
    """Every test, on a PostgreSQL of our own."""
    with temporary_cluster() as url:
        database = {"CANDIDE_DATABASE_URL": url}
        # The tests of faults begin with a copy of the file on SQLite, as the next part does.
        yield [
            Step("migrate", [*MANAGE, "migrate", "-v0"], {**SETTINGS, **database}),
            Step("migrate on SQLite", [sys.executable, "-m", "tests.databases"]),
        ]
        database["TEST_DATABASE_TEMPLATE"] = SUPERUSER  # the database just migrated
        races, others = "postgresql and not soak", "not postgresql and not soak"
        chosen = ["-m", races, *racing()]
        command = [*PYTEST, *PARALLEL, *COVERAGE, *chosen]
        yield [Step("races on PostgreSQL", command, {**database, **covered("races")})]
        # Most of them run on SQLite too, where their lines are counted: counting slows them down.
        yield [Step("tests on PostgreSQL", [*PYTEST, *PARALLEL, "-m", others], database)]


def covered(part: str) -> dict[str, str]:
    """Where the processes of a step tell what they ran; nothing is left of the last time."""
    folder = DATA / part
    shutil.rmtree(folder, ignore_errors=True)
    return {"COVERAGE_DIR": str(folder)}


def racing() -> list[str]:
    """The files with tests that need PostgreSQL: collecting all of them takes as long as these."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(file) for file in files if "mark.postgresql" in file.read_text("utf-8")]


ASKED_ONCE = (
    *("architecture", "browser/test_coverage.py", "config", "faults", "tools"),
    "web/test_permissions.py",
)


def sqlite() -> Iterator[Together]:
    """Domain, rules, pages without a browser, and one browser walk of the demonstration."""
    chosen = ["-m", "not soak and (not browser or demo_walk)"]
    # What asks no database, or is about processes rather than data, was asked on PostgreSQL.
    chosen += [f"--ignore=tests/{part}" for part in ASKED_ONCE]
    yield [Step("tests on SQLite", [*PYTEST, *PARALLEL, *COVERAGE, *chosen], covered("sqlite"))]


def coverage() -> Iterator[Together]:
    """What no test ran, on either database."""
    yield [Step("coverage", [sys.executable, "tools/coverage_gate.py"])]


def soak() -> Iterator[Together]:
    """The long trials of faults and load."""
    with temporary_cluster() as url:
        yield [Step("long trials", [*PYTEST, "-m", "soak", "-x"], {"CANDIDE_DATABASE_URL": url})]


def bare() -> Iterator[Together]:
    """Both commands of the README where only python3, git, make and certificates are."""
    yield [Step("bare machine", ["sh", "tools/bare_machine.sh"])]


PARTS = {part.__name__: part for part in (check, postgresql, sqlite, coverage, soak, bare)}


@dataclass
class Running:
    """A step under way. What it says is `kept` until it is done, unless it runs alone."""

    step: Step
    kept: IO[bytes] | None
    begun: float = field(default_factory=time.monotonic)
    process: subprocess.Popen | None = None  # None: it could not begin
    trouble: str = ""

    def begin(self) -> None:
        # Settings of this product are said by a step, or not at all.
        outside = {name: value for name, value in os.environ.items() if "CANDIDE_" not in name}
        # Hundreds of processes begin: what the first compiles the others find.
        outside.pop("PYTHONDONTWRITEBYTECODE", None)
        output = {"stdout": self.kept, "stderr": STDOUT} if self.kept else {}
        environment = {**outside, **self.step.environment}
        try:
            self.process = subprocess.Popen(self.step.command, cwd=ROOT, env=environment, **output)
        except OSError as error:
            self.trouble = f"{error}\n"

    def is_over(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def outcome(self) -> Outcome:
        """How it ended; what it had kept is said now."""
        said = self.trouble
        if self.kept:
            self.kept.seek(0)
            said += self.kept.read().decode(errors="replace")
            print(f"\n==> {self.step.name}")
        print(said, end="", flush=True)
        succeeded = self.process is not None and self.process.returncode == 0
        return Outcome(self.step.name, succeeded, time.monotonic() - self.begun)

    def end(self) -> None:
        if not self.is_over():
            self.process.kill()
            self.process.wait()


def run(steps: Together) -> Iterator[Outcome]:
    """The outcomes of steps, in the order they end; none is left behind when this is ended."""
    waiting, running = deque(steps), []
    print(f"\n==> {', '.join(step.name for step in steps)}", flush=True)
    with ExitStack() as afterwards:
        while waiting or running:
            while waiting and len(running) < CORES:
                kept = afterwards.enter_context(TemporaryFile()) if len(steps) > 1 else None
                begun = Running(waiting.popleft(), kept)
                afterwards.callback(begun.end)
                begun.begin()
                running.append(begun)
            for one in [each for each in running if each.is_over()]:
                running.remove(one)
                yield one.outcome()
            time.sleep(LOOKED_AT_SECONDS)


def main() -> int:
    end_orderly_on_sigterm()
    begun, outcomes = time.monotonic(), []
    for name in sys.argv[1:]:
        with closing(PARTS[name]()) as part:
            for steps in part:
                outcomes += run(steps)
    print("\n" + "-" * 60)
    for one in outcomes:
        print(f"{'ok    ' if one.succeeded else 'FAILED'}  {one.name:<40} {one.seconds:6.0f} s")
    print(f"        {'in all':<40} {time.monotonic() - begun:6.0f} s")
    return 0 if all(one.succeeded for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())

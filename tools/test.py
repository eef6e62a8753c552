"""Runs the tests of `make test`, `make check` and `make soak`.

    .venv/bin/python tools/test.py [check] [postgresql] [sqlite] [coverage] [soak] [bare]

Every step runs even when one before it failed; the last lines tell what failed, and how long each
step took. What a part yields together runs at the same time, for one core each.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from subprocess import PIPE, STDOUT

from coverage_gate import DATA
from postgres import SUPERUSER, end_orderly_on_sigterm, temporary_cluster

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-m", "candide"]
SETTINGS = {"CANDIDE_DEBUG": "1", "CANDIDE_DATABASE_URL": "sqlite:///:memory:"}
TESTS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
PYTEST = [sys.executable, "-m", "pytest", "-q", "--durations=15"]
CORES = 2
PARALLEL = ["-n", str(CORES), "--dist", "worksteal"]
COVERAGE = ["-p", "tests.covered"]


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


Together = list[Step]


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
        # Tests of processes begin with the file on SQLite as well, and so does the next part.
        yield [
            Step("migrate", [*MANAGE, "migrate", "-v0"], {**SETTINGS, **database}),
            Step("migrate on SQLite", [sys.executable, "-m", "tests.databases"], TESTS),
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


@dataclass(frozen=True)
class Outcome:
    name: str
    succeeded: bool
    seconds: float


def run(steps: Together) -> Iterator[Outcome]:
    """The outcomes of steps that run at the same time; each says what it found when it is done, one
    that runs alone as it goes."""
    if len(steps) == 1:
        print(f"\n==> {steps[0].name}", flush=True)
        yield outcome(steps[0])[0]
        return
    with ThreadPoolExecutor(CORES) as pool:
        for found, said in pool.map(partial(outcome, stdout=PIPE, stderr=STDOUT), steps):
            print(f"\n==> {found.name}\n{said.decode(errors='replace')}", end="", flush=True)
            yield found


def outcome(step: Step, **output: int) -> tuple[Outcome, bytes]:
    """What became of it, and what it said if its `output` is kept."""
    # Settings of this product are said by a step, or not at all.
    outside = {name: value for name, value in os.environ.items() if "CANDIDE_" not in name}
    # Hundreds of processes begin: what the first compiles the others find.
    outside.pop("PYTHONDONTWRITEBYTECODE", None)
    environment, begun = {**outside, **step.environment}, time.monotonic()
    ended = subprocess.run(step.command, cwd=ROOT, env=environment, **output)
    return Outcome(step.name, ended.returncode == 0, time.monotonic() - begun), ended.stdout


def main() -> int:
    end_orderly_on_sigterm()
    begun, outcomes = time.monotonic(), []
    for name in sys.argv[1:]:
        with closing(PARTS[name]()) as parts:
            for together in parts:
                outcomes += run(together)
    print("\n" + "-" * 60)
    for one in outcomes:
        print(f"{'ok    ' if one.succeeded else 'FAILED'}  {one.name:<40} {one.seconds:6.0f} s")
    print(f"        {'in all':<40} {time.monotonic() - begun:6.0f} s")
    return 0 if all(one.succeeded for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Refuses code that no test runs: every line and branch of the domain, the rules and the core, and
nine tenths of the rest. Reads what the tests on both databases left in `.build/coverage`."""

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".build" / "coverage"
EVERYWHERE_ELSE = 90.0


@dataclass
class Tally:
    wanted: int = 0
    run: int = 0
    gaps: list[str] = field(default_factory=list)

    def add(self, name: str, summary: dict[str, int]) -> None:
        wanted = summary["num_statements"] + summary["num_branches"]
        run = summary["covered_lines"] + summary["covered_branches"]
        self.wanted += wanted
        self.run += run
        if run < wanted:
            self.gaps.append(f"{name}: {wanted - run} of {wanted}")

    @property
    def percent(self) -> float:
        return 100 * self.run / self.wanted if self.wanted else 100.0


def must_be_complete(name: str) -> bool:
    path = Path(name)
    return "domain" in path.parts or path.name == "rules.py" or path.parts[1] == "core"


def report() -> dict:
    """What coverage.py knows of each file."""
    measured = Coverage(data_file=str(DATA), config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        measured.json_report(outfile=file.name)
        return json.loads(Path(file.name).read_text())["files"]


def main() -> int:
    files = report()
    complete, rest = Tally(), Tally()
    for name, measured in sorted(files.items()):
        (complete if must_be_complete(name) else rest).add(name, measured["summary"])
    print(f"domain, rules, core: {complete.percent:.2f} % (100 wanted)")
    for gap in complete.gaps:
        print(f"  {gap} lines and branches not run")
    print(f"the rest: {rest.percent:.2f} % ({EVERYWHERE_ELSE:.0f} wanted)")
    if rest.percent < EVERYWHERE_ELSE:
        for gap in rest.gaps:
            print(f"  {gap} lines and branches not run")
    return 1 if complete.gaps or rest.percent < EVERYWHERE_ELSE else 0


if __name__ == "__main__":
    sys.exit(main())

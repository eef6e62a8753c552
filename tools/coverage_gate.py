"""Refuses code that no test runs: every line and branch of the domain, the rules and the core, and
nine tenths of the rest. Reads what the tests on both databases left in `.build/covered`."""

import json
import sys
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

from slipcover import merge_coverage
from slipcover.slipcover import format_missing

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".build" / "covered"
EVERYWHERE_ELSE = 90.0


@dataclass
class Tally:
    wanted: int = 0
    run: int = 0
    gaps: list[str] = field(default_factory=list)

    def add(self, name: str, measured: dict) -> None:
        summary = measured["summary"]
        run = summary["covered_lines"] + summary["covered_branches"]
        wanted = run + summary["missing_lines"] + summary["missing_branches"]
        self.wanted += wanted
        self.run += run
        if run < wanted:
            kinds = ("missing_lines", "executed_lines", "missing_branches")
            missing = format_missing(*(measured[kind] for kind in kinds))
            self.gaps.append(f"{name}: {wanted - run} of {wanted} not run: {missing}")

    @property
    def percent(self) -> float:
        return 100 * self.run / self.wanted if self.wanted else 100.0


def must_be_complete(name: str) -> bool:
    path = Path(name)
    return "domain" in path.parts or path.name == "rules.py" or path.parts[1] == "core"


def report() -> dict:
    """What the processes of the tests ran together, of each file."""
    parts = [json.loads(path.read_text("utf-8")) for path in DATA.glob("*/*.json")]
    if not parts:
        sys.exit("No test told what it ran: tools/test.py postgresql sqlite coverage")
    return reduce(merge_coverage, parts)["files"]


def main() -> int:
    files = report()
    complete, rest = Tally(), Tally()
    for name, measured in sorted(files.items()):
        (complete if must_be_complete(name) else rest).add(name, measured)
    print(f"domain, rules, core: {complete.percent:.2f} % (100 wanted)")
    for gap in complete.gaps:
        print(f"  {gap}")
    print(f"the rest: {rest.percent:.2f} % ({EVERYWHERE_ELSE:.0f} wanted)")
    if rest.percent < EVERYWHERE_ELSE:
        for gap in rest.gaps:
            print(f"  {gap}")
    return 1 if complete.gaps or rest.percent < EVERYWHERE_ELSE else 0


if __name__ == "__main__":
    sys.exit(main())

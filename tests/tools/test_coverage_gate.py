"""What tools/coverage_gate.py refuses of what the processes of the tests say they ran."""

import json
from pathlib import Path

import pytest
from slipcover.slipcover import add_summaries

from tools import coverage_gate

CORE = "candide/core/clock.py"
DOMAIN, PAGE = "candide/admissions/applications/domain/applying.py", "candide/web/staff/today.py"

ALL, NINE = list(range(1, 11)), list(range(1, 10))


def said(folder: Path, name: str, *, skipped: tuple = (), **files: list[int]) -> None:
    """One process ran these lines, of ten, of the domain, the core and a page, and all branches of
    the core but `skipped`."""
    told = {
        path: {
            "executed_lines": ran,
            "missing_lines": [line for line in range(1, 11) if line not in ran],
            "executed_branches": [],
            "missing_branches": list(skipped) if path == CORE else [],
        }
        for path, ran in ((DOMAIN, files["domain"]), (PAGE, files["page"]), (CORE, ALL))
    }
    content = {"meta": {"software": "slipcover", "branch_coverage": True}, "files": told}
    add_summaries(content)
    (folder / "step").mkdir(parents=True, exist_ok=True)
    (folder / "step" / f"{name}.json").write_text(json.dumps(content), "utf-8")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(coverage_gate, "DATA", tmp_path / "covered")
    return tmp_path / "covered"


@pytest.mark.parametrize(
    ("domain", "page", "expected"), [(ALL, NINE, 0), (NINE, ALL, 1), (ALL, NINE[1:], 1)]
)
def test_all_of_the_domain_and_nine_tenths_of_the_rest_have_to_run(folder, domain, page, expected):
    said(folder, "one", domain=domain, page=page)

    assert coverage_gate.main() == expected


def test_what_two_processes_ran_counts_together(folder, capsys):
    said(folder, "one", domain=[1, 2, 3], page=ALL)
    said(folder, "another", domain=[3, 4, 5, 6, 7, 8, 10], page=[])

    assert coverage_gate.main() == 1
    assert f"{DOMAIN}: 1 of 10 not run: 9" in capsys.readouterr().out


def test_a_branch_of_the_core_that_was_never_taken_is_refused(folder, capsys):
    said(folder, "one", domain=ALL, page=ALL, skipped=((3, 0),))

    assert coverage_gate.main() == 1
    assert f"{CORE}: 1 of 11 not run: 3->exit" in capsys.readouterr().out


def test_nothing_told_is_no_success(folder):
    with pytest.raises(SystemExit, match="No test told"):
        coverage_gate.main()

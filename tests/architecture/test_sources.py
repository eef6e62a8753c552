"""Habits of the code base that no linter knows."""

import ast
import re

from tests.architecture import sources
from tests.architecture.sources import PACKAGE, ROOT

TEXT = (".py", ".html", ".css", ".js")
MOST_LINES = 500
MOST_LINES_OF_A_VIEW = 40
VAGUE = {"services.py", "utils.py", "helpers.py", "managers.py", "signals.py"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def everything() -> list:
    return [
        *sources.files(*TEXT),
        *sources.files(*TEXT, below=ROOT / "tests"),
        *sources.files(".py", ".sh", below=ROOT / "tools"),
    ]


def test_no_file_is_too_long():
    too_long = {
        sources.name(path): lines
        for path in everything()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert too_long == {}


def test_no_view_is_too_long():
    too_long = {
        f"{sources.name(path)}::{function.name}": lines
        for path in sources.files(".py", below=PACKAGE / "web")
        for function in sources.functions(path)
        if (lines := function.end_lineno - function.lineno + 1) > MOST_LINES_OF_A_VIEW
    }

    assert too_long == {}


def test_no_module_has_a_vague_name():
    assert [sources.name(path) for path in sources.files(".py") if path.name in VAGUE] == []


def test_nothing_is_left_unfinished():
    unfinished = [
        sources.name(path)
        for path in everything()
        if path.name != "test_sources.py" and UNFINISHED.search(path.read_text(encoding="utf-8"))
    ]

    assert unfinished == []


def test_every_exception_to_a_rule_gives_its_reason():
    """`# noqa: CODE -- why`; imports at the end of a settings module speak for themselves."""
    reasonless = [
        f"{sources.name(path)}:{number}"
        for path in sources.files(".py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "# noqa" in line
        and " -- " not in line.partition("# noqa")[2]
        and not re.search(r"# noqa: (?:E402, )?F40[135]$", line)
    ]

    assert reasonless == []


def test_pages_hold_neither_script_nor_style():
    """Mails and PDFs are no pages: no policy of ours reaches where they are read."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=\"|\son[a-z]+=\"", re.IGNORECASE)
    found = [
        sources.name(path)
        for path in sources.files(".html")
        if not {"pdf", "mails"}.intersection(path.parts)
        and inline.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_the_requirements_name_no_host():
    for path in (ROOT / "requirements").iterdir():
        assert re.search(r"https?://|--index|--find-links", path.read_text()) is None, path.name


# -- Only its setter assigns a status (conventions, 12) -----------------------------------------

WRITERS = {
    "dossier_status": "candide/admissions/applications/domain/status.py",
    "released_outcome": "candide/admissions/decisions/domain/",
    "has_draft_decision": "candide/admissions/decisions/domain/",
    "has_any_decision": "candide/admissions/decisions/domain/",
    "rank_shown": "candide/admissions/decisions/domain/",
    "acceptance_due_on": "candide/admissions/decisions/domain/",
    "released_at": "candide/admissions/decisions/domain/",
    "current_rank": "candide/admissions/decisions/domain/",
}


def assigned(path) -> set[str]:
    """Attributes this module assigns, or sets by `update(…)`."""
    names = set()
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.attr for target in targets if isinstance(target, ast.Attribute)}
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"update", "aupdate"}
        ):
            names |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return names


def test_a_status_is_assigned_in_one_place():
    strangers = {
        f"{sources.name(path)} assigns {status}"
        for path in sources.files(".py", below=PACKAGE)
        if "demo" not in path.parts  # loads rows in bulk, in states that actions reach one by one
        for status in assigned(path) & WRITERS.keys()
        if not sources.name(path).startswith(WRITERS[status])
    }

    assert strangers == set()


def test_styles_change_nothing_between_320_and_512_pixels():
    """1024 pixels at 200 % are 512. Every state of every page is looked at with 320 and with 1024
    (tests/browser/test_states.py): that holds for 512 as long as nothing changes in between."""
    queries = re.compile(r"\((?:min|max)-width:\s*([\d.]+)(px|r?em)\)")
    changes = [
        (sources.name(path), query.group())
        for path in sources.files(".css")
        for query in queries.finditer(path.read_text("utf-8"))
        if 320 < float(query[1]) * (1 if query[2] == "px" else 16) <= 512
    ]

    assert changes == []

"""docs/coverage names, for each promise, pages, modules and tests that exist."""

import re
from collections.abc import Iterator

import pytest
from django.core.management import get_commands
from django.urls import URLResolver, get_resolver

from candide.foundation.jobs.registry import jobs
from tests.architecture.sources import PACKAGE, ROOT, functions

DOCUMENTS = (
    "docs/coverage/candidate.md",
    "docs/coverage/back-office.md",
    "docs/coverage/administration.md",
)
PROMISES = [f"S0-{number:02}" for number in range(1, 25)]
PROMISES += [f"S2-{number:02}" for number in range(1, 62)]
FEATURES = [f"B-{number:03}" for number in range(1, 173)]
SYSTEMS = [f"A-{number:03}" for number in range(1, 161)]
CODE = re.compile(r"`([^`]+)`")
CONVERTER = re.compile(r"<\w+:(\w+)>")

LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for document in DOCUMENTS
    for line in (ROOT / document).read_text(encoding="utf-8").splitlines()
    if re.match(r"\| (S\d-\d\d|[AB]-\d{3}) \|", line)
]
each_line = pytest.mark.parametrize("line", LINES, ids=[line[0] for line in LINES])


def addresses(resolver: URLResolver, prefix: str = "/", space: str = "") -> Iterator[tuple]:
    """(name, path) of every address, the path as the document writes it."""
    for pattern in resolver.url_patterns:
        path = CONVERTER.sub(r"<\1>", f"{prefix}{pattern.pattern}")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, path, inner)
        else:
            yield f"{space}{pattern.name}", path


def test_every_promise_has_its_line():
    assert [line[0] for line in LINES if line[0].startswith("S")] == PROMISES


def test_every_feature_has_one_line():
    assert [line[0] for line in LINES if line[0].startswith("B")] == FEATURES


def test_every_system_has_one_line():
    assert [line[0] for line in LINES if line[0].startswith("A")] == SYSTEMS


def test_what_is_left_out_names_its_decision():
    links = [
        (line[0], link) for line in LINES for link in re.findall(r"\]\(\.\./(adr/[^)]+)\)", line[1])
    ]
    without = [line[0] for line in LINES if "by decision" in line[1] and "adr/" not in line[1]]

    assert without == []
    assert [(code, link) for code, link in links if not (ROOT / "docs" / link).is_file()] == []


def test_guide_names_every_job():
    guide = (ROOT / "docs/guides/administrateur.md").read_text(encoding="utf-8")

    assert [job.code for job in jobs() if f"| `{job.code}` |" not in guide] == []


def is_page(code: str) -> bool:
    """Neither a part of a page, nor a command or a document."""
    return not code.startswith(("?", "#", "candide ", "docs/"))


@each_line
def test_pages_exist_at_their_addresses(line):
    named = [code for code in CODE.findall(line[2]) if is_page(code)]
    pages = list(zip(named[::2], named[1::2], strict=True))

    assert CODE.findall(line[2])
    assert [page for page in pages if page not in set(addresses(get_resolver()))] == []


@each_line
def test_commands_and_documents_exist(line):
    codes = CODE.findall(line[2])
    commands = [code.split()[1] for code in codes if code.startswith("candide ")]
    documents = [code for code in codes if code.startswith("docs/")]

    assert [name for name in commands if name not in get_commands()] == []
    assert [name for name in documents if not (ROOT / name).is_file()] == []


@each_line
def test_modules_exist(line):
    modules = CODE.findall(line[3])

    assert modules
    assert [name for name in modules if not (PACKAGE / name).is_file()] == []


@each_line
def test_tests_exist(line):
    named = [test.split("::") for test in CODE.findall(line[4])]

    assert named
    assert [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file()
        or test not in {function.name for function in functions(ROOT / path)}
    ] == []

"""The sources of the project, as the tests of the code base read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "candide"


def files(*suffixes: str, below: Path = PACKAGE) -> list[Path]:
    """Files we wrote: neither caches nor what a tool generates."""
    return sorted(
        path
        for path in below.rglob("*")
        if path.suffix in suffixes
        and path.is_file()
        and not {"__pycache__", "migrations"}.intersection(path.parts)
    )


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            yield node

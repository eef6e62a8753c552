"""No template lies about that nothing shows."""

import re
from pathlib import Path

import allauth
import django

from tests.architecture import sources
from tests.architecture.sources import PACKAGE

# Django finds these by their names: error pages and the templates of its forms' renderer.
FOUND_BY_DJANGO = re.compile(r"(?:django/forms|registration)/|(?:400|403|403_csrf|404|500)\.html")


def templates() -> dict[str, Path]:
    """Our templates by the name they are loaded with."""
    return {
        str(path.relative_to(folder)): path
        for folder in PACKAGE.rglob("templates")
        for path in folder.rglob("*.html")
    }


def overrides_a_package(name: str) -> bool:
    packages = [Path(package.__file__).parent for package in (allauth, django)]
    return any((package / "templates" / name).exists() for package in packages)


def component_tag(name: str) -> str:
    """`cotton/save_state.html` is used as `<c-save_state` or `<c-save-state`."""
    path = name.removeprefix("cotton/").removesuffix(".html").removesuffix("/index")
    return rf"<c-{path.replace('/', '.').replace('_', '[_-]')}[\s/>]"


def is_used(name: str, texts: dict[Path, str], own: Path) -> bool:
    if FOUND_BY_DJANGO.match(name) or overrides_a_package(name):
        return True
    # `{` and `#`: a view answers htmx with a part of the page.
    by_name = rf"[\"']{re.escape(name)}[\"'#{{]"
    wanted = component_tag(name) if name.startswith("cotton/") else by_name
    return any(re.search(wanted, text) for path, text in texts.items() if path != own)


def test_every_template_is_used():
    texts = {path: path.read_text(encoding="utf-8") for path in sources.files(".py", ".html")}

    unused = [name for name, path in templates().items() if not is_used(name, texts, path)]

    assert unused == []


def test_no_two_templates_have_the_same_name():
    """Of two, one would hide the other."""
    names = [
        str(path.relative_to(folder))
        for folder in PACKAGE.rglob("templates")
        for path in folder.rglob("*.html")
    ]

    assert sorted(names) == sorted(set(names))

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import strip_tags
from django_cotton.compiler_regex import CottonCompiler

from candide.institution.catalogue.models import Institution

Draw = Callable[..., str]


@pytest.fixture
def draw(rf: RequestFactory) -> Draw:
    """Draw template source with components, in French; undefined variables fail."""

    def drawn(source: str, **context: Any) -> str:
        everywhere = {"request": rf.get("/"), "csrf_token": "token"}
        template = Template(CottonCompiler().process(source))
        with translation.override("fr"):
            return even(template.render(Context({**everywhere, **context})))

    return drawn


def even(html: str) -> str:
    """The same markup however its source is wrapped."""
    return re.sub(r"\s+", " ", html)


def words(html: str) -> str:
    """What is read: no tags, single spaces. Markup that was escaped is text, and stays."""
    return re.sub(r"\s+", " ", unescape(strip_tags(html))).strip()


@pytest.fixture
def institution(db: None) -> Institution:
    """The row every page shows; made before the page, which may not write."""
    return Institution.current()

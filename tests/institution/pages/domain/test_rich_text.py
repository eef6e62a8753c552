from html.parser import HTMLParser

import pytest

from candide.institution.pages.domain.rich_text import rich_text


class Tags(HTMLParser):
    """The tags a browser would see, with their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Du **1er** au *8* mai", "<p>Du <strong>1er</strong> au <em>8</em> mai</p>\n"),
        ("un\ndeux", "<p>un<br>\ndeux</p>\n"),
        ("# Titre\n\n## Sous", "<h3>Titre</h3>\n<h4>Sous</h4>\n"),
        ("###### Six", "<h6>Six</h6>\n"),
        (
            "[site](https://example.org)",
            '<p><a href="https://example.org" rel="noopener noreferrer">site</a></p>\n',
        ),
        (
            "[mail](mailto:a@example.org)",
            '<p><a href="mailto:a@example.org" rel="noopener noreferrer">mail</a></p>\n',
        ),
    ],
)
def test_markdown_becomes_html(text, html):
    assert rich_text(text) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://example.org/follow.png)",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="position:fixed" onclick="x()">x</p>',
    ],
)
def test_nothing_harmful_comes_through(hostile):
    read = Tags()
    read.feed(rich_text(hostile))

    assert {tag for tag, _ in read.found} <= {"p"}
    assert [attributes for _, attributes in read.found if attributes] == []


def test_headings_continue_those_of_the_page():
    assert rich_text("# Titre", first_heading=2) == "<h2>Titre</h2>\n"

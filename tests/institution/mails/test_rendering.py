"""What is sent: values are data, whatever is in them."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candide.institution.mails.rendering import (
    SUBJECT_LENGTH,
    Placeholder,
    Rendered,
    document,
    escape_markdown,
    render,
)

PLACEHOLDERS = (
    Placeholder("nom", "", "Durand"),
    Placeholder("lien", "", "https://candide.test/a", is_link=True),
    Placeholder("liste", "", "- un", trusted=True),
)
END = "\n\n-- \nUniversité & Cie\nNe pas répondre.\n"


def rendered(body: str = "", subject: str = "Sujet", **values: str) -> Rendered:
    return render(
        subject=subject,
        body=body,
        placeholders=PLACEHOLDERS,
        values={"nom": "", "lien": "", "liste": "", **values},
        institution="Université & Cie",
        language="fr",
        footer="Ne pas répondre.",
    )


def text(body: str, **values: str) -> str:
    whole = rendered(body, **values).text
    assert whole.endswith(END)
    return whole.removesuffix(END)


def html(body: str, **values: str) -> str:
    """The HTML between the institution's name and the footer."""
    whole = rendered(body, **values).html
    return re.search(r"Cie</strong></p>\n(.*)<hr>", whole, re.DOTALL)[1]


HOSTILE = [
    "*étoile* _souligné_ `code`",
    "[clic](https://evil.test)",
    "<b>gras</b> <script>alert(1)</script>",
    "![image](https://evil.test/x.png)",
    "# titre",
    "1. liste",
    "- liste",
    "    code",
    "a\\b\\*c",
    "${nom} {if($nom)}x{endif($nom)}",
    "\ue000\ue001",
    "$1 \\1 \\g<0>",
    "&lt;b&gt; &amp; &copy;",
    "https://evil.test/",
    "a | b\n--- | ---",
    "[x]: https://evil.test\n\n[x]",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "body", ["Bonjour ${nom}.", "${nom}", "# ${nom}", "- ${nom}", "> ${nom}", "**${nom}**"]
)
def test_value_is_never_markup(value, body):
    clean = re.sub("[\ue000-\uf8ff]", "", value)
    found, harmless = Tags(), Tags()
    found.feed(html(body, nom=value))
    harmless.feed(html(body, nom="\n".join("x" for _ in clean.split("\n")) if clean else ""))

    assert found.tags == harmless.tags
    shown = "".join(clean.split())
    assert shown in "".join(found.words.split())
    assert shown in "".join(re.sub(r"^> ?", "", text(body, nom=value), flags=re.M).split())


@given(st.text(min_size=1, max_size=60))
def test_no_value_at_all_is_markup(value):
    found = Tags()
    found.feed(html("Bonjour ${nom}.", nom=value))

    assert set(found.tags) <= {"p", "br"}


def test_lines_of_a_value_stay_lines():
    value = "Première ligne\r\nDeuxième\n\nTroisième"

    assert text("> ${nom}", nom=value) == "> Première ligne\n> Deuxième\n> \n> Troisième"
    assert html("${nom}", nom=value).count("<br>") == 3


def test_control_and_direction_characters_are_dropped():
    assert text("${nom}", nom="A\x00l\u202eix\u200b\x1b[31m") == "Alix[31m"


# -- Subject --------------------------------------------------------------------------------------


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_subject_is_one_line_whatever_is_in_it(break_):
    subject = rendered(subject="Pour ${nom}", nom=f"Alix{break_}Bcc: evil@evil.test").subject

    assert subject.splitlines() == [subject]


def test_subject_holds_values_as_they_are():
    assert rendered(subject="*${nom}*", nom="d'<Épée> & Cie").subject == "*d'<Épée> & Cie*"


def test_subject_has_an_end():
    assert len(rendered(subject="${nom}", nom="x" * 600).subject) == SUBJECT_LENGTH


# -- Links ----------------------------------------------------------------------------------------

ADDRESS = "https://candide.test/compte/activer?cle=a_b*c&d=é"


def test_link_is_clickable_and_can_be_copied():
    """[ACC-20]"""
    plain, rich = text("${lien}", lien=ADDRESS), html("${lien}", lien=ADDRESS)

    assert plain == ADDRESS
    address = ADDRESS.replace("&", "&amp;")
    assert rich == f'<p><a href="{address}">{address}</a></p>\n'


def test_link_under_words_shows_its_address_beside_them():
    """[ACC-20]"""
    plain, rich = (
        text("[Activer](${lien}).", lien=ADDRESS),
        html("[Activer](${lien}).", lien=ADDRESS),
    )

    assert plain == f"Activer ({ADDRESS})."
    address = ADDRESS.replace("&", "&amp;")
    assert rich == f'<p><a href="{address}">Activer</a> ({address}).</p>\n'


def test_link_under_itself_is_shown_once():
    assert text("[${lien}](${lien})", lien=ADDRESS) == ADDRESS


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "//evil.test", "x"])
def test_value_that_is_no_web_address_is_no_link(scheme):
    assert html("${lien} [a](${lien})", lien=scheme) == f"<p>{scheme} a</p>\n"


def test_value_in_an_address_stays_in_its_place():
    body = "[a](https://candide.test/?q=${nom}&l=1)"

    assert 'href="https://candide.test/?q=x%26y%3D%22%2F%3Cb%3E&amp;l=1"' in html(
        body, nom='x&y="/<b>'
    )


def test_addresses_staff_write_are_links():
    assert html("Voir https://univ.test/a, puis mailto.") == (
        '<p>Voir <a href="https://univ.test/a">https://univ.test/a</a>, puis mailto.</p>\n'
    )
    assert html("[écrire](mailto:a@univ.test)") == (
        '<p><a href="mailto:a@univ.test">écrire</a></p>\n'
    )
    assert text("[écrire](mailto:a@univ.test)") == "écrire"


def test_neither_pictures_nor_html_of_staff_are_sent():
    assert "<img" not in html("![logo](https://univ.test/l.png)")
    assert html("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


# -- Passages, lists, layout ----------------------------------------------------------------------


def test_empty_values_leave_no_empty_paragraph():
    body = "Un.\n\n${nom}\n\n**${nom}**\n\n{if($nom)}Nom : ${nom}{endif($nom)}\n\nDeux."

    assert html(body) == "<p>Un.</p>\n<p>Deux.</p>\n"
    assert text(body) == "Un.\n\nDeux."


def test_trusted_value_is_markdown_of_ours():
    value = f"- **un**\n- {escape_markdown('<i>*deux*</i> [a](b) ![c](d) 1. # `x`')}"

    assert html("${liste}", liste=value) == (
        "<ul>\n<li><strong>un</strong></li>\n"
        "<li>&lt;i&gt;*deux*&lt;/i&gt; [a](b) ![c](d) 1. # `x`</li>\n</ul>\n"
    )


@given(st.text(max_size=60))
def test_escaped_text_is_no_markup(value):
    found = Tags()
    found.feed(html("${liste}", liste=f"x{escape_markdown(value)}"))

    assert found.tags in (["p"], ["p", "a"])


def test_plain_text_keeps_the_shape():
    body = """# Titre ${nom}

Une *ligne*
et une **autre**  \nencore.

3. trois
4. quatre
   - a

     b

> cité

    code

```sql
select
```

---
Fin"""

    assert text(body, nom="X").split("\n") == [
        "Titre X",
        "",
        "Une ligne",
        "et une autre",
        "encore.",
        "",
        "3. trois",
        "4. quatre",
        "   - a",
        "     b",
        "",
        "> cité",
        "",
        "code",
        "",
        "select",
        "",
        "----------",
        "",
        "Fin",
    ]


def test_html_names_the_institution_the_language_and_the_footer():
    whole = rendered("Bonjour.").html

    assert whole == (
        '<div lang="fr">\n<p><strong>Université &amp; Cie</strong></p>\n<p>Bonjour.</p>\n'
        "<hr>\n<p><small>Ne pas répondre.</small></p>\n</div>\n"
    )


def test_document_is_whole():
    whole = document(subject="Sujet <b>", html="<p>Bonjour</p>", language="en")

    assert whole.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Sujet &lt;b&gt;</title>" in whole
    assert "<p>Bonjour</p>" in whole

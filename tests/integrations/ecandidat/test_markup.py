"""From the HTML of eCandidat's editor to Markdown."""

import pytest

from candide.institution.pages.domain.rich_text import rich_text
from candide.integrations.ecandidat.markup import markdown, plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Sans balise,\nsur deux lignes", "Sans balise,\nsur deux lignes"),
        ("<p>Un</p><p>Deux</p>", "Un\n\nDeux"),
        ("Un<br/>Deux<hr>Trois", "Un\nDeux\n\n---\n\nTrois"),
        ("<b>Gras </b>et <em>penché</em><b> </b>", "**Gras** et *penché*"),
        ("<h2>Titre</h2><div>Corps</div>", "## Titre\n\nCorps"),
        ("<ol><li>Un</li><li>Deux</li></ol>", "1. Un\n2. Deux"),
        ("<ul><li>Un<ul><li>Deux</li></ul></li></ul>", "- Un\n  - Deux"),
        ('<a href="https://univ.example/a_b">ici</a>', "[ici](https://univ.example/a_b)"),
        ('<a href="${lienValidation}">ici</a>', "[ici](${lienValidation})"),
        ('<a href="https://univ.example"></a>', "https://univ.example"),
        ('<a href="javascript:alert(1)">ici</a>', "ici"),
        ("<p style='color:red'>Rouge</p><script>alert(1)</script>", "Rouge"),
        (
            "{if($motif)}<p>${motif}</p>{endif($motif)}",
            "{if($motif)}\n\n${motif}\n\n{endif($motif)}",
        ),
        ("3 * 4 et snake_case", r"3 \* 4 et snake\_case"),
        ("<p># pas un titre</p><p>1. pas une liste</p>", "\\# pas un titre\n\n1\\. pas une liste"),
        ("<table><tr><td>Un</td><td>Deux</td></tr></table>", "Un Deux"),
        ("A&nbsp;: 5&euro;", "A : 5€"),
    ],
)
def test_markdown(html, text):
    assert markdown(html) == text


def test_what_was_typed_shows_as_it_was_typed():
    assert rich_text(markdown("<p>2 * 3 * 4 &lt;b&gt; [x](y)</p>")) == (
        "<p>2 * 3 * 4 &lt;b&gt; [x](y)</p>\n"
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>Dossier</b> n&deg;&nbsp;3", "Dossier n° 3"),
        ("Deux\n  lignes", "Deux lignes"),
        ("<ul><li>Un</li><li>Deux</li></ul>", "Un Deux"),
    ],
)
def test_plain(html, text):
    assert plain(html) == text

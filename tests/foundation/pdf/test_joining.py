"""The dossier with everything that was given for it, as one document [PDF-03, PDF-04]."""

import io
from datetime import UTC, datetime

import img2pdf
import pikepdf
import pypdfium2
import pytest

from candide.core import sandbox
from candide.foundation.pdf.joining import JoiningFailed, Part, join
from candide.foundation.pdf.rendering import render
from tests.factories import samples

MADE_AT = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
HTML = """<html lang="fr"><head><title>Dossier</title></head><body>
<h1>Dossier de candidature</h1><h2>Baccalauréat</h2><p>Série générale</p></body></html>"""

pytestmark = pytest.mark.usefixtures("sandbox_here")


@pytest.fixture(scope="module")
def summary():
    return render(HTML, title="Dossier", language="fr", created=MADE_AT)


def picture_page():
    return img2pdf.convert(samples.photo(800, 600, orientation=6), nodate=True)


def joined(parts, **options):
    options = {"title": "Dossier complet", "language": "fr", "created": MADE_AT, **options}
    return join(parts, **options)


@pytest.fixture
def whole(summary):
    """A summary and four documents of all kinds, joined."""
    parts = [
        Part(summary, "Dossier", is_ours=True),
        Part(samples.pdf(pages=2, text="Vitae"), "Curriculum vitae"),
        Part(samples.filled_form(), "Formulaire"),
        Part(samples.pdf_with_owner_password(), "Diplôme"),
        Part(picture_page(), "Photo d'identité"),
    ]
    with pikepdf.open(io.BytesIO(joined(parts).content)) as document:
        yield document


def structure(element):
    """The structure tree as nested names, titles and alternatives."""
    told = [str(element.S)]
    told += [str(element[key]) for key in ("/T", "/Alt") if key in element]
    children = element.get("/K", [])
    if isinstance(children, pikepdf.Array):
        told += [structure(child) for child in children if isinstance(child, pikepdf.Dictionary)]
    return told


def text_of(content, page):
    document = pypdfium2.PdfDocument(content)
    return document[page].get_textpage().get_text_bounded()


def test_every_page_is_there_in_order(summary):
    parts = [
        Part(summary, "Dossier", is_ours=True),
        Part(samples.pdf(pages=2, text="Vitae"), "Curriculum vitae"),
        Part(samples.pdf_with_owner_password(), "Diplôme"),
    ]

    result = joined(parts)

    assert (result.pages, result.skipped) == (4, [])
    assert [text_of(result.content, page).split()[0] for page in range(4)] == [
        "Dossier",
        "Vitae",
        "Vitae",
        "Page",
    ]


def test_document_says_what_it_is(whole):
    assert whole.docinfo.Title == "Dossier complet"
    assert whole.docinfo.CreationDate == "D:20270315100000Z"
    assert whole.Root.Lang == "fr"
    assert whole.Root.ViewerPreferences.DisplayDocTitle
    assert whole.Root.MarkInfo.Marked
    assert not whole.is_encrypted
    with whole.open_metadata() as metadata:
        assert metadata["dc:title"] == "Dossier complet"
        # Other people's pages are in it: only what we made alone is PDF/UA.
        assert "pdfuaid:part" not in metadata


def test_author_is_named_where_given(summary):
    result = joined([Part(summary, "Dossier", is_ours=True)], author="Université de Nulle-Part")

    with pikepdf.open(io.BytesIO(result.content)) as document:
        assert document.docinfo.Author == "Université de Nulle-Part"


def test_summary_alone_stays_pdf_ua(summary):
    result = joined([Part(summary, "Dossier", is_ours=True)])

    with pikepdf.open(io.BytesIO(result.content)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_each_part_has_a_bookmark(whole):
    with whole.open_outline() as outline:
        titles = [item.title for item in outline.root]
        first = outline.root[0]
        targets = [whole.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root]

    assert titles == [
        "Dossier",
        "Curriculum vitae",
        "Formulaire",
        "Diplôme",
        "Photo d'identité",
    ]
    assert targets == [0, 1, 3, 4, 5]
    assert [child.title for child in first.children] == ["Dossier de candidature"]


def test_pages_are_labelled_by_part(whole):
    assert [page.label for page in whole.pages] == ["1", "2-1", "2-2", "3-1", "4-1", "5-1"]


def test_reader_finds_our_structure_and_every_page_given(whole):
    """Text is read as it stands; a page that is only a picture is told by its alternative."""
    document = whole.Root.StructTreeRoot.K
    top = document[0] if isinstance(document, pikepdf.Array) else document
    told = structure(top)

    assert told[1][0] == "/H1"
    assert told[-4:] == [
        ["/Sect", "Curriculum vitae", ["/P"], ["/P"]],
        ["/Sect", "Formulaire", ["/P"]],
        ["/Sect", "Diplôme", ["/P"]],
        [
            "/Sect",
            "Photo d'identité",
            ["/Figure", "Photo d'identité, page 1 sur 1, telle qu'elle a été déposée"],
        ],
    ]


def test_every_page_leads_back_to_its_element(whole):
    parents = pikepdf.NumberTree(whole.Root.StructTreeRoot.ParentTree)
    keys = [page.obj.StructParents for page in whole.pages]

    assert len(set(keys)) == 6
    for page in list(whole.pages)[1:]:
        (element,) = parents[page.obj.StructParents]
        assert element.Pg == page.obj
        assert page.Contents.read_bytes().startswith(str(element.S).encode() + b" <</MCID 0>> BDC")


def test_what_was_filled_in_is_there(summary):
    result = joined([Part(samples.filled_form(), "Formulaire")])

    assert "Rimbaud" in text_of(result.content, 0)


def test_page_stays_turned_as_it_was(whole):
    assert whole.pages[5].rotation == 90


def test_links_stay_and_scripts_go():
    result = joined([Part(samples.pdf_with_everything_active(), "Actif")])

    assert b"JavaScript" not in result.content
    with pikepdf.open(io.BytesIO(result.content)) as document:
        annotations = list(document.pages[0].Annots)
        assert [a.A.URI for a in annotations if "/A" in a] == ["https://example.org"]


def test_marks_of_a_tagged_document_do_not_mix_with_ours(summary):
    """An application may contain a document that was tagged elsewhere."""
    result = joined([Part(summary, "Dossier", is_ours=True), Part(summary, "Rapport")])

    with pikepdf.open(io.BytesIO(result.content)) as document:
        parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        page = document.pages[1]
        (element,) = parents[page.obj.StructParents]
        assert element.S == "/P"
        assert "/StructParents" not in page.Resources.XObject.Page


def test_links_of_a_tagged_document_do_not_point_into_our_structure(summary):
    linked = render(
        HTML.replace("<p>", '<p><a href="https://example.org">lien</a> '), title="T", language="fr"
    )

    result = joined([Part(summary, "Dossier", is_ours=True), Part(linked, "Rapport")])

    with pikepdf.open(io.BytesIO(result.content)) as document:
        (link,) = document.pages[1].Annots
        assert link.A.URI == "https://example.org"
        assert "/StructParent" not in link


def test_section_is_added_beside_a_single_child():
    """A structure tree may give its only child without a list."""

    def change(document):
        root = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        top = pikepdf.Dictionary(S=pikepdf.Name.Document, P=root)
        root.K = document.make_indirect(top)
        root.K.K = pikepdf.Dictionary(S=pikepdf.Name.H1, P=root.K)
        root.ParentTree = pikepdf.NumberTree.new(document).obj
        document.Root.StructTreeRoot = root

    ours = Part(samples.pdf(change=change), "Dossier", is_ours=True)

    result = joined([ours, Part(samples.pdf(), "Diplôme")], created=None)

    with pikepdf.open(io.BytesIO(result.content)) as document:
        assert structure(document.Root.StructTreeRoot.K) == [
            "/Document",
            ["/H1"],
            ["/Sect", "Diplôme", ["/P"]],
        ]
        assert "/CreationDate" not in document.docinfo


def nested(text):
    """A page that draws a form that draws itself, with or without a font."""

    def change(document):
        form = document.make_stream(b"")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = pikepdf.Array([0, 0, 10, 10])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Self=form))
        if text:
            form.Resources.Font = document.pages[0].obj.Resources.Font
        document.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))

    return samples.pdf(change=change)


@pytest.mark.parametrize("text", [True, False])
def test_text_hidden_in_forms_is_found_and_no_loop_is_endless(text):
    result = joined([Part(nested(text), "Formulaire")])

    with pikepdf.open(io.BytesIO(result.content)) as document:
        assert structure(document.Root.StructTreeRoot.K)[1] == ["/Sect", "Formulaire", ["/P"]]


def test_part_whose_content_is_gone_is_named(summary):
    """PDF-04."""

    def gone():
        raise FileNotFoundError("aa/aaaa")

    ours = Part(summary, "Dossier", is_ours=True)
    lost = Part(gone, "Diplôme")

    result = joined([ours, lost, Part(samples.pdf(), "Relevé")])

    assert (result.pages, result.skipped, result.lost) == (2, [lost], [lost])


def test_same_parts_give_the_same_bytes(summary):
    parts = [Part(summary, "Dossier", is_ours=True), Part(picture_page(), "Photo")]

    assert joined(parts).content == joined(parts).content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        samples.HTML,
        b"%PDF-1.4 broken",
        samples.pdf(pages=0),
        samples.pdf_with_user_password(),
    ],
)
def test_part_that_cannot_be_read_is_left_out_and_named(summary, content):
    parts = [
        Part(summary, "Dossier", is_ours=True),
        Part(content, "Illisible"),
        Part(samples.pdf(), "Diplôme"),
    ]

    result = joined(parts)

    assert result.pages == 2
    assert [part.title for part in result.skipped] == ["Illisible"]


def test_part_is_opened_where_it_is_kept(tmp_path):
    (tmp_path / "kept.pdf").write_bytes(samples.pdf(pages=3))

    result = joined([Part(lambda: (tmp_path / "kept.pdf").open("rb"), "Diplôme")])

    assert result.pages == 3


def test_nothing_readable_is_an_error():
    with pytest.raises(JoiningFailed):
        joined([Part(b"", "Vide"), Part(samples.HTML, "Page")])


def test_damaged_summary_is_an_error():
    with pytest.raises(JoiningFailed):
        joined([Part(b"", "Dossier", is_ours=True), Part(samples.pdf(), "Diplôme")])


# -- Parts that end the process -----------------------------------------------------------------


@pytest.fixture
def deadly(monkeypatch, sandbox_here):
    """The sandbox dies over parts titled « Mortel »."""
    really = sandbox.run

    def run(module, request, *, bounds):
        titles = [part["title"] for part in request["parts"]]
        if "Mortel" in titles:
            began = {"began": titles.index("Mortel")}
            return sandbox.Outcome(failure=sandbox.Failure.MEMORY, reports=[began])
        return really(module, request, bounds=bounds)

    monkeypatch.setattr(sandbox, "run", run)


@pytest.mark.usefixtures("deadly")
def test_part_that_ends_the_process_is_left_out_and_named(summary):
    parts = [
        Part(summary, "Dossier", is_ours=True),
        Part(samples.pdf(), "Mortel"),
        Part(samples.HTML, "Illisible"),
        Part(samples.pdf(), "Diplôme"),
    ]

    result = joined(parts)

    assert result.pages == 2
    assert [part.title for part in result.skipped] == ["Mortel", "Illisible"]


@pytest.mark.usefixtures("deadly")
def test_only_part_that_ends_the_process_is_an_error():
    with pytest.raises(JoiningFailed):
        joined([Part(samples.pdf(), "Mortel")])


@pytest.mark.usefixtures("deadly")
def test_summary_that_ends_the_process_is_an_error(summary):
    with pytest.raises(JoiningFailed):
        joined([Part(summary, "Mortel", is_ours=True), Part(samples.pdf(), "Diplôme")])


@pytest.mark.parametrize("reports", [[], [{"began": None}]])
def test_process_that_ends_before_or_after_the_parts_is_an_error(monkeypatch, reports):
    outcome = sandbox.Outcome(failure=sandbox.Failure.TIME, reports=reports)
    monkeypatch.setattr(sandbox, "run", lambda *args, **options: outcome)

    with pytest.raises(JoiningFailed):
        joined([Part(samples.pdf(), "Diplôme")])

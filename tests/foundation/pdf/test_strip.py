"""What acts or carries does not stay in a PDF, wherever it hides."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from candide.foundation.pdf.strip import ATTACHMENTS, SCRIPTS, strip
from tests.factories import samples

RECT = Array([0, 0, 10, 10])


def script(**more):
    return Dictionary(S=Name.JavaScript, JS=String("evil()"), **more)


def launch(**more):
    return Dictionary(S=Name.Launch, F=String("evil.exe"), **more)


def link(action):
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=RECT, A=action)


def as_stream(document, action):
    """PDFium reads the dictionary of a stream where it wants a dictionary."""
    return Stream(document, b"", action)


def changed(change):
    return pikepdf.open(io.BytesIO(samples.pdf(change=change)))


def written(pdf):
    """What is in the file, with nothing compressed."""
    out = io.BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
    )
    return out.getvalue()


def stripped(change):
    """The file after `change` and the stripping, and what was found."""
    pdf = changed(change)
    found = strip(pdf)
    return written(pdf), found


# -- Scripts ------------------------------------------------------------------------------------


def opening_typed_otherwise(document: Pdf):
    document.Root.OpenAction = script(Type=Name.Annot)


def opening_typed_as_tag(document: Pdf):
    document.Root.OpenAction = script(Type=Name.StructElem, P=document.Root)


def launch_typed_as_tag(document: Pdf):
    document.Root.OpenAction = launch(Type=Name.StructElem, P=document.Root)


def action_of_unknown_kind(document: Pdf):
    document.Root.OpenAction = Dictionary(S=Name.Evil, JS=String("evil()"))


def chained_behind_a_harmless_one(document: Pdf):
    harmless = Dictionary(S=Name.URI, URI=String("https://example.org"))
    harmless.Next = Array([Dictionary(S=Name.Named, N=Name.NextPage), script(Type=Name.Annot)])
    document.pages[0].obj.Annots = Array([link(harmless)])


def when_the_document_is_closed(document: Pdf):
    document.Root.AA = Dictionary(WC=script(), WS=launch(Type=Name.Annot))


def when_a_page_is_shown(document: Pdf):
    document.pages[0].obj.AA = Dictionary(O=document.make_indirect(script()))


def when_a_field_is_typed_in(document: Pdf):
    field = Dictionary(FT=Name.Tx, T=String("t"), AA=Dictionary(K=script(), F=script()))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


def when_a_bookmark_is_followed(document: Pdf):
    item = document.make_indirect(Dictionary(Title=String("1"), A=script()))
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item))
    item.Parent = outlines
    document.Root.Outlines = outlines


def names_in_branches(document: Pdf):
    leaf = document.make_indirect(Dictionary(Names=Array([String("a"), script()])))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Kids=Array([leaf])))


def names_in_a_stream(document: Pdf):
    tree = Dictionary(Names=Array([String("a"), script()]))
    document.Root.Names = as_stream(document, Dictionary(JavaScript=tree))


def script_in_a_stream(document: Pdf):
    action = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"evil()"))
    document.Root.OpenAction = action


def action_in_a_stream(document: Pdf):
    document.Root.OpenAction = as_stream(document, launch())


def actions_in_a_stream(document: Pdf):
    document.pages[0].obj.AA = as_stream(document, Dictionary(O=launch()))


def rendition_with_a_script(document: Pdf):
    action = Dictionary(S=Name.Rendition, JS=String("evil()"), OP=0)
    document.pages[0].obj.Annots = Array([link(action)])


def form_of_another_kind(document: Pdf):
    parts = Array([String("template"), document.make_stream(b"<script>evil()</script>")])
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=parts)


def form_of_another_kind_in_a_stream(document: Pdf):
    form = Dictionary(XFA=document.make_stream(b"<script>evil()</script>"))
    document.Root.AcroForm = as_stream(document, form)


def model_with_a_script(document: Pdf):
    model = document.make_stream(b"", OnInstantiate=document.make_stream(b"evil()"))
    annotation = Dictionary(Type=Name.Annot, Subtype=Name("/3D"))  # without the rectangle it needs
    annotation["/3DD"] = model
    document.pages[0].obj.Annots = Array([annotation])


@pytest.mark.parametrize(
    "scheme", ["javascript:", " JavaScript:", "java\nscript:", "data:", "vbscript:"]
)
@pytest.mark.parametrize("place", ["link", "base"])
def test_address_that_is_a_script_does_not_stay(scheme, place):
    def change(document: Pdf):
        if place == "link":
            action = Dictionary(S=Name.URI, URI=String(f"{scheme}evil()"))
            document.pages[0].obj.Annots = Array([link(action)])
        else:
            document.Root.URI = Dictionary(Base=String(f"{scheme}evil()"))

    content, found = stripped(change)

    assert b"evil" not in content
    assert found.removed == {SCRIPTS}


@pytest.mark.parametrize(
    "change",
    [
        opening_typed_otherwise,
        opening_typed_as_tag,
        launch_typed_as_tag,
        action_of_unknown_kind,
        chained_behind_a_harmless_one,
        when_the_document_is_closed,
        when_a_page_is_shown,
        when_a_field_is_typed_in,
        when_a_bookmark_is_followed,
        names_in_branches,
        names_in_a_stream,
        script_in_a_stream,
        action_in_a_stream,
        actions_in_a_stream,
        rendition_with_a_script,
        form_of_another_kind,
        form_of_another_kind_in_a_stream,
        model_with_a_script,
    ],
)
def test_script_does_not_stay_and_is_told(change):
    content, found = stripped(change)

    assert b"evil" in written(changed(change))
    assert b"evil" not in content
    assert found.removed == {SCRIPTS}


def test_name_written_in_another_way_is_the_same_name():
    plain = samples.pdf(change=opening_typed_otherwise)
    assert plain.count(b"/JavaScript") == 1
    pdf = pikepdf.open(io.BytesIO(plain.replace(b"/JavaScript", b"/Java#53cript")))

    found = strip(pdf)

    assert "/OpenAction" not in pdf.Root
    assert found.removed == {SCRIPTS}


def test_catalogue_in_the_trailer_itself_is_looked_at_too():
    """Nothing refers to it, so it is not among the objects of the document."""
    written = (
        b"%PDF-1.7\n1 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\n"
        b"2 0 obj<</Type/Page/Parent 1 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root<</Type/Catalog/Pages 1 0 R/OpenAction<</S/JavaScript/JS(evil())>>>>>>\n"
        b"%%EOF"
    )
    pdf = pikepdf.open(io.BytesIO(written))

    found = strip(pdf)

    assert "/OpenAction" not in pdf.Root
    assert found.removed == {SCRIPTS}


# -- Carried ------------------------------------------------------------------------------------


def test_annotation_in_a_stream_carries_nothing():
    def change(document: Pdf):
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name.RichMedia, Rect=RECT, T=String("evil")
        )
        document.pages[0].obj.Annots = Array([as_stream(document, annotation)])

    content, found = stripped(change)

    assert b"evil" not in content
    assert found.removed == {ATTACHMENTS}


# -- What stays ---------------------------------------------------------------------------------


def test_tags_and_links_stay_whatever_their_names():
    """Tagging, transitions, layers and page labels have an /S of their own."""

    def change(document: Pdf):
        tree = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tag = Dictionary(Type=Name.StructElem, S=Name.Sound, P=tree, T=String("kept tag"))
        tree.K = document.make_indirect(tag)
        document.Root.StructTreeRoot = tree
        document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        document.Root.URI = Dictionary(Base=String("https://example.org/kept/"))
        page = document.pages[0].obj
        page.Resources.XObject = Dictionary(JS=document.make_stream(b"% kept drawing"))
        page.Trans = Dictionary(Type=Name.Trans, S=Name.Dissolve)
        page.Group = Dictionary(S=Name.Transparency)
        page.AA = Dictionary(O=Dictionary(S=Name.GoTo, D=String("kept place")))
        address = Dictionary(S=Name.URI, URI=String("mailto:kept@example.org"))
        page.Annots = Array([link(address)])

    content, found = stripped(change)

    kept = (b"kept tag", b"kept/", b"kept place", b"kept@", b"kept drawing", b"/Dissolve")
    assert [trace in content for trace in kept] == [True] * len(kept)
    assert found.removed == set()

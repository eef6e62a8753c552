"""Merge fields of Word documents, and the PDF an office program makes of them."""

import io
import stat

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from candide.foundation.pdf import merging
from candide.foundation.pdf.word import Merge, WordFailed, fill, look, office
from tests.factories import samples, word

needs_office = pytest.mark.skipif(office() is None, reason="needs LibreOffice")
VALUES = {"prenomCandidat": "ALIX", "adresseCandidat": "1 rue <A>\n45000 & ORLÉANS"}


def merged(tmp_path, content, *, values=VALUES, given=None, image=None, tail=""):
    """The document the worker makes, or what it refuses it for."""
    source, out = tmp_path / "in.docx", tmp_path / "out.docx"
    source.write_bytes(content)
    request = {
        "task": "merge",
        "path": str(source),
        "out": str(out),
        "values": values,
        "given": list(values) if given is None else given,
        "image": "imageSignature",
        "image_path": str(image) if image else None,
        "alt": "Signature",
        "tail": tail,
    }
    result = merging.handle(request, lambda said: None)
    return result["problems"] or word.parts_of(out.read_bytes())


def words(parts, name="word/document.xml"):
    """The text of each paragraph, lines apart."""
    tree = etree.fromstring(parts[name])
    return [
        "".join(
            "|" if each.tag.endswith("}br") else each.text or ""
            for each in paragraph.iter(f"{{{word.W}}}t", f"{{{word.W}}}br")
        )
        for paragraph in tree.iter(f"{{{word.W}}}p")
    ]


@pytest.mark.parametrize(
    "name", ["prenomCandidat", "$prenomCandidat", "${prenomCandidat}", "$!{prenomCandidat}"]
)
@pytest.mark.parametrize("form", [word.simple, word.field])
def test_field_is_replaced_however_it_is_written(tmp_path, form, name):
    parts = merged(tmp_path, word.document(word.text("Bonjour ") + form(name) + word.text(".")))

    assert words(parts) == ["Bonjour ALIX."]


def test_value_is_text_of_several_lines_and_keeps_its_look(tmp_path):
    parts = merged(tmp_path, word.document(word.field("adresseCandidat")))

    assert words(parts) == ["1 rue <A>|45000 & ORLÉANS"]
    assert b"<w:b/>" in parts["word/document.xml"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [([], ["a", "non", "z"]), (["isAppel"], ["a", "Recours", "de plus", "oui", "z"])],
)
def test_passage_is_left_out_over_paragraphs_and_within_one(tmp_path, given, expected):
    content = word.document(
        word.text("a"),
        word.field("#if($isAppel)"),
        word.text("Recours"),
        word.text("de plus"),
        word.field("#end"),
        word.field("#if($isAppel)")
        + word.text("oui")
        + word.simple("#else")
        + word.text("non")
        + word.field("#end"),
        word.text("z"),
    )

    assert words(merged(tmp_path, content, given=given)) == expected


def test_passages_within_passages_and_their_contrary(tmp_path):
    content = word.document(
        word.field("#if($a)"),
        word.text("a"),
        word.field("#if(!$b)") + word.text("sans b") + word.field("#end"),
        word.field("#end"),
    )

    assert words(merged(tmp_path, content, given=["a"])) == ["a", "sans b"]
    assert words(merged(tmp_path, content, given=["a", "b"])) == ["a"]
    assert words(merged(tmp_path, content, given=["b"])) == []


def test_passage_that_ends_beside_other_words_keeps_these(tmp_path):
    content = word.document(
        word.text("avant ") + word.field("#if($x)") + word.text("x"),
        word.text("x"),
        word.text("x") + word.field("#end") + word.text("après"),
    )

    assert words(merged(tmp_path, content, given=[])) == ["avant ", "après"]


def test_fields_of_headers_are_replaced_too(tmp_path):
    header = f"<w:hdr {word.NAMESPACES}><w:p>{word.simple('prenomCandidat')}</w:p></w:hdr>"

    parts = merged(tmp_path, word.document(**{"word/header1.xml": header.encode()}))

    assert words(parts, "word/header1.xml") == ["ALIX"]


def test_image_of_the_bookmark_is_replaced_and_told(tmp_path):
    image = tmp_path / "signature.jpg"
    image.write_bytes(samples.image("jpeg", samples.drawing(width=400, height=100)))

    parts = merged(tmp_path, word.document(word.IMAGE), image=image)

    assert parts["word/media/candide-document.jpeg"] == image.read_bytes()
    assert b'r:embed="rIdCandide"' in parts["word/document.xml"]
    assert b'cx="1800000" cy="450000"' in parts["word/document.xml"]
    assert b'descr="Signature"' in parts["word/document.xml"]
    assert b'Extension="jpeg"' in parts["[Content_Types].xml"]
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    assert [each.get("Id") for each in relations] == ["rId9", "rIdCandide"]


def test_without_a_signature_the_image_of_the_bookmark_goes(tmp_path):
    parts = merged(tmp_path, word.document(word.IMAGE))

    assert b"w:drawing" not in parts["word/document.xml"]


def test_last_line_is_added(tmp_path):
    parts = merged(tmp_path, word.document(word.text("Lettre")), tail="À vérifier")

    assert words(parts) == ["Lettre", "À vérifier"]


@pytest.mark.parametrize(
    ("paragraphs", "code"),
    [
        ((word.field("#foreach($x in $y)"),), "directive"),
        ((word.field("#if($x)"),), "unbalanced"),
        ((word.field("#end"),), "unbalanced"),
        ((word.field("#else"), word.field("#end")), "unbalanced"),
        ((word.text("${prenomCandidat}"),), "typed"),
        ((word.text("{{ prenomCandidat }}"),), "typed"),
        (
            (
                word.field("#if($x)"),
                f"</w:p><w:tbl><w:tr><w:tc><w:p>{word.field('#end')}</w:p></w:tc></w:tr></w:tbl><w:p>",
            ),
            "crossing",
        ),
    ],
)
def test_document_that_cannot_be_merged_is_refused(tmp_path, paragraphs, code):
    assert merged(tmp_path, word.document(*paragraphs), given=[]) == [code]


def test_document_that_fetches_something_is_refused(tmp_path):
    elsewhere = (
        f'<Relationship Id="rId7" Type="{word.R}/image" Target="http://example.org/x.png" '
        'TargetMode="External"/>'
    )
    link = elsewhere.replace("/image", "/hyperlink")

    assert merged(tmp_path, word.document(relations=elsewhere)) == ["external"]
    assert words(merged(tmp_path, word.document(word.text("a"), relations=link))) == ["a"]


def test_what_is_no_document_or_too_much_is_refused(tmp_path, monkeypatch):
    assert merged(tmp_path, b"PK not a zip") == ["damaged"]
    assert merged(tmp_path, word.document(**{"word/document.xml": b"<w:p>"})) == ["damaged"]
    monkeypatch.setattr(merging, "MAX_UNPACKED", 10)
    assert merged(tmp_path, word.document()) == ["bomb"]


def test_names_of_fields_are_told():
    content = word.document(word.field("$nom"), word.field("#if($isAppel)") + word.field("#end"))

    assert (look(content).names, look(content).problems) == (["isAppel", "nom"], [])
    assert [code for code, _words in look(word.document(word.field("#end"))).problems] == [
        "unbalanced"
    ]


# -- The PDF ---------------------------------------------------------------------------------------


def filled(content, **values):
    merge = Merge(values, frozenset(values), "imageSignature", samples.image("png"))
    return fill(content, merge, title="Lettre", language="fr", author="Université")


@needs_office
def test_letter_is_an_accessible_pdf_in_its_language():
    content = filled(word.document(word.field("prenomCandidat"), word.IMAGE), prenomCandidat="ALIX")

    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        assert (str(pdf.Root.Lang), str(pdf.docinfo.Title)) == ("fr", "Lettre")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert metadata["pdfuaid:part"] == "1"
    document = pypdfium2.PdfDocument(content)
    assert "ALIX" in document[0].get_textpage().get_text_bounded()
    document.close()


def test_server_without_an_office_program_says_so(settings):
    settings.OFFICE = "no-such-program"

    with pytest.raises(WordFailed):
        filled(word.document())


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\nexit 0\n"])
def test_office_program_that_fails_is_a_failure(settings, tmp_path, script):
    program = tmp_path / "office"
    program.write_text(script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.OFFICE = str(program)

    with pytest.raises(WordFailed):
        filled(word.document())


def test_document_that_cannot_be_merged_is_not_laid_out(settings, tmp_path):
    program = tmp_path / "office"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.OFFICE = str(program)

    with pytest.raises(WordFailed):
        filled(word.document(word.field("#end")))
    with pytest.raises(WordFailed):
        filled(b"no document")

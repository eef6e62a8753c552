"""Word documents with merge fields, as small as Word's own could be."""

import io
import zipfile

from tests.factories import samples

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
TOP = (
    f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" '
    f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
IMAGE = (
    '<w:bookmarkStart w:id="1" w:name="imageSignature"/><w:r><w:drawing><wp:inline>'
    '<wp:extent cx="1800000" cy="900000"/><wp:docPr id="1" name="x"/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="1800000" cy="900000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    '</a:graphic></wp:inline></w:drawing></w:r><w:bookmarkEnd w:id="1"/>'
)


def text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def simple(name: str) -> str:
    """A field as Word writes one that nobody formatted."""
    return f'<w:fldSimple w:instr=" MERGEFIELD {name} ">{text(f"«{name}»")}</w:fldSimple>'


def field(name: str) -> str:
    """A field in its parts, in bold."""

    def run(inside: str) -> str:
        return f"<w:r><w:rPr><w:b/></w:rPr>{inside}</w:r>"

    return (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run(f'<w:instrText xml:space="preserve"> MERGEFIELD  "{name}" </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run(f"<w:t>«{name}»</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
    )


def document(*paragraphs: str, relations: str = "", **more: bytes) -> bytes:
    """A document of these paragraphs (runs)."""
    body = "".join(f"<w:p>{each}</w:p>" for each in paragraphs)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": TOP,
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId9" '
        f'Type="{R}/image" Target="media/image1.png"/>{relations}</Relationships>',
        "word/media/image1.png": samples.image("png"),
        **more,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

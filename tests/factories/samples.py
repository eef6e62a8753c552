"""Files as people upload them, and as attackers would: each made here, none copied."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw, ImageFilter

A4 = (595, 842)


def upload(content: bytes, name: str = "diplome.pdf") -> SimpleUploadedFile:
    """What a view gets from a form. The browser's idea of its type counts for nothing."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


# -- PDFs ---------------------------------------------------------------------------------------


def pdf(
    *,
    pages: int = 1,
    text: str = "Page",
    change: Callable[[Pdf], None] | None = None,
    encryption: pikepdf.Encryption | None = None,
) -> bytes:
    """`pages` pages with a line of text each; `change` is called before saving."""
    document = Pdf.new()
    font = document.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(1, pages + 1):
        page = document.add_blank_page(page_size=A4)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        line = f"BT /F1 24 Tf 72 720 Td ({text} {number}) Tj ET"
        page.obj.Contents = document.make_stream(line.encode())
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, encryption=encryption or False)
    return out.getvalue()


def pdf_with_user_password() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="owner", user="secret", R=6))


def pdf_with_owner_password() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="owner", user="", R=6))


def pdf_with_script() -> bytes:
    def change(document: Pdf) -> None:
        document.Root.OpenAction = Dictionary(
            Type=Name.Action, S=Name.JavaScript, JS=String("app.alert('hello')")
        )

    return pdf(change=change)


def pdf_with_attachment() -> bytes:
    def change(document: Pdf) -> None:
        document.attachments["setup.exe"] = b"MZ" + bytes(100)

    return pdf(change=change)


def pdf_with_everything_active() -> bytes:
    """Scripts and files in every place where PDFs keep some."""

    def change(document: Pdf) -> None:
        script = document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("1")))
        launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
        chained = Dictionary(S=Name.URI, URI=String("https://example.org"), Next=Array([script]))
        embedded = document.make_stream(b"MZ")
        file = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=embedded))
        rect = Array([0, 0, 10, 10])
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
        document.Root.AA = Dictionary(WC=script)
        document.Root.AF = Array([document.make_indirect(file)])
        document.Root.Collection = Dictionary(View=Name.T)
        document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp/>"))
        page = document.pages[0].obj
        page.Annots = Array(
            [
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=chained),
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=launch),
                Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=rect, FS=file),
                Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=rect),
            ]
        )

    return pdf(change=change)


def signed_pdf(content: bytes | None = None, *, script: bool = False) -> bytes:
    """With a signature field, as an electronic diploma has; nobody checks its arithmetic here."""

    def change(document: Pdf) -> None:
        value = Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            ByteRange=Array([0, 10, 20, 30]),
            Contents=String(b"0" * 64),
        )
        field = Dictionary(FT=Name.Sig, T=String("s"), V=document.make_indirect(value))
        document.Root.AcroForm = Dictionary(
            SigFlags=3, Fields=Array([document.make_indirect(field)])
        )
        if script:
            document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))

    return pdf(change=change)


def filled_form() -> bytes:
    """A form field holding « Rimbaud », whose appearance the viewer is asked to make."""

    def change(document: Pdf) -> None:
        font = document.pages[0].obj.Resources.Font.F1
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("name"),
                V=String("Rimbaud"),
                DA=String("/F1 12 Tf 0 g"),
                Rect=Array([72, 600, 300, 630]),
                F=4,
            )
        )
        document.pages[0].obj.Annots = Array([field])
        document.Root.AcroForm = Dictionary(
            Fields=Array([field]),
            NeedAppearances=True,
            DR=Dictionary(Font=Dictionary(F1=font)),
            DA=String("/F1 12 Tf 0 g"),
        )

    return pdf(change=change)


def stream_bomb(unpacked: int = 200_000_000) -> bytes:
    """Some two hundred kilobytes that unpack to two hundred megabytes of page description."""

    def change(document: Pdf) -> None:
        packer = zlib.compressobj(9)
        block = b" " * 1_000_000
        packed = b"".join(packer.compress(block) for _ in range(unpacked // len(block)))
        stream = document.make_stream(b"")
        stream.write(packed + packer.flush(), filter=Name.FlateDecode)
        document.pages[0].obj.Contents = stream

    return pdf(change=change)


def image_bomb() -> bytes:
    """A page whose picture says that it has ten thousand megapixels."""

    def change(document: Pdf) -> None:
        picture = document.make_stream(zlib.compress(bytes(1000)))
        picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.FlateDecode
        picture.Width, picture.Height = 100_000, 100_000
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=picture))

    return pdf(change=change)


def pdf_of_size(size: int) -> bytes:
    """Incompressible, so that no treatment makes it smaller."""
    noise = random.Random(1).randbytes(size)  # noqa: S311 -- no secret, the same each time

    def change(document: Pdf) -> None:
        document.Root.Noise = document.make_stream(noise)

    return pdf(change=change)


def scanned_pdf(*, pages: int = 3, quality: int = 100) -> bytes:
    """Pages of noise at 300 dpi, heavy as careless scans are."""
    noise = Image.effect_noise((2480, 3508), 60).filter(ImageFilter.GaussianBlur(1))
    scan = io.BytesIO()
    noise.save(scan, "JPEG", quality=quality)

    def change(document: Pdf) -> None:
        for page in document.pages:
            picture = document.make_stream(b"")
            picture.write(scan.getvalue() + bytes([page.index]), filter=Name.DCTDecode)
            picture.Type, picture.Subtype = Name.XObject, Name.Image
            picture.Width, picture.Height = noise.size
            picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
            page.obj.Resources = Dictionary(XObject=Dictionary(I=picture))
            page.obj.Contents = document.make_stream(b"595 0 0 842 0 0 cm /I Do")

    return pdf(pages=pages, change=change)


def pdf_after_junk() -> bytes:
    return b"From: somebody\r\nSubject: my diploma\r\n\r\n" + pdf()


def pdf_without_header() -> bytes:
    return b"%1.4\n" + pdf().split(b"\n", 1)[1]


def pdf_and_zip() -> bytes:
    """A file that is a document to one reader and an archive to another."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("run.js", "alert(1)")
    return pdf() + archive.getvalue()


def truncated_pdf() -> bytes:
    """The first quarter of a download that broke off."""
    whole = pdf(pages=4)
    return whole[: len(whole) // 4]


# -- Images -------------------------------------------------------------------------------------


def drawing(width: int = 600, height: int = 800, mode: str = "RGB") -> Image.Image:
    """White paper with a black bar at the top left, so that one sees how it lies."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 10), fill="black")
    return image.convert(mode)


def image(form: str, picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or drawing()).save(out, form, **options)
    return out.getvalue()


def photo(
    width: int = 600, height: int = 800, *, orientation: int = 1, place: bool = True
) -> bytes:
    """A JPEG as telephones make them: turned by a tag, and telling where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    if place:
        exif[0x010F] = "Telephone maker"
        exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    return image("JPEG", drawing(width, height), exif=exif, quality=90)


@cache
def large_photo() -> bytes:
    """Twelve megapixels with grain, some megabytes."""
    grain = Image.effect_noise((4000, 3000), 40).convert("RGB")
    return image("JPEG", grain, quality=92)


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(drawing()).save(out, quality=80)
    return out.getvalue()


def tiff(*, pages: int = 1, compression: str = "tiff_lzw", mode: str = "RGB") -> bytes:
    first, *others = [drawing(mode=mode) for _ in range(pages)]
    return image("TIFF", first, compression=compression, save_all=True, append_images=others)


def tiff_growing() -> bytes:
    """A small page, then a larger one."""
    first, second = drawing(50, 50), drawing(200, 200)
    return image("TIFF", first, save_all=True, append_images=[second])


def enormous_png(side: int = 30_000) -> bytes:
    """Nine hundred megapixels in a hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


# -- What is neither ----------------------------------------------------------------------------

HTML = b"<!DOCTYPE html><html><body>Session expired</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return zipped(
        **{"[Content_Types].xml": b"<Types/>", "word__document_dot_xml": b"<document/>", **more}
    )


def encrypted_docx() -> bytes:
    """With the flag that archives set on entries that need a password."""
    content = bytearray(docx())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def odt(kind: bytes = b"text") -> bytes:
    mimetype = b"application/vnd.oasis.opendocument." + kind
    return zipped(mimetype=mimetype, content_dot_xml=b"<x/>")


def eicar() -> bytes:
    """The harmless file every antivirus finds, in halves so that none finds it in this one."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"

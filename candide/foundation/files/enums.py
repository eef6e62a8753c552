from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ScanStatus(TextChoices):
    """What the antivirus said of a file. Only `CLEAN` and `NOT_SCANNED` files are ever served."""

    NOT_SCANNED = "not_scanned", _("not scanned")  # no antivirus is configured, or we made the file
    PENDING = "pending", _("being scanned")
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("seems to contain a virus")
    FAILED = "failed", _("could not be scanned")


class Kind(TextChoices):
    """What a file is by its content, whatever its name says."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    HEIC = "heic", "HEIC"
    WEBP = "webp", "WebP"
    TIFF = "tiff", "TIFF"
    DOCX = "docx", "DOCX"
    ODT = "odt", "ODT"


class Change(TextChoices):
    """What the working copy no longer has, or has otherwise, than the original; the person is told.

    The originals are kept byte for byte whatever happens to the working copy.
    """

    SCRIPTS = (
        "scripts",
        _("For safety, scripts and automatic actions were taken out of it."),
    )
    ATTACHMENTS = (
        "attachments",
        _("For safety, the files attached inside the document were taken out of it."),
    )
    FOREIGN_DATA = (
        "foreign_data",
        _("For safety, data that does not belong to the document was taken out of it."),
    )
    SIGNATURE = (
        "signature",
        _("Its electronic signature only holds in your original file, which is kept too."),
    )
    METADATA = (
        "metadata",
        _("What the photos said of the place and the device was taken out."),
    )
    REPAIRED = (
        "repaired",
        _("The document was damaged and has been repaired: check how it looks."),
    )
    REDUCED = (
        "reduced",
        _("Its pictures were reduced: check that everything can be read."),
    )


class FileEvent(TextChoices):
    """What happens to a stored file beside being given."""

    INFECTED = "file-infected", _("The antivirus found a virus")

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

    SCRIPTS = "scripts", _("scripts and automatic actions were removed")
    ATTACHMENTS = "attachments", _("files attached inside the document were removed")
    FOREIGN_DATA = "foreign_data", _("data that does not belong to the document was removed")
    SIGNATURE = "signature", _("the electronic signature only holds in the original")
    METADATA = "metadata", _("the place and device recorded in photos were removed")
    REPAIRED = "repaired", _("the damaged document was repaired")
    REDUCED = "reduced", _("images were reduced to a reasonable size")


class FileEvent(TextChoices):
    """What happens to a stored file beside being given."""

    INFECTED = "file-infected", _("The antivirus found a virus")

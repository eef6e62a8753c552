"""Whether rows and contents of files agree (« fiabilisation ») [administration 7.6]. Contents
without a row are taken by the clean-up; a row without its content is told, and mended by staff."""

from datetime import datetime

from django.core.files.storage import default_storage

from candide.foundation.files.models import MissingContent, OriginalFile, StoredFile


def files_to_check() -> list[int]:
    """Every stored file."""
    return list(StoredFile.objects.order_by("pk").values_list("pk", flat=True))


def check_content(pk: int, *, now: datetime) -> bool:
    """Write down whether the contents of a file are there: its own, and of what was uploaded."""
    file = StoredFile.objects.filter(pk=pk).first()
    if file is None:
        return True
    blobs = [file.blob, *(each.blob for each in OriginalFile.objects.filter(stored_file=file))]
    is_there = all(default_storage.exists(blob) for blob in blobs)
    if is_there:
        MissingContent.objects.filter(stored_file_id=pk).delete()
    else:
        MissingContent.objects.get_or_create(stored_file_id=pk, defaults={"found_at": now})
    return is_there


def forget_gone() -> int:
    """Forget what was missing of rows that are gone; how many."""
    gone = MissingContent.objects.exclude(stored_file_id__in=StoredFile.objects.values("pk"))
    return gone.delete()[0]

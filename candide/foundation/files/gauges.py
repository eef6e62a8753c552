from datetime import datetime

from candide.core.gauges import gauge
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.models import MissingContent, StoredFile


@gauge(
    "candide_files_unscanned",
    "Files the antivirus has not looked at yet, or could not judge.",
    label="scan",
)
def files_unscanned(now: datetime) -> dict[str, float]:
    return {
        str(status): StoredFile.objects.filter(scan_status=status).count()
        for status in (ScanStatus.PENDING, ScanStatus.FAILED)
    }


@gauge("candide_files_missing", "Files whose content the storage did not have at the last check.")
def files_missing(now: datetime) -> int:
    return MissingContent.objects.count()

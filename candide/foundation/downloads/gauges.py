from datetime import datetime

from candide.core.gauges import gauge
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download


@gauge("candide_downloads_waiting", "Exports somebody asked for that are not made yet.")
def downloads_waiting(now: datetime) -> int:
    return Download.objects.filter(state=DownloadState.WAITING).count()

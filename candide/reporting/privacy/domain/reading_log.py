"""The read log (« journal des consultations »): which member of staff opened whose dossier,
document or personal data, and when. It is written while pages are read, so it costs one statement
and looks nothing up; administrators read it, and it is kept for a time of its own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from candide.admissions.applications.models import Application
from candide.core.clock import end_of, start_of
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import Reading

QUARTER = 15 * 60
AT_ONCE = 1000


def note_reading(
    *,
    reader: User,
    account_id: int,
    opened: Opened,
    now: datetime,
    application_id: int | None = None,
    document_id: int | None = None,
) -> None:
    """Write that `reader` opened it; nothing if that was written in this quarter of an hour."""
    _write([_reading(reader, account_id, application_id, opened, now, document_id)])


def note_taken(pks: Iterable[int], *, reader: User, now: datetime) -> None:
    """Write that `reader` took away the files of these applications."""
    rows = Application.objects.filter(pk__in=list(pks)).values_list("candidate__user_id", "pk")
    _write([_reading(reader, account, pk, Opened.EXPORT, now) for account, pk in rows])


def _reading(
    reader: User,
    account_id: int,
    application_id: int | None,
    opened: Opened,
    now: datetime,
    document_id: int | None = None,
) -> Reading:
    return Reading(
        reader_id=reader.pk,
        account_id=account_id,
        application_id=application_id,
        opened=opened,
        document_id=document_id,
        at=now,
        quarter=int(now.timestamp()) // QUARTER,
    )


def _write(readings: list[Reading]) -> None:
    Reading.objects.bulk_create(readings, batch_size=AT_ONCE, ignore_conflicts=True)


def readings_found(
    *,
    application_id: int | None = None,
    accounts: Iterable[int] | None = None,
    readers: Iterable[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Reading]:
    """Those that answer all that is asked, newest first. Of an account also what was opened of
    those merged into it."""
    found = Reading.objects.order_by("-pk")
    if application_id is not None:
        found = found.filter(application_id=application_id)
    if accounts is not None:
        keys = list(accounts)
        merged = User.objects.filter(merged_into__in=keys).values("pk")
        found = found.filter(Q(account_id__in=keys) | Q(account_id__in=merged))
    if readers is not None:
        found = found.filter(reader_id__in=list(readers))
    if first is not None:
        found = found.filter(at__gte=start_of(first))
    if last is not None:
        found = found.filter(at__lte=end_of(last))
    return found


def old_readings(*, now: datetime) -> QuerySet[Reading]:
    """Those kept long enough."""
    kept = timedelta(days=Institution.current().reading_days)
    return Reading.objects.filter(at__lt=now - kept)

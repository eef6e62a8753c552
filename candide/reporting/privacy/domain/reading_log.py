"""The read log (« journal des consultations »): which member of staff, or which program by its
token, opened whose dossier, document or personal data, and when. It is written while pages are
read, so it costs few statements and looks nothing up; administrators read it, and it is kept for a
time of its own. What is taken away of many at once is one line with their number, and who they were
in as little room as a bit each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.admissions.applications.models import Application
from candide.core.clock import end_of, start_of
from candide.core.keys import Keys
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.tokens.models import Token
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import Reading, ReadTogether

QUARTER = 15 * 60
AT_ONCE = 1000
SPAN = ReadTogether.SPAN


def note_reading(
    *,
    account_id: int,
    opened: Opened,
    now: datetime,
    reader: User | None = None,
    token: Token | None = None,
    application_id: int | None = None,
    document_id: int | None = None,
) -> None:
    """Write that `reader`, or a program with `token`, opened it; nothing if that was written in
    this quarter of an hour."""
    reading = _reading(reader, token, opened, now)
    reading.account_id, reading.application_id = account_id, application_id
    reading.document_id = document_id
    _write(reading)


@transaction.atomic
def note_together(
    applications: Iterable[int],
    *,
    opened: Opened,
    now: datetime,
    reader: User | None = None,
    token: Token | None = None,
) -> None:
    """Write that `reader` took something away of all these applications: one line. What a program
    reads page after page is one line for each quarter of an hour."""
    masks = _masks(applications)
    if not masks:
        return
    reading = _reading(reader, token, opened, now)
    reading.number = 0
    if token is None:
        reading.save()
    else:
        _write(reading)
        reading = _lines_of(reading).select_for_update().get()
    known = {row.block: row for row in reading.together.filter(block__in=Keys(masks))}
    changed, added = [], 0
    for block, mask in masks.items():
        row = known.get(block) or ReadTogether(reading=reading, block=block, bits=b"")
        before = int.from_bytes(row.bits, "little")
        if new := mask & ~before:
            row.bits = (before | new).to_bytes(SPAN // 8, "little")
            changed.append(row)
            added += new.bit_count()
    made = [row for row in changed if row.pk is None]
    ReadTogether.objects.bulk_create(made, batch_size=AT_ONCE)
    widened = [row for row in changed if row.block in known]
    ReadTogether.objects.bulk_update(widened, ["bits"], batch_size=AT_ONCE)
    reading.number = (reading.number or 0) + added
    reading.save(update_fields=["number"])


def _reading(reader: User | None, token: Token | None, opened: Opened, now: datetime) -> Reading:
    return Reading(
        reader_id=reader.pk if reader else None,
        token_id=token.pk if token else None,
        opened=opened,
        at=now,
        quarter=int(now.timestamp()) // QUARTER,
    )


def _write(reading: Reading) -> None:
    Reading.objects.bulk_create([reading], ignore_conflicts=True)


def _lines_of(reading: Reading) -> QuerySet[Reading]:
    """The line a program has already for what it reads of many in this quarter of an hour."""
    return Reading.objects.filter(
        token_id=reading.token_id,
        quarter=reading.quarter,
        account_id=None,
        opened=reading.opened,
    )


# -- Of many at once -------------------------------------------------------------------------------


def _masks(keys: Iterable[int]) -> dict[int, int]:
    """For each block of keys, those that are in it as bits."""
    masks: dict[int, int] = defaultdict(int)
    for key in keys:
        block, place = divmod(key, SPAN)
        masks[block] |= 1 << place
    return dict(masks)


def read_together(reading: Reading) -> list[int]:
    """The applications a reading of many was of, in their order."""
    rows = reading.together.order_by("block").values_list("block", "bits")
    return [key for block, bits in rows for key in _keys(block, bits)]


def _keys(block: int, bits: bytes | memoryview) -> Iterator[int]:
    mask = int.from_bytes(bits, "little")
    return (block * SPAN + place for place in range(SPAN) if mask >> place & 1)


def _of_many_with(applications: Iterable[int]) -> list[int]:
    """The readings of many in which one of these was."""
    masks = _masks(applications)
    rows = ReadTogether.objects.filter(block__in=Keys(masks)).values_list(
        "reading_id", "block", "bits"
    )
    return [
        reading
        for reading, block, bits in rows.iterator(chunk_size=AT_ONCE)
        if int.from_bytes(bits, "little") & masks[block]
    ]


# -- Reading the log -------------------------------------------------------------------------------


def readings_found(
    *,
    application_id: int | None = None,
    accounts: Iterable[int] | None = None,
    readers: Collection[int] | QuerySet | None = None,
    tokens: Collection[int] | QuerySet = (),
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Reading]:
    """Those that answer all that is asked, newest first, with those of many in which one was. Of
    an account also what was opened of those merged into it. `tokens` are readers too. Both are
    keys, or the query that gives them."""
    found = Reading.objects.order_by("-pk")
    if application_id is not None:
        many = Keys(_of_many_with([application_id]))
        found = found.filter(Q(application_id=application_id) | Q(pk__in=many))
    if accounts is not None:
        keys = list(accounts)
        keys += User.objects.filter(merged_into__in=keys).values_list("pk", flat=True)
        theirs = Application.objects.filter(candidate__user__in=keys).values_list("pk", flat=True)
        found = found.filter(Q(account_id__in=keys) | Q(pk__in=Keys(_of_many_with(theirs))))
    if readers is not None:
        found = found.filter(Q(reader_id__in=readers) | Q(token_id__in=tokens))
    if first is not None:
        found = found.filter(at__gte=start_of(first))
    if last is not None:
        found = found.filter(at__lte=end_of(last))
    return found


def old_readings(*, now: datetime) -> QuerySet[Reading]:
    """Those kept long enough."""
    kept = timedelta(days=Institution.current().reading_days)
    return Reading.objects.filter(at__lt=now - kept)

"""« Silence vaut acceptation »: which applications wait for a decision for so long that the law may
decide for the university. They are marked; nothing is ever decided here [back-office 21]."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate
from django.db.models.lookups import Exact

from candide.admissions.decisions.models import Decision
from candide.core.clock import start_of
from candide.institution.catalogue.enums import TacitReference
from candide.institution.catalogue.models import Institution, TacitThreshold

# Which field of the application holds the day, or the moment, the silence is counted from.
COUNTED_FROM = {
    TacitReference.CREATED: "created_at",
    TacitReference.TRANSMITTED: "transmitted_at",
    TacitReference.RECEIVED: "received_on",
    TacitReference.COMPLETE: "complete_on",
    TacitReference.INCOMPLETE: "incomplete_on",
    TacitReference.ANSWERED: "answered_at",
}
ONE_DAY = timedelta(days=1)


def thresholds() -> list[TacitThreshold]:
    """Those in service, by number of days; none while nothing is counted. Read once a request."""
    institution = Institution.current()
    if institution.tacit_reference == TacitReference.NONE:
        return []
    known = getattr(institution, "_tacit_thresholds", None)
    return keep_thresholds(thresholds_in_service()) if known is None else known


def thresholds_in_service() -> QuerySet[TacitThreshold]:
    return TacitThreshold.objects.filter(is_active=True)


def keep_thresholds(read: Iterable[TacitThreshold]) -> list[TacitThreshold]:
    """Keep those in service for this request: a page may have read them along with its lists."""
    known = sorted(read, key=lambda each: each.days)
    Institution.current()._tacit_thresholds = known  # type: ignore[attr-defined]
    return known


def threshold_for(silent_since: date | None, *, today: date) -> TacitThreshold | None:
    """The mark of an application that waits since then: the highest threshold reached."""
    if silent_since is None:
        return None
    reached = [each for each in thresholds() if each.days <= (today - silent_since).days]
    return reached[-1] if reached else None


def is_silent() -> Q:
    """Live applications without a released decision; without a final one, where the institution
    wants it so."""
    alive = Q(cancelled_at=None, archived_at=None)
    if not Institution.current().tacit_final_only:
        return alive & Q(released_outcome="")
    released = Decision.objects.released().filter(application=OuterRef("pk"))
    last = released.order_by("-released_at", "-pk").values("type__is_final")[:1]
    return alive & (Q(released_outcome="") | Q(Exact(Subquery(last), Value(False))))


def silent_since() -> Any:
    """The day an application waits since, to annotate it with; none where it does not."""
    if Institution.current().tacit_reference == TacitReference.NONE:
        return Value(None, output_field=DateField())
    return Case(When(is_silent(), then=_day()), default=None, output_field=DateField())


def is_marked(threshold: TacitThreshold | None, *, today: date) -> Q:
    """Applications that bear the mark of `threshold`, or any mark (None)."""
    known: Sequence[TacitThreshold] = thresholds()
    if not known or (threshold is not None and threshold not in known):
        return Q(pk__in=())
    first = known[0] if threshold is None else threshold
    found = is_silent() & _waits_at_least(first.days, today)
    higher = [each.days for each in known if threshold and each.days > threshold.days]
    return found & ~_waits_at_least(higher[0], today) if higher else found


def _field() -> str:
    return COUNTED_FROM[TacitReference(Institution.current().tacit_reference)]


def _day() -> Any:
    field = _field()
    return TruncDate(field) if field.endswith("_at") else F(field)


def _waits_at_least(days: int, today: date) -> Q:
    """Whose day is there, and that long ago."""
    field, last = _field(), today - timedelta(days=days)
    is_given = Q(**{f"{field}__isnull": False})
    if field.endswith("_at"):
        return is_given & Q(**{f"{field}__lt": start_of(last + ONE_DAY)})
    return is_given & Q(**{f"{field}__lte": last})

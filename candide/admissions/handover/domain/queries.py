"""Reading pre-enrolments: those of a search, and how many are in which state."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from candide.admissions.handover.enums import DocumentState, HandoverState
from candide.admissions.handover.models import HandedDocument, PreEnrolment
from candide.core.text import fold


def found(
    rows: QuerySet[PreEnrolment], *, words: str = "", campaign: int | None = None
) -> QuerySet[PreEnrolment]:
    """Those whose candidate, file number, enrolment code or programme these words find."""
    if campaign is not None:
        rows = rows.filter(application__intake__campaign=campaign)
    for word in words.split():
        plain = fold(word)
        rows = rows.filter(
            Q(application__candidate__search_text__contains=plain)
            | Q(application__candidate__user__file_number__iexact=word)
            | Q(code__iexact=word)
            | Q(application__intake__programme__search_text__contains=plain)
            | Q(application__intake__programme__sis_code__iexact=word)
        )
    return rows


def numbers_by_state(rows: QuerySet[PreEnrolment]) -> dict[str, int]:
    counted = rows.order_by().values_list("state").annotate(number=Count("pk"))
    return {**dict.fromkeys(HandoverState.values, 0), **dict(counted)}


def number_of_documents(rows: QuerySet[PreEnrolment]) -> dict[str, int]:
    """How many documents of these wait, and how many were sent."""
    documents = HandedDocument.objects.filter(pre_enrolment__in=rows.order_by())
    counted = documents.values_list("state").annotate(number=Count("pk"))
    return {**dict.fromkeys(DocumentState.values, 0), **dict(counted.order_by())}


def chosen(rows: QuerySet[PreEnrolment], pks: Sequence[int]) -> list[int]:
    """Of these keys, those that are among `rows`."""
    return list(rows.filter(pk__in=list(pks)).order_by("pk").values_list("pk", flat=True))

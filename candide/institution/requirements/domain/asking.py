"""What a programme asks for, in which order and why [PJ-01, QST-01]."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from candide.institution.catalogue.models import Programme
from candide.institution.requirements.models import Asked, DocumentRequirement, Question


class Origin(IntEnum):
    """Where it comes from that a programme asks for something, in the order candidates see."""

    INSTITUTION = 0
    CENTRE = 1
    PROGRAMME = 2


def origin_of(asked: Asked, *, centre_id: int, is_linked: bool) -> Origin | None:
    """Why a programme of the centre asks for it, or None when it does not."""
    if not asked.is_active:
        return None
    if not asked.is_common:
        return Origin.PROGRAMME if is_linked else None
    if asked.centre_id is None:
        return Origin.INSTITUTION
    return Origin.CENTRE if asked.centre_id == centre_id else None


def order(asked: Asked) -> tuple[bool, int, str]:
    """By position, those without one last, then by label."""
    return (asked.position is None, asked.position or 0, str(asked.label))


@dataclass(frozen=True)
class AskedOfProgramme:
    asked: Any
    origin: Origin


def asked_of_programme(model: Any, programme: Programme) -> list[AskedOfProgramme]:
    """What of `model` (documents or questions) `programme` asks for, in the order of candidates:
    whatever the route, and whatever other answer a question waits for. Two queries."""
    centre_id = programme.commission.centre_id
    linked = set(getattr(programme, f"{model._meta.model_name}s").values_list("pk", flat=True))
    common = Q(is_common=True) & (Q(centre=None) | Q(centre=centre_id))
    joined = ["centre", "depends_on"] if model is Question else ["centre"]
    rows = model._default_manager.filter(common | Q(pk__in=linked)).select_related(*joined)
    found = [
        AskedOfProgramme(asked, origin)
        for asked in rows
        if (origin := origin_of(asked, centre_id=centre_id, is_linked=asked.pk in linked))
        is not None
    ]
    return sorted(found, key=lambda each: (each.origin, order(each.asked)))


def in_service() -> QuerySet[Programme]:
    """The programmes that are on offer when they have an intake."""
    return Programme.objects.filter(
        is_active=True, commission__is_active=True, commission__centre__is_active=True
    )


def with_programme_count(asked: QuerySet) -> QuerySet:
    """Each with `programme_count`: how many programmes in service ask for it, or would were it in
    service itself."""
    model: Any = asked.model
    through = model.programmes.through.objects
    key = f"{model._meta.model_name}_id"
    programme = "programme__"
    linked = through.filter(
        **{
            key: OuterRef("pk"),
            f"{programme}is_active": True,
            f"{programme}commission__is_active": True,
            f"{programme}commission__centre__is_active": True,
        }
    )
    of_centre = in_service().filter(commission__centre=OuterRef("centre"))
    return asked.annotate(
        programme_count=Case(
            When(is_common=False, then=_counted(linked, key)),
            When(centre__isnull=True, then=Value(in_service().count())),
            default=_counted(of_centre, "commission__centre"),
        )
    )


def _counted(rows: QuerySet, key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def linked_programmes(asked: Asked) -> QuerySet[Programme]:
    """The programmes it is linked to; without effect while it is common."""
    found: Any = asked.programmes.select_related("commission__centre")  # type: ignore[attr-defined]
    return found


def may_be_linked_to(asked: Asked, programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Those of `programmes` it may be linked to: all, or those of the centre it is of [7.5]."""
    if asked.centre_id is None:
        return programmes
    return programmes.filter(commission__centre=asked.centre_id)


def linkable(model: Any, programmes: Iterable[Programme]) -> QuerySet:
    """What of `model` all `programmes` could be linked to: in service, not common, and of the
    institution or of the centre they are all of. What one application alone is asked for is no
    setting."""
    centres = {programme.commission.centre_id for programme in programmes}
    owned = Q(centre=None) | (Q(centre__in=centres) if len(centres) == 1 else Q(pk__in=()))
    rows: QuerySet = model._default_manager.filter(owned, is_active=True, is_common=False)
    return rows.filter(is_individual=False) if model is DocumentRequirement else rows

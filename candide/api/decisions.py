"""Decisions, and the types and reasons one may give."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.current import draft_mark
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.api.applications import LARGEST, OfApplications, filtered
from candide.api.lists import Asked, Texts, asked, page, page_of
from candide.api.readings import note_list
from candide.api.tokens import scoped
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.tokens.domain.coming_in import Program
from candide.institution.tokens.enums import Scope
from candide.reporting.privacy.enums import Opened


class ReasonShape(serializers.Serializer):
    """Why a decision is unfavourable."""

    code = serializers.CharField()
    label = Texts()


class TypeShape(ReasonShape):
    """A decision in the words of the institution; `outcome` is its meaning."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    is_final = serializers.BooleanField()


class ChoicesShape(serializers.Serializer):
    """What may be given where the token reaches."""

    types = TypeShape(many=True)
    reasons = ReasonShape(many=True)


class DecisionShape(serializers.Serializer):
    """A decision. Without `released_at` it is a draft, of which the candidate knows nothing."""

    id = serializers.IntegerField()
    application = serializers.IntegerField(source="application_id")
    type = TypeShape()
    reason = ReasonShape(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    current_rank = serializers.IntegerField(allow_null=True)
    shortlist_place = serializers.CharField()
    shortlist_on = serializers.DateField(allow_null=True)
    shortlist_time = serializers.TimeField(allow_null=True)
    comment = serializers.CharField()
    is_appeal = serializers.BooleanField()
    is_promotion = serializers.BooleanField(help_text="Called from the reserve list.")
    created_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField(allow_null=True)
    seen = serializers.SerializerMethodField(
        help_text="Of a draft: to be sent back with what is done to it."
    )

    def get_seen(self, decision: Decision) -> str:
        return draft_mark(decision) if decision.is_draft else ""


class DecisionsAsked(OfApplications):
    """Which decisions."""

    application = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
    is_released = serializers.BooleanField(required=False)
    released_since = serializers.DateTimeField(required=False)


@scoped(
    "Decisions",
    Scope.READ_DECISIONS,
    tag="decisions",
    asks=DecisionsAsked,
    answers=page_of(DecisionShape),
)
def decisions(request: Request) -> Response:
    """Decisions and drafts on the applications the token reaches."""
    wanted = asked(DecisionsAsked, request)
    rows = Decision.objects.all().visible_to(request.user).select_related("type", "reason")
    rows = filtered(rows, wanted, to_application="application__")
    if "is_released" in wanted:
        rows = rows.filter(released_at__isnull=not wanted["is_released"])
    if "released_since" in wanted:
        rows = rows.filter(released_at__gte=wanted["released_since"])
    return page(request, rows, DecisionShape, note=note_list(request, Opened.DECISIONS))


@scoped(
    "Types of decision and reasons",
    Scope.READ_DECISIONS,
    tag="decisions",
    asks=Asked,
    answers=ChoicesShape,
)
def decision_choices(request: Request) -> Response:
    """What a decision may be: types and reasons in service where the token reaches."""
    asked(Asked, request)
    found = {
        "types": in_service(DecisionType.objects.order_by("code"), request.user),
        "reasons": in_service(DecisionReason.objects.order_by("code"), request.user),
    }
    return Response(ChoicesShape(found).data)


def in_service(rows: QuerySet, program: Program) -> QuerySet[Any]:
    """Types or reasons of the institution, and of centres in reach."""
    reach = reach_of(program, Capability.VIEW_APPLICATIONS)
    here = Q() if reach.everywhere else Q(centre=None) | Q(centre__in=reach.centres)
    return rows.filter(here, is_active=True)

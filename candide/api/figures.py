"""Statistics, and the hand-over to the student system."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.api.applications import LARGEST, OfApplications, filtered
from candide.api.lists import Asked, asked, page, page_of
from candide.api.readings import note_list
from candide.api.tokens import scoped
from candide.core.clock import localdate
from candide.institution.tokens.enums import Scope
from candide.reporting.privacy.enums import Opened
from candide.reporting.statistics.lines import Level, lines_of
from candide.reporting.statistics.scope import Scope as Counted
from candide.reporting.statistics.scope import campaigns, usual_campaign

LEVELS = {level.name.lower(): level for level in Level}


class LineShape(serializers.Serializer):
    """The figures of one programme, commission or centre."""

    code = serializers.CharField()
    name = serializers.CharField()
    numbers = serializers.DictField(child=serializers.IntegerField())
    places = serializers.IntegerField(allow_null=True, source="capacity.places", default=None)
    places_left = serializers.IntegerField(allow_null=True, source="capacity.left", default=None)


class StatisticsShape(serializers.Serializer):
    """What is counted of a campaign, as the token reaches it."""

    campaign = serializers.CharField()
    level = serializers.ChoiceField(choices=list(LEVELS))
    lines = LineShape(many=True)


class StatisticsAsked(Asked):
    """Of what to count."""

    campaign = serializers.CharField(
        required=False, max_length=20, help_text="Its code; else the one under way."
    )
    level = serializers.ChoiceField(
        required=False, choices=list(LEVELS), help_text="By what; else by centre."
    )


class PreEnrolmentShape(serializers.Serializer):
    """Somebody admitted, announced to the student system."""

    id = serializers.IntegerField()
    application = serializers.IntegerField(source="application_id")
    reference = serializers.CharField(help_text="What the student system knows it by.")
    state = serializers.ChoiceField(choices=HandoverState.choices)
    code = serializers.CharField(help_text="The code of enrolment.")
    reason = serializers.CharField(help_text="Of a refusal.")
    is_wanted = serializers.BooleanField()
    is_held = serializers.BooleanField(help_text="The student system may have them.")
    changed_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True)


class PreEnrolmentsAsked(OfApplications):
    """Which of them."""

    application = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
    state = serializers.ChoiceField(required=False, choices=HandoverState.choices)
    changed_since = serializers.DateTimeField(required=False)


@scoped(
    "Statistics",
    Scope.READ_STATISTICS,
    tag="statistics",
    asks=StatisticsAsked,
    answers=StatisticsShape,
)
def statistics(request: Request) -> Response:
    """The figures staff see, a line for each programme, commission or centre."""
    wanted = asked(StatisticsAsked, request)
    known: Any = campaigns()
    if "campaign" in wanted:
        known = [campaign for campaign in known if campaign.code == wanted["campaign"]]
    campaign = usual_campaign(known, today=localdate(timezone.now()))
    if campaign is None:
        raise Http404
    level = wanted.get("level", "centres")
    lines = lines_of(Counted(user=request.user, campaign=campaign), LEVELS[level])
    found = {"campaign": campaign.code, "level": level, "lines": lines}
    return Response(StatisticsShape(found).data)


@scoped(
    "Hand-over to the student system",
    Scope.READ_HANDOVER,
    tag="handover",
    asks=PreEnrolmentsAsked,
    answers=page_of(PreEnrolmentShape),
)
def pre_enrolments(request: Request) -> Response:
    """Who was announced to the student system, and what came of it."""
    wanted = asked(PreEnrolmentsAsked, request)
    rows = PreEnrolment.objects.all().visible_to(request.user)
    rows = filtered(rows, wanted, to_application="application__")
    if "state" in wanted:
        rows = rows.filter(state=wanted["state"])
    if "changed_since" in wanted:
        rows = rows.filter(changed_at__gte=wanted["changed_since"])
    return page(request, rows, PreEnrolmentShape, note=note_list(request, Opened.ENROLMENTS))

"""The offer, for everybody: programmes, openings, centres [A-115]."""

from datetime import date
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candide.api.doors import public
from candide.api.lists import Asked, ListAsked, Texts, asked, page, page_of
from candide.core.clock import localdate
from candide.institution.catalogue.domain.dates import period, window_of
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.domain.published import (
    Wanted,
    published_centres,
    published_intakes,
    published_programmes,
)
from candide.institution.catalogue.domain.search import ONLINE, PAPER
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Intake, Programme


class Named(serializers.Serializer):
    """Something with a code and a name."""

    code = serializers.CharField()
    name = Texts()


class Diploma(serializers.Serializer):
    """A type of diploma."""

    code = serializers.CharField()
    name = serializers.CharField()


class Campaign(serializers.Serializer):
    """A yearly round of admissions."""

    code = serializers.CharField()
    name = Texts(source="label")


class CommissionShape(Named):
    """Who examines the applications."""

    email = serializers.CharField()
    phone = serializers.CharField()
    url = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField(), source="address_lines")


class OpeningShape(serializers.Serializer):
    """A programme in a campaign. Every day is inclusive, where the institution is."""

    id = serializers.IntegerField()
    programme = serializers.CharField(source="programme.code")
    campaign = Campaign()
    period = serializers.SerializerMethodField(help_text="Whether one may apply today.")
    opens_on = serializers.SerializerMethodField()
    closes_on = serializers.SerializerMethodField()
    documents_due_on = serializers.DateField()
    screening_on = serializers.DateField(allow_null=True)
    jury_on = serializers.DateField(allow_null=True)
    results_on = serializers.DateField(allow_null=True)
    acceptance_due_on = serializers.DateField(allow_null=True)
    acceptance_days = serializers.IntegerField(allow_null=True)
    capacity = serializers.SerializerMethodField(help_text="Null where it is not published.")
    procedure = serializers.SerializerMethodField()

    def get_period(self, intake: Intake) -> Period:
        return period(intake, today=self.context["today"])

    def get_opens_on(self, intake: Intake) -> date:
        return window_of(intake).first

    def get_closes_on(self, intake: Intake) -> date:
        return window_of(intake).last

    def get_capacity(self, intake: Intake) -> int | None:
        return intake.capacity if intake.is_capacity_published else None

    def get_procedure(self, intake: Intake) -> str:
        return ONLINE if is_paperless(intake) else PAPER


class ProgrammeShape(Named):
    """What one may apply for, and when."""

    slug = serializers.CharField()
    page = serializers.SerializerMethodField(help_text="Its page here, where one applies.")
    website = serializers.CharField(source="url")
    centre = Named(source="commission.centre")
    commission = CommissionShape()
    diploma_type = Diploma(allow_null=True)
    kind = Named(allow_null=True)
    openings = OpeningShape(many=True, source="offered")

    def get_page(self, programme: Programme) -> str:
        return page_address(programme)


class ProgrammesAsked(ListAsked):
    """Which part of the offer."""

    q = serializers.CharField(
        required=False,
        max_length=200,
        source="words",
        help_text="Words that begin words of the name, of the centre or of the keywords.",
    )
    centre = serializers.CharField(required=False, max_length=20, help_text="Its code.")
    diploma_type = serializers.CharField(required=False, max_length=30, help_text="Its code.")
    kind = serializers.CharField(required=False, max_length=20, help_text="Its code.")
    campaign = serializers.CharField(required=False, max_length=20, help_text="Its code.")
    period = serializers.ChoiceField(
        required=False, choices=Period.choices, help_text="Whether one may apply today."
    )


class OpeningsAsked(ProgrammesAsked):
    """Which openings."""

    programme = serializers.CharField(required=False, max_length=50, help_text="Its code.")


@public("Programmes on offer", asks=ProgrammesAsked, answers=page_of(ProgrammeShape))
def programmes(request: Request) -> Response:
    """Programmes of which at least one opening answers the filters, with these openings."""
    today = localdate(timezone.now())
    rows = published_programmes(wanted(asked(ProgrammesAsked, request)), today=today)
    return page(request, rows, ProgrammeShape, today=today)


@public("One programme", asks=Asked, answers=ProgrammeShape, refusals=(400, 404))
def programme(request: Request, slug: str) -> Response:
    """A programme on offer, with all its openings."""
    today = localdate(timezone.now())
    asked(Asked, request)
    found = programme_of(slug, today=today)
    return Response(ProgrammeShape(found, context={"today": today}).data)


@public("Openings on offer", asks=OpeningsAsked, answers=page_of(OpeningShape))
def openings(request: Request) -> Response:
    """Programmes in campaigns, with their dates."""
    today = localdate(timezone.now())
    rows = published_intakes(wanted(asked(OpeningsAsked, request)), today=today)
    return page(request, rows.with_offer(), OpeningShape, today=today)


@public("Centres that offer something", asks=ListAsked, answers=page_of(Named))
def centres(request: Request) -> Response:
    """Faculties and institutes with something on offer."""
    asked(ListAsked, request)
    return page(request, published_centres(), Named)


def programme_of(slug: str, *, today: date) -> Programme:
    """The programme on offer at this address, or 404."""
    return get_object_or_404(published_programmes(Wanted(), today=today), slug=slug)


def wanted(values: dict[str, Any]) -> Wanted:
    """The filters among what was asked."""
    return Wanted(**{k: v for k, v in values.items() if k not in {"cursor", "page_size"}})


def page_address(programme: Programme) -> str:
    """The permanent page of a programme, in full."""
    return settings.BASE_URL + reverse("public:programme", args=[programme.slug])

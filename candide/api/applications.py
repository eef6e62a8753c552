"""Applications, as the token reaches them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.admissions.applications.models import Application
from candide.api.catalogue import Named
from candide.api.lists import Asked, ListAsked, asked, page, page_of
from candide.api.readings import note_list, note_one
from candide.api.tokens import application_of, scoped
from candide.foundation.history.domain.log import happened_since
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.tokens.enums import Scope
from candide.reporting.privacy.enums import Opened

LARGEST = 2**31 - 1


class CentreOfToken(Named):
    """A centre the token reaches."""


class TokenShape(serializers.Serializer):
    """What the token in use may do."""

    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values))
    is_everywhere = serializers.BooleanField()
    centres = CentreOfToken(many=True)
    expires_on = serializers.DateField()


class CandidateShape(serializers.Serializer):
    """Who applies. All but the file number takes the scope `candidates.read`."""

    file_number = serializers.CharField(source="user.file_number")
    civility = serializers.CharField(required=False)
    birth_name = serializers.CharField(required=False)
    usual_name = serializers.CharField(required=False)
    first_name = serializers.CharField(required=False)
    other_first_name = serializers.CharField(required=False)
    born_on = serializers.DateField(required=False)
    email = serializers.CharField(source="user.email", required=False)
    phone = serializers.CharField(required=False)
    mobile = serializers.CharField(required=False)
    ine = serializers.CharField(required=False)

    def to_representation(self, candidate: Any) -> dict[str, Any]:
        if self.context["program"].may(Scope.READ_CANDIDATES):
            return super().to_representation(candidate)
        return {"file_number": candidate.user.file_number}


class AppliedFor(serializers.Serializer):
    """What is applied to."""

    id = serializers.IntegerField()
    programme = serializers.CharField(source="programme.code")
    campaign = serializers.CharField(source="campaign.code")
    commission = serializers.CharField(source="programme.commission.code")
    centre = serializers.CharField(source="programme.commission.centre.code")


class ApplicationShape(serializers.Serializer):
    """An application. `dossier_status`, `route`, `outcome` and `answer` are independent."""

    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Grows with what the candidate changes.")
    candidate = CandidateShape()
    opening = AppliedFor(source="intake")
    created_at = serializers.DateTimeField()
    transmitted_at = serializers.DateTimeField(allow_null=True)
    dossier_status = serializers.ChoiceField(choices=DossierStatus.choices)
    status_changed_at = serializers.DateTimeField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    incomplete_on = serializers.DateField(allow_null=True)
    complete_on = serializers.DateField(allow_null=True)
    documents_due_on = serializers.DateField(help_text="Of this application.")
    route = serializers.ChoiceField(choices=AdmissionRoute.choices)
    outcome = serializers.ChoiceField(
        choices=Outcome.choices,
        source="released_outcome",
        allow_blank=True,
        help_text="Of the last released decision; empty for none.",
    )
    has_draft_decision = serializers.BooleanField()
    acceptance_due_on = serializers.DateField(allow_null=True)
    answer = serializers.ChoiceField(choices=CandidateAnswer.choices, allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)


class OfApplications(ListAsked):
    """Which part of what applications are for."""

    campaign = serializers.CharField(required=False, max_length=20, help_text="Its code.")
    centre = serializers.CharField(required=False, max_length=20, help_text="Its code.")
    programme = serializers.CharField(required=False, max_length=50, help_text="Its code.")
    opening = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)


class ApplicationsAsked(OfApplications):
    """Which applications."""

    status = serializers.ChoiceField(required=False, choices=DossierStatus.choices)
    outcome = serializers.ChoiceField(required=False, choices=Outcome.choices)
    answer = serializers.ChoiceField(required=False, choices=CandidateAnswer.choices)
    file_number = serializers.CharField(required=False, max_length=8)
    transmitted_since = serializers.DateTimeField(required=False)
    status_changed_since = serializers.DateTimeField(required=False)
    changed_since = serializers.DateTimeField(
        required=False,
        help_text="To which anything happened since, cancelled or not: what a copy has to follow.",
    )
    is_cancelled = serializers.BooleanField(
        required=False, help_text="Those that were cancelled; otherwise those that were not."
    )


# Where each filter looks, from an application.
PATHS = {
    "application": "pk",
    "campaign": "intake__campaign__code",
    "centre": "intake__programme__commission__centre__code",
    "programme": "intake__programme__code",
    "opening": "intake",
    "status": "dossier_status",
    "outcome": "released_outcome",
    "answer": "answer",
    "file_number": "candidate__user__file_number",
    "transmitted_since": "transmitted_at__gte",
    "status_changed_since": "status_changed_at__gte",
}


@scoped("The token in use", None, tag="token", asks=Asked, answers=TokenShape)
def token(request: Request) -> Response:
    """What the token in use may do, where, and until when."""
    asked(Asked, request)
    return Response(TokenShape(_readable(request.auth)).data)


def _readable(found: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "scopes": found.scopes,
        "is_everywhere": found.is_everywhere,
        "centres": found.centres.order_by("code"),
        "expires_on": found.expires_on,
    }


@scoped(
    "Applications",
    Scope.READ_APPLICATIONS,
    tag="applications",
    asks=ApplicationsAsked,
    answers=page_of(ApplicationShape),
)
def applications(request: Request) -> Response:
    """The applications the token reaches, those that came first first."""
    wanted = asked(ApplicationsAsked, request)
    rows = Application.objects.all().visible_to(request.user).with_offer()
    if "changed_since" in wanted:
        rows = rows.filter(happened_since(Application, wanted["changed_since"]))
    if "is_cancelled" in wanted or "changed_since" not in wanted:
        rows = rows.filter(cancelled_at__isnull=not wanted.get("is_cancelled", False))
    return page(
        request,
        filtered(rows, wanted),
        ApplicationShape,
        note=note_list(request, Opened.LIST, key="pk"),
        program=request.user,
    )


@scoped(
    "One application",
    Scope.READ_APPLICATIONS,
    tag="applications",
    asks=Asked,
    answers=ApplicationShape,
)
def application(request: Request, pk: int) -> Response:
    """An application."""
    asked(Asked, request)
    found = application_of(request, pk, "applications.examine")
    note_one(request, found)
    return Response(ApplicationShape(found, context={"program": request.user}).data)


def filtered(rows: QuerySet, wanted: dict[str, Any], *, to_application: str = "") -> QuerySet:
    """`rows` as the filters say; `to_application` is the lookup path from a row to it."""
    named = {path: wanted[name] for name, path in PATHS.items() if name in wanted}
    return rows.filter(**{f"{to_application}{path}": value for path, value in named.items()})

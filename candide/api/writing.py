"""What programs write, through the very functions the pages of staff call; each writing has a key
of the program's own, and is done once."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_mark
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.api.applications import LARGEST
from candide.api.decisions import in_service
from candide.api.tokens import application_of, scoped
from candide.core.clock import localdate
from candide.foundation.history.domain.log import caused_by
from candide.institution.tokens.domain.coming_in import Program
from candide.institution.tokens.domain.once import once
from candide.institution.tokens.enums import Scope

LONGEST_KEY = 100


class StatusSent(serializers.Serializer):
    """A status to set."""

    status = serializers.ChoiceField(choices=DossierStatus.choices)
    on = serializers.DateField(required=False, help_text="Its day; else today.")
    request_again = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST),
        required=False,
        max_length=200,
        help_text="With `incomplete`: the requirements of documents to be given again.",
    )
    seen = serializers.ChoiceField(
        required=False,
        choices=DossierStatus.choices,
        help_text="The status that was looked at: if it is another by now, 409 `changed`.",
    )


class StatusWritten(serializers.Serializer):
    """A status as it was set."""

    application = serializers.IntegerField()
    dossier_status = serializers.ChoiceField(choices=DossierStatus.choices)
    version = serializers.IntegerField()


class DecisionSent(serializers.Serializer):
    """A decision to enter. Which parts count depends on its type, as on the pages of staff."""

    type = serializers.CharField(max_length=30, help_text="Its code.")
    reason = serializers.CharField(
        required=False, allow_null=True, max_length=30, help_text="Its code."
    )
    rank = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST)
    shortlist_place = serializers.CharField(required=False, allow_blank=True, max_length=100)
    shortlist_on = serializers.DateField(required=False, allow_null=True)
    shortlist_time = serializers.TimeField(required=False, allow_null=True)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    is_appeal = serializers.BooleanField(required=False)
    seen = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="The `seen` of the draft that was looked at, empty for none: if it says "
        "something else by now, 409 `changed`.",
    )


class DecisionWritten(serializers.Serializer):
    """A draft as it was entered."""

    application = serializers.IntegerField()
    decision = serializers.IntegerField()
    seen = serializers.CharField()


@scoped(
    "Set the status of a dossier",
    Scope.SET_STATUS,
    tag="applications",
    sends=StatusSent,
    answers=StatusWritten,
)
def set_status(request: Request, pk: int) -> Response:
    """Received or complete freezes the dossier, incomplete opens it again; the candidate is told
    by mail."""
    application = application_of(request, pk, "applications.set_status")
    sent = _sent(StatusSent, request)
    now = timezone.now()

    def act() -> dict[str, Any]:
        declare_status(
            application,
            DossierStatus(sent["status"]),
            by=None,
            now=now,
            on=sent.get("on", localdate(now)),
            request_again=sent.get("request_again", ()),
            seen=sent.get("seen"),
        )
        stored = Application.objects.get(pk=application.pk)
        written = {"application": stored.pk, "dossier_status": stored.dossier_status}
        return {**written, "version": stored.version}

    return _written(request, act)


@scoped(
    "Enter a decision",
    Scope.ENTER_DECISIONS,
    tag="decisions",
    sends=DecisionSent,
    answers=DecisionWritten,
)
def enter(request: Request, pk: int) -> Response:
    """Enter or change the draft. The candidate sees nothing of it until staff release it."""
    application = application_of(request, pk, "decisions.enter")
    sent = _sent(DecisionSent, request)
    seen = sent.pop("seen", None)
    draft = _draft(sent, request.user)

    def act() -> dict[str, Any]:
        decision = enter_decision(application, draft, by=None, now=timezone.now(), seen=seen)
        written = {"application": application.pk, "decision": decision.pk}
        decision.refresh_from_db()
        return {**written, "seen": draft_mark(decision)}

    return _written(request, act)


def _draft(sent: dict[str, Any], program: Program) -> Draft:
    """What was sent, with the rows its codes name."""
    found: dict[str, Any] = {name: value for name, value in sent.items() if value is not None}
    for name, model in (("type", DecisionType), ("reason", DecisionReason)):
        if name not in found:
            continue
        row = in_service(model.objects.filter(code=found[name]), program).first()
        if row is None:
            raise serializers.ValidationError({name: [_("There is none of this code.")]})
        found[name] = row
    return Draft(**found)


def _sent(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """What was sent, read as `shape` says. Raises `ValidationError`."""
    reading = shape(data=request.data)
    reading.is_valid(raise_exception=True)
    unknown = set(reading.initial_data) - set(reading.fields)
    if unknown:
        raise serializers.ValidationError(
            {name: [_("There is no such field.")] for name in sorted(unknown)}
        )
    return dict(reading.validated_data)


def _written(request: Request, act: Callable[[], dict[str, Any]]) -> Response:
    """Do `act` once for the key that came with it, logged as done by this token."""
    key = request.headers.get("Idempotency-Key", "")
    if not key.strip() or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise serializers.ValidationError(
            {"Idempotency-Key": [_("Send a key of your own, of at most 100 characters.")]}
        )
    with caused_by(token=request.auth.pk):
        told = once(
            act,
            token=request.auth,
            key=key,
            asked=[request.path, request.data],
            now=timezone.now(),
        )
    headers = {"Idempotent-Replayed": "true"} if told.is_repeated else {}
    return Response(told.body, headers=headers)

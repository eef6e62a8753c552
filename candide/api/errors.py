"""What an error looks like, whatever went wrong: a sentence, a code, and what can be mended."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from candide.core.blockers import Refused
from candide.core.problems import PROBLEM, problem
from candide.institution.tokens.domain.once import KeyReused


class Reason(serializers.Serializer):
    """One reason against what was asked."""

    code = serializers.CharField()
    message = serializers.CharField()
    about = serializers.CharField()


class Error(serializers.Serializer):
    """Why there is no other answer (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="What the status means.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; it stays.")
    detail = serializers.CharField(help_text="For people, in the language of `Accept-Language`.")
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Of a value that makes no sense: what is wrong with each.",
    )
    blockers = Reason(
        many=True, required=False, help_text="Of an action that is not possible: every reason."
    )


MEANINGS = {
    400: "A value makes no sense",
    401: "No token, or one that is not valid any more",
    403: "The token does not reach this",
    404: "There is no such thing, or not for this token",
    409: "Not possible now, for the reasons given",
    415: "The body is not JSON",
    422: "The key was used for something else",
    429: "Too many requests; `Retry-After` says how long to wait",
    503: "The service is closed for a while",
}


def answers_with(*codes: int) -> dict[Any, OpenApiResponse]:
    """The errors an address answers with, for the description of the API."""
    return {(code, PROBLEM): OpenApiResponse(Error, description=MEANINGS[code]) for code in codes}


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every error in the one shape; None for what nobody foresaw."""
    if isinstance(exception, KeyReused):
        return _refused(status.HTTP_422_UNPROCESSABLE_ENTITY, exception)
    if isinstance(exception, Refused):
        return _refused(status.HTTP_409_CONFLICT, exception)
    if isinstance(exception, Http404):
        exception = exceptions.NotFound(_("There is no such thing, or not for you."))
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    response = exception_handler(exception, context)
    if response is None or not isinstance(exception, exceptions.APIException):
        return response
    response.data = _told(response.status_code, exception)
    response.content_type = PROBLEM
    return response


def _told(code: int, exception: exceptions.APIException) -> dict[str, Any]:
    if not isinstance(exception, exceptions.ValidationError):
        return problem(code, str(exception.get_codes()), str(exception.detail))
    found = exception.detail
    fields = found if isinstance(found, dict) else {"": found}
    told = {name: list(_sentences(value)) for name, value in fields.items()}
    first = next(iter(next(iter(told.values()), [])), "")
    return problem(code, "invalid", first, fields=told)


def _sentences(value: Any) -> Any:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner)
    else:
        yield str(value)


def _refused(code: int, refusal: Refused) -> Response:
    blockers = [
        {"code": blocker.code, "message": str(blocker.message), "about": blocker.about}
        for blocker in refusal.blockers
    ]
    detail = " ".join(blocker["message"] for blocker in blockers)
    told = problem(code, "refused", detail, blockers=blockers)
    return Response(told, status=code, content_type=PROBLEM)

"""How an address says who comes in, what it is asked and what it answers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.permissions import AllowAny

from candide.api.errors import answers_with
from candide.api.policies import AddressThrottle

View = Callable[..., Any]
MINUTES_KEPT = 5


def public(
    summary: str,
    *,
    answers: Any,
    asks: Any = None,
    throttle: type[AddressThrottle] = AddressThrottle,
    refusals: tuple[int, ...] = (400,),
) -> Callable[[View], View]:
    """An address for everybody, that pages of other sites may read from the browser too."""

    def decorate(function: View) -> View:
        function.permission_classes = [AllowAny]  # type: ignore[attr-defined]
        function.throttle_classes = [throttle]  # type: ignore[attr-defined]
        view = extend_schema(
            operation_id=operation_id(function),
            summary=summary,
            parameters=[asks] if asks and asks().fields else None,
            responses={**answered(answers), **answers_with(*refusals, 429, 503)},
            auth=[],
            tags=["catalogue"],
        )(api_view(["GET"])(function))
        return conditional_page(_open_to_pages(view))

    return decorate


def operation_id(function: View) -> str:
    """What programs made from the description call it: `catalogue_programmes`."""
    return f"{function.__module__.rpartition('.')[2]}_{function.__name__}"


def answered(answers: Any) -> dict[Any, Any]:
    """What is answered when all went well: a shape, or shapes by code."""
    return answers if isinstance(answers, dict) else {200: answers}


def _open_to_pages(view: View) -> View:
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        if response.status_code == 200:
            response["Cache-Control"] = f"public, max-age={MINUTES_KEPT * 60}"
        return response

    wrapper.__dict__.update(view.__dict__)
    wrapper.__name__, wrapper.__doc__ = view.__name__, view.__doc__
    return wrapper

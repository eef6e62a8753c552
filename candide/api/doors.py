"""How an address says who comes in, what it is asked and what it answers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.throttling import SimpleRateThrottle

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
        view = opened(
            function,
            permission=AllowAny,
            throttle=throttle,
            summary=summary,
            asks=asks,
            answers=answers,
            refusals=(*refusals, 429, 503),
            tag="catalogue",
            auth=[],
        )
        return conditional_page(_open_to_pages(view))

    return decorate


def opened(
    function: View,
    *,
    permission: type[BasePermission],
    throttle: type[SimpleRateThrottle],
    summary: str,
    asks: Any,
    answers: Any,
    refusals: tuple[int, ...],
    tag: str,
    method: str = "GET",
    parameters: tuple[Any, ...] = (),
    **described: Any,
) -> View:
    """`function` as an address that lets in whom `permission` does, as often as `throttle` says,
    described as it is."""
    function.permission_classes = [permission]  # type: ignore[attr-defined]
    function.throttle_classes = [throttle]  # type: ignore[attr-defined]
    wanted = [asks] if asks and asks().fields else []
    return extend_schema(
        operation_id=operation_id(function),
        summary=summary,
        parameters=[*wanted, *parameters],
        responses={**answered(answers), **answers_with(*refusals)},
        tags=[tag],
        **described,
    )(api_view([method])(function))


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

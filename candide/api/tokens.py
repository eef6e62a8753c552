"""The token a program comes in with, what it is for, and how often it may ask."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.throttling import SimpleRateThrottle

from candide.admissions.applications.models import Application
from candide.api.doors import View, opened
from candide.institution.tokens.domain.coming_in import Program, live_token, note_use
from candide.institution.tokens.enums import Scope

PROBLEMS = (400, 401, 403, 404, 429, 503)
KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    type={"type": "string", "minLength": 1, "maxLength": 100},
    required=True,
    description="A name of your own for this writing: the same again is done once.",
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`."""

    def authenticate(self, request: Any) -> tuple[Program, Any] | None:
        kind, _space, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        now = timezone.now()
        token = live_token(secret.decode("latin-1").strip(), now=now)
        if token is None:
            raise AuthenticationFailed(_("This token is not known, or not valid any more."))
        note_use(token, now=now)
        return Program(token), token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="candide"'


class TokenScheme(OpenApiAuthenticationExtension):
    """How the description calls it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class TokenThrottle(SimpleRateThrottle):
    """So many requests a minute with one token, from wherever."""

    scope = "token"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}


def _for(scope: Scope | None) -> type[BasePermission]:
    class HasScope(BasePermission):
        """Whoever has a token that is for this."""

        def has_permission(self, request: Any, view: Any) -> bool:
            if not isinstance(request.user, Program):
                raise NotAuthenticated
            self.message = _("This token is not for that.")
            return scope is None or request.user.may(scope)

    return HasScope


def scoped(
    summary: str,
    scope: Scope | None,
    *,
    tag: str,
    answers: Any,
    asks: Any = None,
    sends: Any = None,
) -> Callable[[View], View]:
    """An address for tokens of `scope` (None: of any). One that `sends` something is posted to,
    with a key."""

    def decorate(function: View) -> View:
        function.authentication_classes = [TokenAuthentication]  # type: ignore[attr-defined]
        view = opened(
            function,
            permission=_for(scope),
            throttle=TokenThrottle,
            summary=summary,
            asks=asks,
            answers=answers,
            refusals=PROBLEMS if sends is None else (*PROBLEMS, 409, 415, 422),
            tag=tag,
            method="GET" if sends is None else "POST",
            parameters=() if sends is None else (KEY,),
            description=_described(function, scope),
            request=sends,
        )
        private = cache_control(private=True, no_store=True)(view)
        private.scope = scope
        return private

    return decorate


def _described(function: View, scope: Scope | None) -> str:
    words = " ".join((function.__doc__ or "").split())
    return f"{words} Scope: `{scope.value}`." if scope else f"{words} Any token."


def application_of(request: Any, pk: int, permission: str) -> Application:
    """The application `pk` where the token reaches it, or 404: another centre's is not there."""
    rows = Application.objects.all().visible_to(request.user)
    application = get_object_or_404(rows.as_subject(), pk=pk)
    if not request.user.has_perm(permission, application):
        raise PermissionDenied
    return application

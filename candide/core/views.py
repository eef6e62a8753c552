"""How a view says who may come in. Closed by default: `LoginRequiredMiddleware` is on, and an
architecture test refuses a view that names neither a permission nor `login_not_required`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

View = Callable[..., HttpResponse]
Reader = Callable[[HttpRequest, Model, dict[str, Any], HttpResponse], None]

_readers: list[Reader] = []


def when_read(function: Reader) -> Reader:
    """Register `f(request, subject, kwargs, response)`, called once a page or a file about one
    object was made for who asked for it. It is not called for what somebody sends."""
    _readers.append(function)
    return function


def for_object(
    model: type[Model], permission: str, *, lookup: str = "pk", reading: str = "as_subject"
) -> Callable[[View], View]:
    """Fetch the object the URL names among those visible to the person (404 otherwise), check
    `permission` on it (403 otherwise) and pass it to the view in place of its key. `reading` names
    the method of the queryset that joins what the page looks at."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = kwargs.pop(lookup)
            visible = model._default_manager.all().visible_to(request.user)  # type: ignore[attr-defined]
            subject = get_object_or_404(getattr(visible, reading)(), **{lookup: key})
            if not request.user.has_perm(permission, subject):
                raise PermissionDenied
            response = view(request, subject, *args, **kwargs)
            if request.method == "GET":
                for reader in _readers:
                    reader(request, subject, kwargs, response)
            return response

        wrapper.permission = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate


def permission_required(permission: str) -> Callable[[View], View]:
    """For a view about no single object: `permission` or 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        wrapper.permission = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate

"""The addresses of the product, and beside them the bare view that pages are compared with."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from candide.config import urls
from candide.config.urls import handler400, handler403, handler404, handler500
from candide.institution.catalogue.models import Programme

__all__ = ["handler400", "handler403", "handler404", "handler500"]

BARE = """{% extends "shared/base.html" %}{% block content %}<ul>{% for row in rows %}
<li>{{ row.code }}</li>{% endfor %}</ul>{% endblock %}"""


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """The same middleware, session and base template, and one query of 25 rows."""
    rows = Programme.objects.order_by("pk")[:25]
    return HttpResponse(template().render({"rows": rows}, request))


@cache
def template() -> Any:
    """Compiled once, as the cached loader does with the templates of the product."""
    return engines["django"].from_string(BARE)


urlpatterns = [path("bare/", bare), *urls.urlpatterns]

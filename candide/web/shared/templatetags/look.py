"""Template tags of the layout and the components."""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from candide.admissions.applications.domain.stage import Stage
from candide.core.blockers import Blocker
from candide.web.shared import links, statuses, theme

register = template.Library()


@register.simple_tag(takes_context=True)
def current_page(context: Context, url: str, exact: str = "") -> SafeString:
    """Marks the entry of a menu that leads to this page, or (unless `exact`) to the section it is
    in."""
    path = context["request"].path
    if path == url:
        return mark_safe(' aria-current="page"')
    if not exact and url.count("/") > 1 and path.startswith(url):
        return mark_safe(' aria-current="true"')
    return mark_safe("")


@register.simple_tag
def theme_url(institution: Any) -> str:
    """The stylesheet with the institution's colours; its address changes when they do."""
    colour = institution.primary_colour
    return reverse("shared:theme", args=[colour.removeprefix("#"), theme.version(colour)])


@register.simple_tag
def status_look(kind: str, value: str | Stage | None) -> statuses.Look:
    return statuses.look(kind, value)


@register.simple_tag
def upload_controls(max_mb: int, multiple: str, button: str) -> SafeString:
    """The button, the progress and the words of an upload."""
    return _upload_controls(get_language(), int(max_mb), bool(multiple), str(button))


@lru_cache(maxsize=64)  # a checklist draws the same a dozen times
def _upload_controls(language: str, max_mb: int, multiple: bool, button: str) -> SafeString:
    context = {"max_mb": max_mb, "multiple": multiple, "button": button}
    return render_to_string("shared/upload_controls.html", context)


@register.simple_tag
def blocker_url(blocker: Blocker) -> str:
    return links.blocker_url(blocker)

"""The name of the institution within a sentence."""

from django import template
from django.utils.translation import get_language

from candide.core.text import fold

register = template.Library()


@register.filter
def at_name(name: str) -> str:
    """« à l'Université de Valmont », « à Valmont »; "at Université de Valmont" in English."""
    if get_language() != "fr":
        return f"at {name}"
    return f"à l'{name}" if fold(name)[:1] in set("aeiou") else f"à {name}"

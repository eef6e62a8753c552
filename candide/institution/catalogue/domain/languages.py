"""The languages in service: those of Candide that the institution uses [back-office 12.6]."""

from django.conf import settings

from candide.institution.catalogue.models import Institution


def languages_in_service() -> list[tuple[str, str]]:
    """(code, name) of each, the default one first; it is always in service."""
    chosen = {settings.LANGUAGE_CODE, *Institution.current().languages}
    found = [(code, str(name)) for code, name in settings.LANGUAGES if code in chosen]
    return sorted(found, key=lambda one: one[0] != settings.LANGUAGE_CODE)


def in_service(language: str) -> str:
    """`language`, or the default one where it is not in service."""
    if language == settings.LANGUAGE_CODE:
        return language
    known = {code for code, _name in languages_in_service()}
    return language if language in known else settings.LANGUAGE_CODE

"""Who signs people in (« fournisseurs d'identité »): one OpenID Connect provider by the short
variables CANDIDE_OIDC_*, and any number of OpenID Connect providers and CAS servers by name."""

import re
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import validate

from candide.config.environment import env
from candide.integrations.fetching import is_loopback

OURS = "institution"  # the one of CANDIDE_OIDC_*
NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
AUDIENCES = ("candidates", "staff")
# What each kind calls what we read; nothing else of what it says is looked at.
USUAL = {
    "cas": {
        "login": "",
        "first_name": "givenName",
        "last_name": "sn",
        "email": "mail",
        "student_number": "supannEtuId",
    },
    "oidc": {
        "login": "preferred_username",
        "first_name": "given_name",
        "last_name": "family_name",
        "email": "email",
        "student_number": "supannEtuId",
    },
}


def named_providers() -> list[dict[str, Any]]:
    """The providers CANDIDE_SIGN_IN names, in its order."""
    names: list[str] = env.list("SIGN_IN", [])
    for name in names:
        if not NAME.fullmatch(name) or name == OURS or names.count(name) > 1:
            raise ImproperlyConfigured(
                f"CANDIDE_SIGN_IN: “{name}” is no name of a provider. Give each one of its own, of "
                f"small letters and digits, other than “{OURS}”."
            )
    return [_provider(name) for name in names]


def _provider(name: str) -> dict[str, Any]:
    begins = f"SIGN_IN_{name.upper()}_"

    def told(what: str, default: str = "", **how: Any) -> str:
        return env.str(f"{begins}{what}", default, **how).strip()

    kind = told("KIND", "cas", validate=validate.OneOf(["cas", "oidc"]))
    provider = {
        "name": name,
        "kind": kind,
        "label": told("LABEL"),
        "url": told("URL"),
        "audience": env.list(f"{begins}FOR", list(AUDIENCES)),
        "version": told("CAS_VERSION", "3", validate=validate.OneOf(["2", "3"])),
        "client_id": told("CLIENT_ID"),
        "client_secret": told("CLIENT_SECRET"),
        "names": {
            ours: told(f"{ours.upper()}_ATTRIBUTE", theirs) for ours, theirs in USUAL[kind].items()
        },
    }
    _check(f"CANDIDE_{begins}", provider)
    return provider


def _check(begins: str, provider: dict[str, Any]) -> None:
    if not provider["url"].startswith("https://") and not is_loopback(provider["url"]):
        raise ImproperlyConfigured(
            f"{begins}URL is missing, or not of https: what it says signs people in."
        )
    if not provider["label"]:
        raise ImproperlyConfigured(f"{begins}LABEL is missing: what people know it by.")
    if not provider["audience"] or set(provider["audience"]) - set(AUDIENCES):
        raise ImproperlyConfigured(f"{begins}FOR: give candidates, staff, or both.")
    if provider["kind"] == "oidc" and not (provider["client_id"] and provider["client_secret"]):
        raise ImproperlyConfigured(f"{begins}URL needs {begins}CLIENT_ID and _CLIENT_SECRET.")
    if provider["kind"] == "cas" and find_spec("cas") is None:
        raise ImproperlyConfigured(f"{begins}KIND=cas needs the extra cas (python-cas) installed.")


def allauth_apps(kind: str, providers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The providers of one kind as django-allauth wants them told."""
    return [
        {
            "provider_id": provider["name"],
            "name": provider["label"],
            "client_id": provider["client_id"] or provider["name"],
            "secret": provider["client_secret"],
            "settings": {"server_url": provider["url"], "version": provider["version"]},
        }
        for provider in providers
        if provider["kind"] == kind
    ]

"""The CANDIDE_* environment variables: one reader for all settings, and checks that end with a
sentence a person can act on. docs/settings.md lists every variable."""

import difflib
import ipaddress
import zoneinfo
from collections.abc import Iterable
from urllib.parse import urlsplit

from environs import Env, ValidationError

PREFIX = "CANDIDE_"

_TOKEN_LENGTH = 20

env = Env(prefix=PREFIX, expand_vars=False)


def is_base_url(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValidationError(
            "Give the address people type, as https://candidatures.example.org, without a path."
        )


def origin(address: str) -> str:
    """Scheme, host and port of `address`, as a Content-Security-Policy names a source."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_service_address(value: str) -> None:
    """Empty, or where a service answers; `{module}` stands for the name of a module."""
    parts = urlsplit(value.replace("{module}", "module"))
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValidationError("Give the address of the service, as https://apogee.example.org/ws/.")


def is_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError("Give the name of a time zone, as Europe/Paris or Indian/Reunion.")


def is_database_url(value: str) -> None:
    if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ValidationError("It must begin with sqlite:/// or postgresql://.")


def is_mail_server_url(value: str) -> None:
    if urlsplit(value).scheme not in {"smtp", "submission", "smtp+ssl", "console"}:
        raise ValidationError("It must begin with smtp://, submission://, smtp+ssl:// or console:.")


def is_mail_address(value: str) -> None:
    if "@" not in value:
        raise ValidationError("Give the address mails come from.")


def is_token(value: str) -> None:
    if value and len(value) < _TOKEN_LENGTH:
        raise ValidationError(f"Give at least {_TOKEN_LENGTH} random characters.")


def are_networks(values: Iterable[str]) -> None:
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError:
            raise ValidationError("Give networks, as 10.1.0.0/16 or 2001:db8::/32.") from None


def refuse_unknown(names: set[str]) -> None:
    """A misspelt variable would silently leave a default in force."""
    known = set(env.dump())
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise ValueError(f"{name} is not a setting.{meant}")

"""Closed by default: every address names its permission, or says that it is public."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# Views of packages, of which `LoginRequiredMiddleware` asks a signed-in person and which show or
# change nothing but that person's own account.
ABOUT_ONESELF = {
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "socialaccount_connections",
    "socialaccount_login_error",
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, address)
        else:
            yield address, pattern


def is_redirect(pattern: URLPattern) -> bool:
    """Addresses of an older allauth, which only send on to today's."""
    return getattr(pattern.callback, "view_class", None).__name__ == "RedirectView"


def test_every_address_has_a_permission_or_is_public():
    undeclared = [
        address
        for address, pattern in patterns(get_resolver())
        if not getattr(pattern.callback, "permission", None)
        and getattr(pattern.callback, "login_required", True)
        and pattern.name not in ABOUT_ONESELF
        and not (pattern.name is None and is_redirect(pattern))
    ]

    assert undeclared == []


def test_every_permission_named_by_a_view_exists():
    rules = pytest.importorskip("rules")
    named = {
        pattern.callback.permission
        for _, pattern in patterns(get_resolver())
        if getattr(pattern.callback, "permission", None)
    }

    assert {permission for permission in named if not rules.perm_exists(permission)} == set()


def test_nothing_is_excepted_that_does_not_exist():
    names = {pattern.name for _, pattern in patterns(get_resolver())}

    assert ABOUT_ONESELF - names == set()

"""Closed by default: every address names its permission, or says that it is public."""

from collections.abc import Iterator

import rules
from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, address)
        else:
            yield address, pattern


def test_every_address_has_a_permission_or_is_public():
    undeclared = [
        address
        for address, pattern in patterns(get_resolver())
        if not getattr(pattern.callback, "permission", None)
        and getattr(pattern.callback, "login_required", True)
    ]

    assert undeclared == []


def test_every_permission_named_by_a_view_exists():
    named = {
        pattern.callback.permission
        for _, pattern in patterns(get_resolver())
        if getattr(pattern.callback, "permission", None)
    }

    assert {permission for permission in named if not rules.perm_exists(permission)} == set()

"""Every address of the product, by its name."""

from typing import Any

from django.urls import URLPattern, get_resolver, reverse

from candide.web.shared.theme import version


def addresses(resolver: Any = None, namespace: str = "") -> list[str]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(f"{namespace}{pattern.name}")
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern, inner)
    return sorted(set(found))


def kwargs_of(name: str) -> set[str]:
    """The parts of the address `name`."""

    def find(resolver: Any, namespace: str) -> set[str] | None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                if f"{namespace}{pattern.name}" == name:
                    return set(pattern.pattern.converters)
            else:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                if (found := find(pattern, inner)) is not None:
                    return found | set(pattern.pattern.converters)
        return None

    return find(get_resolver(), "") or set()


def address_of(name: str, world: dict[str, Any]) -> str:
    if name == "shared:theme":
        return reverse(name, args=["0b4f8a", version("#0b4f8a")])
    keys = world["special"].get(name) or {key: world["keys"][key] for key in kwargs_of(name)}
    return reverse(name, kwargs=keys)

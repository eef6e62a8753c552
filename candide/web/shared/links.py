"""Where a blocker is put right: each area registers how its kinds of things become addresses."""

from collections.abc import Callable

from candide.core.blockers import Blocker

Address = Callable[[str], str]

_addresses: dict[str, Address] = {}


def blocker_link(kind: str) -> Callable[[Address], Address]:
    """Register `address(key) -> url` for blockers about `kind:key`. Without one, the link leads to
    the element of the same page whose id is `kind-key`."""

    def register(address: Address) -> Address:
        _addresses[kind] = address
        return address

    return register


def blocker_url(blocker: Blocker) -> str:
    """The address that mends `blocker`; empty if it is about nothing in particular."""
    if not blocker.about:
        return ""
    kind, _, key = blocker.about.partition(":")
    address = _addresses.get(kind)
    return address(key) if address else f"#{kind}-{key}"

"""Where python-ldap comes from: the environment, by the extra `ldap`, which needs a compiler and
the headers of OpenLDAP; or Debian's package python3-ldap, which needs neither, where the
environment runs the Python of Debian."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

DEBIAN = "/usr/lib/python3/dist-packages"
NAMES = {"ldap", "_ldap", "ldapurl", "ldif", "pyasn1", "pyasn1_modules"}


class _OfDebian:
    """Finds these modules, and no other, among Debian's."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        if path is not None or name not in NAMES:
            return None
        return PathFinder.find_spec(name, [DEBIAN])


def python_ldap() -> Any:
    """The library; raises `ImportError` where it is nowhere."""
    try:
        return import_module("ldap")
    except ImportError:
        if _OfDebian in sys.meta_path:
            raise
        sys.meta_path.append(_OfDebian)  # type: ignore[arg-type]
    return import_module("ldap")

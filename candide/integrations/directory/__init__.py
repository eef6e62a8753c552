"""The directory of people this deployment is connected to."""

from typing import Any

from django.conf import settings

from candide.integrations.directory.demonstration import DemonstrationDirectory
from candide.integrations.directory.ldap import LdapDirectory, LdapSettings
from candide.integrations.directory.none import NoDirectory
from candide.integrations.directory.port import Directory


def current() -> Directory:
    """The directory `CANDIDE_DIRECTORY` names."""
    if settings.DIRECTORY == "ldap":
        asked: dict[str, Any] = settings.LDAP
        return LdapDirectory(LdapSettings(**asked))
    return DemonstrationDirectory() if settings.DIRECTORY == "demonstration" else NoDirectory()

"""The roles a new installation begins with."""

from candide.core.starting import begins_with
from candide.institution.access.domain.roles import create_starter_roles

begins_with(create_starter_roles)

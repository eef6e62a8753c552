"""Permissions of the rooms below this one, and of this one, one module a room."""

from candide.institution.access.rules import (
    access,
    accounts,
    catalogue,
    jobs,
    mails,
    reference,
    runs,
    staff,
)

__all__ = ["access", "accounts", "catalogue", "jobs", "mails", "reference", "runs", "staff"]

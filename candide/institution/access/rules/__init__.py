"""Permissions of the rooms below this one, and of this one, one module a room."""

from candide.institution.access.rules import (
    access,
    accounts,
    catalogue,
    downloads,
    jobs,
    mails,
    pages,
    reference,
    runs,
    staff,
)

__all__ = [
    "access",
    "accounts",
    "catalogue",
    "downloads",
    "jobs",
    "mails",
    "pages",
    "reference",
    "runs",
    "staff",
]

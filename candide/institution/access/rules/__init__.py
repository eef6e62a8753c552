"""Permissions of the rooms below this one, and of this one, one module a room."""

from candide.institution.access.rules import catalogue, jobs, mails, staff

__all__ = ["catalogue", "jobs", "mails", "staff"]

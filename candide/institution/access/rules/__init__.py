"""Permissions of the rooms below this one, and of this one, one module a room."""

from candide.institution.access.rules import accounts, catalogue, jobs, mails, runs, staff

__all__ = ["accounts", "catalogue", "jobs", "mails", "runs", "staff"]

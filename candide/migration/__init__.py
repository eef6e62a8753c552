"""Bringing over what an institution has in eCandidat (« reprise »)."""

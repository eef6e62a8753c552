"""What a programme is in the student system: its code there and its diploma, associated after a
search or typed, and dissociated [back-office 7.1]."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Programme
from candide.integrations import sis
from candide.integrations.sis.port import OfferedProgramme, Unavailable

FIELDS = ("sis_code", "sis_version", "sis_label", "sis_diploma", "sis_diploma_version")
FEWEST = 3


@dataclass(frozen=True)
class Search:
    """What the student system has under some words, or why that is not known."""

    found: list[OfferedProgramme]
    blockers: list[Blocker]


def search(words: str) -> Search:
    """The programmes there whose code or label has these words, with their diplomas."""
    if len(words.strip()) < FEWEST:
        message = _("Type at least %(number)d characters.") % {"number": FEWEST}
        return Search([], [Blocker("too_short", message, "field:q")])
    try:
        return Search(sis.current().programmes(words), [])
    except Unavailable:
        return Search([], [Blocker("unavailable", _("The student system does not answer."))])


def values_from(offered: OfferedProgramme) -> dict[str, str]:
    """The fields of a programme that is associated with `offered`."""
    values = (
        offered.code,
        offered.version,
        offered.label,
        offered.diploma,
        offered.diploma_version,
    )
    return dict(zip(FIELDS, values, strict=True))


def association_warnings(programme: Programme) -> list[Blocker]:
    """Other programmes associated with the same code there: allowed, seldom meant."""
    if not programme.sis_code:
        return []
    same = {"sis_code": programme.sis_code, "sis_version": programme.sis_version}
    others = Programme.objects.filter(**same).exclude(pk=programme.pk).order_by("code")
    codes = ", ".join(others.values_list("code", flat=True))
    if not codes:
        return []
    message = _("Associated with the same code too: %(codes)s.") % {"codes": codes}
    return [Blocker("associated_too", message)]


@transaction.atomic
def associate(programme: Programme, values: dict[str, str], *, by: Any) -> None:
    """Say what `programme` is in the student system."""
    row = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    before = values_of(row)
    for name in FIELDS:
        setattr(row, name, values[name])
    row.save(update_fields=FIELDS)
    log_saved(row, before=before, by=by)


def dissociate(programme: Programme, *, by: Any) -> None:
    """Say that it is none there: it is handed over under no code and no diploma."""
    associate(programme, dict.fromkeys(FIELDS, ""), by=by)

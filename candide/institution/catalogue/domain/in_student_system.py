"""What a programme is in the student system, taken over from there [B-046]."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.changes import log_saved, mark_of, values_of
from candide.institution.catalogue.models import Institution, Programme
from candide.integrations.sis.port import OfferedProgramme

SHORTEST_SEARCH = 3
LONGEST_CODE = 50
FIELDS = (
    *("sis_code", "sis_version", "sis_label", "sis_diploma", "sis_diploma_version"),
    "sis_management_centre",
)


def searching_blockers(words: str) -> list[Blocker]:
    """Why these words cannot be searched in the student system."""
    if len(words.strip()) < SHORTEST_SEARCH:
        return [Blocker("too_short", _("Type three characters at least."))]
    return []


def taking_blockers(
    programme: Programme, offered: OfferedProgramme, *, with_code: bool
) -> list[Blocker]:
    """Why `programme` cannot become this programme of the student system."""
    taken = Programme.objects.filter(code=offered.code).exclude(pk=programme.pk)
    if with_code and taken.exists():
        message = _("Another programme has the code “%(code)s” already.")
        return [Blocker("code_taken", message % {"code": offered.code})]
    return []


@transaction.atomic
def take_over(
    programme: Programme,
    offered: OfferedProgramme,
    *,
    with_code: bool,
    with_name: bool,
    by: Any,
    seen: str | None = None,
) -> Programme:
    """Say that `programme` is `offered` in the student system; its code and its French name become
    those there only where that is asked. `seen` is the mark of what was looked at."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if seen is not None and seen != mark_of(programme):
        message = _("Somebody changed this meanwhile. Look at it before you go on.")
        refuse_if([Blocker("changed", message)])
    refuse_if(taking_blockers(programme, offered, with_code=with_code))
    before = values_of(programme)
    programme.sis_code, programme.sis_version = offered.code, offered.version
    programme.sis_label = offered.label
    programme.sis_diploma = offered.diploma
    programme.sis_diploma_version = offered.diploma_version
    programme.sis_management_centre = offered.management_centre
    if with_code:
        programme.code = offered.code[:LONGEST_CODE]
    if with_name:
        others = getattr(programme.name, "data", programme.name)
        others = others if isinstance(others, dict) else {}
        programme.name = LazyI18nString({**others, "fr": offered.label})
    programme.save()
    log_saved(programme, before=before, by=by)
    return programme


def dissociating_blockers(programme: Programme) -> list[Blocker]:
    """Why `programme` cannot do without the student system."""
    if programme.is_active and Institution.current().is_sis_code_required:
        message = _("Each programme in service needs its code: take it out of service first.")
        return [Blocker("sis_code_required", message)]
    return []


@transaction.atomic
def dissociate(programme: Programme, *, by: Any) -> None:
    """Say that `programme` is nothing in the student system: neither it nor its diploma [B-047]."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    refuse_if(dissociating_blockers(programme))
    before = values_of(programme)
    for name in FIELDS:
        setattr(programme, name, "")
    programme.save(update_fields=FIELDS)
    log_saved(programme, before=before, by=by)

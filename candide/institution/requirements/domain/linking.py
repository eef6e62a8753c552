"""Linking documents and questions to programmes: adding and removing, never replacing [7.5]."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Programme
from candide.institution.requirements.models import Asked


@dataclass(frozen=True)
class LinkChange:
    """The programmes a document or question is linked to from now on, and those no more. Its other
    links stay as they are."""

    asked: Any
    add: Sequence[Programme] = ()
    remove: Sequence[Programme] = ()


def linking_blockers(asked: Asked, programmes: Iterable[Programme]) -> list[Blocker]:
    """Why `asked` cannot be linked to `programmes`, which come with their commissions."""
    programmes = list(programmes)
    if not programmes:
        return []
    label = {"asked": asked.label}
    found = []
    if asked.is_common:
        message = _("“%(asked)s” is common: it is asked without a link.")
        found.append(Blocker("common", message % label))
    if not asked.is_active:
        found.append(Blocker("out_of_service", _("“%(asked)s” is out of service.") % label))
    found += [
        Blocker(
            "other_centre",
            _("“%(asked)s” is of another centre than “%(programme)s”.")
            % {**label, "programme": programme.name},
        )
        for programme in programmes
        if asked.centre_id not in {None, programme.commission.centre_id}
    ]
    return found


def owner_blockers(asked: Asked, centre_id: int | None) -> list[Blocker]:
    """Why `asked` cannot become the centre's: it is linked to programmes of others."""
    if asked.pk is None or centre_id is None:
        return []
    links: Any = asked.programmes  # type: ignore[attr-defined]
    number = links.exclude(commission__centre=centre_id).count()
    if not number:
        return []
    message = _("It is linked to %(number)d programmes of other centres: remove these links first.")
    return [Blocker("linked_elsewhere", message % {"number": number}, "field:centre")]


@transaction.atomic
def change_links(changes: Iterable[LinkChange], *, by: Any) -> int:
    """Add and remove links; those that are already so are left. Returns how many documents and
    questions changed. Raises `Refused` with everything that speaks against any of it."""
    changes = sorted(changes, key=lambda each: (each.asked._meta.model_name, each.asked.pk))
    rows = []
    for change in changes:
        manager = type(change.asked)._default_manager
        rows.append(manager.select_for_update(of=("self",)).get(pk=change.asked.pk))
    refuse_if(
        blocker
        for change, row in zip(changes, rows, strict=True)
        for blocker in linking_blockers(row, change.add)
    )
    changed = 0
    for change, row in zip(changes, rows, strict=True):
        before = values_of(row)
        row.programmes.remove(*change.remove)
        row.programmes.add(*change.add)
        changed += log_saved(row, before=before, by=by) is not None
    return changed

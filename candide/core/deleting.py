"""What keeps a row from being deleted: everything that hangs on it."""

from django.db.models import PROTECT, RESTRICT, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker


def hanging_blockers(row: Model) -> list[Blocker]:
    """One for each kind of rows that point at `row` and would be lost with it, with how many there
    are. They are those that `PROTECT` it; the database would refuse in any case."""
    found = []
    for relation in row._meta.related_objects:
        if getattr(relation, "on_delete", None) not in {PROTECT, RESTRICT}:
            continue
        model = relation.related_model
        number = model._base_manager.filter(**{relation.field.name: row.pk}).count()
        if number:
            found.append(
                Blocker(
                    "in_use",
                    _("%(what)s: %(number)d")
                    % {"what": capfirst(str(model._meta.verbose_name)), "number": number},
                )
            )
    return found

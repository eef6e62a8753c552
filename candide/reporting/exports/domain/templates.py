"""Keeping and forgetting choices of columns (« modèles d'export »)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.catalogue.models import ApplicationCentre
from candide.reporting.exports.domain.applications import exporting_blockers
from candide.reporting.exports.models import ExportTemplate

MOST = 30


def templates_of(user: Any) -> QuerySet[ExportTemplate]:
    """What `user` may export with, own ones first."""
    visible = ExportTemplate.objects.all().visible_to(user).select_related("owner", "centre")
    return visible.order_by("is_shared", "name", "pk")


def sharing_blockers(user: Any, centre: ApplicationCentre | None) -> list[Blocker]:
    """Why `user` may not share with the staff of `centre`: they do not work there."""
    reach = reach_of(user, Capability.VIEW_APPLICATIONS)
    if centre is None or reach.everywhere or centre.pk in reach.centres:
        return []
    return [Blocker("not_there", _("You do not see all applications of this centre."))]


@transaction.atomic
def save_template(
    *,
    by: Any,
    name: str,
    columns: Sequence[str],
    format: str,
    is_shared: bool = False,
    centre: ApplicationCentre | None = None,
) -> ExportTemplate:
    """Keep `columns` under `name`, in place of what `by` kept under it."""
    mine = ExportTemplate.objects.filter(owner=by)
    found = [*exporting_blockers(columns), *sharing_blockers(by, centre)]
    if not name:
        found.append(Blocker("no_name", _("Give the template a name."), "field:name"))
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        message = _("You keep %(number)d templates already: delete one first.")
        found.append(Blocker("too_many", message % {"number": MOST}))
    refuse_if(found)
    template, _created = ExportTemplate.objects.update_or_create(
        owner=by,
        name=name,
        defaults={
            "columns": list(columns),
            "format": format,
            "is_shared": is_shared or centre is not None,
            "centre": centre,
        },
    )
    return template


def delete_template(template: ExportTemplate) -> None:
    template.delete()

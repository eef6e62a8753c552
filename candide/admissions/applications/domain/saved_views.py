"""Keeping and forgetting lists (« vues enregistrées »)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.models import SavedView
from candide.core.blockers import Blocker, refuse_if

MOST = 30


def views_of(user: Any) -> QuerySet[SavedView]:
    """What `user` may open: their own, and those that are shared, own ones first."""
    mine = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True))
    return mine.select_related("owner").order_by("is_shared", "name", "pk")


def default_query(views: Iterable[SavedView], user: Any) -> str:
    """Which of `views` the user wants opened first, as its address; empty for the usual list."""
    own = (view.query for view in views if view.is_default and view.owner_id == user.pk)
    return next(own, "")


@transaction.atomic
def save_view(
    *, by: Any, name: str, query: str, is_shared: bool = False, is_default: bool = False
) -> SavedView:
    """Keep `query` under `name`, in place of what `by` kept under it. Raises `Refused` when there
    are too many."""
    mine = SavedView.objects.filter(owner=by)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        message = _("You keep %(number)d views already: delete one first.")
        refuse_if([Blocker("too_many", message % {"number": MOST})])
    if is_default:
        mine.exclude(name=name).update(is_default=False)
    view, _created = SavedView.objects.update_or_create(
        owner=by,
        name=name,
        defaults={"query": query, "is_shared": is_shared, "is_default": is_default},
    )
    return view


def delete_view(view: SavedView) -> None:
    view.delete()

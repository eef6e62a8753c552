"""Tags on many applications: adding or removing, never replacing [back-office 20, annex 2]."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.bulk.domain.action import Action, Row
from candide.admissions.tags.domain.tagging import (
    add_tags,
    changing_blockers,
    remove_tags,
    tagging_blockers,
)
from candide.admissions.tags.models import Tag
from candide.core.blockers import Blocker

ADD, REMOVE = "add", "remove"


def _tags(row: Row) -> list[Tag]:
    return list(Tag.objects.filter(pk__in=row.values["tags"]).order_by("label", "pk"))


def _adds(row: Row) -> bool:
    return bool(row.values["mode"] == ADD)


def _says(row: Row) -> str:
    names = ", ".join(tag.label for tag in _tags(row))
    text = _("Add: %(tags)s") if _adds(row) else _("Remove: %(tags)s")
    return text % {"tags": names}


def _blockers(row: Row) -> list[Blocker]:
    if _adds(row):
        return tagging_blockers(row.application, _tags(row))
    return changing_blockers(row.application)


def _is_needless(row: Row) -> bool:
    """The application has all of them already, or none of them any more."""
    wanted = set(row.values["tags"])
    held = set(row.application.taggings.filter(tag__in=wanted).values_list("tag", flat=True))
    return held == wanted if _adds(row) else not held


def _act(row: Row, by: Any) -> None:
    if _adds(row):
        add_tags(row.application, _tags(row), by=by, now=row.now)
    else:
        remove_tags(row.application, _tags(row), by=by)


TAGS = Action(
    code="etiquettes",
    label=gettext_lazy("Add or remove tags"),
    permission="tags.tag",
    says=_says,
    blockers=_blockers,
    is_needless=_is_needless,
    act=_act,
    follows=gettext_lazy("Candidates never see tags."),
)

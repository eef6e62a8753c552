"""Putting tags on applications, and taking them off [back-office 20, annex 2]. What others put
there stays: nothing is ever replaced."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.tags.enums import TagEvent
from candide.admissions.tags.models import Tag, Tagging
from candide.core.blockers import Blocker, refuse_if
from candide.core.keys import Keys
from candide.foundation.history.domain.log import log


def offered_tags(application: Application) -> QuerySet[Tag]:
    """The tags an application may be given: in service, of the institution or of its centre."""
    centre = application.intake.programme.commission.centre_id
    return Tag.objects.filter(Q(centre=None) | Q(centre=centre), is_active=True).order_by("label")


def tags_of(applications: Collection[int]) -> dict[int, list[Tag]]:
    """The tags in service of each of these applications, by name; one query."""
    found: dict[int, list[Tag]] = {}
    rows = Tagging.objects.filter(application__in=Keys(applications), tag__is_active=True)
    for row in rows.select_related("tag").order_by("tag__label", "tag_id"):
        found.setdefault(row.application_id, []).append(row.tag)
    return found


def tagging_blockers(application: Application, tags: Collection[Tag]) -> list[Blocker]:
    """Why `application` may not be given `tags`."""
    blockers = changing_blockers(application)
    centre = application.intake.programme.commission.centre_id
    for tag in tags:
        if tag.centre_id not in {None, centre}:
            message = _("“%(tag)s” is a tag of another centre.")
            blockers.append(Blocker("other_centre", message % {"tag": tag}))
        elif not tag.is_active:
            message = _("“%(tag)s” is out of service.")
            blockers.append(Blocker("out_of_service", message % {"tag": tag}))
    return blockers


def changing_blockers(application: Application) -> list[Blocker]:
    """Why the tags of `application` stay as they are."""
    if application.archived_at is not None:
        return [Blocker("archived", _("The application is archived."))]
    return []


@transaction.atomic
def add_tags(application: Application, tags: Collection[Tag], *, by: Any, now: datetime) -> int:
    """Put `tags` on `application` beside those it has; how many it did not have."""
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(tagging_blockers(application, tags))
    known = set(application.taggings.values_list("tag_id", flat=True))
    new = [tag for tag in tags if tag.pk not in known]
    Tagging.objects.bulk_create(
        Tagging(application=application, tag=tag, added_at=now, added_by=by) for tag in new
    )
    for tag in new:
        log(application, TagEvent.ADDED, by=by, tag=tag.pk)
    return len(new)


@transaction.atomic
def remove_tags(application: Application, tags: Collection[Tag], *, by: Any) -> int:
    """Take `tags` off `application`; how many it had."""
    application = Application.objects.locked(application.pk)
    refuse_if(changing_blockers(application))
    held = list(application.taggings.filter(tag__in=tags).select_related("tag").order_by("pk"))
    for tagging in held:
        log(application, TagEvent.REMOVED, by=by, tag=tagging.tag_id)
        tagging.delete()
    return len(held)

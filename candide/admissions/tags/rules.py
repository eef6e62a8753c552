"""Who may make tags, and put them on applications."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.admissions.applications.rules import programme_of
from candide.admissions.tags.models import Tag
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import can, can_set, can_somewhere, settings_within

SETTING_UP = Capability.MANAGE_ORGANISATION

rules.add_perm("tags.view", can_somewhere(SETTING_UP))
rules.add_perm("tags.manage", can_set(SETTING_UP, lambda row: row.centre_id))
rules.add_perm("tags.tag", can(Capability.TAG_APPLICATIONS, programme_of, write=True))


@visibility(Tag)
def visible_tags(queryset: QuerySet, user: Any) -> QuerySet:
    """Those of the institution, and of centres in reach, to whoever sets them up."""
    return queryset.filter(settings_within(user, SETTING_UP)).distinct()


def tags_in_reach(user: Any) -> QuerySet[Tag]:
    """The tags in service that applications `user` sees may have."""
    here = settings_within(user, Capability.VIEW_APPLICATIONS)
    return Tag.objects.filter(here, is_active=True).distinct()

"""Who may set up what is asked, and of which programmes."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import (
    can,
    can_set,
    can_somewhere,
    settings_within,
    within,
)
from candide.institution.catalogue.models import Programme
from candide.institution.requirements.models import DocumentRequirement, ExternalForm, Question

CAPABILITY = Capability.MANAGE_REQUIREMENTS

rules.add_perm("requirements.view", can_somewhere(CAPABILITY))
rules.add_perm("requirements.manage", can_set(CAPABILITY, lambda row: row.centre_id))
# Of programmes, whoever owns what is asked of them: an institution's document may be linked to the
# programmes of a centre by whoever sets up what that centre asks [7.5].
rules.add_perm(
    "requirements.link",
    can(CAPABILITY, lambda programme: programme, write=True),
)


@visibility(Question)
@visibility(ExternalForm)
def visible_questions(queryset: QuerySet, user: Any) -> QuerySet:
    """Those of the institution, and those of centres in reach."""
    return queryset.filter(settings_within(user, CAPABILITY)).distinct()


@visibility(DocumentRequirement)
def visible_documents(queryset: QuerySet, user: Any) -> QuerySet:
    """As questions; what one application alone is asked for is no setting."""
    return visible_questions(queryset, user).filter(is_individual=False)


def programmes_in_reach(user: Any, *, write: bool = False) -> QuerySet[Programme]:
    """The programmes whose documents and questions `user` may look at, or change."""
    programmes = Programme.objects.select_related("commission__centre")
    return programmes.filter(within(user, CAPABILITY, "commission", write=write))

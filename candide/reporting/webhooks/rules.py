"""Who has other systems told: those who may make tokens for them."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.tokens.rules import MANAGE as MAKES_TOKENS
from candide.reporting.webhooks.models import Delivery, Subscription

MANAGE = "webhooks.manage"


@rules.predicate
def makes_tokens(user: Any) -> bool:
    return user.has_perm(MAKES_TOKENS)


rules.add_perm(MANAGE, makes_tokens)


@visibility(Subscription)
@visibility(Delivery)
def visible_webhooks(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if user.has_perm(MANAGE) else queryset.none()

"""Who may write the texts of mails. Who sees and resends mails is told where applications are."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.catalogue import is_opened
from candide.institution.access.scope import can_set, can_somewhere, settings_within
from candide.institution.mails.models import MailTemplate

TEXTS, DECISIONS = Capability.MANAGE_TEXTS, Capability.MANAGE_DECISIONS

rules.add_perm("mails.view_texts", can_somewhere(TEXTS))
rules.add_perm("mails.manage_text", can_set(TEXTS, lambda row: row.centre_id) & is_opened(TEXTS))
rules.add_perm("mails.view_decision_mails", can_somewhere(DECISIONS))
rules.add_perm(
    "mails.manage_decision_mail",
    can_set(DECISIONS, lambda row: row.centre_id) & is_opened(DECISIONS),
)


@visibility(MailTemplate)
def visible_texts(queryset: QuerySet, user: Any) -> QuerySet:
    """Those of the institution and of centres in reach: the texts of mails there always are for
    who edits texts, the named ones for who sets up decisions."""
    of_kinds = Q(name="") & settings_within(user, TEXTS)
    named = ~Q(name="") & settings_within(user, DECISIONS)
    return queryset.filter(of_kinds | named).distinct()

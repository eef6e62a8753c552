"""What other systems may do here, as the first page of the settings shows it."""

from django.utils.translation import gettext_lazy as _

from candide.institution.tokens.rules import MANAGE
from candide.reporting.webhooks.rules import MANAGE as CALLS
from candide.web.staff.rights.pages import Page

PROGRAMS = (
    Page(
        _("Access tokens"),
        _("What other systems come in with: what for, in which centres, until when."),
        MANAGE,
        "tokens",
    ),
    Page(
        _("Webhooks"),
        _("Other systems that are called when something happens; how the calls went."),
        CALLS,
        "webhooks",
    ),
)

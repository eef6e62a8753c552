"""Centres and commissions: what they cannot do without, and what follows from a new name."""

from typing import Any

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.foundation.history.domain.changes import values_of
from candide.institution.catalogue.domain.search import refresh_search_text
from candide.institution.catalogue.enums import AlertMode, CopyMode
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Institution,
    Programme,
)


def centre_blockers(centre: ApplicationCentre) -> list[Blocker]:
    """Copies that are to go to the mailbox of the centre need one [MAIL-03]."""
    if centre.copy_mode == CopyMode.MAILBOX and not centre.contact_email:
        return [
            Blocker(
                "no_contact_email",
                _("Copies of mails go to the centre’s mailbox: give its address."),
                "field:contact_email",
            )
        ]
    return []


def commission_blockers(commission: Commission) -> list[Blocker]:
    """Alerts that are to go to a mailbox need one."""
    if commission.alert_mode == AlertMode.MAILBOX and not commission.alert_email:
        return [
            Blocker(
                "no_alert_email",
                _("Alerts go to the alert mailbox: give its address."),
                "field:alert_email",
            )
        ]
    return []


def programme_blockers(programme: Programme) -> list[Blocker]:
    """What is in service has its code in the student system, where the institution wants that
    (« code SI scolarité obligatoire »)."""
    is_needed = programme.is_active and Institution.current().is_sis_code_required
    if is_needed and not programme.sis_code:
        message = _("Give its code in the student system, or put it out of service meanwhile.")
        return [Blocker("no_sis_code", message, "field:sis_code")]
    return []


def follow_name(row: Any, before: dict[str, Any], programmes: str) -> None:
    """Have the catalogue find the programmes of a centre or kind that was renamed by its new name
    at once. `before` is what the row was, `programmes` the lookup from a programme to it."""
    if before and before["name"] != values_of(row)["name"]:
        found = Programme.objects.filter(**{programmes: row})
        refresh_search_text(found.select_related("commission__centre", "diploma_type", "kind"))

"""What staff are told before they apply for a candidate [14.2]: what the file must hold, and that
they may go beyond dates and quota. In words about the candidate, since they are not the one who
applies."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.applications.domain.applying import (
    applying_blockers,
    applying_warnings,
)
from candide.core.blockers import Blocker
from candide.institution.catalogue.models import Intake


def applying_for_blockers(*, user: Any, intake: Intake, today: date) -> list[Blocker]:
    """Why staff may not apply for `user` to `intake`."""
    blockers = applying_blockers(user=user, intake=intake, today=today, enforce_dates=False)
    return [_reworded(blocker) for blocker in blockers]


def applying_for_warnings(*, user: Any, intake: Intake, today: date) -> list[Blocker]:
    """What would stop the candidate, and does not stop staff."""
    found = applying_warnings(user=user, intake=intake, today=today)
    return [_reworded(blocker) for blocker in found]


def _reworded(blocker: Blocker) -> Blocker:
    words = {
        "not_activated": _("The candidate’s account is not activated."),
        "identity_missing": _("The personal information is missing."),
        "address_missing": _("The address is missing."),
        "baccalaureate_missing": _("The baccalaureate is missing, or that there is none."),
        "ine_missing": _("The baccalaureate came with an INE: it is missing."),
        "already_applied": _("The candidate has already applied to this programme."),
        "quota_institution": _(
            "The candidate has applied as many times as is allowed in the institution."
        ),
        "quota_centre": _("The candidate has applied as many times as is allowed in this centre."),
    }
    return replace(blocker, message=words.get(blocker.code, blocker.message), about="")

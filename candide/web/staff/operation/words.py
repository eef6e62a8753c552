"""Plans, lengths, counts and errors of jobs in words."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.foundation.jobs.domain.running import SILENT, STOPPED
from candide.foundation.jobs.domain.schedule import Plan

MONDAY = date(2024, 1, 1)
ERRORS = {
    STOPPED: gettext_lazy("stopped with its worker; it goes on in the next"),
    SILENT: gettext_lazy("its worker gave no more sign of life"),
}
COUNTS = {
    "done": gettext_lazy("done"),
    "refused": gettext_lazy("refused"),
    "failed": gettext_lazy("failed"),
    "waiting_for_an_administrator": gettext_lazy("waiting for an administrator"),
    "rows": gettext_lazy("files"),
    "contents": gettext_lazy("contents"),
    "scratch": gettext_lazy("left by uploads"),
    "tasks": gettext_lazy("tasks"),
    "beats": gettext_lazy("signs of life"),
    "runs": gettext_lazy("runs"),
    "workers": gettext_lazy("workers"),
    "sessions": gettext_lazy("sessions"),
    "leases": gettext_lazy("locks"),
    "presences": gettext_lazy("presences"),
    "unconfirmed": gettext_lazy("never confirmed"),
    "ended": gettext_lazy("old reports"),
    "missing": gettext_lazy("missing"),
    "forgotten": gettext_lazy("forgotten"),
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
    "kept": gettext_lazy("kept as entered here"),
    "to_add": gettext_lazy("to add"),
    "to_change": gettext_lazy("to change"),
    "to_close": gettext_lazy("to put out of service"),
    "people": gettext_lazy("people"),
    "documents": gettext_lazy("documents"),
    "differences": gettext_lazy("differences"),
    "readings": gettext_lazy("readings"),
    "places": gettext_lazy("places in the line"),
    "late": gettext_lazy("applications archived afterwards"),
    "campaigns": gettext_lazy("campaigns"),
}


def plan_words(plan: Plan) -> str:
    """« Tous les jours à 2 h 00 », « Toutes les 30 minutes, lun., mer. »."""
    if plan.minutes is not None:
        often = _("every %(number)d minutes") % {"number": plan.minutes}
    else:
        often = _("at %(hour)s") % {"hour": date_format(_at(plan), "TIME_FORMAT")}
    if plan.day is not None:
        days = _("On day %(day)d of each month") % {"day": plan.day}
        if plan.month is not None:
            days = date_format(date(2024, plan.month, 1), "F")
            days = _("On %(day)d %(month)s of each year") % {"day": plan.day, "month": days}
        return _("%(days)s, %(often)s") % {"days": days, "often": often}
    if not plan.weekdays:
        return _("Every day, %(often)s") % {"often": often}
    days = [date_format(MONDAY + timedelta(days=day), "l") for day in plan.weekdays]
    return _("%(days)s, %(often)s") % {"days": ", ".join(days), "often": often}


def _at(plan: Plan) -> datetime:
    assert plan.hour is not None  # noqa: S101 -- a plan has an hour or minutes
    return datetime.combine(MONDAY, plan.hour)


def length_words(start: datetime | None, end: datetime | None) -> str:
    """How long it took; nothing while it runs."""
    if start is None or end is None:
        return ""
    seconds = int((end - start).total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)d min %(seconds)02d s") % {"minutes": minutes, "seconds": seconds}
    return _("%(seconds)d s") % {"seconds": seconds}


def count_words(counts: dict[str, Any]) -> str:
    """« 12 faits, 1 refusé »: what a run counted."""
    return ", ".join(
        f"{number} {COUNTS.get(name, name)}" for name, number in counts.items() if number
    )


def error_words(error: str) -> str:
    """An error as the log calls it, or what interrupted a run."""
    return str(ERRORS.get(error, error))

"""Whether people may use the service: open, read only, in maintenance; now, or from an hour on
(« mise en maintenance ») [HOME-10, back-office 31, administration 9.5]. And a message to everybody
who is there. All of it is of the institution, which each page reads anyway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution

LONGEST_MESSAGE = 500  # it stands on every page, above all else
CLOSED = (ServiceMode.READ_ONLY, ServiceMode.MAINTENANCE)


@dataclass(frozen=True)
class Closing:
    """What is planned."""

    mode: ServiceMode
    starts_at: datetime
    ends_at: datetime


def mode_of(institution: Institution, *, now: datetime) -> ServiceMode:
    """How the service is at `now`; of two reasons to close it the stricter one."""
    planned = planned_closing(institution, now=now)
    is_there = planned is not None and planned.starts_at <= now
    modes = {planned.mode} if planned is not None and is_there else set()
    if institution.is_in_maintenance or ServiceMode.MAINTENANCE in modes:
        return ServiceMode.MAINTENANCE
    if institution.is_read_only or ServiceMode.READ_ONLY in modes:
        return ServiceMode.READ_ONLY
    return ServiceMode.OPEN


def planned_closing(institution: Institution, *, now: datetime) -> Closing | None:
    """What is planned and not over."""
    starts, ends = institution.closes_at, institution.reopens_at
    if starts is None or ends is None or ends <= now:
        return None
    return Closing(ServiceMode(institution.closing_mode), starts, ends)


def message_now(institution: Institution, *, now: datetime) -> str:
    """The message to everybody, as long as it is shown."""
    until = institution.broadcast_until
    return str(institution.broadcast_message) if until is not None and now < until else ""


# -- Changing it -----------------------------------------------------------------------------------


@transaction.atomic
def set_mode(mode: ServiceMode, *, by: Any, now: datetime) -> None:
    """Open or close the service at once. Opening it ends what was planned and has begun."""
    institution, before = _locked()
    institution.is_in_maintenance = mode == ServiceMode.MAINTENANCE
    institution.is_read_only = mode == ServiceMode.READ_ONLY
    if mode == ServiceMode.OPEN:
        _end_begun(institution, now=now)
    _save(institution, before, by)


@transaction.atomic
def set_maintenance(is_on: bool, *, now: datetime) -> ServiceMode:
    """Begin or end maintenance alone, as a timer of the machine does: what administrators made, or
    planned to be, read only stays so. How the service is then."""
    institution, before = _locked()
    institution.is_in_maintenance = is_on
    if not is_on and institution.closing_mode == ServiceMode.MAINTENANCE:
        _end_begun(institution, now=now)
    _save(institution, before, None)
    return mode_of(institution, now=now)


def planning_blockers(closing: Closing, message: LazyI18nString, *, now: datetime) -> list[Blocker]:
    """Why it cannot be planned so."""
    found = [*_too_long(message)]
    if closing.mode not in CLOSED:
        message = _("Choose what the service is to be then.")
        found.append(Blocker("mode", message, "field:mode"))
    if closing.ends_at <= closing.starts_at:
        message = _("The end comes before the beginning.")
        found.append(Blocker("ends_before", message, "field:ends_at"))
    if closing.ends_at <= now:
        found.append(Blocker("past", _("This hour is past."), "field:ends_at"))
    return found


@transaction.atomic
def plan_closing(closing: Closing, *, message: LazyI18nString, by: Any, now: datetime) -> None:
    """Have the service close by itself, and open again; in place of what was planned before."""
    refuse_if(planning_blockers(closing, message, now=now))
    institution, before = _locked()
    institution.closing_mode = closing.mode
    institution.closes_at, institution.reopens_at = closing.starts_at, closing.ends_at
    institution.closing_message = message
    _save(institution, before, by)


@transaction.atomic
def cancel_closing(*, by: Any) -> None:
    """Nothing is planned any more; a closing that has begun ends."""
    institution, before = _locked()
    _forget_plan(institution)
    _save(institution, before, by)


def broadcast_blockers(message: LazyI18nString, until: datetime, *, now: datetime) -> list[Blocker]:
    """Why it cannot be said."""
    found = [*_too_long(message)]
    if not any(text.strip() for text in _texts(message)):
        found.append(Blocker("empty", _("Write what is to be shown."), "field:message"))
    if until <= now:
        found.append(Blocker("past", _("This hour is past."), "field:until"))
    return found


def _too_long(message: LazyI18nString) -> list[Blocker]:
    if all(len(text) <= LONGEST_MESSAGE for text in _texts(message)):
        return []
    words = _("It stands on every page: write %(most)d characters at most in each language.")
    return [Blocker("too_long", words % {"most": LONGEST_MESSAGE}, "field:message")]


def _texts(message: LazyI18nString) -> list[str]:
    """What is said, in each language."""
    said = message.data or {}
    return [str(text) for text in said.values()] if isinstance(said, dict) else [str(said)]


@transaction.atomic
def broadcast(message: LazyI18nString, *, until: datetime, by: Any, now: datetime) -> None:
    """Show `message` at the top of every page, to everybody, until then."""
    refuse_if(broadcast_blockers(message, until, now=now))
    institution, before = _locked()
    institution.broadcast_message, institution.broadcast_until = message, until
    _save(institution, before, by)


@transaction.atomic
def stop_broadcast(*, by: Any) -> None:
    """Show it no longer."""
    institution, before = _locked()
    institution.broadcast_message, institution.broadcast_until = LazyI18nString({}), None
    _save(institution, before, by)


NAMES = (
    "is_in_maintenance",
    "is_read_only",
    "closing_mode",
    "closes_at",
    "reopens_at",
    "closing_message",
    "broadcast_message",
    "broadcast_until",
)


def _locked() -> tuple[Institution, dict[str, Any]]:
    pk = Institution.current().pk
    institution = Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return institution, values_of(institution)


def _save(institution: Institution, before: dict[str, Any], by: Any) -> None:
    institution.save(update_fields=NAMES)
    log_saved(institution, before=before, by=by)


def _end_begun(institution: Institution, *, now: datetime) -> None:
    """What was planned and has begun ends; what is still to come stays planned."""
    planned = planned_closing(institution, now=now)
    if planned is not None and planned.starts_at <= now:
        _forget_plan(institution)


def _forget_plan(institution: Institution) -> None:
    institution.closing_mode = ""
    institution.closes_at = institution.reopens_at = None
    institution.closing_message = LazyI18nString({})

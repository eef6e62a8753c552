"""Actions on many dossiers: status, route, individual day, restoring [back-office 14.4, 14.5]."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.domain.cancelling import restore, restoring_blockers
from candide.admissions.applications.domain.examining import (
    declare_status,
    documents_day_blockers,
    documents_day_warnings,
    extend_documents_due,
    route_blockers,
    route_warnings,
    set_route,
    status_blockers,
    status_warnings,
)
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.bulk.domain.action import Action, Row, Values, day_of
from candide.core.blockers import Blocker
from candide.core.deadlines import long_date
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import label_of

# -- The status ----------------------------------------------------------------------------------


def _status(row: Row) -> DossierStatus:
    return DossierStatus(row.values["status"])


def _status_says(row: Row) -> str:
    before = DossierStatus(row.application.dossier_status)
    return f"{label_of(before)} → {label_of(_status(row))}"


def _status_blockers(row: Row) -> list[Blocker]:
    on = row.day("on") or row.today
    return status_blockers(row.application, _status(row), on=on, today=row.today)


def _status_warnings(row: Row) -> list[Blocker]:
    warnings = status_warnings(row.application, _status(row), today=row.today)
    if row.application.dossier_status == _status(row):
        message = _("The dossier has this status already: the candidate gets the mail once more.")
        warnings.append(Blocker("already_so", message))
    return warnings


def _set_status(row: Row, by: Any) -> None:
    declare_status(
        row.application,
        _status(row),
        by=by,
        now=row.now,
        on=row.day("on"),
        seen=row.details["seen"],
    )


def _status_check(values: Values, today: date) -> list[Blocker]:
    on = day_of(values, "on")
    if on is not None and on > today:
        return [Blocker("in_the_future", _("The day cannot be in the future."))]
    return []


STATUS = Action(
    code="statut",
    label=gettext_lazy("Set the status of the dossiers"),
    permission="applications.set_status",
    says=_status_says,
    blockers=_status_blockers,
    warnings=_status_warnings,
    act=_set_status,
    details=lambda row: {"seen": row.application.dossier_status},
    check=_status_check,
    follows=gettext_lazy("Each candidate is told by mail."),
)


# -- The admission route -------------------------------------------------------------------------


def _route(row: Row) -> AdmissionRoute:
    return AdmissionRoute(row.values["route"])


def _route_says(row: Row) -> str:
    return f"{label_of(AdmissionRoute(row.application.route))} → {label_of(_route(row))}"


ROUTE = Action(
    code="type-de-traitement",
    label=gettext_lazy("Set the admission route"),
    permission="applications.set_route",
    says=_route_says,
    blockers=lambda row: route_blockers(row.application, _route(row)),
    warnings=lambda row: route_warnings(row.application, _route(row)),
    is_needless=lambda row: row.application.route == _route(row),
    act=lambda row, by: set_route(row.application, _route(row), by=by, now=row.now),
    follows=gettext_lazy("Those who come under controlled access are told by mail."),
)


# -- The individual day for the dossier ------------------------------------------------------------


def day_says(row: Row) -> str:
    """The day each row is given."""
    day = row.day("day")
    if day is None:
        return _("No individual day any more")
    return _("Until %(day)s") % {"day": long_date(day)}


def day_check(values: Values, today: date) -> list[Blocker]:
    """No row can have a day that is past."""
    day = day_of(values, "day")
    if day is not None and day < today:
        return [Blocker("in_the_past", _("Choose today or a later day."))]
    return []


DOCUMENTS_DAY = Action(
    code="date-de-retour",
    label=gettext_lazy("Give an individual last day for the dossier"),
    permission="applications.set_deadlines",
    says=day_says,
    blockers=lambda row: documents_day_blockers(row.application, row.day("day"), today=row.today),
    warnings=lambda row: documents_day_warnings(row.application, row.day("day")),
    is_needless=lambda row: row.application.documents_extended_to == row.day("day"),
    act=lambda row, by: extend_documents_due(row.application, row.day("day"), by=by, now=row.now),
    check=day_check,
    follows=gettext_lazy("Candidates see it in their space; no mail is sent."),
)


# -- Restoring -----------------------------------------------------------------------------------

RESTORE = Action(
    code="retablir",
    label=gettext_lazy("Restore cancelled applications"),
    permission="applications.restore",
    says=lambda row: _("The application counts again"),
    blockers=lambda row: restoring_blockers(row.application),
    act=lambda row, by: restore(row.application, by=by, now=row.now),
    follows=gettext_lazy("Candidates see it in their space; no mail is sent."),
)

"""Confirming the admission route (« valider le type de traitement ») [back-office 14.5, T14–T16].
Direct access (« accès direct ») admits by right, by the decision the intake gives by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.editing import lock_candidate, lock_intake
from candide.admissions.applications.domain.examining import route_blockers
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.announcing import Announcement, publish
from candide.admissions.decisions.domain.automatic import favourable_type
from candide.admissions.decisions.domain.preparing import foresee, prepare
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import label_of

ROUTE_MAILS = {
    AdmissionRoute.CONTROLLED: mails.RouteControlled,
    AdmissionRoute.UNDETERMINED: mails.RouteUndetermined,
    AdmissionRoute.DIRECT: mails.RouteDirect,
}


def confirming_blockers(application: Application, *, seen: str | None = None) -> list[Blocker]:
    """Why the route may not be confirmed now; `seen` is the route that was looked at. One that is
    confirmed already is not confirmed again."""
    return [*_confirming(application, seen)]


@transaction.atomic
def confirm_route(
    application: Application, *, by: Any, now: datetime, seen: str | None = None
) -> None:
    """Settle the route and tell the candidate. Direct access releases the favourable decision of
    the intake: its mail says so, the decision's own and the letter are not sent, and the letter can
    be downloaded."""
    lock_intake(application.intake_id)
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(confirming_blockers(application, seen=seen))
    route = AdmissionRoute(application.route)
    application.is_route_confirmed = True
    application.version += 1
    application.save(update_fields=["is_route_confirmed", "version"])
    log(application, ApplicationEvent.ROUTE_CONFIRMED, by=by, after=route)
    if route == AdmissionRoute.DIRECT:
        _admit(application, by=by, now=now)
    ROUTE_MAILS[route](application).send()


def _admit(application: Application, *, by: Any, now: datetime) -> None:
    kind = favourable_type(application.intake)
    decision = Decision(application=application, type=kind, created_at=now, created_by=by)
    decision.save()
    foresee(application, decision, now=now)
    announcement = Announcement(
        application, decision, replace(prepare(decision, now=now), mail=None)
    )
    publish([announcement], event=DecisionEvent.RELEASED, by=by, now=now)


def _confirming(application: Application, seen: str | None) -> Iterator[Blocker]:
    route = AdmissionRoute(application.route)
    yield from route_blockers(application, route)
    if seen is not None and seen != route:
        yield Blocker(
            "changed",
            _("The admission route became “%(route)s” meanwhile. Look at it before you go on.")
            % {"route": label_of(route)},
        )
    if application.is_route_confirmed:
        yield Blocker("confirmed", _("The admission route is confirmed already."))
    elif route == AdmissionRoute.DIRECT:
        yield from _admitting(application)


def _admitting(application: Application) -> Iterator[Blocker]:
    if favourable_type(application.intake) is None:
        yield Blocker(
            "no_decision",
            _("The programme names no decision that direct access gives: name it in its settings."),
        )
    if application.has_draft_decision:
        yield Blocker(
            "draft_waits",
            _("A draft decision waits: delete it first, direct access gives another."),
        )

"""Other systems of the demonstration: the tokens they come in with, the calls made to one of them,
and who opened whose dossier. Nobody is shown the secrets, so nobody comes in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from candide.admissions.applications.models import Application
from candide.core.clock import localdate
from candide.demo.office.moments import happening
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.models import ApplicationCentre
from candide.institution.tokens.domain.making import Wish as TokenWish
from candide.institution.tokens.domain.making import make_token, revoke_token
from candide.institution.tokens.enums import Scope
from candide.institution.tokens.models import LastUse
from candide.reporting.privacy.domain.reading_log import note_reading, note_together
from candide.reporting.privacy.enums import Opened
from candide.reporting.webhooks.domain.publishing import PUBLISHED, publish
from candide.reporting.webhooks.domain.subscribing import Wish, subscribe, switch
from candide.reporting.webhooks.enums import DeliveryState, Event
from candide.reporting.webhooks.models import Delivery

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALLS = 12  # of them two wait, one was given up
READS = (Scope.READ_APPLICATIONS, Scope.READ_DECISIONS, Scope.READ_STATISTICS)


def tell_programs(
    applications: Sequence[Application], *, admin: Any, manager: Any, now: datetime
) -> None:
    """`applications` are some that `manager` works on."""
    warehouse = _tokens(admin, now=now)
    _calls(admin, now=now)
    for number, application in enumerate(applications):
        note_reading(
            reader=manager,
            account_id=application.candidate.user_id,
            application_id=application.pk,
            opened=Opened.PDF if number % 3 == 2 else Opened.DOSSIER,
            now=now - 2 * DAY + number * HOUR,
        )
    keys = [application.pk for application in applications]
    note_together(keys, reader=manager, opened=Opened.TABLE, now=now - DAY)
    everything = Application.objects.filter(cancelled_at=None).values_list("pk", flat=True)
    note_together(everything, token=warehouse, opened=Opened.LIST, now=now - 6 * HOUR)


def _tokens(admin: Any, *, now: datetime) -> Any:
    """One that reads everything each night, one of a centre, one that was revoked."""
    centre = ApplicationCentre.objects.get(code="ST")
    with happening(now - 40 * DAY) as then:
        last = localdate(then) + timedelta(days=360)
        warehouse, _secret = make_token(
            TokenWish("Entrepôt de données", READS, last, is_everywhere=True), by=admin, now=then
        )
        scopes = (Scope.READ_APPLICATIONS, Scope.READ_DOCUMENTS)
        make_token(
            TokenWish("Stages de Sciences", scopes, last, centres=[centre]), by=admin, now=then
        )
        old, _secret = make_token(
            TokenWish("Ancien portail", READS[:1], last, is_everywhere=True), by=admin, now=then
        )
    with happening(now - 9 * DAY) as then:
        revoke_token(old, by=admin, now=then)
    LastUse.objects.create(token=warehouse, at=now - 6 * HOUR)
    return warehouse


def _calls(admin: Any, *, now: datetime) -> None:
    """Calls in each state, of what the office did; none is made any more, for nobody is there."""
    with happening(now - 30 * DAY) as then:
        subscription = subscribe(
            Wish(
                "Messagerie de la scolarité", "https://si.univ-valmont.example/candide", list(Event)
            ),
            is_trial=True,
            by=admin,
            now=then,
        )
    said = HistoryEntry.objects.filter(
        subject_type=Application._meta.label_lower, event__in=list(PUBLISHED)
    )
    entries = list(said.order_by("-at", "-pk")[:CALLS])
    publish((Application(pk=entry.subject_id), entry) for entry in reversed(entries))
    *done, given_up, waiting, last = Delivery.objects.filter(subscription=subscription).order_by(
        "pk"
    )
    for call in done:
        call.state, call.attempts = DeliveryState.DONE, 1
        call.done_at = call.at + timedelta(seconds=2)
    given_up.state, given_up.attempts = DeliveryState.GIVEN_UP, 8
    given_up.last_error = "HTTP 500"
    for call in (waiting, last):
        call.attempts, call.last_error = 2, "HTTP 503"
        call.next_attempt_at = now + 5 * timedelta(minutes=1)
    fields = ["state", "attempts", "done_at", "last_error", "next_attempt_at"]
    Delivery.objects.bulk_update([*done, given_up, waiting, last], fields)
    with happening(now - HOUR):
        switch(subscription, is_active=False, by=admin)

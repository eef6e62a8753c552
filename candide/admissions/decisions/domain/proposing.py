"""A proposal (« proposition ») [14.2]: staff make an application that is complete at once, with the
intake's favourable decision as a draft. The commission is told, and decides by releasing it or
not."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.applying import create_application
from candide.admissions.applications.domain.applying_for import applying_for_blockers
from candide.admissions.applications.domain.snapshot import freeze
from candide.admissions.applications.domain.status import set_dossier_status
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.automatic import favourable_type
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.institution.catalogue.models import Intake


def proposing_blockers(*, user: Any, intake: Intake, today: date) -> list[Blocker]:
    """Why no proposal can be made for `user` in `intake`."""
    return [
        *applying_for_blockers(user=user, intake=intake, today=today),
        *_decision(intake),
    ]


def propose(intake: Intake, *, user: Any, by: Any, now: datetime) -> Application:
    """Make the application, complete, with the draft of the favourable decision; the candidate and
    the commission are told. Raises `Refused`."""
    try:
        return _propose(intake, user=user, by=by, now=now)
    except IntegrityError as error:  # the same application in another request, at this very moment
        today = localdate(now)
        raise Refused(proposing_blockers(user=user, intake=intake, today=today)) from error


@transaction.atomic
def _propose(intake: Intake, *, user: Any, by: Any, now: datetime) -> Application:
    today = localdate(now)
    refuse_if(proposing_blockers(user=user, intake=intake, today=today))
    application = create_application(
        intake, user=user, by=by, now=now, enforce_dates=False, is_proposal=True
    )
    set_dossier_status(application, DossierStatus.COMPLETE, by=by, now=now, on=today)
    freeze(application, by=by, now=now)
    kind = favourable_type(intake)
    assert kind is not None  # noqa: S101 -- no blocker, so there is one
    enter_decision(application, Draft(type=kind), by=by, now=now)
    application = Application.objects.with_offer().get(pk=application.pk)
    mails.Proposed(application).send()
    mails.CommissionProposal(application).send()
    return application


def _decision(intake: Intake) -> Iterator[Blocker]:
    if favourable_type(intake) is None:
        yield Blocker(
            "no_favourable_decision",
            _(
                "This programme gives no favourable decision by itself: choose one in its "
                "settings, or create an ordinary application."
            ),
        )

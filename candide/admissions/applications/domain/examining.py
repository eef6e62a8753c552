"""What staff decide about a dossier: its status, its route, individual dates [back-office 14.4]."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.asked import asked_questions, requested_documents
from candide.admissions.applications.domain.documents import link_known_documents
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.domain.snapshot import freeze
from candide.admissions.applications.domain.status import set_dossier_status
from candide.admissions.applications.enums import (
    EDITABLE_STATUSES,
    FROZEN_STATUSES,
    GIVEN_STATUSES,
    ApplicationEvent,
    DossierStatus,
)
from candide.admissions.applications.models import Application, SubmittedDocument
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import label_of

STATUS_MAILS = {
    DossierStatus.AWAITED: mails.StatusAwaited,
    DossierStatus.RECEIVED: mails.StatusReceived,
    DossierStatus.COMPLETE: mails.StatusComplete,
}


def status_blockers(
    application: Application, status: DossierStatus, *, on: date, today: date
) -> list[Blocker]:
    """Why staff may not set this status; any may follow any other."""
    blockers = [*_alive(application)]
    if on > today:
        blockers.append(Blocker("in_the_future", _("The day cannot be in the future.")))
    return blockers


def status_warnings(
    application: Application,
    status: DossierStatus,
    *,
    today: date,
    request_again: Collection[int] = (),
) -> list[Blocker]:
    """What is unwise about setting this status: shown before confirming."""
    warnings = []
    unsettled = [
        item for item in requested_documents(application) if item.status not in GIVEN_STATUSES
    ]
    if status == DossierStatus.COMPLETE and unsettled:
        warnings.append(
            Blocker("documents_open", _("Some documents are missing or refused."), "documents:")
        )
    if status == DossierStatus.INCOMPLETE and not (
        unsettled or request_again or questions_to_answer(application)
    ):
        warnings.append(
            Blocker(
                "nothing_to_mend",
                _("No document is missing, refused or requested: the candidate can mend nothing."),
                "documents:",
            )
        )
    if status in EDITABLE_STATUSES and application.documents_due_on < today:
        warnings.append(
            Blocker(
                "deadline_passed",
                _(
                    "The last day for this dossier, %(day)s, is past: the candidate can do nothing "
                    "until you give an individual day."
                )
                % {"day": long_date(application.documents_due_on)},
            )
        )
    if status == DossierStatus.AWAITED and application.transmitted_at is not None:
        warnings.append(
            Blocker("all_reopens", _("Everything not approved reopens to the candidate."))
        )
    return warnings


@transaction.atomic
def declare_status(
    application: Application,
    status: DossierStatus,
    *,
    by: Any,
    now: datetime,
    on: date | None = None,
    request_again: Iterable[int] = (),
    seen: str | None = None,
) -> None:
    """Set the status of the dossier and tell the candidate. Entering received or complete freezes
    the dossier; incomplete reopens what is refused, missing, or named in `request_again`
    (requirement ids) [VIEW-12, TRANS-07]. `seen` is the status that was looked at: if the candidate
    or a colleague changed it since, refuses "changed"."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    today = localdate(now)
    on = on or today
    refuse_if(
        [
            *_changed(application, seen),
            *status_blockers(application, status, on=on, today=today),
        ]
    )
    entered = status != application.dossier_status
    set_dossier_status(application, status, by=by, now=now, on=on)
    if status == DossierStatus.INCOMPLETE:
        SubmittedDocument.objects.filter(
            application=application, requirement__in=list(request_again)
        ).update(is_requested_again=True)
    if status in FROZEN_STATUSES and entered:
        freeze(application, by=by, now=now)
    if status == DossierStatus.INCOMPLETE:
        _tell_incomplete(application)
    else:
        STATUS_MAILS[status](application).send()


def _tell_incomplete(application: Application) -> None:
    """Tell the candidate what to mend, in the words of their language."""
    with translation.override(application.candidate.user.language):
        documents, questions = documents_to_mend(application), questions_to_answer(application)
    mails.StatusIncomplete(application, documents=documents, questions=questions).send()


def _alive(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))


def _changed(application: Application, seen: str | None) -> Iterator[Blocker]:
    if seen is not None and seen != application.dossier_status:
        yield Blocker(
            "changed",
            _("The dossier became “%(status)s” meanwhile. Look at it before you go on.")
            % {"status": label_of(DossierStatus(application.dossier_status))},
        )


def documents_to_mend(application: Application) -> list[str]:
    """The documents an incomplete dossier reopens, a line each, with the comment of staff."""
    return [
        f"- {item.requirement.label}" + (f" : {item.comment}" if item.comment else "")
        for item in requested_documents(application)
        if item.is_reopened
    ]


def questions_to_answer(application: Application) -> list[str]:
    """The questions a dossier lacks an answer to, a line each."""
    return [f"- {item.question.label}" for item in asked_questions(application) if item.is_lacking]


def route_blockers(application: Application, route: AdmissionRoute) -> list[Blocker]:
    """Why staff may not enter this route: direct access would be a decision over another one."""
    blockers = [*_alive(application)]
    if route == AdmissionRoute.DIRECT and application.released_outcome:
        blockers.append(
            Blocker("released", _("A decision was released: direct access is no longer possible."))
        )
    return blockers


def route_warnings(application: Application, route: AdmissionRoute) -> list[Blocker]:
    """What is unwise about entering this route: shown before confirming."""
    warnings = []
    if application.released_outcome and route != application.route:
        warnings.append(
            Blocker("decided", _("A decision was released: the route it was made under changes."))
        )
    is_reset = Institution.current().reset_status_on_route_change
    if is_reset and application.dossier_status != DossierStatus.AWAITED:
        warnings.append(
            Blocker(
                "status_reset", _("The dossier goes back to “awaited”, and its status is lost.")
            )
        )
    return warnings


@transaction.atomic
def set_route(application: Application, route: AdmissionRoute, *, by: Any, now: datetime) -> None:
    """Enter the admission route (« saisir le type de traitement ») [back-office 14.5]. The list
    of requested documents follows it."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(route_blockers(application, route))
    if application.route == route:
        return
    before = application.route
    application.route = route
    application.is_route_confirmed = route == AdmissionRoute.CONTROLLED
    application.version += 1
    application.save(update_fields=["route", "is_route_confirmed", "version"])
    link_known_documents(application, now=now)
    log(application, ApplicationEvent.ROUTE_SET, by=by, before=before, after=route)
    if route == AdmissionRoute.CONTROLLED:
        mails.RouteControlled(application).send()
    if Institution.current().reset_status_on_route_change:
        declare_status(application, DossierStatus.AWAITED, by=by, now=now)


def documents_day_blockers(
    application: Application, day: date | None, *, today: date
) -> list[Blocker]:
    """Why this dossier cannot have `day` as its own last day; None takes its own away."""
    blockers = [*_alive(application)]
    if day is not None and day < today:
        blockers.append(Blocker("in_the_past", _("Choose today or a later day.")))
    return blockers


def documents_day_warnings(application: Application, day: date | None) -> list[Blocker]:
    """What is unwise about this day: shown before confirming."""
    everybody = application.intake.documents_due_on
    if day is None or day > everybody:
        return []
    message = _("Everybody has until %(day)s: an earlier day changes nothing.")
    return [Blocker("no_effect", message % {"day": long_date(everybody)})]


@transaction.atomic
def extend_documents_due(
    application: Application, day: date | None, *, by: Any, now: datetime
) -> None:
    """Give this dossier a later last day, or take the individual date away (None) [VIEW-06]."""
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(documents_day_blockers(application, day, today=localdate(now)))
    application.documents_extended_to = day
    application.version += 1
    application.save(update_fields=["documents_extended_to", "version"])
    log(
        application,
        ApplicationEvent.DEADLINE_SET,
        by=by,
        which="documents",
        to=day.isoformat() if day else None,
    )

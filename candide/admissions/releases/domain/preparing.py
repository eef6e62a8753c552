"""Preparing a release: the mail and the letter of each decision, made and kept in the background;
and telling, when it is released, that they are still what would be made."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.preparing import (
    Prepared,
    Texts,
    fingerprint,
    foresee,
    is_place_shown,
    prepare,
)
from candide.admissions.decisions.domain.ranking import places_after
from candide.admissions.decisions.domain.release import draft_blockers, release_warnings
from candide.admissions.decisions.models import Decision
from candide.admissions.releases.enums import RowState
from candide.admissions.releases.models import Release, ReleaseRow
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import start_of
from candide.foundation.runs.models import Run, RunItem
from candide.foundation.runs.registry import Finding, Kind
from candide.institution.catalogue.models import Institution, Intake
from candide.institution.mails.kinds import Rendered

KIND = "release"


def act(run: Run, item: RunItem, _now: datetime) -> None:
    """Prepare one decision. What is refused or fails never leaves with the release."""
    with Institution.one_reading():
        release = Release.objects.get(run=run)
        row = release.rows.get(application=item.subject_id)
        application, decision = _asked(run, item)
        warnings = release_warnings(application, today=release.day)
        answer = application.answer
        moment = start_of(release.day)
        place = None
        if is_place_shown(decision):
            places = places_after(application.intake, drafts_of(release, application.intake))
            place = places[application.pk]
        foresee(application, decision, now=moment, place=place)
        prepared = prepare(decision, now=moment)
        _keep(row, decision, prepared, answer=answer, warnings=warnings)


def _asked(run: Run, item: RunItem) -> tuple[Application, Decision]:
    """The application and its draft. Rights are asked again: they may have been taken away."""
    reached = Application.objects.visible_to(run.asked_by)
    application = with_drafts(reached).filter(pk=item.subject_id).first()
    may_release = run.asked_by is not None and run.asked_by.has_perm(
        "decisions.release", application
    )
    if application is None or not may_release:
        message = _("Your rights do not allow this for this application.")
        raise Refused([Blocker("not_allowed", message)])
    draft = draft_in(application)
    refuse_if(draft_blockers(application, draft))
    assert draft is not None  # noqa: S101 -- draft_blockers refused otherwise
    return application, draft


def _keep(
    row: ReleaseRow,
    decision: Decision,
    prepared: Prepared,
    *,
    answer: str,
    warnings: Iterable[Blocker],
) -> None:
    row.state, row.type = RowState.PREPARED, decision.type
    row.says = said_of(decision)
    row.fingerprint = mark(prepared.fingerprint, answer)
    row.rank_told = decision.application.rank_shown
    row.language = prepared.language
    row.has_mail = prepared.mail is not None
    if prepared.mail is not None:
        row.subject, row.text = prepared.mail.subject, prepared.mail.text
        row.html = prepared.mail.html
    row.letter, row.attaches = prepared.letter, prepared.attaches
    row.notes = [[warning.code, str(warning.message)] for warning in warnings]
    row.save()


def kept(row: ReleaseRow) -> Prepared:
    """What `_keep` kept."""
    return Prepared(
        fingerprint=row.fingerprint,
        language=row.language,
        mail=Rendered(row.subject, row.text, row.html) if row.has_mail else None,
        letter=row.letter,
        attaches=row.attaches,
    )


def said_of(decision: Decision) -> str:
    """The decision in a few words, as lists show it."""
    if decision.rank is None:
        return str(decision.type.label)
    return _("%(decision)s, rank %(rank)d") % {
        "decision": decision.type.label,
        "rank": decision.rank,
    }


def mark(made_from: str, answer: str) -> str:
    """What must be the same when it is released: what mail and letter were made from, and the
    answer to the decision before, which a release clears."""
    return hashlib.sha256(f"{made_from} {answer}".encode()).hexdigest()


def change_blockers(
    row: ReleaseRow, decision: Decision, *, place: int | None, now: datetime, texts: Texts
) -> list[Blocker]:
    """Why a prepared decision must not leave as it is: its mail or letter would be another one by
    now. A rank that has become better since is no reason. `decision` is foreseen by this."""
    application = decision.application
    answer = application.answer
    told = row.rank_told
    if told is not None and place is not None and place < told:
        place = told
    foresee(application, decision, now=now, place=place)
    if mark(fingerprint(decision, now=now, texts=texts), answer) == row.fingerprint:
        return []
    message = _("Something its mail or letter says was changed after they were prepared.")
    return [Blocker("changed", message)]


def drafts_of(release: Release, intake: Intake) -> QuerySet[Decision]:
    """The drafts of a release in one intake."""
    rows = release.rows.filter(application__intake=intake).values("application")
    return Decision.objects.drafts().filter(application__in=rows).select_related("type")


def with_drafts(applications: Any) -> Any:
    """Join what mails and letters ask of an application, and its draft."""
    drafts = Decision.objects.drafts().select_related("type", "reason")
    return (
        applications.with_offer()
        .select_related("candidate__address__commune", "candidate__address__country")
        .prefetch_related(Prefetch("decisions", drafts, to_attr="drafts"))
    )


def many_with_drafts(applications: Any) -> Any:
    """`with_drafts` for thousands: what many of them share is read once, and given to each."""
    drafts = Decision.objects.drafts().prefetch_related("type", "reason")
    return applications.select_related("candidate__user", "candidate__address").prefetch_related(
        "intake__campaign",
        "intake__programme__commission__centre",
        "candidate__address__commune",
        "candidate__address__country",
        Prefetch("decisions", drafts, to_attr="drafts"),
    )


def draft_in(application: Application) -> Decision | None:
    """The draft of an application read `with_drafts`."""
    drafts: list[Decision] = application.drafts  # type: ignore[attr-defined]
    if not drafts:
        return None
    drafts[0].application = application
    return drafts[0]


LONG_WORK = Kind(KIND, examine=lambda _run, _item, _now: Finding(), act=act)

"""What the office of the demonstration did these last weeks, told through the product's own
actions: whatever follows from them is there too. Only what is counted in thousands is written in
bulk."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from candide.admissions.applications.enums import DossierStatus, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.tags.models import Tag
from candide.core.clock import localdate
from candide.demo.office.cohorts import OPEN, PLANNED, PREPARED, RELEASED
from candide.demo.office.deciding import (
    JURY,
    UNSURE,
    decide,
    plan_for_tomorrow,
    prepare,
    release_all,
)
from candide.demo.office.lists import act_on_many, export, keep_views
from candide.demo.office.messages import tell_messages, write_about_the_crowd
from candide.demo.office.outbox import hold_mails
from candide.demo.office.programs import tell_programs
from candide.demo.office.requests import (
    ask_candidates,
    extend_deadlines,
    fill_forms_in,
    grant_days,
    make_a_proposal,
    settle_enrolments,
)
from candide.foundation.files.models import StoredFile
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import ApplicationCentre, Intake

DAY = timedelta(days=1)
ADMIN, MANAGER, COLLEAGUE, MEMBER = (
    f"{name}@univ-valmont.example" for name in ("admin", "bao", "chris", "dana")
)


@transaction.atomic
def tell(*, numbers: list[str], files: dict[str, StoredFile], now: datetime) -> None:
    """`numbers` are the file numbers of the people of the three programmes."""
    people = {user.email: user for user in User.objects.filter(file_number=None)}
    manager, member = people[MANAGER], people[MEMBER]
    write_about_the_crowd(
        Application.objects.exclude(candidate__user__file_number__in=numbers),
        authors=_authors(manager, people[COLLEAGUE]),
        now=now,
    )
    decided, planned, prepared = (
        _waiting(code, numbers, DossierStatus.COMPLETE) for code in (RELEASED, PLANNED, PREPARED)
    )
    decide(decided, JURY, by=member, now=now - 11 * DAY)
    release_all(decided, by=manager, now=now - 7 * DAY)
    decide(planned, JURY, by=member, now=now - 4 * DAY)
    plan_for_tomorrow(planned, by=manager, now=now)
    decide(prepared, (*JURY, *UNSURE), by=member, now=now - 3 * DAY)
    prepare(prepared[:8], localdate(now) + 2 * DAY, by=manager, now=now - timedelta(hours=2))
    received = _waiting(OPEN, numbers, DossierStatus.RECEIVED)
    awaited = _waiting(OPEN, numbers, DossierStatus.AWAITED)
    tell_messages(received, manager=manager, member=member, now=now)
    ask_candidates(received, files, by=manager, now=now)
    fill_forms_in(received, by=manager, now=now)
    extend_deadlines(Intake.objects.get(pk=awaited[0].intake_id), by=manager, now=now)
    grant_days(awaited[0], _offered(), by=manager, now=now)
    settle_enrolments(by=manager, now=now)
    intake = Intake.objects.get(programme__code=PREPARED, campaign__archived_at=None)
    make_a_proposal(intake, received[7].candidate.user, by=manager, now=now)
    export(prepared, by=manager, now=now)
    tag = Tag.objects.get(label="À revoir en commission")
    act_on_many(received[:5], tag, by=manager, now=now)
    keep_views({"manager": manager, "colleague": people[COLLEAGUE], "member": member})
    tell_programs([*prepared, *received], admin=people[ADMIN], manager=manager, now=now)
    hold_mails(now=now)
    index_people(User.objects.filter(file_number__in=numbers).values_list("pk", flat=True), now=now)


def _authors(manager: Any, colleague: Any) -> dict[int, Any]:
    """Who writes in which centre."""
    of_manager = {"ST", "SANTE", "SHS"}
    return {
        centre.pk: manager if centre.code in of_manager else colleague
        for centre in ApplicationCentre.objects.all()
    }


def _waiting(code: str, numbers: list[str], status: str) -> list[Application]:
    """Those of one programme whose dossier stands so, and nobody decided about."""
    rows = Application.objects.with_offer().filter(
        intake__programme__code=code,
        candidate__user__file_number__in=numbers,
        dossier_status=status,
        has_any_decision=False,
    )
    return list(rows.order_by("pk"))


def _offered() -> Application:
    """An offer that waits for its answer."""
    rows = Application.objects.with_offer().filter(
        intake__programme__code=RELEASED, released_outcome=Outcome.FAVOURABLE, answer=""
    )
    return rows.order_by("-pk")[0]

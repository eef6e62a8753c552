"""Whom the demonstration has handed over to its student system already."""

from datetime import datetime, timedelta

from candide.admissions.decisions.domain.queries import to_be_handed_over
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.institution.catalogue.models import Programme
from candide.integrations.sis.demonstration import offered

FIELDS = (
    *("sis_code", "sis_version", "sis_label", "sis_diploma", "sis_diploma_version"),
    "sis_management_centre",
)
BATCH = 2000
# Of fifteen that confirmed one waits, one was refused.
EVERY = 15


def name_programmes() -> None:
    """Give the programmes the codes the student system of the demonstration knows; some lack it."""
    known = {each.label: each for each in offered()}
    programmes = list(Programme.objects.order_by("pk"))
    for number, programme in enumerate(programmes):
        found = known.get(str(programme.name.localize("fr")))
        if found is not None and number % 25 != 24:
            programme.sis_code, programme.sis_version = found.code, found.version
            programme.sis_label, programme.sis_diploma = found.label, found.diploma
            programme.sis_diploma_version = found.diploma_version
            programme.sis_management_centre = found.management_centre
    Programme.objects.bulk_update(programmes, FIELDS, batch_size=BATCH)


def hand_over_confirmed(*, now: datetime) -> None:
    """The pre-enrolments of those who confirmed, as they would stand."""
    rows = []
    confirmed = to_be_handed_over().filter(pre_enrolment=None).order_by("pk")
    everybody = confirmed.select_related("candidate__user").iterator(chunk_size=BATCH)
    for number, application in enumerate(everybody):
        asked = min(application.answered_at, now)
        row = PreEnrolment(
            application=application, created_at=asked, changed_at=asked, next_attempt_at=now
        )
        if number % EVERY == 1:
            row.state, row.told_at = HandoverState.REFUSED, asked
            row.reason = "Formation inconnue dans le SI scolarité."
        elif number % EVERY != 2:
            row.state, row.told_at, row.is_held = HandoverState.ACCEPTED, asked, True
            row.changed_at = min(asked + timedelta(minutes=1), now)
            row.code = f"EC{application.candidate.user.file_number}"[:10]
        rows.append(row)
    PreEnrolment.objects.bulk_create(rows, batch_size=BATCH)

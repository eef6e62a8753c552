"""Writing a mail to many candidates: one an application, or one a candidate."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.domain.writing import (
    Letter,
    letter_blockers,
    letter_to,
    write_to,
    writing_blockers,
)
from candide.admissions.applications.mails import Written
from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.action import Action, Row, Values
from candide.core.blockers import Blocker
from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import RunItem
from candide.institution.mails.domain.texts import preview, text_warnings

ONCE_A_CANDIDATE = "candidate"
WRITTEN_TO = [ItemState.READY, ItemState.DONE]


def letter_of(values: Values) -> Letter:
    """What was typed."""
    return Letter(values["subject"], values["body"])


def _says(row: Row) -> str:
    if _is_written_already(row):
        return _("Written to already, for another application of the selection")
    text = letter_to(row.application, letter_of(row.values))
    assert text is not None  # noqa: S101 -- letter_blockers refused otherwise
    shown = preview(Written, text, about=row.application)
    return _("%(address)s: %(subject)s") % {
        "address": row.application.candidate.user.email,
        "subject": shown.rendered.subject,
    }


def _is_written_already(row: Row) -> bool:
    """Whether the candidate gets this mail for an application that stands before in the list."""
    item = row.item
    if item is None or row.values.get("once_per") != ONCE_A_CANDIDATE:
        return False
    theirs = Application.objects.filter(candidate=row.application.candidate_id)
    before = RunItem.objects.filter(run=item.run_id, position__lt=item.position)
    return before.filter(state__in=WRITTEN_TO, subject_id__in=theirs.values("pk")).exists()


def _warnings(row: Row) -> list[Blocker]:
    letter = letter_of(row.values)
    warnings = text_warnings(Written, subject=letter.subject, body=letter.body)
    if row.application.cancelled_at is not None:
        warnings.append(Blocker("cancelled", _("This application was cancelled.")))
    return warnings


def _write(row: Row, by: Any) -> None:
    write_to(row.application, letter_of(row.values), by=by)


def _check(values: Values, _today: date) -> list[Blocker]:
    return letter_blockers(letter_of(values))


WRITE = Action(
    code="mail",
    label=gettext_lazy("Write a mail"),
    permission="applications.write_to",
    says=_says,
    blockers=lambda row: writing_blockers(row.application),
    warnings=_warnings,
    is_needless=_is_written_already,
    act=_write,
    check=_check,
    follows=gettext_lazy(
        "Each gets the mail in their language, copied as the centre wants; the history of each "
        "application says so."
    ),
)

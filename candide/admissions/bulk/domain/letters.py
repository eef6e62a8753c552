"""Making the letters of many released decisions: the missing ones, or all that would say something
else by now [back-office 25]."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.action import Action, Row
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.letter_templates import LetterTemplates
from candide.admissions.decisions.domain.letters import (
    letter_mark,
    make_letter,
    making_letter_blockers,
)
from candide.admissions.decisions.models import Decision, Letter
from candide.core.blockers import Blocker

MISSING, CHANGED = "missing", "changed"


def _letter(decision: Decision | None) -> Letter | None:
    return getattr(decision, "letter", None)


def _is_there(row: Row) -> bool:
    """Whether the letter is there: made and, where changed ones are asked for, still what it would
    be. One that was withdrawn is made anew only by hand."""
    decision = released_decision(row.application)
    letter = _letter(decision)
    if decision is None or letter is None:
        return False
    if letter.withdrawn_at is not None or row.values["which"] == MISSING:
        return True
    language = row.application.candidate.user.language
    mark = letter_mark(decision, language=language, now=row.now, templates=LetterTemplates())
    return letter.mark == mark


def _says(row: Row) -> str:
    letter = _letter(released_decision(row.application))
    if letter is None:
        return _("The letter is made")
    if _is_there(row):
        if letter.withdrawn_at is not None:
            return _("The letter was withdrawn: it is made anew on the page of the application")
        return _("The letter is there")
    return _("The letter is made anew, and the one that is out is replaced")


def _blockers(row: Row) -> list[Blocker]:
    return making_letter_blockers(_with(row.application))


def _with(application: Application) -> Decision | None:
    """The released decision, of the very application that was read with what it belongs to."""
    decision = released_decision(application)
    if decision is not None:
        decision.application = application
    return decision


def _act(row: Row, by: Any) -> None:
    decision = _with(row.application)
    assert decision is not None  # noqa: S101 -- the preview refused otherwise
    make_letter(decision, by=by, now=row.now)


LETTERS = Action(
    code="lettres",
    label=gettext_lazy("Make the letters"),
    permission="decisions.make_letter",
    says=_says,
    blockers=_blockers,
    is_needless=_is_there,
    act=_act,
    follows=gettext_lazy(
        "Candidates find the letters in their space, where the commission gives them; no mail is "
        "sent. You may then take them as one file."
    ),
)

"""Admission and refusal letters (« lettres ») [LET, back-office 25]: made once, kept, given out."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.archived import archived_blockers
from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.letter_rendering import (
    LetterFailed,
    Making,
    making,
    render_letter,
)
from candide.admissions.decisions.domain.letter_templates import LetterTemplates
from candide.admissions.decisions.domain.letter_values import PASSED, PASSING, values_of_letter
from candide.admissions.decisions.domain.outcomes import POLICIES, policy_of
from candide.admissions.decisions.enums import LetterEvent, LetterKind
from candide.admissions.decisions.models import Decision, Letter, ReplacedLetter
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution

PREFIXES = {LetterKind.ADMISSION: "lettre_admission", LetterKind.REFUSAL: "lettre_refus"}
# Nothing that is taken for something else when it is read or typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
DOWNLOADED = frozenset({LetterMode.DOWNLOAD, LetterMode.BOTH})
MAILED = frozenset({LetterMode.MAIL, LetterMode.BOTH})


# -- Making --------------------------------------------------------------------------------------


def letter_kind(decision: Decision) -> str:
    """Which letter `decision` has, "" for none: by its outcome, where the institution gives letters
    and the commission does [back-office 25.2]."""
    commission = decision.application.intake.programme.commission
    if not Institution.current().has_letters or commission.letter_mode == LetterMode.NONE:
        return ""
    return policy_of(decision.type.outcome).letter


def letter_of(
    decision: Decision,
    *,
    language: str,
    now: datetime,
    templates: LetterTemplates | None = None,
    passing: Mapping[str, str] | None = None,
) -> Making | None:
    """What the letter of `decision` is to be made from; None where it has none. `now` is when the
    decision is, or will be, released. Raises `LetterFailed`. With `templates` those are read once
    for many letters; `passing` as in `values_of_letter`."""
    kind = letter_kind(decision)
    programme = decision.application.intake.programme
    templates = templates or LetterTemplates()
    template = templates.find(programme, kind) if kind else None
    if template is None:
        return None
    values = values_of_letter(decision, kind=kind, language=language, now=now, passing=passing)
    return making(
        template,
        kind=kind,
        language=language,
        values=values,
        commission=programme.commission,
        templates=templates,
    )


def letter_mark(
    decision: Decision, *, language: str, now: datetime, templates: LetterTemplates
) -> str:
    """What the letter of `decision` would be told by; empty for none and for one that cannot be
    made."""
    try:
        made = letter_of(decision, language=language, now=now, templates=templates, passing=PASSED)
    except LetterFailed:
        return ""
    return mark_of_letter(made) if made else ""


def mark_of_letter(made: Making) -> str:
    """What tells a letter from one that would say something else."""
    says = {name: value for name, value in made.values.items() if name not in PASSING}
    text = json.dumps([made.contents(), says], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def keep_letter(*, decision: Decision, language: str, now: datetime) -> Letter | None:
    """Make the letter of `decision` and keep it; None where it has none. Of a draft, which nobody
    sees yet, as it will be when released at `now`. A letter that says the very same is kept as it
    is, file and code; one that was given out and says something else is replaced, which whoever
    verifies it is told. Raises `LetterFailed`, and then nothing has changed."""
    locked = Decision.objects.locked(decision.pk)
    letter = Letter.objects.filter(decision=decision).first()
    made = letter_of(decision, language=language, now=now)
    if made is None:
        if letter is not None and locked.is_draft:
            letter.delete()
            letter = None
        return letter
    mark = mark_of_letter(made)
    if letter is not None and letter.mark == mark and letter.withdrawn_at is None:
        return letter
    code = new_code()
    content = render_letter(made, code=code, created=now)
    name = letter_name(made.kind, decision.application)
    file = store_generated(content, name=name, media_type="application/pdf", by=None)
    if letter is not None and _was_given_out(letter, locked, now=now):
        _set_aside(letter, now=now)
    letter = letter or Letter(decision=decision)
    letter.kind, letter.language, letter.code, letter.mark = made.kind, made.language, code, mark
    letter.template = made.template if made.template.pk else None
    letter.file, letter.made_at = file, now
    letter.withdrawn_at = letter.withdrawn_by = None
    letter.save()
    decision.letter = letter
    return letter


def _was_given_out(letter: Letter, decision: Decision, *, now: datetime) -> bool:
    """Made before the release it goes with, it was only prepared: nobody has it."""
    released_at = decision.released_at
    return released_at is not None and (released_at < now or letter.withdrawn_at is not None)


def _set_aside(letter: Letter, *, now: datetime) -> None:
    ReplacedLetter.objects.create(
        decision=letter.decision,
        kind=letter.kind,
        file=letter.file,
        code=letter.code,
        made_at=letter.made_at,
        replaced_at=now,
    )


def new_code() -> str:
    """A code nobody guesses: 30 to the twelfth."""
    return "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))


def letter_name(kind: str, application: Application) -> str:
    """`lettre_admission-<dossier>_<NAME>_<FIRSTNAME>-<code>.pdf` [LET-05]."""
    candidate = application.candidate
    number = candidate.user.file_number
    code = application.intake.programme.code
    name = f"{PREFIXES[LetterKind(kind)]}-{number}_{candidate.birth_name}_{candidate.first_name}"
    return f"{name.replace(' ', '_')[: 95 - len(code)]}-{code}.pdf"


# -- Giving out ----------------------------------------------------------------------------------


def readable_letter(application: Application, decision: Decision | None) -> Letter | None:
    """The letter the candidate may download now [LET-01, LET-02]; None when there is none."""
    letter = getattr(decision, "letter", None)
    if decision is None or letter is None or letter.withdrawn_at is not None:
        return None
    mode = application.intake.programme.commission.letter_mode
    return letter if mode in DOWNLOADED and _has_right_to_it(application, decision) else None


def is_letter_mailed(application: Application, decision: Decision) -> bool:
    """Whether the letter, if there is one, goes with the mail of the decision [LET-03]."""
    commission = application.intake.programme.commission
    return commission.letter_mode in MAILED and _has_right_to_it(application, decision)


def _has_right_to_it(application: Application, decision: Decision) -> bool:
    """Whether the candidate may have the letter now, whichever way it is given
    [back-office 25.2]."""
    institution = Institution.current()
    if not institution.has_letters or application.cancelled_at is not None:
        return False
    if policy_of(decision.type.outcome).candidate_answers:
        if application.answer == CandidateAnswer.WITHDRAWN:
            return False
        if institution.letter_after_acceptance and application.answer != CandidateAnswer.ACCEPTED:
            return False
    return True


# -- By staff ------------------------------------------------------------------------------------


def withdrawing_letter_blockers(letter: Letter | None) -> list[Blocker]:
    """Why there is nothing to withdraw."""
    if letter is None or letter.withdrawn_at is not None:
        return [Blocker("no_letter", _("There is no letter to withdraw."))]
    return []


@transaction.atomic
def withdraw_letter(decision: Decision, *, by: Any, now: datetime) -> None:
    """Take back the letter of a released decision: the candidate has it no more, and whoever
    verifies it is told. The decision stays; the letter may be made anew."""
    Decision.objects.locked(decision.pk)
    letter = Letter.objects.filter(decision=decision).first()
    refuse_if([*archived_blockers(decision.application), *withdrawing_letter_blockers(letter)])
    assert letter is not None  # noqa: S101 -- refused otherwise
    letter.withdrawn_at, letter.withdrawn_by = now, by
    letter.save(update_fields=["withdrawn_at", "withdrawn_by"])
    log(decision.application, LetterEvent.WITHDRAWN, by=by, decision=decision.pk, kind=letter.kind)


def decisions_without_letter() -> list[Decision]:
    """The released decisions that count, of campaigns that are not archived, whose letter is due
    and was never made."""
    if not Institution.current().has_letters:
        return []
    given = [outcome for outcome, policy in POLICIES.items() if policy.letter]
    later = Decision.objects.released().filter(
        Q(released_at__gt=OuterRef("released_at"))
        | Q(released_at=OuterRef("released_at"), pk__gt=OuterRef("pk")),
        application=OuterRef("application"),
    )
    found = (
        Decision.objects.released()
        .filter(~Exists(later), letter=None, type__outcome__in=given)
        .filter(application__archived_at=None, application__intake__campaign__archived_at=None)
        .exclude(application__intake__programme__commission__letter_mode=LetterMode.NONE)
        .select_related(
            "type",
            "reason",
            "application__candidate__user",
            "application__intake__campaign",
            "application__intake__programme__commission__centre",
        )
        .order_by("pk")
    )
    return [decision for decision in found if not making_letter_blockers(decision)]


def making_letter_blockers(decision: Decision | None) -> list[Blocker]:
    """Why no letter can be made of `decision`, the last one that was released."""
    if decision is None:
        return [Blocker("no_decision", _("No decision was released."))]
    if decision.application.archived_at is not None:
        return archived_blockers(decision.application)
    if not policy_of(decision.type.outcome).letter:
        return [Blocker("no_letter", _("This decision comes without a letter."))]
    if not letter_kind(decision):
        message = _("Neither the institution nor the commission gives letters here.")
        return [Blocker("no_letters", message)]
    programme = decision.application.intake.programme
    if LetterTemplates().find(programme, letter_kind(decision)) is None:
        message = _("No template of letters in service is for this programme.")
        return [Blocker("no_template", message)]
    return []


@transaction.atomic
def make_letter(decision: Decision, *, by: Any, now: datetime) -> Letter:
    """Make the letter of a released decision by hand: the missing one, or in place of one that
    says something else by now."""
    refuse_if(making_letter_blockers(decision))
    application = decision.application
    before = Letter.objects.filter(decision=decision).values_list("code", flat=True).first()
    language = application.candidate.user.language
    letter = keep_letter(decision=decision, language=language, now=now)
    assert letter is not None  # noqa: S101 -- making_letter_blockers refused otherwise
    if letter.code != before:
        event = LetterEvent.REPLACED if before else LetterEvent.MADE
        log(application, event, by=by, decision=decision.pk, kind=letter.kind)
    return letter

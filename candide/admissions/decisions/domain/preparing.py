"""The mail and the letter of a decision, made before it is released or in the midst of it, and what
they are made from."""

import hashlib
import json
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import override

from candide.admissions.applications.application_mail import offered
from candide.admissions.applications.models import Application
from candide.admissions.decisions import mails
from candide.admissions.decisions.domain.current import (
    acceptance_due,
    draft_mark,
    first_possible_due,
    rank_shown,
)
from candide.admissions.decisions.domain.letter_rendering import LetterFailed
from candide.admissions.decisions.domain.letter_templates import LetterTemplates
from candide.admissions.decisions.domain.letters import (
    is_letter_mailed,
    keep_letter,
    letter_mark,
)
from candide.admissions.decisions.domain.outcomes import RANKED_OUTCOMES, policy_of
from candide.admissions.decisions.enums import LetterEvent
from candide.admissions.decisions.models import Decision
from candide.core.clock import localdate
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.enums import RankDisplay
from candide.institution.catalogue.models import Institution
from candide.institution.mails.kinds import Rendered, Text, valid_addresses

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """`mail` in the words it is sent in, None where none is sent; `letter` the stored letter, if
    any, sent with it if `attaches`; `fingerprint` tells what both were made from."""

    fingerprint: str
    language: str
    mail: Rendered | None = None
    letter: StoredFile | None = None
    attaches: bool = False


@dataclass
class Texts:
    """The texts of mails, who gets copies of them, and the templates of letters, read once for many
    decisions."""

    letters: LetterTemplates = field(default_factory=LetterTemplates)
    _texts: dict[tuple[Any, ...], Text | None] = field(default_factory=dict)
    _copies: dict[int, list[str]] = field(default_factory=dict)
    _offers: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)

    def text(self, mail: mails.DecisionMail) -> Text | None:
        key = (mail.decision.type_id, mail.language(), mail.centre().pk)
        if key not in self._texts:
            self._texts[key] = mail.text()
        return self._texts[key]

    def copies(self, mail: mails.DecisionMail) -> list[str]:
        centre = mail.centre().pk
        if centre not in self._copies:
            self._copies[centre] = list(mail.copies())
        return self._copies[centre]

    def values(self, mail: mails.DecisionMail, language: str) -> dict[str, str]:
        """Every value of the mail; those of what is applied to are put in words once."""
        intake = mail.application.intake
        if (intake.pk, language) not in self._offers:
            with override(language):
                words = {name: str(value) for name, value in offered(intake).items()}
            self._offers[intake.pk, language] = words
        mail.offer = self._offers[intake.pk, language]
        return mail.all_values(language, Institution.current())


def mail_of(decision: Decision, letter: StoredFile | None = None) -> mails.DecisionMail:
    """The mail that announces `decision`."""
    kind = policy_of(decision.type.outcome).mail
    return kind(decision.application, decision=decision, letter=letter)


def is_place_shown(decision: Decision) -> bool:
    """Whether candidates are told the place on the list rather than the rank that was entered."""
    is_ranked = decision.type.outcome in RANKED_OUTCOMES and decision.rank is not None
    return is_ranked and Institution.current().rank_display == RankDisplay.CURRENT


def foresee(
    application: Application, decision: Decision, *, now: datetime, place: int | None = None
) -> None:
    """Set on both, in memory, what a release `now` makes of them. The answer, its reminder and the
    individual day belonged to the decision before; an offer leaves until tomorrow at least to
    answer it. The `place` on the list is known beforehand, or else once the list is ranked."""
    today = localdate(now)
    decision.application, decision.released_at = application, now
    application.answer = ""
    application.answered_at = application.answered_by = application.reminded_at = None
    application.acceptance_extended_to = first_possible_due(application, decision, today=today)
    application.released_outcome = decision.type.outcome
    if not decision.is_promotion:
        application.has_draft_decision = False
    application.has_any_decision = True
    shows_place = place is not None and is_place_shown(decision)
    application.rank_shown = place if shows_place else rank_shown(decision, Institution.current())
    application.acceptance_due_on = acceptance_due(application, decision)


def prepare(decision: Decision, *, now: datetime, may_lack_letter: bool = False) -> Prepared:
    """Make the mail and the letter of a decision released `now`, which was foreseen. A letter that
    cannot be made raises `LetterFailed`, unless it `may_lack` one: then it is made later, by the
    job that makes those that are missing."""
    application = decision.application
    language = application.candidate.user.language
    letter = None
    try:
        kept = keep_letter(decision=decision, language=language, now=now)
        letter = kept.file if kept else None
    except LetterFailed as failure:
        if not may_lack_letter:
            raise
        logger.error("letter of decision %d: %s", decision.pk, failure)
        log(application, LetterEvent.FAILED, decision=decision.pk)
    attaches = letter is not None and is_letter_mailed(application, decision)
    mail = mail_of(decision)
    text = mail.text()
    rendered = None
    if text is not None and valid_addresses(mail.recipients()):
        rendered = mail.rendered(text, Institution.current())
    return Prepared(
        fingerprint=fingerprint(decision, now=now, texts=Texts()),
        language=text.language if text else mail.language(),
        mail=rendered,
        letter=letter,
        attaches=attaches,
    )


def fingerprint(decision: Decision, *, now: datetime, texts: Texts) -> str:
    """What tells what the mail and the letter of a decision that was foreseen are made from: the
    decision, the words of the mail and every value in them, its reader, the letter."""
    application = decision.application
    mail = mail_of(decision)
    text = texts.text(mail)
    made_from = [
        draft_mark(decision),
        mail.code,
        list(mail.recipients()),
        mail.reply_to(),
        [text.subject, text.body, text.language] if text else None,
        texts.values(mail, text.language) if text else None,
        letter_mark(
            decision,
            language=application.candidate.user.language,
            now=now,
            templates=texts.letters,
        ),
        is_letter_mailed(application, decision),
    ]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()

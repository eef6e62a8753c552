"""Writing to candidates about their applications (« écrire aux candidats »)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.archived import archived_blockers
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.mails import Written
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.mails.domain.texts import text_blockers
from candide.institution.mails.kinds import Text, text_of, valid_addresses


@dataclass(frozen=True)
class Letter:
    """What is written, by language."""

    subject: Mapping[str, str]
    body: Mapping[str, str]

    def text(self, language: str) -> Text | None:
        """The words for a reader of `language`: those in it, else in the default one, else any."""
        others = [code for code, _name in settings.LANGUAGES]
        for each in (language, settings.LANGUAGE_CODE, *others):
            subject, body = (part.get(each, "").strip() for part in (self.subject, self.body))
            if subject and body:
                return Text(subject, body.replace("\r\n", "\n"), each)
        return None


def letter_blockers(letter: Letter) -> list[Blocker]:
    """Why nobody can be written this."""
    blockers = text_blockers(Written, subject=letter.subject, body=letter.body, is_enabled=True)
    if not blockers and letter.text(settings.LANGUAGE_CODE) is None:
        blockers.append(Blocker("nothing_written", _("Write a subject and a text.")))
    if text_of(Written, language=settings.LANGUAGE_CODE) is None:
        message = _("Mails written by staff are out of service: see the settings of mails.")
        blockers.append(Blocker("out_of_service", message))
    return blockers


def writing_blockers(application: Application) -> list[Blocker]:
    """Why this candidate cannot be written to."""
    if application.archived_at is not None:
        return archived_blockers(application)
    if not valid_addresses([application.candidate.user.email]):
        return [Blocker("no_address", _("The candidate has no valid address."))]
    centre = application.intake.programme.commission.centre
    if text_of(Written, language=settings.LANGUAGE_CODE, centre=centre) is None:
        return [Blocker("out_of_service", _("The centre does not send mails written by staff."))]
    return []


def letter_to(application: Application, letter: Letter) -> Text | None:
    """The words this candidate gets."""
    return letter.text(application.candidate.user.language)


@transaction.atomic
def write_to(application: Application, letter: Letter, *, by: Any) -> None:
    """Send it to the candidate, copied as the centre wants, and say so in the history."""
    refuse_if([*letter_blockers(letter), *writing_blockers(application)])
    text = letter_to(application, letter)
    assert text is not None  # noqa: S101 -- letter_blockers refused otherwise
    mail, *_copies = Written(application, written=text).send()
    log(application, ApplicationEvent.WRITTEN_TO, by=by, mail=mail.pk)

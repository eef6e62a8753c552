"""Mails to the people who run the service."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.domain.watching import Trouble
from candide.institution.accounts.mails import PERSON, AccountMail, moment_words, page
from candide.institution.accounts.models import User
from candide.institution.mails.enums import Audience
from candide.institution.mails.kinds import Placeholder, register


@register
class JobInTrouble(AccountMail):
    """A job failed, or did not begin when it was due [31]."""

    code = "job-in-trouble"
    title = _("A job failed or is late (to administrators)")
    audience = Audience.STAFF
    is_urgent = False
    placeholders = (
        *PERSON,
        Placeholder("traitement", _("the job"), "Relancer les offres à confirmer"),
        Placeholder("probleme", _("what is wrong"), "Il a échoué"),
        Placeholder("heurePrevue", _("when it was to run"), "15 mars 2027 à 9 h 00"),
        Placeholder("erreur", _("what the error was, empty when it is late"), "KeyError"),
        Placeholder(
            "lienTraitement",
            _("page of the job"),
            "https://candidatures.univ-valmont.fr/gestion/parametrage/traitements/remind-answers/",
            is_link=True,
        ),
    )

    def __init__(self, user: User, *, trouble: Trouble) -> None:
        super().__init__(user)
        self.trouble = trouble

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "traitement": self.trouble.job.title,
            "probleme": self.trouble.kind.label,
            "heurePrevue": moment_words(self.trouble.due_at),
            "erreur": self.trouble.error,
            "lienTraitement": page("staff:job", self.trouble.job.code),
        }

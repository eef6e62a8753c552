"""The mails of this room."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.institution.accounts.mails import PERSON, AccountMail, moment_words, page
from candide.institution.accounts.models import User
from candide.institution.mails.kinds import Placeholder, register


@register
class AccountUnused(AccountMail):
    """Nobody used the account for long: it is erased a month later, unless its holder signs in."""

    code = "account-unused"
    title = _("Account nobody uses: told before it is erased")
    is_urgent = False
    placeholders = (
        *PERSON,
        Placeholder("jourEffacement", _("first day of the erasure"), "4 octobre 2029"),
        Placeholder(
            "lienConnexion",
            _("page to sign in"),
            "https://candidatures.univ-valmont.fr/compte/connexion/",
            is_link=True,
        ),
    )

    def __init__(self, user: User, *, moment: datetime) -> None:
        super().__init__(user)
        self.moment = moment

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "jourEffacement": long_date(localdate(self.moment)),
            "lienConnexion": page("account_login"),
        }


@register
class DataErased(AccountMail):
    """The person had their data erased: the receipt of it."""

    code = "data-erased"
    title = _("Data erased at the candidate’s request: receipt")
    placeholders = (
        *PERSON,
        Placeholder("numeroRecu", _("number of the receipt"), "48213"),
        Placeholder("momentEffacement", _("when it was"), "20 mars 2027 à 23 h"),
        Placeholder("nombreCandidatures", _("how many applications"), "2"),
        Placeholder("nombreFichiers", _("how many files"), "14"),
    )

    def __init__(
        self, user: User, *, number: int, at: datetime, applications: int, files: int
    ) -> None:
        super().__init__(user)
        self.number, self.at = number, at
        self.applications, self.files = applications, files

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "numeroRecu": str(self.number),
            "momentEffacement": moment_words(self.at),
            "nombreCandidatures": str(self.applications),
            "nombreFichiers": str(self.files),
        }

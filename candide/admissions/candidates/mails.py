"""The mails about a candidate's file."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.models import Candidate
from candide.institution.accounts.mails import PERSON, AccountMail, moment_words, page
from candide.institution.accounts.models import User
from candide.institution.mails.kinds import Placeholder, register


class FileMail(AccountMail):
    """A mail to the candidate about their file, in the names of the file."""

    is_required = False
    is_urgent = False

    def __init__(self, candidate: Candidate, *, to: str = "") -> None:
        super().__init__(candidate.user, to=to)
        self.candidate = candidate

    def about(self) -> Candidate:
        return self.candidate

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "prenom": self.candidate.first_name,
            "nom": self.candidate.usual_name or self.candidate.birth_name,
        }


@register
class IneClaimed(FileMail):
    """To who holds an INE: somebody else has given it (architecture, 0). It names nobody."""

    code = "ine-claimed"
    title = _("Somebody else gave the same INE")
    placeholders = (
        *PERSON,
        Placeholder(
            "lienDossier",
            _("personal information in the file"),
            "https://candidatures.univ-valmont.fr/espace/dossier/",
            is_link=True,
        ),
        Placeholder(
            "lienAssistance",
            _("page of assistance"),
            "https://candidatures.univ-valmont.fr/assistance/",
            is_link=True,
        ),
    )

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "lienDossier": page("candidate:file"),
            "lienAssistance": page("public:assistance"),
        }


@register
class StudentProof(FileMail):
    """To the address the institution knows of a student: the link that proves that the account
    is theirs. It shows no data of the student, only what the account itself typed."""

    code = "student-proof"
    title = _("Confirmation of being a student here")
    is_secret = True
    is_urgent = True
    is_required = True
    placeholders = (
        *PERSON,
        Placeholder(
            "lienConfirmation",
            _("link that confirms"),
            "https://candidatures.univ-valmont.fr/espace/dossier/etudiant/x/",
            is_link=True,
        ),
        Placeholder("finValidite", _("until when the link is valid"), "20 mars 2027 à 23 h"),
    )

    def __init__(self, candidate: Candidate, *, to: str, token: str, until: datetime) -> None:
        super().__init__(candidate, to=to)
        self.token = token
        self.until = until

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "lienConfirmation": page("candidate:student_proof", self.token),
            "finValidite": moment_words(self.until),
        }


class AskedLater(AccountMail):
    """To a candidate, once the student system answered what it was asked in vain before."""

    is_required = False
    is_urgent = False
    page_name = "candidate:file"
    placeholders = (
        *PERSON,
        Placeholder(
            "lienSuite",
            _("page where the candidate goes on"),
            "https://candidatures.univ-valmont.fr/espace/dossier/",
            is_link=True,
        ),
    )

    def __init__(self, user: User, *, page_name: str = "") -> None:
        super().__init__(user)
        self.page_name = page_name or self.page_name

    def values(self) -> Mapping[str, object]:
        return {**super().values(), "lienSuite": page(self.page_name)}


@register
class StudentDataFound(AskedLater):
    """The data of a student may be taken over now: it shows none."""

    code = "student-data-found"
    title = _("The student system answers again: data may be taken over")
    page_name = "candidate:student_certify"


@register
class StudiesArrived(AskedLater):
    """The studies here were fetched later than the rest."""

    code = "studies-arrived"
    title = _("Studies here fetched later")


@register
class IneDoubted(AskedLater):
    """The national register, asked later, does not know the INE of the file."""

    code = "ine-doubted"
    title = _("The national register does not know the INE")


@register
class AccountsMerged(AccountMail):
    """To both addresses, once two accounts of one person became one."""

    code = "accounts-merged"
    title = _("Two accounts of one person merged")
    placeholders = (
        *PERSON,
        Placeholder("ancienNumero", _("number of the file that was closed"), "Q4R7W2KM"),
        Placeholder("adresseConservee", _("e-mail address of the account"), "alix@exemple.fr"),
        Placeholder(
            "lienConnexion",
            _("page to sign in"),
            "https://candidatures.univ-valmont.fr/compte/connexion/",
            is_link=True,
        ),
    )

    def __init__(self, user: User, *, other_number: str, to: str = "") -> None:
        super().__init__(user, to=to)
        self.other_number = other_number

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "ancienNumero": self.other_number,
            "adresseConservee": self.user.email,
            "lienConnexion": page("account_login"),
        }

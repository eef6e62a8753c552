"""The mails about an account. Links are the person's own: they are hidden in the outbox, and no
mail ever holds a password."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from candide.core.deadlines import long_date, zone_name
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Campaign
from candide.institution.mails.enums import Audience
from candide.institution.mails.kinds import Mail, Placeholder, register, standard_text

_FIRST_NAME = Placeholder("prenom", _("first name"), "Alix")
_LAST_NAME = Placeholder("nom", _("last name"), "MARTIN")
_FILE_NUMBER = Placeholder("numDossierOpi", _("file number, which signs in"), "K7P2M9QX")
_SAMPLE = "https://candidatures.univ-valmont.fr/compte"
_ACTIVATION = f"{_SAMPLE}/activation/x"
_ADDRESS = f"{_SAMPLE}/adresse/x"
_CAMPAIGN = Placeholder("libelleCampagne", _("name of the campaign"), "Campagne 2027-2028")
PERSON = (_FIRST_NAME, _LAST_NAME, _FILE_NUMBER, _CAMPAIGN)


class AccountMail(Mail):
    """A mail to the holder of an account, at the address of the account unless `to` says."""

    is_required = True
    is_urgent = True

    def __init__(self, user: User, *, to: str = "") -> None:
        self.user = user
        self.to = to or user.email

    def recipients(self) -> Iterable[str]:
        return [self.to]

    def language(self) -> str:
        return self.user.language

    def about(self) -> Model | None:
        return self.user

    def for_user(self) -> User:
        return self.user

    def values(self) -> Mapping[str, object]:
        return {
            "prenom": self.user.first_name,
            "nom": self.user.last_name,
            "numDossierOpi": self.user.file_number or "",
            "libelleCampagne": Campaign.objects.in_service().order_by("-starts_on").first(),
        }


class LinkMail(AccountMail):
    """A mail with a link that proves the mailbox, valid until a moment."""

    is_secret = True

    def __init__(self, user: User, *, secret: str, until: datetime, to: str = "") -> None:
        super().__init__(user, to=to)
        self.secret = secret
        self.until = until


# -- Creation and activation ----------------------------------------------------------------------


class ActivationMail(LinkMail):
    placeholders = (
        *PERSON,
        Placeholder("lienValidation", _("activation link"), _ACTIVATION, is_link=True),
        Placeholder(
            "lienValidationHtml",
            _("activation link, under the name older texts use"),
            _ACTIVATION,
            is_link=True,
        ),
        Placeholder("jourDestructionCptMin", _("last day to activate"), "20 mars 2027 à 23 h"),
    )

    def values(self) -> Mapping[str, object]:
        link = page("account_activate", self.secret)
        return {
            **super().values(),
            "lienValidation": link,
            "lienValidationHtml": link,
            "jourDestructionCptMin": moment_words(self.until),
        }


@register
class AccountCreated(ActivationMail):
    """CPT_MIN_CREATE [ACC-12]."""

    code = "account-created"
    title = _("Account created: activation link")
    formerly = "CPT_MIN_CREATE"


@register
class AccountOpened(ActivationMail):
    """Staff opened the account: its holder activates it and chooses a password by the link, also
    when it is sent again [27.1]."""

    code = "account-opened"
    title = _("Account opened by staff: link to activate it and choose a password")


@register
class ActivationResent(ActivationMail):
    """CPT_MIN_LIEN_VALID_OUBLIE [ACC-19]."""

    code = "activation-resent"
    title = _("Activation link sent again")
    formerly = "CPT_MIN_LIEN_VALID_OUBLIE"


@register
class ActivationTooLate(AccountMail):
    """The link was asked for again after the time to activate had passed."""

    code = "activation-too-late"
    title = _("Activation asked for too late")
    placeholders = (
        *PERSON,
        Placeholder("lienCreation", _("page to create an account"), f"{_SAMPLE}/", is_link=True),
    )

    def values(self) -> Mapping[str, object]:
        return {**super().values(), "lienCreation": page("account_signup")}


class ExistingAccountMail(AccountMail):
    placeholders: ClassVar[tuple[Placeholder, ...]] = (
        *PERSON,
        Placeholder("lienConnexion", _("page to sign in"), f"{_SAMPLE}/", is_link=True),
        Placeholder(
            "lienIdentifiants", _("page for forgotten identifiers"), f"{_SAMPLE}/", is_link=True
        ),
    )

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "lienConnexion": page("account_login"),
            "lienIdentifiants": page("account_reset_password"),
        }


@register
class AccountExists(ExistingAccountMail):
    """Somebody filled in the creation form with the address of this account [ACC-04]."""

    code = "account-exists"
    title = _("Creation asked for with the address of an account")


@register
class AccountAlreadyActive(ExistingAccountMail):
    """The activation link was asked for, but the account is active [ACC-19]."""

    code = "account-already-active"
    title = _("Activation asked for an active account")


# -- Password -------------------------------------------------------------------------------------


@register
class ForgottenIdentifiers(LinkMail):
    """CPT_MIN_MDP_OUBLIE: the login and a link to choose a password [ACC-22]."""

    code = "forgotten-identifiers"
    title = _("Forgotten identifiers")
    formerly = "CPT_MIN_MDP_OUBLIE"
    placeholders = (
        *PERSON,
        Placeholder("identifiant", _("what the person signs in with"), "K7P2M9QX"),
        Placeholder(
            "lienReinitialisation",
            _("link to choose a password"),
            f"{_SAMPLE}/mot-de-passe/x",
            is_link=True,
        ),
        Placeholder(
            "lienReinitialisationHtml",
            _("link to choose a password, under the name older texts use"),
            f"{_SAMPLE}/mot-de-passe/x",
            is_link=True,
        ),
        Placeholder("datFinReinitCptMin", _("end of validity of the link"), "15 mars 2027 à 12 h"),
    )

    def values(self) -> Mapping[str, object]:
        link = page("account_choose_password", self.secret)
        return {
            **super().values(),
            "identifiant": self.user.file_number or self.user.email,
            "lienReinitialisation": link,
            "lienReinitialisationHtml": link,
            "datFinReinitCptMin": moment_words(self.until),
        }


@register
class StaffInvitation(LinkMail):
    """A colleague is invited to work here: a link to choose a password."""

    code = "staff-invitation"
    audience = Audience.STAFF
    title = _("Invitation of a colleague: link to choose a password")
    placeholders = (
        *PERSON,
        Placeholder("identifiant", _("what the person signs in with"), "bao@univ-valmont.fr"),
        Placeholder(
            "lienMotDePasse",
            _("link to choose a password"),
            f"{_SAMPLE}/mot-de-passe/x",
            is_link=True,
        ),
        Placeholder("finValidite", _("end of validity of the link"), "22 mars 2027 à 10 h"),
        Placeholder(
            "lienIdentifiants", _("page for forgotten identifiers"), f"{_SAMPLE}/", is_link=True
        ),
    )

    def values(self) -> Mapping[str, object]:
        return {
            **super().values(),
            "identifiant": self.user.email,
            "lienMotDePasse": page("account_choose_password", self.secret),
            "finValidite": moment_words(self.until),
            "lienIdentifiants": page("account_reset_password"),
        }


@register
class PasswordChanged(ExistingAccountMail):
    code = "password-changed"
    title = _("Password changed")


# -- E-mail address -------------------------------------------------------------------------------


@register
class EmailChangeAsked(LinkMail):
    """CPT_MIN_MOD_MAIL, to the new address [ACC-28, ACC-29]."""

    code = "email-change-asked"
    title = _("E-mail address: link to validate the new one")
    formerly = "CPT_MIN_MOD_MAIL"
    placeholders = (
        *PERSON,
        Placeholder(
            "lienValidation",
            _("link to validate the address"),
            _ADDRESS,
            is_link=True,
        ),
        Placeholder(
            "lienValidationHtml",
            _("link to validate the address, under the name older texts use"),
            _ADDRESS,
            is_link=True,
        ),
        Placeholder("finValidite", _("end of validity of the link"), "16 mars 2027 à 10 h"),
    )

    def values(self) -> Mapping[str, object]:
        link = page("account_validate_email", self.secret)
        return {
            **super().values(),
            "lienValidation": link,
            "lienValidationHtml": link,
            "finValidite": moment_words(self.until),
        }


class NewAddressMail(ExistingAccountMail):
    placeholders = (
        *ExistingAccountMail.placeholders,
        Placeholder("nouvelleAdresse", _("new address"), "alix@exemple.fr"),
    )

    def __init__(self, user: User, *, new_email: str, to: str = "") -> None:
        super().__init__(user, to=to)
        self.new_email = new_email

    def values(self) -> Mapping[str, object]:
        return {**super().values(), "nouvelleAdresse": self.new_email}


@register
class EmailChangeNotice(NewAddressMail):
    """To the address of the account: a change was asked for, nothing has changed yet."""

    code = "email-change-notice"
    title = _("E-mail address: a change was asked for")


@register
class EmailChanged(NewAddressMail):
    """To both addresses, once the new one is validated."""

    code = "email-changed"
    title = _("E-mail address changed")


@register
class AddressAlreadyUsed(ExistingAccountMail):
    """Somebody asked to move another account to the address of this one."""

    code = "address-already-used"
    title = _("E-mail address: already that of another account")


# -- Ways to sign in ------------------------------------------------------------------------------


@register
class SignInChanged(ExistingAccountMail):
    """A way to sign in was added or removed: the sign-in of the institution, the second factor."""

    code = "sign-in-changed"
    title = _("Way to sign in changed")
    placeholders = (
        *ExistingAccountMail.placeholders,
        Placeholder("changement", _("what changed"), "code à usage unique activé"),
    )
    CHANGES: ClassVar[dict[str, Any]] = {
        "sso": _("the sign-in of the institution was attached to your account"),
        "sso_left": _(
            "the sign-in of the institution opens your account of staff from now on; your file "
            "number and your password open this one"
        ),
        "second_factor_on": _("the code of your telephone was added; signing in may ask for it"),
        "second_factor_off": _("signing in no longer asks for a code from your telephone"),
        "passkey_added": _("a passkey was added, which signing in may ask for"),
        "passkey_removed": _("a passkey was removed: it is of no use for signing in any more"),
        "recovery_codes": _("new recovery codes replace the old ones"),
    }

    def __init__(self, user: User, *, change: str) -> None:
        super().__init__(user)
        self.change = change

    def values(self) -> Mapping[str, object]:
        return {**super().values(), "changement": self.CHANGES[self.change]}


# -- By staff --------------------------------------------------------------------------------------


@register
class AccountDeleted(AccountMail):
    """Staff deleted the account and chose to say so [CPT_MIN_DELETE]."""

    code = "account-deleted"
    title = _("Account deleted by staff")
    formerly = "CPT_MIN_DELETE"
    placeholders = PERSON


# -- No difference to be seen ----------------------------------------------------------------------


def rehearse(kind: type[Mail]) -> None:
    """Render a mail that is not sent, so that an address without account takes about as long to
    answer as one with [ACC-19]."""
    text = standard_text(kind, get_language() or settings.LANGUAGE_CODE)
    kind.render(text, kind.samples(), institution="")


# -- Words ----------------------------------------------------------------------------------------


def page(name: str, *args: str) -> str:
    """The whole address of a page."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def moment_words(moment: datetime) -> str:
    """« 20 mars 2027 à 23 h 00, heure de Paris »."""
    local = localtime(moment)
    return gettext("%(day)s at %(hour)s, %(zone)s") % {
        "day": long_date(local.date()),
        "hour": date_format(local, "TIME_FORMAT"),
        "zone": zone_name(),
    }

"""The sign-in of the institution (« SSO », the door « Je suis étudiant à … »): who it says somebody
is, and whose account that is. An identity is attached to an account only by proof: a new account
whose address is then validated, or the holder of an account who is signed in [ACC-03, ACC-15]."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import SignInChanged
from candide.institution.accounts.models import User

PROVIDER = "institution"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person as the institution signed them in. `subject` never changes; the rest may."""

    provider: str
    subject: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    student_number: str = ""

    @classmethod
    def from_claims(
        cls, claims: Mapping[str, Any], *, provider: str, subject: str, student_number_claim: str
    ) -> "Identity":
        """What the provider told, every value cut to what we can keep."""

        def text(name: str, length: int) -> str:
            value = claims.get(name)
            return str(value).strip()[:length] if isinstance(value, str | int) else ""

        return cls(
            provider=provider,
            subject=subject,
            first_name=text("given_name", 100),
            last_name=text("family_name", 100),
            email=text("email", 254).lower(),
            student_number=text(student_number_claim, 30),
        )

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def is_of_same_person(self, kept: Mapping[str, str]) -> bool:
        """Whether what `as_dict` gave once was of this person: the rest may have changed since."""
        return (kept.get("provider"), kept.get("subject")) == (self.provider, self.subject)


def account_of(identity: Identity) -> User | None:
    """The account `identity` is attached to."""
    found = _social_accounts(identity).select_related("user").first()
    return found.user if found else None


def identity_blockers(identity: Identity, *, user: User | None = None) -> list[Blocker]:
    """Why `identity` may not be attached to `user`, or to a new account. The person proved who
    they are, so telling them of their own account gives nothing away."""
    found = []
    if _social_accounts(identity).exclude(user=user).exists():
        found.append(has_account())
    elif _holders(identity.student_number).exclude(pk=user.pk if user else None).exists():
        found.append(
            Blocker(
                "student_number_taken",
                _(
                    "An account already exists with your student number. Sign in to it, or ask "
                    "for your forgotten identifiers; if it is not yours, contact us."
                ),
            )
        )
    return found


def linking_blockers(user: User, identity: Identity) -> list[Blocker]:
    """Why the signed-in `user` may not attach `identity` to their account."""
    found = identity_blockers(identity, user=user)
    if not user.is_candidate:
        found.append(
            Blocker("not_a_candidate", _("Accounts of staff have a password of their own."))
        )
    elif SocialAccount.objects.filter(user=user).exclude(uid=identity.subject).exists():
        found.append(
            Blocker(
                "linked_to_another",
                _("Your account is already attached to another person of the institution."),
            )
        )
    elif user.student_number and identity.student_number not in {"", user.student_number}:
        found.append(
            Blocker("other_student", _("Your account carries another student number; contact us."))
        )
    return found


@transaction.atomic
def link_identity(user: User, identity: Identity, *, now: datetime) -> None:
    """Attach `identity` to the account of `user`, who is signed in."""
    user = User.objects.locked(user.pk)
    refuse_if(linking_blockers(user, identity))
    if account_of(identity) == user:
        return
    attach(user, identity)


def attach(user: User, identity: Identity) -> None:
    """Write that `identity` signs in to `user`, refusing what another account holds, and tell
    them: a way into their account was added."""
    refuse_if(identity_blockers(identity, user=user))
    try:
        with transaction.atomic():
            SocialAccount.objects.create(
                user=user, provider=identity.provider, uid=identity.subject
            )
            note_student_number(user, identity.student_number)
    except IntegrityError:  # attached to another account at this very moment
        raise Refused([has_account()]) from None
    log(user, AccountEvent.SSO_LINKED, by=user)
    SignInChanged(user, change="sso").send()


def has_account() -> Blocker:
    return Blocker(
        "has_account",
        _("You already have an account: sign in through the door of the institution."),
    )


def note_student_number(user: User, student_number: str) -> None:
    """Keep the student number the institution gives, unless the account has one or somebody else
    holds it."""
    if student_number and not user.student_number and not _holders(student_number).exists():
        user.student_number, user.is_search_due = student_number, True
        user.save(update_fields=["student_number", "is_search_due"])


def _social_accounts(identity: Identity) -> Any:
    return SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject)


def _holders(student_number: str) -> Any:
    if not student_number:
        return User.objects.none()
    return User.objects.filter(student_number=student_number)

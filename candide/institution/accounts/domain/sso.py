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
from candide.institution.accounts.domain.providers import (
    AttributeNames,
    SignInProvider,
    find_provider,
)
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import SignInChanged
from candide.institution.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person as the institution signed them in. `subject` never changes; the rest may. `login`
    is what the directory knows them by."""

    provider: str
    subject: str
    login: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    student_number: str = ""

    @classmethod
    def from_claims(
        cls, claims: Mapping[str, Any], *, provider: str, subject: str, names: AttributeNames
    ) -> "Identity":
        """What the provider told under `names`, each cut to what we can keep; whatever else it
        told is nothing to us."""

        def text(name: str, length: int) -> str:
            value = claims.get(name)
            said = str(value) if isinstance(value, str | int) else ""
            return "".join(filter(str.isprintable, said)).strip()[:length]

        return cls(
            provider=provider,
            subject=subject,
            login=text(names.login, 100) if names.login else subject,
            first_name=text(names.first_name, 100),
            last_name=text(names.last_name, 100),
            email=text(names.email, 254).lower(),
            student_number=text(names.student_number, 30),
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
        found.append(number_taken())
    return found


def linking_blockers(user: User, identity: Identity) -> list[Blocker]:
    """Why the signed-in `user` may not attach `identity` to their account."""
    provider = find_provider(identity.provider)
    found = identity_blockers(identity, user=user)
    others = SocialAccount.objects.filter(user=user, provider=identity.provider)
    if not may_sign_in(user, provider):
        found.append(
            Blocker("not_for_you", _("This sign-in is not meant for an account like yours."))
        )
    elif others.exclude(uid=identity.subject).exists() or _is_somebody_else(user, identity):
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


def may_sign_in(user: User, provider: SignInProvider | None) -> bool:
    """Whether `provider` signs in to accounts like that of `user`."""
    if provider is None:
        return False
    return provider.is_for_candidates if user.is_candidate else provider.is_for_staff


def _is_somebody_else(user: User, identity: Identity) -> bool:
    """Whether the directory knows the holder of the account by another login."""
    known = user.directory_id.lower()
    return not user.is_candidate and known not in {"", identity.login.lower()}


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
            note_student(user, identity)
    except IntegrityError:  # attached to another account at this very moment
        raise Refused([has_account()]) from None
    log(user, AccountEvent.SSO_LINKED, by=user)
    SignInChanged(user, change="sso").send()


def has_account() -> Blocker:
    return Blocker(
        "has_account",
        _("You already have an account: sign in through the door of the institution."),
    )


def number_taken() -> Blocker:
    return Blocker(
        "student_number_taken",
        _(
            "An account already exists with your student number. Sign in to it, or ask for your "
            "forgotten identifiers; if it is not yours, contact us."
        ),
    )


def note_student(user: User, identity: Identity) -> None:
    """Keep which student the institution signed in to an account of a candidate: the number it
    gives; where it gives none, the login, which finds the student too if it is the directory's.
    Elsewhere people may have chosen theirs."""
    if not user.is_candidate:
        return
    if identity.student_number:
        note_student_number(user, identity.student_number)
    elif _is_of_the_directory(identity) and identity.login != user.student_login:
        user.student_login = identity.login
        user.save(update_fields=["student_login"])


def _is_of_the_directory(identity: Identity) -> bool:
    provider = find_provider(identity.provider)
    return bool(identity.login) and provider is not None and provider.is_for_staff


def note_student_number(user: User, student_number: str) -> None:
    """Keep the student number of `user`, unless the account has one or somebody else holds it."""
    if student_number and not user.student_number and not is_held(student_number):
        user.student_number, user.is_search_due = student_number, True
        user.save(update_fields=["student_number", "is_search_due"])


def is_held(student_number: str) -> bool:
    """Whether the account of somebody carries this student number."""
    return _holders(student_number).exists()


def _social_accounts(identity: Identity) -> Any:
    return SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject)


def _holders(student_number: str) -> Any:
    if not student_number:
        return User.objects.none()
    return User.objects.filter(student_number=student_number)

"""How django-allauth is bent to our accounts: it throttles and performs the sign-in, asks for the
second factor and speaks OpenID Connect. Accounts themselves are made and changed in `domain/`."""

import base64
import hashlib
import time
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount import app_settings as social_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.shortcuts import redirect  # noqa: TID251 -- at the edge, for django-allauth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.institution.accounts.backend import find_by_login
from candide.institution.accounts.domain.journal import note_refusal, note_sign_in
from candide.institution.accounts.domain.providers import (
    AttributeNames,
    SignInProvider,
    find_provider,
)
from candide.institution.accounts.domain.provisioning import staff_account, welcome_staff
from candide.institution.accounts.domain.second_factor import passkey_host
from candide.institution.accounts.domain.sessions import ticket_digest
from candide.institution.accounts.domain.sso import (
    Identity,
    may_sign_in,
    note_student,
)
from candide.institution.accounts.models import User
from candide.institution.accounts.provider import AGAIN
from candide.institution.accounts.sessions import LET_IN, SUBJECT_KEY, TICKET_KEY
from candide.institution.catalogue.models import Institution
from candide.integrations.fetching import is_loopback

WAYS_KEY = "account_authentication_methods"  # django-allauth's
IDENTITY_KEY = "sso_identity"
IDENTITY_SECONDS = 1800
AGAIN_SECONDS = 300  # how old a sign-in may be that was asked for anew


class AccountAdapter(DefaultAccountAdapter):
    """Signing in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_code": _("This code is not the one expected."),
    }

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def pre_login(self, request: Any, user: User, **kwargs: Any) -> Any:
        """Nobody gets in before activation [AUTH-01, AUTH-04], nor once out of service. Whoever
        reads this has given the password, or was signed in by the institution."""
        if not user.is_active:
            return headed_redirect_response("account_closed")
        if user.awaits_activation:
            return headed_redirect_response("account_not_active")
        _note_how_it_ends(request)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: Any, user: User, **kwargs: Any) -> Any:
        """Pages speak the language of the account from now on [AUTH-07]."""
        response = super().post_login(request, user, **kwargs)
        note_sign_in(user, way=_way_in(request))
        set_language_cookie(response, user.language)
        if Institution.current().most_candidates is None:
            request.session[LET_IN] = True  # and stays in if others have to wait later on
        return response

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Who is meant may look for it in the journal."""
        note_refusal(find_by_login(str(credentials.get("username", ""))))

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """What failures are counted under [AUTH-02]; allauth's own name for it."""
        return str(credentials.get("username", ""))

    def is_safe_url(self, url: str) -> bool:
        """Only pages of ours."""
        return url.startswith("/") and super().is_safe_url(url)

    def add_message(self, request: Any, level: int, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages are not shown: the pages say what happened."""

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Refuses: every mail goes through the outbox. Raises `LookupError`."""
        raise LookupError(f"no mail of ours stands for {template_prefix}")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Whom a provider of the institution signed in, by CAS or OpenID Connect: staff are known by
    what their account is attached to or by the directory; who has no account is led to the page
    that makes one, or attaches one [ACC-03, AUTH-03, HOME-04]."""

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        provider = find_provider(sociallogin.account.provider)
        identity = _identity(sociallogin, provider)
        _hear_session(request, sociallogin)
        if not _is_recent(sociallogin):
            raise ImmediateHttpResponse(headed_redirect_response("account_sso_failed"))
        staff = staff_account(identity)
        user = staff or (sociallogin.user if sociallogin.is_existing else None)
        if user is None:
            _keep(request, sociallogin, identity)
            raise ImmediateHttpResponse(headed_redirect_response("account_sso_arrival"))
        if not may_sign_in(user, provider):
            raise ImmediateHttpResponse(headed_redirect_response("account_sso_failed"))
        if not user.is_active:
            raise ImmediateHttpResponse(headed_redirect_response("account_closed"))
        if sociallogin.state.get(AGAIN) and request.user.is_authenticated:
            _prove_again(request, sociallogin, user)
        if staff is not None:
            now = timezone.now()  # noqa: TID251 -- django-allauth calls from the edge
            sociallogin.account = welcome_staff(staff, identity, now=now)
            sociallogin.user = sociallogin.account.user
        else:
            note_student(user, identity)
        sociallogin.account.extra_data = {}  # what we need is on our own account
        sociallogin.account.save(update_fields=["extra_data"])

    def on_authentication_error(
        self, request: Any, provider: Any, error: Any = None, **kwargs: Any
    ) -> None:
        raise ImmediateHttpResponse(headed_redirect_response("account_sso_failed"))

    def get_requests_session(self) -> requests.Session:
        """As allauth's; a provider on this very machine is not asked through a proxy."""
        return _Session()


class _Session(requests.Session):
    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        self.trust_env = not is_loopback(str(url))
        kwargs.setdefault("timeout", social_settings.REQUESTS_TIMEOUT)
        return super().request(method, url, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """The second factor; its secrets are encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not the one expected."),
    }

    def get_totp_issuer(self) -> str:
        return Institution.current().display_name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are made for the address people type: no header of a request decides it."""
        return {"id": passkey_host(), "name": Institution.current().display_name}

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()


def _way_in(request: Any) -> str:
    """How somebody came in: through the institution, or by a password and perhaps a second
    factor."""
    ways = [record["method"] for record in request.session.get(WAYS_KEY, ())]
    return next((way for way in ("socialaccount", "mfa", "password") if way in ways), "")


def pending_identity(session: Any, *, now: float) -> tuple[Identity, str] | None:
    """Whom the institution signed in a moment ago in this visit, and where they were going; None
    when nobody, or too long ago."""
    kept = session.get(IDENTITY_KEY)
    if not kept or now - kept["at"] > IDENTITY_SECONDS:
        return None
    values = {name: value for name, value in kept.items() if name not in {"at", "next"}}
    return Identity(**values), kept["next"]


def forget_identity(session: Any) -> None:
    session.pop(IDENTITY_KEY, None)


def set_language_cookie(response: Any, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _prove_again(request: Any, sociallogin: Any, user: User) -> None:
    """The person of this visit signed in anew: it goes on, with what it holds."""
    if user != request.user:
        raise ImmediateHttpResponse(headed_redirect_response("account_sso_failed"))
    account = sociallogin.account
    how = {"provider": account.provider, "uid": account.uid, "reauthenticated": True}
    record_authentication(request, user, method="socialaccount", **how)
    _note_how_it_ends(request)
    going_to = sociallogin.get_redirect_url(request) or "public:after_login"
    raise ImmediateHttpResponse(redirect(going_to))


def _hear_session(request: Any, sociallogin: Any) -> None:
    """By what an OpenID Connect provider names the visit, and the person, when it ends them; a CAS
    server does so by its ticket."""
    account, told = sociallogin.account, sociallogin.account.extra_data.get("id_token", {})
    if told:
        sid = str(told.get("sid", ""))
        setattr(request, TICKET_KEY, ticket_digest(account.provider, sid) if sid else "")
        setattr(request, SUBJECT_KEY, ticket_digest(account.provider, account.uid))


def _note_how_it_ends(request: Any) -> None:
    for key in (TICKET_KEY, SUBJECT_KEY):
        request.session[key] = getattr(request, key, "")


def _keep(request: Any, sociallogin: Any, identity: Identity) -> None:
    """Who came without an account is remembered for a while, in this visit."""
    request.session[IDENTITY_KEY] = {
        "at": time.time(),
        "next": sociallogin.get_redirect_url(request) or "",
        **identity.as_dict(),
    }


def _identity(sociallogin: Any, provider: SignInProvider | None) -> Identity:
    """CAS tells a login and attributes, OpenID Connect what it signed and what it adds to it."""
    data = sociallogin.account.extra_data
    said = {**data.get("id_token", {}), **data.get("userinfo", {})}
    return Identity.from_claims(
        data.get("attributes", said),
        provider=sociallogin.account.provider,
        subject=sociallogin.account.uid,
        names=provider.names if provider else AttributeNames(),
    )


def _is_recent(sociallogin: Any) -> bool:
    """Whether who was to sign in anew did so, as far as the provider says. A CAS server was asked
    with the ticket itself."""
    if not sociallogin.state.get(AGAIN):
        return True
    at = sociallogin.account.extra_data.get("id_token", {}).get("auth_time")
    return not isinstance(at, int) or time.time() - at < AGAIN_SECONDS


def _vault() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

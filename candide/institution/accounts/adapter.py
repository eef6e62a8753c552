"""How django-allauth is bent to our accounts: it throttles and performs the sign-in, asks for the
second factor and speaks OpenID Connect. Accounts themselves are made and changed in `domain/`."""

import base64
import functools
import hashlib
import ipaddress
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount import app_settings as social_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from candide.institution.accounts.backend import find_by_login
from candide.institution.accounts.domain.journal import note_refusal, note_sign_in
from candide.institution.accounts.domain.sso import Identity, note_student_number
from candide.institution.accounts.models import User
from candide.institution.accounts.sessions import LET_IN
from candide.institution.catalogue.models import Institution

WAYS_KEY = "account_authentication_methods"  # django-allauth's
IDENTITY_KEY = "sso_identity"
IDENTITY_SECONDS = 1800


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
    """The SSO door: who comes through it without an account is led to the page that makes one, or
    attaches one [ACC-03, HOME-04]."""

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        identity = _identity(sociallogin)
        if sociallogin.is_existing:
            sociallogin.account.extra_data = {}  # what we need is on our own account
            sociallogin.account.save(update_fields=["extra_data"])
            note_student_number(sociallogin.user, identity.student_number)
            return
        request.session[IDENTITY_KEY] = {
            "at": time.time(),
            "next": sociallogin.get_redirect_url(request) or "",
            **identity.as_dict(),
        }
        raise ImmediateHttpResponse(headed_redirect_response("account_sso_arrival"))

    def on_authentication_error(
        self, request: Any, provider: Any, error: Any = None, **kwargs: Any
    ) -> None:
        raise ImmediateHttpResponse(headed_redirect_response("account_sso_failed"))

    def get_requests_session(self) -> requests.Session:
        """As allauth's; a provider on this very machine is not asked through a proxy."""
        session = requests.Session()
        session.request = functools.partial(  # type: ignore[method-assign]
            session.request, timeout=social_settings.REQUESTS_TIMEOUT
        )
        session.trust_env = not _is_loopback(settings.OIDC_ISSUER)
        return session


class MFAAdapter(DefaultMFAAdapter):
    """The second factor; its secrets are encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not the one expected."),
    }

    def get_totp_issuer(self) -> str:
        return Institution.current().display_name

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


def _identity(sociallogin: Any) -> Identity:
    data = sociallogin.account.extra_data
    return Identity.from_claims(
        {**data.get("id_token", {}), **data.get("userinfo", {})},
        provider=sociallogin.account.provider,
        subject=sociallogin.account.uid,
        student_number_claim=settings.OIDC_STUDENT_NUMBER_CLAIM,
    )


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _vault() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

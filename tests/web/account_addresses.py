"""Who reaches the pages of accounts."""

from typing import Any

from allauth.mfa.models import Authenticator

from tests.institution.accounts.authenticator import Authenticator as Key
from tests.institution.accounts.authenticator import kept_by
from tests.web.actors import ANYBODY, NONE_UNDER_WAY, NOTHING, OWN_PASSKEY, PUBLIC, STAFF

ACCOUNT_PAGES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(
        (
            "account_login",
            "account_not_active",
            "account_closed",
            "account_signup",
            "account_sent",
            "account_resend",
            "account_resent",
            "account_activate",
            "account_reset_password",
            "account_identifiers_sent",
            "account_choose_password",
            "account_validate_email",
            "account_sso_failed",
            "account_logout",
            "account_sso_signed_out",
            "account_sso_start",
            "account_sso_end",
            "account_sso_through",
            "account_oidc_ended",
            "openid_connect_callback",
        ),
        PUBLIC,
    ),
    "account_sso_arrival": NONE_UNDER_WAY,
    "account_cas_return": NOTHING,  # no CAS server is set up here
    **dict.fromkeys(
        (
            "account_overview",
            "account_again",
            "account_again_go_on",
            "account_change_password",
            "account_email",
            "account_forget_email_change",
            "account_sign_out_everywhere",
            "account_sso_link",
        ),
        ANYBODY,
    ),
    **dict.fromkeys(
        (
            "mfa_index",
            "account_second_factor_on",
            "account_second_factor_off",
            "account_recovery_codes",
            "account_passkey_new",
        ),
        STAFF,
    ),
    "account_passkey_remove": OWN_PASSKEY,
}


def account_addresses(holder: Any) -> dict[str, dict[str, Any]]:
    """A passkey of `holder`."""
    data = {"name": "Key", "credential": kept_by(Key())}
    kept = Authenticator.objects.create(user=holder, type="webauthn", data=data)
    return {"account_passkey_remove": {"pk": kept.pk}}

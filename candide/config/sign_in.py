"""Settings of accounts, sessions and django-allauth: signing in, second factor, the SSO door."""

from candide.config.environment import env
from candide.config.providers import OURS, allauth_apps, named_providers

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "candide.institution.accounts.passwords.PasswordRule"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "first_name", "last_name", "file_number"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# -- django-allauth: accounts are made and changed in institution/accounts/domain ------------------
ACCOUNT_ADAPTER = "candide.institution.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "file_number"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    # A school's pupils share one address: what is counted by address leaves room for a class.
    "login_failed": "30/m/ip,5/5m/key",
    "password_asked": "5/5m/user",
    "signup": "60/h/ip,5/h/key",
    "activation_mail": "60/h/ip,5/h/key",
    "identifiers_mail": "60/h/ip,5/h/key",
    "email_change": "5/h/user",
    "mailed_link": "60/m/ip",
    "verify_letter": "30/m/ip",
    "form_return": "120/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", False) else 0

MFA_ADAPTER = "candide.institution.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "candide.web.public.account.forms.CodeForm",
    "authenticate_webauthn": "candide.web.public.account.forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey answers for https alone, or for http://localhost, while debugging too.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_TOTP_TOLERANCE = 1
# The touch of a key somebody left in the machine is no proof of who is there: a finger, a face or a
# PIN is, wherever a passkey stands for the password.
MFA_WEBAUTHN_USER_VERIFICATION = "required"

# -- The SSO door ---------------------------------------------------------------------------------
OIDC_STUDENT_NUMBER_CLAIM = env.str("OIDC_STUDENT_NUMBER_CLAIM", "supannEtuId")
SOCIALACCOUNT_ADAPTER = "candide.institution.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
_named = named_providers()
_short = {
    "name": OURS,
    "kind": "oidc",
    "label": "SSO",
    "url": env.str("OIDC_ISSUER", ""),
    "version": "",
    "client_id": env.str("OIDC_CLIENT_ID", ""),
    "client_secret": env.str("OIDC_CLIENT_SECRET", ""),
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": allauth_apps("oidc", [*([_short] if _short["url"] else []), *_named]),
        "OAUTH_PKCE_ENABLED": True,
    },
    "candide_cas": {"APPS": allauth_apps("cas", _named)},
}

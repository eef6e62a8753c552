"""How django-allauth is bent to our accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and their mails."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The SSO door."""


class MFAAdapter(DefaultMFAAdapter):
    """The second factor."""

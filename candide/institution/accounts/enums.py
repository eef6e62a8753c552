from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkPurpose(models.TextChoices):
    """What a link sent by mail lets its holder do."""

    ACTIVATION = "activation", _("Activate the account")
    PASSWORD = "password", _("Choose a new password")
    EMAIL = "email", _("Change the e-mail address")


class AccountEvent(models.TextChoices):
    """What happens to an account."""

    CREATED = "account-created", _("Created the account")
    ACTIVATION_SENT = "account-activation-sent", _("Had the activation link sent again")
    ACTIVATED = "account-activated", _("Activated the account")
    RESET_ASKED = "account-reset-asked", _("Forgot the identifiers")
    PASSWORD_CHANGED = "account-password-changed", _("Changed the password")
    EMAIL_CHANGE_ASKED = "account-email-change-asked", _("Asked to change the e-mail address")
    EMAIL_CHANGED = "account-email-changed", _("Changed the e-mail address")
    SSO_LINKED = "account-sso-linked", _("Attached the sign-in of the institution")
    SSO_LEFT = "account-sso-left", _("The sign-in of the institution opens an account of staff now")
    SECOND_FACTOR_CHANGED = "account-second-factor-changed", _("Changed the second factor")
    SIGNED_OUT = "account-signed-out", _("Ended all sessions")
    SESSION_ENDED = "account-session-ended", _("Ended a session")
    ERASED = "account-erased", _("Erased the person’s data")
    DATA_ASKED = "account-data-asked", _("Asked for all of their data")
    UNUSED = "account-unused", _("Nobody uses the account: told that it is to be erased")
    CLEANED = "account-cleaned", _("Removed the account that was never activated")
    INVITED = "account-invited", _("Invited to work here")
    INVITATION_SENT = "account-invitation-sent", _("Sent the invitation again")
    OPENED = "account-opened", _("Opened the account for the candidate")
    LINK_SENT = "account-link-sent", _("Sent the link to the candidate again")
    ACTIVATED_FOR = "account-activated-for", _("Activated the account for the candidate")
    CHANGED = "account-changed", _("Changed the account")
    SIGN_IN_RESET = "account-sign-in-reset", _("Reset the sign-in")
    DELETED = "account-deleted", _("Deleted the account")
    CLOSED = "account-closed", _("Closed the account")
    LEFT = "account-left", _("No longer in the directory: closed the account")
    FOLLOWED = "account-followed", _("Found in the directory")
    REOPENED = "account-reopened", _("Opened the account again")


class SignInEvent(models.TextChoices):
    """What the journal of sign-ins holds."""

    SIGNED_IN = "account-signed-in", _("Signed in")
    REFUSED = "account-refused", _("Wrong identifier or password")

"""The forms of the account pages: they turn what is typed into values, nothing else."""

import struct
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from candide.institution.accounts.domain.words import clean_email, clean_name, is_name
from candide.institution.accounts.models import User
from candide.institution.accounts.passwords import PasswordRule

NAME_LENGTH = 100
EMAIL_LENGTH = 254
PASSWORD_LENGTH = 256
PASSKEY_NAME_LENGTH = 60
# What allauth raises where a browser says something that is no passkey at all.
NOT_A_PASSKEY = (
    *(TypeError, ValueError, LookupError, AttributeError, NotImplementedError),
    struct.error,  # bytes that end too early
)


class EmailField(forms.EmailField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("E-mail address"))
        widget = forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        )
        super().__init__(max_length=EMAIL_LENGTH, widget=widget, **options)

    def clean(self, value: Any) -> str:
        return clean_email(super().clean(value))


class NameField(forms.CharField):
    def clean(self, value: Any) -> str:
        name = clean_name(super().clean(value))
        if self.required and not name:
            raise ValidationError(self.error_messages["required"], code="required")
        if name and not is_name(name):
            raise ValidationError(
                _("Only letters, spaces, apostrophes and hyphens are possible here."), code="name"
            )
        return name


class PasswordField(forms.CharField):
    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=PASSWORD_LENGTH, strip=False, widget=widget, **options)


def new_password_field(**options: Any) -> PasswordField:
    return PasswordField(
        autocomplete="new-password", help_text=lazy(PasswordRule().get_help_text, str)(), **options
    )


def password_again_field(**options: Any) -> PasswordField:
    return PasswordField(label=_("Confirm the password"), autocomplete="new-password", **options)


class NewPassword(forms.Form):
    """Checks `password` and `password_again` against each other and against the rule."""

    user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password, again = data.get("password"), data.get("password_again")
        if (password or again) and password != again and "password" in data:
            self.add_error("password_again", _("The two passwords are not the same."))
        if password:
            try:
                validate_password(password, self.holder(data))
            except ValidationError as error:
                self.add_error("password", error)
        return data

    def holder(self, data: dict[str, Any]) -> User | None:
        """Whose password it is: it may not resemble their name or address."""
        return self.user


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("File number or e-mail address"),
        max_length=EMAIL_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = PasswordField(label=_("Password"), autocomplete="current-password")


class CreateAccountForm(NewPassword):
    """[ACC-01]; through the SSO door the password is optional [ACC-02]."""

    last_name = NameField(
        label=_("Last name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    first_name = NameField(
        label=_("First name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    email = EmailField(
        help_text=_("Give one you read often: everything about your applications goes there.")
    )
    email_again = EmailField(label=_("Confirm the e-mail address"))
    password = new_password_field(label=_("Password"))
    password_again = password_again_field()

    def __init__(self, *args: Any, password_required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password", "password_again"):
            self.fields[name].required = password_required

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("email_again") and data.get("email") not in {None, data["email_again"]}:
            self.add_error("email_again", _("The two addresses are not the same."))
        return data

    def holder(self, data: dict[str, Any]) -> User:
        return User(**{name: data.get(name) or "" for name in ("email", "first_name", "last_name")})


class EmailForm(forms.Form):
    """For the activation link and for forgotten identifiers."""

    email = EmailField(help_text=_("The address you gave when you created your account."))


class ChoosePasswordForm(NewPassword):
    password = new_password_field(label=_("New password"))
    password_again = password_again_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class ChangePasswordForm(ChoosePasswordForm):
    current = PasswordField(label=_("Current password"), autocomplete="current-password")
    field_order = ("current", "password", "password_again")


class ChangeEmailForm(forms.Form):
    email = EmailField(label=_("New e-mail address"))
    email_again = EmailField(label=_("Confirm the e-mail address"))
    current = PasswordField(label=_("Current password"), autocomplete="current-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_local_password:
            del self.fields["current"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("email_again") and data.get("email") not in {None, data["email_again"]}:
            self.add_error("email_again", _("The two addresses are not the same."))
        return data


class CurrentPasswordForm(forms.Form):
    current = PasswordField(label=_("Current password"), autocomplete="current-password")


def code_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        **options,
    )


class SecondFactorForm(CurrentPasswordForm):
    """Switching the second factor on."""

    code = code_field(
        label=_("Code"), help_text=_("The six digits that the application on your telephone shows.")
    )
    field_order = ("code", "current")


class NewPasskeyForm(CurrentPasswordForm):
    """Adding a passkey: its name, and what the browser made."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=PASSKEY_NAME_LENGTH,
        help_text=_("What you will know it by: “Office computer”, “Key on my key ring”."),
    )
    credential = forms.JSONField(widget=forms.HiddenInput)
    field_order = ("name", "current")


class PasskeyForm(AuthenticateWebAuthnForm):
    """What the browser says with a passkey, at sign-in (through allauth) and when it is asked for
    again."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except (ValidationError, *NOT_A_PASSKEY) as error:
            if getattr(error, "code", "") == "too_many_login_attempts":
                raise
            raise ValidationError(
                _("This passkey was not recognised. Try again, or use another way."),
                code="passkey",
            ) from None


class CodeForm(AuthenticateForm):
    """At sign-in, through allauth: the code of the telephone, or a recovery code."""

    code = code_field(
        label=_("Code"),
        help_text=_("The six digits on your telephone, or one of your recovery codes."),
    )

"""Accounts: they last; the person keeps one across campaigns."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.accounts.enums import LinkPurpose


class UserManager(BaseUserManager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: of a candidate (with a file number) or of staff (with assignments)."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    file_number = models.CharField(
        _("file number"),
        max_length=8,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Eight characters that also sign in; staff have none."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="fr"
    )
    directory_id = models.CharField(
        _("login in the directory"),
        max_length=100,
        blank=True,
        help_text=_("Of staff the directory of the institution is followed about."),
    )
    work_centre = models.ForeignKey(
        "catalogue.ApplicationCentre",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Where the person works by preference, or worked last."),
    )
    work_commission = models.ForeignKey(
        "catalogue.Commission",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    prefers_place = models.BooleanField(default=False)
    student_number = models.CharField(_("student number"), max_length=30, blank=True)
    student_login = models.CharField(
        _("login at the institution"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text=_("Of a candidate, from the sign-in of the institution: finds the student."),
    )
    is_active = models.BooleanField(_("in service"), default=True)
    is_continuing_education = models.BooleanField(_("continuing education"), default=False)
    has_local_password = models.BooleanField(_("has chosen a password"), default=True)
    notice_version = models.CharField(_("privacy notice seen"), max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- moment of writing
    activated_at = models.DateTimeField(null=True, blank=True)
    activation_due_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Until then the account must be activated [ACC-09].")
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text=_("Raised to end every session of the account.")
    )
    opened_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="opened_accounts"
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_accounts",
        help_text=_("The account of the same person that took everything over."),
    )
    is_search_due = models.BooleanField(
        default=True, help_text=_("What the account is found by is to be written down anew.")
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_once"),
            models.UniqueConstraint(
                fields=["student_number"],
                condition=~Q(student_number=""),
                name="account_student_number_once",
            ),
            models.CheckConstraint(
                condition=Q(work_centre=None) | Q(work_commission=None),
                name="account_works_in_one_place",
            ),
            models.UniqueConstraint(
                fields=["directory_id"],
                condition=~Q(directory_id=""),
                name="account_directory_id_once",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(is_active=False),
                name="account_merged_is_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(is_search_due=True, file_number__isnull=False),
                name="account_search_due",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.file_number or f"#{self.pk}"

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.get_full_name()

    @property
    def is_candidate(self) -> bool:
        """Whether this is a candidate's account; staff are never treated as one [AUTH-03]."""
        return self.file_number is not None

    @property
    def awaits_activation(self) -> bool:
        """Whether the person has yet to follow the link in the mail; staff are invited instead."""
        return self.is_candidate and self.activated_at is None

    def get_session_auth_hash(self) -> str:
        """Ends every session when the password changes or `session_epoch` is raised."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}.{self.session_epoch}"


class IssuedFileNumber(models.Model):
    """Every file number ever given, so that none is given twice [ACC-08, ACC-11]."""

    number = models.CharField(max_length=8, primary_key=True)
    issued_at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- moment of writing

    class Meta:
        verbose_name = _("issued file number")

    def __str__(self) -> str:
        return self.number


class MailedLink(models.Model):
    """A link sent by mail that proves the mailbox: random, kept only as a digest, for one use,
    until a moment. A new one replaces the last of its purpose [ACC-19, ACC-23, ACC-29]."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mailed_links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True, help_text=_("The new address."))
    next_page = models.CharField(
        max_length=300, blank=True, help_text=_("Where the person was going, to be led back there.")
    )
    identity = models.JSONField(
        default=dict, blank=True, help_text=_("Whom the institution signed in; attached on use.")
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link sent by mail")
        constraints = [
            models.UniqueConstraint(fields=["user", "purpose"], name="mailed_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"


class Visit(AbstractBaseSession):
    """A session that knows whose it is and when it was last used, so that it can be shown and
    ended. Neither the address nor the browser somebody comes from is kept."""

    account_id = models.BigIntegerField(null=True, db_index=True)
    seen_at = models.DateTimeField(null=True)
    ticket = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_index=True,
        help_text=_("Digest of the ticket by which a CAS server ends the session."),
    )
    subject = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        db_index=True,
        help_text=_("Digest of whom a provider signed in, by which it ends all their sessions."),
    )

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "session"
        verbose_name_plural = "sessions"


class PlaceInLine(models.Model):
    """A candidate who waits to be let in while too many are at work (« file d'attente »), in the
    order of the rows; `let_in_at` says since when they are in. Whoever gives no sign of life loses
    the place."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="place_in_line")
    seen_at = models.DateTimeField(db_index=True)
    let_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("place in line")

    def __str__(self) -> str:
        return f"#{self.pk}"


declare(PlaceInLine, personal="user", neutral="id seen_at let_in_at")
declare(
    User,
    personal=(
        "email first_name last_name file_number student_number student_login directory_id password "
        "last_login language is_continuing_education opened_by merged_into work_centre "
        "work_commission"
    ),
    neutral=(
        "id is_active is_superuser prefers_place has_local_password notice_version created_at "
        "activated_at activation_due_at session_epoch is_search_due groups user_permissions"
    ),
)
declare(
    MailedLink,
    personal="user email identity",
    neutral="id purpose digest next_page made_at expires_at used_at",
)
declare(
    Visit,
    personal="session_data account_id",
    neutral="session_key expire_date seen_at ticket subject",
)
declare(IssuedFileNumber, neutral="number issued_at")

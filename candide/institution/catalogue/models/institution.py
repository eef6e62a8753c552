"""The institution, and its typed settings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.expressions import Col
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from candide.core.personal_data import declare
from candide.institution.catalogue.enums import (
    CatalogueGrouping,
    CheckMode,
    HandoverMoment,
    RankDisplay,
    SecondFactorDemand,
    ServiceMode,
    TacitReference,
)

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Enter a colour as # and six hexadecimal digits."))
PREFIX = RegexValidator(r"^[0-9A-Z]{0,2}$", _("Enter at most two digits or capital letters."))


@dataclass
class _Reading:
    """What one request read of the institution; None until it was asked for."""

    institution: "Institution | None" = None


_reading: ContextVar[_Reading | None] = ContextVar("institution", default=None)


def every_language() -> list[str]:
    """What an installation begins with: each language Candide speaks."""
    return [code for code, _name in settings.LANGUAGES]


def first_delegated() -> list[str]:
    """What the registrar decides in a new installation (« scolarité centrale »)."""
    return [
        "max_applications",
        "is_quota_global",
        "forms_block_transmission",
        "letter_after_acceptance",
        "is_sis_code_required",
        "has_appeals",
        "reset_status_on_route_change",
        "is_ine_required",
        "has_internal_studies",
        "has_ine_lookup",
        "handover_address",
        "has_note_export",
        "rank_display",
    ]


class Institution(models.Model):
    """The one university of this deployment, and every setting it decides itself
    (« établissement », « paramètres »). There is a single row: `Institution.current()`."""

    # Who we are
    name = models.CharField(_("name"), max_length=200, default="Université")
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    uai = models.CharField(_("UAI code"), max_length=8, blank=True)
    website = models.URLField(_("web site"), blank=True)
    primary_colour = models.CharField(
        _("main colour"), max_length=7, default="#0b4f8a", validators=[COLOUR]
    )
    logo = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    languages = models.JSONField(_("languages in service"), default=every_language)
    contact_email = models.EmailField(_("e-mail of assistance"), blank=True)
    contact_url = models.URLField(_("contact form"), blank=True)
    documentation_url = models.URLField(_("documentation for candidates"), blank=True)
    documentation_url_en = models.URLField(
        _("documentation for candidates, in English"), blank=True
    )
    privacy_text = I18nTextField(_("privacy notice"), blank=True)

    # Accounts
    file_number_prefix = models.CharField(
        _("prefix of file numbers"), max_length=2, blank=True, validators=[PREFIX]
    )
    activation_days = models.PositiveSmallIntegerField(
        _("days to activate an account"), default=5, validators=[MinValueValidator(1)]
    )
    password_reset_hours = models.PositiveSmallIntegerField(
        _("hours a password link is valid"), default=2, validators=[MinValueValidator(1)]
    )
    has_local_accounts = models.BooleanField(
        _("people from outside may create an account"), default=True
    )
    has_sso_door = models.BooleanField(_("show the door for our own students"), default=True)
    second_factor_for = models.CharField(
        _("who must have a second factor"),
        max_length=20,
        choices=SecondFactorDemand.choices,
        default=SecondFactorDemand.NOBODY,
    )
    release_sign_in_minutes = models.PositiveSmallIntegerField(
        _("minutes since signing in, to release decisions"), default=30
    )
    export_sign_in_minutes = models.PositiveSmallIntegerField(
        _("minutes since signing in, to export applications"), default=0
    )

    # The file
    is_ine_required = models.BooleanField(
        _("French nationals must give their INE when their baccalaureate has one"), default=False
    )
    bea_check = models.CharField(
        _("check of the BEA key"),
        max_length=10,
        choices=CheckMode.choices,
        default=CheckMode.REFUSE,
    )
    base36_check = models.CharField(
        _("check of the base-36 key"),
        max_length=10,
        choices=CheckMode.choices,
        default=CheckMode.REFUSE,
    )
    rnie_check = models.CharField(
        _("check of the RNIE key"), max_length=10, choices=CheckMode.choices, default=CheckMode.WARN
    )
    has_internal_studies = models.BooleanField(
        _("import and show studies at this institution"), default=True
    )
    has_ine_lookup = models.BooleanField(_("look students up by their INE"), default=True)
    has_student_documents = models.BooleanField(
        _("reuse documents the student information system holds"), default=True
    )

    # Applying
    max_applications = models.PositiveSmallIntegerField(
        _("applications at most"), default=20, validators=[MinValueValidator(1)]
    )
    is_quota_global = models.BooleanField(
        _("the maximum counts the whole institution"),
        default=False,
        help_text=_("Otherwise each centre has its own maximum."),
    )
    catalogue_grouping = models.CharField(
        _("grouping of the catalogue"),
        max_length=10,
        choices=CatalogueGrouping.choices,
        default=CatalogueGrouping.DIPLOMA,
    )
    is_paperless = models.BooleanField(_("dossiers may be transmitted online"), default=True)
    is_sis_code_required = models.BooleanField(
        _("programmes need their code in the student system"), default=False
    )
    reset_status_on_route_change = models.BooleanField(
        _("changing the admission route puts the dossier back to awaited"), default=False
    )

    forms_block_transmission = models.BooleanField(
        _("external forms have to be filled in before transmitting"), default=False
    )

    # Examining
    statuses_hidden_from_commissions = models.JSONField(
        _("statuses commissions do not see"),
        default=list,
        blank=True,
        help_text=_(
            "Applications whose dossier has one of these statuses do not exist for those who have "
            "their rights from a commission."
        ),
    )

    has_note_export = models.BooleanField(
        _("the text of notes may be exported"),
        default=False,
        help_text=_("What staff tell each other then leaves in spreadsheets."),
    )
    max_dossiers = models.PositiveSmallIntegerField(
        _("dossiers downloaded at once at most"),
        default=1000,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )

    # The pages of staff
    delegated_settings = models.JSONField(
        _("settings left to the registrar"),
        default=first_delegated,
        blank=True,
        help_text=_(
            "Those who hold “Change the settings left to them” change these, and see no others."
        ),
    )
    hidden_entries = models.JSONField(
        _("entries hidden from the menus of staff"),
        default=list,
        blank=True,
        help_text=_(
            "Those who set up the institution still have them. The pages stay open to whoever has "
            "the right: only the way there is not shown."
        ),
    )

    # Documents
    max_file_mb = models.PositiveSmallIntegerField(
        _("megabytes of a file at most"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_document_mb = models.PositiveSmallIntegerField(
        _("megabytes of a resulting document at most"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_document_pages = models.PositiveSmallIntegerField(
        _("pages of a resulting document at most"), default=100, validators=[MinValueValidator(1)]
    )
    is_upload_closed = models.BooleanField(_("file service in maintenance"), default=False)
    is_in_maintenance = models.BooleanField(_("in maintenance"), default=False)
    is_read_only = models.BooleanField(_("read only"), default=False)
    closing_mode = models.CharField(
        _("what is planned"), max_length=12, choices=ServiceMode.choices, blank=True
    )
    closes_at = models.DateTimeField(_("planned from"), null=True, blank=True)
    reopens_at = models.DateTimeField(_("planned until"), null=True, blank=True)
    closing_message = I18nTextField(_("message during it"), blank=True)
    broadcast_message = I18nTextField(_("message to everybody"), blank=True)
    broadcast_until = models.DateTimeField(_("message shown until"), null=True, blank=True)

    most_candidates = models.PositiveIntegerField(
        _("candidates at work at once before others wait in line"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )

    # Answers, letters, ranks
    reminder_days = models.PositiveSmallIntegerField(
        _("days before the deadline to remind of an unanswered offer"), default=2
    )
    rank_display = models.CharField(
        _("rank shown to candidates"),
        max_length=10,
        choices=RankDisplay.choices,
        default=RankDisplay.TYPED,
    )
    has_letters = models.BooleanField(_("letters are given"), default=True)
    letter_after_acceptance = models.BooleanField(
        _("the admission letter comes after the candidate accepted"), default=False
    )
    tacit_reference = models.CharField(
        _("days of silence are counted from"),
        max_length=20,
        choices=TacitReference.choices,
        default=TacitReference.NONE,
        blank=True,
        help_text=_("« Silence vaut acceptation »: applications are marked, nothing is decided."),
    )
    tacit_final_only = models.BooleanField(
        _("only a final decision ends the silence"),
        default=False,
        help_text=_("Otherwise any released decision does."),
    )
    has_appeals = models.BooleanField(_("decisions may be appealed"), default=True)
    release_agreement_above = models.PositiveIntegerField(
        _("decisions released together without a second person"),
        null=True,
        blank=True,
        help_text=_("Above this number a second person agrees to a release. Empty: never."),
    )

    # Hand-over of the admitted to the student system
    hands_over = models.BooleanField(
        _("hand the admitted over to the student system"), default=False
    )
    handover_moment = models.CharField(
        _("somebody is handed over"),
        max_length=12,
        choices=HandoverMoment.choices,
        default=HandoverMoment.CONFIRMATION,
    )
    handover_at_once = models.BooleanField(_("hand over at once"), default=True)
    handover_people = models.PositiveIntegerField(
        _("people handed over at most each night"), null=True, blank=True
    )
    handover_prefix = models.CharField(
        _("prefix of enrolment codes"),
        max_length=2,
        default="EC",
        blank=True,
        validators=[PREFIX],
    )
    handover_address = models.BooleanField(_("hand over addresses"), default=True)
    handover_documents = models.BooleanField(_("hand over documents"), default=False)

    # Retention
    archive_days = models.PositiveSmallIntegerField(
        _("days between archiving and destruction"), default=365
    )
    reading_days = models.PositiveSmallIntegerField(
        _("days it is kept who opened which dossier"),
        default=365,
        db_default=365,
        validators=[MinValueValidator(30)],
    )
    unused_days = models.PositiveSmallIntegerField(
        _("days an account nobody uses is kept"),
        default=730,
        db_default=730,
        validators=[MinValueValidator(180)],
    )
    mail_days = models.PositiveSmallIntegerField(
        _("days mails are kept in the outbox"),
        default=730,
        db_default=730,
        validators=[MinValueValidator(60)],
    )
    sign_in_days = models.PositiveSmallIntegerField(
        _("days it is kept who signed in"),
        default=365,
        db_default=365,
        validators=[MinValueValidator(30)],
    )
    job_history_days = models.PositiveSmallIntegerField(
        _("days the runs of jobs are kept"), default=400, validators=[MinValueValidator(30)]
    )

    class Meta:
        verbose_name = _("institution")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="institution_is_one"),
            models.CheckConstraint(
                condition=Q(closing_mode="", closes_at=None, reopens_at=None)
                | (~Q(closing_mode="") & Q(reopens_at__gt=F("closes_at"))),
                name="closing_is_planned_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Institution":
        """The institution; created with its defaults on first use. Within `one_reading()` it is
        read once, and again after it was saved; outside, each call reads it."""
        reading = _reading.get() or _Reading()
        if reading.institution is None:
            reading.institution = cls._read() or cls.objects.get_or_create(pk=1)[0]
        return reading.institution

    @classmethod
    def _read(cls) -> "Institution | None":
        """The row, by a statement that stays the same: each request reads it, and to have Django
        put some seventy columns together anew takes longer than reading them."""
        statement, converted = _statement(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for place, column in converted:
            for convert in _converters(column):
                values[place] = convert(values[place], column, connection)
        names = [field.attname for field in cls._meta.concrete_fields]
        return cls.from_db(connection.alias, names, values)

    @classmethod
    @contextmanager
    def one_reading(cls) -> Iterator[None]:
        """Read the institution at most once until the end of this block: a middleware puts it
        around each request, so that nothing is kept from one to the next."""
        token = _reading.set(_Reading())
        try:
            yield
        finally:
            _reading.reset(token)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if reading := _reading.get():
            reading.institution = None

    @property
    def display_name(self) -> str:
        return self.short_name or self.name


@cache
def _statement(vendor: str) -> tuple[str, list[tuple[int, Col]]]:
    """What reads the row from a database of this kind, and the places of the values it keeps in
    another shape than Python. Only what depends on the kind and the model is kept."""
    table, fields = Institution._meta.db_table, Institution._meta.concrete_fields
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    columns = [field.get_col(table) for field in fields]
    converted = [(place, column) for place, column in enumerate(columns) if _converters(column)]
    return f"SELECT {names} FROM {quote(table)} WHERE id = 1", converted  # noqa: S608 -- ours


def _converters(column: Col) -> list[Callable[..., Any]]:
    """Those of this connection; another thread has another."""
    return connection.ops.get_db_converters(column) + column.get_db_converters(connection)


# All of it speaks of the institution, of nobody in person.
declare(Institution, neutral=" ".join(field.name for field in Institution._meta.local_fields))

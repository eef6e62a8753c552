"""Letters of admission and refusal: what they are made from, and those that were made."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.admissions.decisions.enums import LetterKind, LetterSource
from candide.admissions.decisions.models.decision import Decision
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.files.models import StoredFile
from candide.institution.catalogue.models import ApplicationCentre, ProgrammeKind


class LetterTemplateQuerySet(VisibleQuerySet):
    def in_service(self) -> QuerySet:
        return self.filter(is_active=True)


class LetterTemplate(models.Model):
    """What letters of one kind say (« modèle de lettre »): to everybody, or in a centre, to a type
    of diploma, to a kind of programme. In each language in which it says nothing, it speaks in the
    default one [back-office 25.1]."""

    kind = models.CharField(_("kind of letter"), max_length=10, choices=LetterKind.choices)
    name = models.CharField(_("name"), max_length=100)
    centre = models.ForeignKey(
        ApplicationCentre,
        verbose_name=_("centre"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letter_templates",
    )
    diploma_type = models.ForeignKey(
        "reference.DiplomaType",
        verbose_name=_("type of diploma"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    programme_kind = models.ForeignKey(
        ProgrammeKind,
        verbose_name=_("kind of programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letter_templates",
    )
    source = models.CharField(
        _("made from"), max_length=10, choices=LetterSource.choices, default=LetterSource.TEXT
    )
    has_logo = models.BooleanField(_("with the logo of the institution"), default=True)
    header = I18nTextField(
        _("heading"),
        blank=True,
        help_text=_("Empty: the name of the institution, and the commission with its address."),
    )
    title = I18nCharField(_("subject"), max_length=500, blank=True)
    body = I18nTextField(_("text"), blank=True)
    footer = I18nTextField(_("foot of the page"), blank=True)
    is_active = models.BooleanField(_("in service"), default=True)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of letters")
        constraints = [
            models.UniqueConstraint(
                F("kind"),
                Coalesce(F("centre"), 0),
                Coalesce(F("diploma_type"), 0),
                Coalesce(F("programme_kind"), 0),
                condition=Q(is_active=True),
                name="letter_template_once_for_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WordTemplate(models.Model):
    """The Word document of a template in one language, exactly as it was uploaded."""

    template = models.ForeignKey(
        LetterTemplate, on_delete=models.CASCADE, related_name="word_templates"
    )
    language = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Word document of a template")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "language"], name="letter_word_template_once_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.language}"


class Letter(models.Model):
    """The letter of a decision (« lettre d’admission, de refus »): prepared for a draft, given out
    with its release, and from then on the very same file. `code` is what anybody may verify it
    by, `mark` tells what it was made from."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    language = models.CharField(max_length=10, blank=True)
    # SET_NULL: what a letter says is in its file; a template nobody uses may go.
    template = models.ForeignKey(
        LetterTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, null=True, blank=True, unique=True)
    mark = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")

    def __str__(self) -> str:
        return f"#{self.pk}"


class ReplacedLetter(models.Model):
    """A letter that was given out and then made anew: whoever holds it is told so."""

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="replaced_letters"
    )
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, null=True, blank=True, unique=True)
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("replaced letter")

    def __str__(self) -> str:
        return f"#{self.pk}"


declare(
    LetterTemplate,
    neutral=(
        "id kind name centre diploma_type programme_kind source has_logo header title body footer "
        "is_active"
    ),
)
declare(WordTemplate, neutral="id template language file")
declare(
    Letter,
    personal="file withdrawn_by",
    neutral="id decision kind language template code mark made_at withdrawn_at",
)
declare(ReplacedLetter, personal="file", neutral="id decision kind code made_at replaced_at")

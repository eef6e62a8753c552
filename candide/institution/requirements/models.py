"""What programmes ask for: documents, questions, and forms on other sites."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.core.personal_data import declare
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.requirements.enums import QuestionKind


class Asked(models.Model):
    """What documents and questions have in common. Asked of every programme of its owner when
    common (« commune »), the owner being a centre or the institution (no centre); otherwise of
    the programmes it is linked to [PJ-01, PJ-02, QST-01]."""

    centre = models.ForeignKey(
        "catalogue.ApplicationCentre",
        verbose_name=_("centre"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        help_text=_("Empty: the whole institution."),
    )
    programmes = models.ManyToManyField(
        "catalogue.Programme", verbose_name=_("programmes"), blank=True, related_name="%(class)ss"
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    label = I18nCharField(_("label"), max_length=500)
    help_text = I18nTextField(_("help"), blank=True)
    position = models.PositiveIntegerField(_("position"), null=True, blank=True)
    route = models.CharField(
        _("only for the admission route"),
        max_length=20,
        blank=True,
        choices=AdmissionRoute.choices,
    )
    is_common = models.BooleanField(_("common"), default=False)
    is_unique = models.BooleanField(
        _("one per application"),
        default=False,
        help_text=_("Otherwise a common one is given once for all applications."),
    )
    is_conditional = models.BooleanField(
        _("conditional"),
        default=False,
        help_text=_("The candidate may declare not to be concerned."),
    )
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.label)

    @property
    def is_shared(self) -> bool:
        """Given once for all applications (« pièce commune, non unique ») [PJ-03]."""
        return self.is_common and not self.is_unique


class DocumentRequirement(Asked):
    """A document that is asked for (« pièce justificative »)."""

    sis_code = models.CharField(_("code in the student system"), max_length=20, blank=True)
    template_file = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("template to fill in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_individual = models.BooleanField(
        default=False, help_text=_("Asked of one application alone, by name.")
    )
    max_mb = models.PositiveSmallIntegerField(_("megabytes at most"), null=True, blank=True)
    max_pages = models.PositiveSmallIntegerField(_("pages at most"), null=True, blank=True)
    destroyed_after_days = models.PositiveSmallIntegerField(
        _("identity paper: days its file is kept after the decision"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("requested document")


class Question(Asked):
    """A question asked with an application (« question complémentaire »)."""

    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind.choices)
    choices = models.JSONField(
        _("choices"),
        default=list,
        blank=True,
        help_text=_("A list of {code, label} with the label in each language."),
    )
    is_required = models.BooleanField(_("must be answered"), default=True)
    max_length = models.PositiveIntegerField(_("characters at most"), default=1000)
    depends_on = models.ForeignKey(
        "self",
        verbose_name=_("asked only if"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dependants",
    )
    depends_on_value = models.JSONField(_("was answered with"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        constraints = [
            models.CheckConstraint(
                condition=~Q(depends_on=models.F("id")), name="question_not_on_itself"
            ),
        ]


def new_secret() -> str:
    """What the other service signs its answers with."""
    return secrets.token_urlsafe(32)


class ExternalForm(Asked):
    """A form that is filled in on another site (« formulaire ») [back-office 10]. `url` may hold
    « ${numDossier} » and the like; a shared one is filled in once for all applications."""

    url = I18nCharField(_("address"), max_length=500)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        verbose_name = _("external form")


_ASKED = (
    "id centre programmes code label help_text position route is_common is_unique "
    "is_conditional is_active "
)
declare(
    DocumentRequirement,
    neutral=_ASKED + "sis_code template_file is_individual max_mb max_pages destroyed_after_days",
)
declare(
    Question,
    neutral=_ASKED + "kind choices is_required max_length depends_on depends_on_value",
)
declare(ExternalForm, neutral=_ASKED + "url", personal="secret")

"""Programmes, which last, and their intakes, which change with campaigns."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.core.personal_data import declare
from candide.core.text import fold
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models.campaign import Campaign
from candide.institution.catalogue.models.organisation import Commission

# Each date, and those it may not come before; the same day is allowed [APP-12].
NOT_BEFORE: dict[str, tuple[str, ...]] = {
    "closes_on": ("opens_on",),
    "screening_on": ("closes_on",),
    "documents_due_on": ("closes_on",),
    "jury_on": ("documents_due_on",),
    "results_on": ("jury_on", "documents_due_on"),
    "acceptance_due_on": ("results_on", "jury_on", "documents_due_on"),
    "reserve_acceptance_due_on": (
        "results_on",
        "jury_on",
        "documents_due_on",
        "acceptance_due_on",
    ),
}


def in_order(field: str) -> models.CheckConstraint:
    """That `field`, which may be empty, comes before none of the days it may not come before."""
    condition = Q(*((f"{field}__gte", F(earlier)) for earlier in NOT_BEFORE[field]))
    return models.CheckConstraint(condition=condition, name=f"intake_{field}_in_order")


class ProgrammeKind(models.Model):
    """A local grouping of programmes (« type de formation »)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = I18nCharField(_("name"), max_length=500)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("kind of programme")

    def __str__(self) -> str:
        return str(self.name)


class Programme(models.Model):
    """What one studies (« formation »): it lasts, its `Intake`s change."""

    commission = models.ForeignKey(
        Commission,
        verbose_name=_("commission"),
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    code = models.CharField(_("code"), max_length=50, unique=True)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    name = I18nCharField(_("name"), max_length=500)
    diploma_type = models.ForeignKey(
        "reference.DiplomaType",
        verbose_name=_("type of diploma"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.ForeignKey(
        ProgrammeKind,
        verbose_name=_("kind"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    keywords = models.CharField(_("keywords"), max_length=500, blank=True)
    url = models.URLField(_("web page"), max_length=500, blank=True)
    is_active = models.BooleanField(_("in service"), default=True)
    search_text = models.TextField(editable=False, default="")

    # What it is in the student system; taken over from there, or typed.
    sis_code = models.CharField(_("code in the student system"), max_length=50, blank=True)
    sis_version = models.CharField(_("version there"), max_length=10, blank=True)
    sis_label = models.CharField(_("label there"), max_length=255, blank=True)
    sis_diploma = models.CharField(_("code of the diploma there"), max_length=20, blank=True)
    sis_diploma_version = models.CharField(
        _("version of the diploma there"), max_length=10, blank=True
    )
    sis_management_centre = models.CharField(
        _("management centre there"), max_length=10, blank=True
    )

    class Meta:
        verbose_name = _("programme")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def centre(self):
        return self.commission.centre

    def words(self) -> str:
        """What full-text search looks in [OFF-03], folded. Two spaces end each part, so that
        the catalogue puts « Management » before « Management et commerce »."""
        diploma = self.diploma_type
        parts = [
            *str_of_every_language(self.name),
            self.code,
            self.keywords,
            *str_of_every_language(self.commission.centre.name),
            *((diploma.name, diploma.display_name, diploma.name_en) if diploma else ()),
            *(str_of_every_language(self.kind.name) if self.kind else ()),
        ]
        return "  ".join(fold(str(part)) for part in parts)

    def save(self, *args, **kwargs) -> None:
        self.search_text = self.words()
        super().save(*args, **kwargs)


def str_of_every_language(text) -> list[str]:
    """The texts of a translated field in all its languages."""
    data = getattr(text, "data", text)
    return list(data.values()) if isinstance(data, dict) else [str(data or "")]


class IntakeQuerySet(models.QuerySet):
    def on_offer(self) -> "IntakeQuerySet":
        """Intakes the catalogue shows: everything above them in service too [OFF-01]."""
        return self.filter(
            is_active=True,
            programme__is_active=True,
            programme__commission__is_active=True,
            programme__commission__centre__is_active=True,
            campaign__is_active=True,
            campaign__archived_at=None,
        )

    def with_offer(self) -> "IntakeQuerySet":
        """Join what pages show beside an intake."""
        return self.select_related(
            "campaign",
            "programme__diploma_type",
            "programme__kind",
            "programme__commission__centre",
        )


class Intake(models.Model):
    """A programme in a campaign: what one applies to (« formation ouverte à candidature »).
    Every day is inclusive; a deadline ends at 23:59:59 where the institution is."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="intakes"
    )
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="intakes"
    )
    is_active = models.BooleanField(_("in service"), default=True)
    is_paperless = models.BooleanField(_("transmitted online"), default=True)
    route = models.CharField(
        _("admission route"),
        max_length=20,
        choices=AdmissionRoute.choices,
        default=AdmissionRoute.CONTROLLED,
    )
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    is_capacity_published = models.BooleanField(_("show the capacity to everybody"), default=True)
    information = I18nTextField(_("further information"), blank=True)

    opens_on = models.DateField(_("applications from"))
    closes_on = models.DateField(_("applications until"))
    screening_on = models.DateField(_("screening"), null=True, blank=True)
    documents_due_on = models.DateField(_("dossiers due"))
    jury_on = models.DateField(_("jury"), null=True, blank=True)
    results_on = models.DateField(_("results"), null=True, blank=True)
    acceptance_due_on = models.DateField(_("answers due"), null=True, blank=True)
    acceptance_days = models.PositiveSmallIntegerField(
        _("days to answer after the decision"), null=True, blank=True
    )
    reserve_acceptance_due_on = models.DateField(
        _("answers due, reserve list"), null=True, blank=True
    )
    reserve_acceptance_days = models.PositiveSmallIntegerField(
        _("days to answer, reserve list"), null=True, blank=True
    )
    has_automatic_reserve_list = models.BooleanField(
        _("call the reserve list automatically"), default=False
    )
    shortlist_place = models.CharField(_("place of the interview"), max_length=100, blank=True)
    shortlist_on = models.DateField(_("day of the interview"), null=True, blank=True)
    shortlist_time = models.TimeField(_("hour of the interview"), null=True, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        constraints = [
            models.UniqueConstraint(fields=["programme", "campaign"], name="intake_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="intake_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(documents_due_on__gte=F("closes_on")),
                name="intake_documents_due_after_closing",
            ),
            in_order("screening_on"),
            in_order("jury_on"),
            in_order("results_on"),
            in_order("acceptance_due_on"),
            in_order("reserve_acceptance_due_on"),
            models.CheckConstraint(
                condition=Q(acceptance_due_on=None) | Q(acceptance_days=None),
                name="intake_one_way_to_fix_the_answer",
            ),
            models.CheckConstraint(
                condition=Q(reserve_acceptance_due_on=None) | Q(reserve_acceptance_days=None),
                name="intake_one_way_to_fix_the_reserve_answer",
            ),
        ]
        indexes = [models.Index(fields=["closes_on"])]

    def __str__(self) -> str:
        return f"{self.programme} ({self.campaign})"


declare(ProgrammeKind, neutral="id code name is_active")
declare(
    Programme,
    neutral=(
        "id commission code slug name diploma_type kind keywords url is_active search_text "
        "sis_code sis_version sis_label sis_diploma sis_diploma_version sis_management_centre"
    ),
)
declare(
    Intake,
    neutral=(
        "id programme campaign is_active is_paperless route capacity is_capacity_published "
        "information opens_on closes_on screening_on documents_due_on jury_on results_on "
        "acceptance_due_on acceptance_days reserve_acceptance_due_on reserve_acceptance_days "
        "has_automatic_reserve_list shortlist_place shortlist_on shortlist_time"
    ),
)

"""Address and baccalaureate."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.models.identity import Candidate, Versioned
from candide.core.personal_data import declare
from candide.institution.reference.models import Commune, Country


def _reference(model: str, label: str, **kwargs):
    """A nullable link to a row of the reference data."""
    return models.ForeignKey(
        f"reference.{model}",
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        **kwargs,
    )


class Address(Versioned):
    """Where the candidate is written to (« adresse ») [FILE-ADR]."""

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="address")
    country = models.ForeignKey(
        "reference.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    commune = _reference("Commune", _("commune"))
    foreign_city = models.CharField(_("town abroad"), max_length=38, blank=True)
    line_1 = models.CharField(_("address"), max_length=38)
    line_2 = models.CharField(_("address, further line"), max_length=38, blank=True)
    line_3 = models.CharField(_("address, third line"), max_length=38, blank=True)
    is_imported = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("address")

    def __str__(self) -> str:
        return self.line_1

    @property
    def lines(self) -> list[str]:
        """The address block, a line each."""
        streets = self.line_1, self.line_2, self.line_3
        return address_lines(*streets, self.postcode, self.commune, self.foreign_city, self.country)


def address_lines(
    line_1: str,
    line_2: str,
    line_3: str,
    postcode: str,
    commune: Commune | None,
    foreign_city: str,
    country: Country,
) -> list[str]:
    """The address block, a line each, empty ones left out [FILE-ADR-04]."""
    town = f"{postcode} {commune.name}" if commune else ""
    abroad = "" if country.is_france else country.label
    return [line for line in (line_1, line_2, line_3, town, foreign_city, abroad) if line]


class Baccalaureate(Versioned):
    """The baccalaureate, its equivalent, or that there is none (« bac ou équivalence »)."""

    candidate = models.OneToOneField(
        Candidate, on_delete=models.CASCADE, related_name="baccalaureate"
    )
    series = models.ForeignKey(
        "reference.BaccalaureateSeries",
        verbose_name=_("series or equivalent"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year obtained"), null=True, blank=True)
    honours = _reference("Honours", _("honours"))
    country = _reference("Country", _("country"))
    department = _reference("Department", _("département"))
    commune = _reference("Commune", _("commune"))
    school = _reference("School", _("school"))
    school_name = models.CharField(
        _("school, if it is abroad or not listed"), max_length=200, blank=True
    )
    speciality_1 = _reference("Speciality", _("speciality in the final year, first"))
    speciality_2 = _reference("Speciality", _("speciality in the final year, second"))
    speciality_dropped = _reference("Speciality", _("speciality dropped after the year before"))
    option_1 = _reference("BaccalaureateOption", _("option 1"))
    option_2 = _reference("BaccalaureateOption", _("option 2"))
    option_3 = _reference("BaccalaureateOption", _("option 3"))
    option_4 = _reference("BaccalaureateOption", _("option 4"))
    is_imported = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("baccalaureate")

    def __str__(self) -> str:
        return f"{self.series_id} {self.year or ''}"


declare(
    Address,
    personal="candidate country postcode commune foreign_city line_1 line_2 line_3",
    neutral="id version tab tab_version is_imported updated_at",
)
declare(
    Baccalaureate,
    personal=(
        "candidate series year honours country department commune school school_name "
        "speciality_1 speciality_2 speciality_dropped option_1 option_2 option_3 option_4"
    ),
    neutral="id version tab tab_version is_imported updated_at",
)

"""Reference tables (« nomenclatures »): what the forms offer to choose from.

A row is never deleted, since a candidate may point at it: it goes out of service (`is_active`),
is no longer offered, and still shows where it was chosen.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.text import fold
from candide.institution.reference.enums import CommuneKind, SchoolKind, Source

FRANCE = "99100"
STATELESS = "99995"
# Paris, Lyon and Marseille: an address there is in one of their districts.
COMMUNES_WITH_DISTRICTS = ("13055", "69123", "75056")


class ActiveQuerySet(models.QuerySet):
    def active(self) -> Self:
        """What may be chosen (« en service »)."""
        return self.filter(is_active=True)


class ReferenceQuerySet(ActiveQuerySet):
    def alphabetical(self) -> Self:
        """By French name, accents and capitals ignored."""
        return self.order_by("search_text", "code")

    def matching(self, text: str) -> Self:
        """Rows whose searched words contain every word of `text`."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found


class ImportedRow(models.Model):
    """A row that files may bring, change and put out of service."""

    is_active = models.BooleanField(_("in service"), default=True)
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.MANUAL
    )

    objects: ClassVar[Any] = ActiveQuerySet.as_manager()

    class Meta:
        abstract = True


class ReferenceRow(ImportedRow):
    """A line of a reference table, known by its `code`: always text, zeros count."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=255)
    name_en = models.CharField(_("English name"), max_length=255, blank=True)
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    display_name = models.CharField(
        _("displayed name"),
        max_length=255,
        blank=True,
        help_text=_("Replaces the name, which is often short and in capitals. Imports keep it."),
    )
    search_text = models.CharField(max_length=600, db_index=True, editable=False)
    is_kept = models.BooleanField(
        _("left alone by imports"),
        default=False,
        help_text=_("What was entered by hand stays, whatever an imported file says."),
    )

    searched_fields: ClassVar[tuple[str, ...]] = ("name",)

    objects: ClassVar[Any] = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_in()
        super().save(*args, **kwargs)

    def fill_in(self) -> None:
        """Compute what is searched and sorted by; `save` does, bulk writes must."""
        words = " ".join(getattr(self, name) for name in self.searched_fields)
        self.search_text = fold(words)[:600].rstrip()

    @property
    def label(self) -> str:
        """The name in the reader's language, French when there is none in it."""
        if not (get_language() or "fr").startswith("fr") and self.name_en:
            return self.name_en
        return self.display_name or self.name


_ROW = "id code name name_en short_name display_name search_text is_active is_kept source"


class NomenclatureQuerySet(ReferenceQuerySet):
    def valid_in(self, year: int) -> Self:
        """Lines that existed in `year`; an empty bound is open [FILE-BAC-04]."""
        begun = Q(valid_from_year__isnull=True) | Q(valid_from_year__lte=year)
        not_over = Q(valid_until_year__isnull=True) | Q(valid_until_year__gte=year)
        return self.filter(begun, not_over)

    def in_order(self) -> Self:
        """As people expect to read them: by position, then by name."""
        return self.order_by("position", "search_text", "code")


class Nomenclature(ReferenceRow):
    """A small table of which each line has a place in the list and may have years of validity."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    valid_from_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    valid_until_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)

    objects: ClassVar[Any] = NomenclatureQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from_year__isnull=True)
                | Q(valid_until_year__isnull=True)
                | Q(valid_from_year__lte=F("valid_until_year")),
                name="%(app_label)s_%(class)s_years_in_order",
            )
        ]


_NOMENCLATURE = f"{_ROW} position valid_from_year valid_until_year"


# -- Countries and towns -------------------------------------------------------------------------
class CountryQuerySet(ReferenceQuerySet):
    def countries(self) -> Self:
        """To choose a country from: France first, then alphabetical in the reader's language."""
        return self.active().filter(is_principal=True, is_country=True).france_first()

    def nationalities(self) -> Self:
        """To choose a nationality from: French first [FILE-INE-01]; the stateless are included."""
        shown = self.active().filter(is_principal=True).exclude(nationality="")
        return shown.france_first(by="nationality")

    def france_first(self, *, by: str = "name") -> Self:
        french = (get_language() or "fr").startswith("fr")
        columns = {
            ("name", True): "search_text",
            ("name", False): "name_en",
            ("nationality", True): "nationality_sort",
            ("nationality", False): "nationality_en",
        }
        rank = Case(When(code=FRANCE, then=Value(0)), default=Value(1))
        return self.order_by(rank, columns[by, french], "code")


class Country(ReferenceRow):
    """A country and its nationality (« pays, nationalité »).

    `code` is INSEE's (« COG », 5 digits beginning with 99), which several territories may share:
    one of them is then the principal row, the others carry the code and their ISO letters, as
    "99425-BM", so that what other systems name by ISO code is understood. French territories
    overseas are no countries but départements.
    """

    apogee_code = models.CharField(_("Apogée code"), max_length=3, db_index=True, blank=True)
    iso2 = models.CharField(_("ISO code, 2 letters"), max_length=2, db_index=True, blank=True)
    iso3 = models.CharField(_("ISO code, 3 letters"), max_length=3, blank=True)
    nationality = models.CharField(_("nationality"), max_length=100, blank=True)
    nationality_en = models.CharField(_("nationality in English"), max_length=100, blank=True)
    nationality_sort = models.CharField(max_length=100, blank=True, editable=False)
    is_principal = models.BooleanField(_("offered among those with this code"), default=True)
    is_country = models.BooleanField(
        _("is a country"), default=True, help_text=_("No for the stateless.")
    )

    searched_fields = ("name", "name_en", "nationality")

    objects: ClassVar[Any] = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def fill_in(self) -> None:
        super().fill_in()
        self.nationality_sort = fold(self.nationality)

    @property
    def nationality_label(self) -> str:
        if not (get_language() or "fr").startswith("fr") and self.nationality_en:
            return self.nationality_en
        return self.nationality

    @property
    def is_france(self) -> bool:
        return self.code == FRANCE


class Department(ReferenceRow):
    """A département, or a territory overseas that takes its place: "01", "2A", "971", "988"."""

    searched_fields = ("code", "name")

    class Meta:
        verbose_name = _("département")
        verbose_name_plural = _("départements")

    @property
    def apogee_code(self) -> str:
        return self.code.zfill(3)


class Commune(ReferenceRow):
    """A commune, today's or one of the past that people were born in.

    `insee` is its code in the « COG »; a former commune may share it with the one that took its
    place, hence a `code` of its own.
    """

    insee = models.CharField(_("INSEE code"), max_length=5, db_index=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="communes", verbose_name=_("département")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=CommuneKind.choices, default=CommuneKind.CURRENT
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The commune of today it belongs to, or that took its place."),
    )
    valid_until_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        indexes = [models.Index(fields=["department", "search_text"])]

    @property
    def is_arrondissement(self) -> bool:
        return self.kind == CommuneKind.DISTRICT


class CommunePostcode(ImportedRow):
    """A postcode that serves a commune; CEDEX postcodes, of a second list, carry their line."""

    commune = models.ForeignKey(
        Commune, models.PROTECT, related_name="postcodes", verbose_name=_("commune")
    )
    postcode = models.CharField(_("postcode"), max_length=5, db_index=True)
    cedex_label = models.CharField(_("CEDEX line"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "postcode"], name="reference_postcode_once_a_commune"
            )
        ]

    def __str__(self) -> str:
        return self.postcode


# -- Establishments ------------------------------------------------------------------------------
class School(ReferenceRow):
    """An establishment of secondary or higher education (« établissement »); `code` is its UAI."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=SchoolKind.choices, default=SchoolKind.OTHER
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="schools", verbose_name=_("département")
    )
    commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="schools",
        verbose_name=_("commune"),
    )
    city = models.CharField(_("town"), max_length=100, blank=True)
    is_secondary = models.BooleanField(_("prepares the baccalauréat"), default=False)
    is_higher = models.BooleanField(_("teaches after the baccalauréat"), default=False)

    searched_fields = ("name", "short_name", "city", "code")

    class Meta:
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")
        indexes = [models.Index(fields=["commune", "search_text"])]


# -- Baccalaureate -------------------------------------------------------------------------------
class Speciality(Nomenclature):
    """A subject of the baccalauréat général since 2021 (« enseignement de spécialité »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("baccalauréat speciality")
        verbose_name_plural = _("baccalauréat specialities")


class BaccalaureateOption(Nomenclature):
    """An optional subject of the last year (« option »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("baccalauréat option")
        verbose_name_plural = _("baccalauréat options")


class BaccalaureateSeries(Nomenclature):
    """A series of the baccalauréat, or what stands for one (« bac ou équivalence »)."""

    ine_controlled_from_year = models.PositiveSmallIntegerField(
        _("an INE exists since"),
        null=True,
        blank=True,
        help_text=_("Who took this series from that year on has an INE; empty: never asked."),
    )
    is_no_baccalaureate = models.BooleanField(_("means “no baccalauréat”"), default=False)
    takes_specialities = models.BooleanField(_("has specialities"), default=False)
    specialities = models.ManyToManyField(
        Speciality,
        through="SeriesSpeciality",
        related_name="series",
        verbose_name=_("specialities"),
    )
    options = models.ManyToManyField(
        BaccalaureateOption,
        through="SeriesOption",
        related_name="series",
        verbose_name=_("options"),
    )

    class Meta(Nomenclature.Meta):
        verbose_name = _("baccalauréat series")
        verbose_name_plural = pgettext_lazy("plural", "baccalauréat series")


class SeriesSpeciality(ImportedRow):
    series = models.ForeignKey(BaccalaureateSeries, models.PROTECT, verbose_name=_("series"))
    speciality = models.ForeignKey(Speciality, models.PROTECT, verbose_name=_("speciality"))

    class Meta:
        verbose_name = _("speciality of a series")
        verbose_name_plural = _("specialities of series")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "speciality"], name="reference_speciality_once_a_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series_id}-{self.speciality_id}"


class SeriesOption(ImportedRow):
    series = models.ForeignKey(BaccalaureateSeries, models.PROTECT, verbose_name=_("series"))
    option = models.ForeignKey(BaccalaureateOption, models.PROTECT, verbose_name=_("option"))

    class Meta:
        verbose_name = _("option of a series")
        verbose_name_plural = _("options of series")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "option"], name="reference_option_once_a_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series_id}-{self.option_id}"


# -- Small nomenclatures -------------------------------------------------------------------------
class Honours(Nomenclature):
    """Honours (« mention ») of a baccalauréat, of another diploma, or of both."""

    for_baccalaureate = models.BooleanField(_("of the baccalauréat"), default=True)
    for_diplomas = models.BooleanField(_("of other diplomas"), default=True)

    class Meta(Nomenclature.Meta):
        verbose_name = _("honours")
        verbose_name_plural = pgettext_lazy("plural", "honours")


class DiplomaFamily(Nomenclature):
    """What was studied elsewhere, coarsely: BTS, DUT, licence… (« autres cursus »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("family of diplomas")
        verbose_name_plural = _("families of diplomas")


class ResultType(Nomenclature):
    """How a year of study ended: passed, failed, absent… (« type de résultat »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("type of result")
        verbose_name_plural = _("types of results")


class DiplomaType(Nomenclature):
    """The diploma a programme leads to: licence, master, DU… (« type de diplôme »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("type of diploma")
        verbose_name_plural = _("types of diplomas")


class StudyRegime(Nomenclature):
    """Under which one enrols: initial, continuing education, apprenticeship… (« régime
    d’inscription »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("study regime")
        verbose_name_plural = _("study regimes")


class FeeExemption(Nomenclature):
    """Why somebody pays nothing or less: grant holder, ward of the Nation… (« catégorie
    d’exonération »)."""

    class Meta(Nomenclature.Meta):
        verbose_name = _("exemption from fees")
        verbose_name_plural = _("exemptions from fees")


declare(
    Country,
    neutral=f"{_ROW} apogee_code iso2 iso3 nationality nationality_en nationality_sort"
    " is_principal is_country",
)
declare(Department, neutral=_ROW)
declare(Commune, neutral=f"{_ROW} insee department kind parent valid_until_year")
declare(CommunePostcode, neutral="id commune postcode cedex_label is_active source")
declare(School, neutral=f"{_ROW} kind department commune city is_secondary is_higher")
declare(Speciality, neutral=_NOMENCLATURE)
declare(BaccalaureateOption, neutral=_NOMENCLATURE)
declare(
    BaccalaureateSeries,
    neutral=f"{_NOMENCLATURE} ine_controlled_from_year is_no_baccalaureate takes_specialities"
    " specialities options",
)
declare(SeriesSpeciality, neutral="id series speciality is_active source")
declare(SeriesOption, neutral="id series option is_active source")
declare(Honours, neutral=f"{_NOMENCLATURE} for_baccalaureate for_diplomas")
declare(DiplomaFamily, neutral=_NOMENCLATURE)
declare(ResultType, neutral=_NOMENCLATURE)
declare(DiplomaType, neutral=_NOMENCLATURE)
declare(StudyRegime, neutral=_NOMENCLATURE)
declare(FeeExemption, neutral=_NOMENCLATURE)

"""« Adresse » and « Baccalauréat »: choices chained from country to commune and school
[FILE-ADR, FILE-BAC]."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.domain.address import POSTCODE, AddressEntry
from candide.admissions.candidates.domain.baccalaureate import (
    OPTIONS,
    SPECIALITIES,
    BaccalaureateEntry,
)
from candide.institution.reference.domain.queries import (
    baccalaureate_honours,
    communes_of_postcode,
    communes_with_schools,
    countries,
    departments_with_schools,
    no_baccalaureate_series,
    options_for,
    schools_in,
    series_for_year,
    specialities_for,
)
from candide.institution.reference.models import FRANCE, BaccalaureateSeries
from candide.web.shared.file.forms import Part, RowField, SectionForm, year_field
from candide.web.shared.file.forms_identity import is_french, numbered

WITH, WITHOUT = "with", "without"


class AddressForm(SectionForm):
    country = RowField(
        label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country-name"})
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "postal-code", "size": 5}
        ),
    )
    commune = RowField(label=_("Town"), help_text=_("Offered once the postcode is typed."))
    foreign_city = forms.CharField(
        label=_("Town abroad"),
        max_length=38,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    line_1 = forms.CharField(
        label=_("Address"),
        max_length=38,
        help_text=_("Number and street. 38 characters at most on each line."),
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    line_2 = forms.CharField(
        label=_("Address, further line"),
        required=False,
        max_length=38,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    line_3 = forms.CharField(
        label=_("Address, third line"),
        required=False,
        max_length=38,
        widget=forms.TextInput(attrs={"autocomplete": "address-line3"}),
    )

    layout = (
        "country",
        Part(
            "town",
            (
                "postcode",
                Part("commune", ("commune",), key=lambda form: form.raw("postcode") or "-"),
                "foreign_city",
            ),
            key=lambda form: is_french(form, "country"),
        ),
        "line_1",
        "line_2",
        "line_3",
    )
    stored = ("country", "postcode", "commune", "foreign_city", "line_1", "line_2", "line_3")
    entry_class = AddressEntry

    def chain(self) -> None:
        self.default("country", FRANCE)
        country = self.offer("country", countries(), kept=self.kept("country"))
        if country is None or not country.is_france:
            self.leave_out("postcode", "commune")
            return
        self.leave_out("foreign_city")
        postcode = "".join(self.raw("postcode").split())
        is_kept = self.row is not None and self.row.postcode == postcode
        communes = communes_of_postcode(postcode) if POSTCODE.fullmatch(postcode) else ()
        self.offer("commune", communes, kept=self.row.commune if is_kept else None)


class SchoolChoice:
    """The chained choice of a school, shared by the baccalaureate and external studies:
    département, commune, school, or its name where it is not listed [FILE-BAC-05, FILE-EXT-04]."""

    secondary: bool

    def chain_school(self) -> None:
        country = self.offer("country", countries(), kept=self.kept("country"))
        if country is None or not country.is_france:
            self.leave_out("department", "commune", "school")
            return
        department = self.offer(
            "department",
            departments_with_schools(secondary=self.secondary),
            kept=self.kept("department"),
        )
        is_unlisted = bool(self.raw("school_name"))
        communes = communes_with_schools(department, secondary=self.secondary) if department else ()
        commune = self.offer(
            "commune",
            communes,
            kept=self._kept_under("commune", "department", department),
            choose_single=not is_unlisted,
        )
        schools = schools_in(commune, secondary=self.secondary) if commune else ()
        self.offer(
            "school",
            schools,
            kept=self._kept_under("school", "commune", commune),
            choose_single=not is_unlisted,
        )

    def _kept_under(self, name: str, above: str, chosen: Any) -> Any:
        """What is kept in the field `name`, if it belongs to what is chosen above it."""
        kept_above = self.kept(above)
        return self.kept(name) if chosen is not None and kept_above == chosen else None


def school_part(name: str = "place") -> Part:
    """The fields of the place of study, each level drawn anew when the one above changes."""
    return Part(
        name,
        (
            "department",
            Part(
                "communes",
                (
                    "commune",
                    Part("schools", ("school",), key=lambda form: form.raw("commune") or "-"),
                ),
                key=lambda form: form.raw("department") or "-",
            ),
            "school_name",
        ),
        key=lambda form: is_french(form, "country"),
    )


class BaccalaureateForm(SchoolChoice, SectionForm):
    secondary = True

    holding = forms.ChoiceField(
        label=_("Your situation"),
        choices=[
            (WITH, _("I have the baccalauréat or an equivalent")),
            (WITHOUT, _("I do not have the baccalauréat")),
        ],
        widget=forms.RadioSelect,
    )
    situation = RowField(label=_("Specify your situation"))
    year = year_field(
        _("Year obtained"), help_text=_("Four digits. The list of series depends on it.")
    )
    series = RowField(label=_("Series of the baccalauréat, or equivalent"))
    honours = RowField(label=_("Honours"), required=False)
    country = RowField(label=_("Country where it was obtained"))
    department = RowField(label=_("Département"), label_of=numbered)
    commune = RowField(label=_("Town"), required=False)
    school = RowField(label=_("School"), required=False)
    school_name = forms.CharField(
        label=_("School, if it is abroad or not in the list"), required=False, max_length=200
    )
    speciality_1 = RowField(label=_("Speciality in the final year, first"), required=False)
    speciality_2 = RowField(label=_("Speciality in the final year, second"), required=False)
    speciality_dropped = RowField(
        label=_("Speciality given up after the première year"), required=False
    )
    option_1 = RowField(label=_("Option 1"), required=False)
    option_2 = RowField(label=_("Option 2"), required=False)
    option_3 = RowField(label=_("Option 3"), required=False)
    option_4 = RowField(label=_("Option 4"), required=False)

    layout = (
        "holding",
        Part(
            "details",
            (
                "situation",
                "year",
                Part("series", ("series",), key=lambda form: form.raw("year") or "-"),
                "honours",
                "country",
                school_part(),
                Part(
                    "subjects",
                    (
                        Part("specialities", SPECIALITIES, title=_("Specialities")),
                        Part("options", OPTIONS, title=_("Options")),
                    ),
                    key=lambda form: f"{form.raw('year')}-{form.raw('series')}",
                    always=True,
                ),
            ),
            key=lambda form: form.raw("holding") or "-",
            always=True,
        ),
    )
    stored = (
        "series",
        "year",
        "honours",
        "country",
        "department",
        "commune",
        "school",
        "school_name",
        *SPECIALITIES,
        *OPTIONS,
    )
    entry_class = BaccalaureateEntry

    @classmethod
    def raw_of(cls, row: Any) -> dict[str, str]:
        texts = super().raw_of(row)
        if row is None:
            return texts
        if row.series.is_no_baccalaureate:
            return {"holding": WITHOUT, "situation": row.series.code}
        return {"holding": WITH, **texts}

    def chain(self) -> None:
        without = list(no_baccalaureate_series())
        if not without:
            self.put("holding", WITH)
            self.fields["holding"].widget = forms.HiddenInput()
        holding = self.raw("holding")
        if holding == WITHOUT:
            self.leave_out(*(name for name in self.stored), "year")
            self.offer("situation", without)
        elif holding == WITH:
            self.leave_out("situation")
            self._chain_with()
        else:
            self.leave_out("situation", *self.stored)

    def _chain_with(self) -> None:
        self.default("country", FRANCE)
        self.offer(
            "honours", baccalaureate_honours(), kept=self.kept("honours"), choose_single=False
        )
        self.chain_school()
        year = self._year()
        is_kept = self.row is not None and self.row.year == year
        series = self.offer(
            "series",
            series_for_year(year) if year else (),
            kept=self._kept_series() if is_kept else None,
        )
        self._chain_subjects(series, year, is_kept=is_kept and series == self.kept("series"))

    def _year(self) -> int | None:
        text = self.raw("year")
        return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None

    def _kept_series(self) -> BaccalaureateSeries | None:
        series = self.kept("series")
        return None if series is None or series.is_no_baccalaureate else series

    def _chain_subjects(
        self, series: BaccalaureateSeries | None, year: int | None, *, is_kept: bool
    ) -> None:
        """FILE-BAC-06: shown where there is something to choose."""
        for names, offered in ((SPECIALITIES, specialities_for), (OPTIONS, options_for)):
            rows = list(offered(series, year)) if series and year else []
            for name in names:
                kept = self.kept(name) if is_kept else None
                if rows or kept is not None:
                    self.offer(name, rows, kept=kept, choose_single=False)
                else:
                    self.leave_out(name)

    def entry(self) -> BaccalaureateEntry:
        entry = super().entry()
        situation = self.cleaned_data.get("situation")
        return BaccalaureateEntry(series=situation) if situation else entry

"""Forms of the parameter screens: one field a language, and only what is in somebody's reach."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import (
    DateField,
    Field,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    QuerySet,
    TimeField,
    URLField,
)
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from candide.core.blockers import Blocker
from candide.foundation.history.domain.changes import mark_of
from candide.institution.access.scope import Reach
from candide.institution.catalogue.domain.languages import languages_in_service

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST: dict[type[Field], int] = {
    PositiveSmallIntegerField: 32_767,
    PositiveIntegerField: 2_147_483_647,
}
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class _Languages:
    """One control a language, each under the name of its language. Those of languages out of
    service are not shown, and keep what was written."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Without the placeholder that would say that name again, as if it were typed."""
        return super().build_attrs(*args, **kwargs) | {"placeholder": ""}  # type: ignore[misc]

    def format_output(self, rendered_widgets: list[str], id_: str) -> SafeString:
        shown = {code for code, _name in languages_in_service()}
        controls = [
            (
                "" if code in shown else mark_safe(" hidden"),
                id_,
                place,
                name,
                mark_safe(widget),  # noqa: S308 -- a widget, rendered
            )
            for place, ((code, name), widget) in enumerate(
                zip(settings.LANGUAGES, rendered_widgets, strict=True)
            )
        ]
        return format_html(
            '<div class="candide-languages"{}>{}</div>',
            flatatt({"id": id_} if id_ else {}),
            format_html_join(
                "", '<div{}><label class="form-label" for="{}_{}">{}</label>{}</div>', controls
            ),
        )


class LanguagesInput(_Languages, I18nTextInput):
    pass


class LanguagesTextarea(_Languages, I18nTextarea):
    pass


def field_of(field: Field, **kwargs: Any) -> forms.Field | None:
    """The form field of a model's field: translated texts with the controls above."""
    if isinstance(field, I18nCharField | I18nTextField):
        is_long = isinstance(field, I18nTextField)
        kwargs["widget"] = LanguagesTextarea if is_long else LanguagesInput
        if is_long:
            kwargs["widget_kwargs"] = {"attrs": {"rows": 4}}
    elif isinstance(field, DateField | TimeField):
        kwargs["widget"] = DAY if isinstance(field, DateField) else HOUR
    elif isinstance(field, URLField):
        kwargs["assume_scheme"] = "https"
    elif type(field) in MOST:  # SQLite would take any number, and days to come would overflow
        kwargs["max_value"] = MOST[type(field)]
    return field.formfield(**kwargs)


class SettingForm(forms.ModelForm):
    """A row of the settings. `seen` is the mark of what the page showed: when another comes back
    than the row has now, somebody changed it meanwhile.

    `reach` is where the person may write. A `centre` field offers the centres in it, and « toute
    l'université » to those who may write everywhere. A subclass narrows its own fields in
    `narrow()`, and says in `blockers()` what the rules refuse and in `warnings()` what is unwise.
    """

    # The titles of the parts of the page, with the fields each holds; none: one part.
    parts: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    # Whether the page offers to look at how its texts read before they are saved.
    has_preview = False

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        formfield_callback = field_of

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.initial["seen"] = self.mark() if self.instance.pk else ""
        if "centre" in self.fields:
            self._narrow_centre()
        self.narrow()

    def narrow(self) -> None:
        """What a subclass offers of its fields."""

    def _narrow_centre(self) -> None:
        field = self.fields["centre"]
        field.queryset = in_reach(field.queryset, self.reach, centre="pk").order_by("code")
        field.required = field.required or not self.reach.everywhere
        if not field.required:
            field.empty_label = _("The whole institution")

    def mark(self) -> str:
        """What tells whether somebody changed the row meanwhile."""
        return mark_of(self.instance)

    def blockers(self) -> list[Blocker]:
        """Why what was typed may not be saved; « field:x » names the field it stands beside."""
        return []

    def warnings(self) -> list[Blocker]:
        """What is shown before saving, and saved all the same if that is confirmed."""
        return []

    def preview(self) -> list[tuple[str, Any]]:
        """How the texts of the row read, by language, where `has_preview`."""
        return []

    def is_confirmed(self) -> bool:
        """Whether the page already showed these very warnings."""
        return self.data.get("confirmed", "") == warnings_mark(self.warnings())

    def _post_clean(self) -> None:
        super()._post_clean()
        blockers = self.blockers()
        if blockers:  # a constraint of the database says the same in other words
            self.errors.pop(NON_FIELD_ERRORS, None)
        wrong = set(self.errors)
        for blocker in blockers:
            field = blocker.about.removeprefix("field:")
            if field not in wrong:
                self.add_error(field if field in self.fields else None, blocker.message)

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The visible fields by the parts of the page; what no part names comes first."""
        titled = [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.parts
        ]
        named = {name for _title, names in self.parts for name in names}
        others = [field for field in self.visible_fields() if field.name not in named]
        return [(title, found) for title, found in [("", others), *titled] if found]

    def is_stale(self) -> bool:
        """Whether somebody changed the row since the page was shown."""
        row = self.instance
        if row.pk is None:
            return False
        return self.data.get(self.add_prefix("seen"), "") != self.initial["seen"]


def warnings_mark(warnings: list[Blocker]) -> str:
    """What a page sends back to say that it showed `warnings`; empty for none."""
    text = "\n".join(f"{each.code} {each.message}" for each in warnings)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def in_reach(rows: QuerySet, reach: Reach, *, centre: str, commission: str = "") -> QuerySet:
    """`rows` in `reach`, by the lookups to their centre and, where there is one, commission; what
    comes before the commission is the programme."""
    if reach.everywhere:
        return rows
    own = rows.filter(**{f"{centre}__in": reach.centres})
    if commission:
        own |= rows.filter(**{f"{commission}__in": reach.commissions})
        if commission != "pk":
            before = commission.rpartition("__")[0] or "pk"
            own |= rows.filter(**{f"{before}__in": reach.programmes})
    return own

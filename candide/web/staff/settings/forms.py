"""Forms of the parameter screens: one field a language, and only what is in somebody's reach."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Field, QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from candide.foundation.history.domain.changes import mark_of
from candide.institution.access.scope import Reach


class _Languages:
    """One control a language, each under the name of its language."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Without the placeholder that would say that name again, as if it were typed."""
        return super().build_attrs(*args, **kwargs) | {"placeholder": ""}  # type: ignore[misc]

    def format_output(self, rendered_widgets: list[str], id_: str) -> SafeString:
        names = [str(name) for _code, name in settings.LANGUAGES]
        controls = [
            (id_, place, name, mark_safe(widget))  # noqa: S308 -- a widget, rendered
            for place, (name, widget) in enumerate(zip(names, rendered_widgets, strict=True))
        ]
        return format_html(
            '<div class="candide-languages"{}>{}</div>',
            flatatt({"id": id_} if id_ else {}),
            format_html_join(
                "", '<div><label class="form-label" for="{}_{}">{}</label>{}</div>', controls
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
    return field.formfield(**kwargs)


class SettingForm(forms.ModelForm):
    """A row of the settings. `seen` is the mark of what the page showed: when another comes back
    than the row has now, somebody changed it meanwhile.

    `reach` is where the person may write. A `centre` field offers the centres in it, and « toute
    l'université » to those who may write everywhere. A subclass narrows its own fields in
    `narrow()`.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        formfield_callback = field_of

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.initial["seen"] = mark_of(self.instance) if self.instance.pk else ""
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

    def is_stale(self) -> bool:
        """Whether somebody changed the row since the page was shown."""
        row = self.instance
        if row.pk is None:
            return False
        return self.data.get(self.add_prefix("seen"), "") != self.initial["seen"]


def in_reach(rows: QuerySet, reach: Reach, *, centre: str, commission: str = "") -> QuerySet:
    """`rows` in `reach`, by the lookups to their centre and, where there is one, commission."""
    if reach.everywhere:
        return rows
    own = rows.filter(**{f"{centre}__in": reach.centres})
    if commission:
        own |= rows.filter(**{f"{commission}__in": reach.commissions})
    return own

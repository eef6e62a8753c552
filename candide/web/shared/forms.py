"""How every form renders: Bootstrap, label, help and error tied to their field."""

from typing import Any

from django.forms import BoundField, CharField, Textarea
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

_WIDGETS = "django/forms/widgets/"
_CONTROLS = (
    *("text", "search", "email", "url", "tel", "password", "number", "textarea"),
    *("date", "datetime", "time", "file", "clearable_file_input"),
)
_CLASSES = {
    **{f"{_WIDGETS}{name}.html": "form-control" for name in _CONTROLS},
    f"{_WIDGETS}select.html": "form-select",
    f"{_WIDGETS}checkbox.html": "form-check-input",
}


class LongTextField(CharField):
    """Text of several lines. A break counts as one character, as browsers count it, which send
    two."""

    widget = Textarea

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class Renderer(TemplatesSetting):
    """Fields through shared/field.html, Django's own widgets with Bootstrap's classes."""

    field_template_name = "shared/field.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if widget := context.get("widget"):
            _add_classes(widget)
        if template_name == self.field_template_name:
            context = _said_of(context["field"])
        return super().render(template_name, context, request)


def _said_of(field: BoundField) -> dict[str, Any]:
    """What shared/field.html says of a field, as plain values: it would look for each of them as a
    part of the field first, and catch what that raises."""
    return {
        "kind": _kind_of(field),
        "id": field.auto_id,
        "label": field.label,
        "label_for": field.id_for_label,
        "is_required": field.field.required,
        "help_text": field.help_text,
        "described_by": field.aria_describedby,
        "errors": field.errors,
        "input": field,
    }


def _kind_of(field: BoundField) -> str:
    if field.is_hidden:
        return "hidden"
    if field.use_fieldset:
        return "group"
    return "checkbox" if field.widget_type == "checkbox" else ""


def _add_classes(widget: dict[str, Any]) -> None:
    for part in widget.get("subwidgets", ()):
        _add_classes(part)
    if added := _CLASSES.get(widget["template_name"]):
        attrs = widget["attrs"]
        invalid = "is-invalid" if attrs.get("aria-invalid") else ""
        attrs["class"] = " ".join(filter(None, [added, attrs.get("class"), invalid]))

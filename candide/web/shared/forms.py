"""How every form renders: Bootstrap, label, help and error tied to their field."""

from typing import Any

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


class Renderer(TemplatesSetting):
    """Fields through shared/field.html, Django's own widgets with Bootstrap's classes."""

    field_template_name = "shared/field.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if widget := context.get("widget"):
            _add_classes(widget)
        return super().render(template_name, context, request)


def _add_classes(widget: dict[str, Any]) -> None:
    for part in widget.get("subwidgets", ()):
        _add_classes(part)
    if added := _CLASSES.get(widget["template_name"]):
        attrs = widget["attrs"]
        invalid = "is-invalid" if attrs.get("aria-invalid") else ""
        attrs["class"] = " ".join(filter(None, [added, attrs.get("class"), invalid]))

"""How every form renders: Bootstrap, label, help and error tied to their field."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields through templates/django/forms/field.html."""

    field_template_name = "shared/field.html"

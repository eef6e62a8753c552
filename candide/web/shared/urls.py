from django.urls import path, register_converter

from candide.web.shared import components, theme


class ColourConverter:
    """Six hexadecimal digits."""

    regex = "[0-9a-fA-F]{6}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(ColourConverter, "colour")

app_name = "shared"
urlpatterns = [
    path("theme/<colour:colour>-<slug:digest>.css", theme.theme, name="theme"),
    path("gestion/components/", components.components, name="components"),
]

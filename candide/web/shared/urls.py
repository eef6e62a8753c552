from django.urls import path, register_converter

from candide.web.shared import components, layout, theme


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
    path("logo/<int:pk>/", layout.logo, name="logo"),
    path("accessibilite/", layout.accessibility, name="accessibility"),
    path("gestion/components/", components.components, name="components"),
]

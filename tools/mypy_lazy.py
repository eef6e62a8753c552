"""For mypy: a text translated when it is shown is a text. django-stubs gives lazy translations a
type of their own, which no `str` parameter accepts though all of them work."""

from collections.abc import Callable

from mypy.plugin import AttributeContext, FunctionContext, Plugin
from mypy.types import Type

LAZY = {
    f"django.utils.translation.{name}"
    for name in ("gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy")
}
LABEL = "django.db.models.enums.Choices.label"


def text(context: FunctionContext | AttributeContext) -> Type:
    return context.api.named_generic_type("builtins.str", [])


class LazyTexts(Plugin):
    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return text if fullname in LAZY else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return text if fullname == LABEL else None


def plugin(version: str) -> type[Plugin]:
    return LazyTexts

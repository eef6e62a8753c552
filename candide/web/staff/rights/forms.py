"""Forms of the rights: strings into values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.institution.access.domain.capabilities import AREAS, Meaning
from candide.institution.access.domain.composing import READ, WRITE, RoleDraft, grants_of, role_mark
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile

NONE = "none"
LEVELS = {NONE: _("No"), READ: _("Read"), WRITE: _("Read and write")}
DO = _("Yes")


@dataclass(frozen=True)
class Choice:
    """A capability as the page shows it: what it opens, and the field that says how far."""

    meaning: Meaning
    field: Any


class RoleForm(forms.Form):
    """A role: its names, and for each capability how far it goes. Offered are the levels that open
    something, and the one the role has now."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name of the role"), max_length=100)
    code = forms.SlugField(
        label=_("Code"),
        max_length=30,
        help_text=_("Letters, digits, hyphens; what spreadsheets and the history call it."),
    )

    def __init__(
        self,
        *args: Any,
        role: RoleProfile | None = None,
        like: RoleProfile | None = None,
        **kwargs: Any,
    ) -> None:
        self.grants = grants_of(role or like) if role or like else {}
        initial = {"name": role.name, "code": role.code, "seen": role_mark(role)} if role else {}
        super().__init__(*args, initial=initial, **kwargs)
        for area in AREAS:
            for meaning in area.meanings:
                self.fields[meaning.capability.value] = self._level(meaning)

    def _level(self, meaning: Meaning) -> forms.ChoiceField:
        held = self.grants.get(meaning.capability)
        current = NONE if held is None else WRITE if held else READ
        offered = {NONE, current}
        offered |= {READ} if meaning.read else set()
        offered |= {WRITE} if meaning.write else set()
        is_one_thing = offered == {NONE, WRITE} and not meaning.read
        choices = [
            (level, DO if is_one_thing and level == WRITE else label)
            for level, label in LEVELS.items()
            if level in offered
        ]
        return forms.ChoiceField(
            label=meaning.capability.label,
            choices=choices,
            initial=current,
            widget=forms.RadioSelect,
        )

    def areas(self) -> Iterator[dict[str, Any]]:
        """The capabilities in their groups, for the page."""
        for area in AREAS:
            choices = [Choice(each, self[each.capability.value]) for each in area.meanings]
            yield {"title": area.title, "choices": choices}

    def named_fields(self) -> list[Any]:
        return [self["name"], self["code"]]

    def draft(self) -> RoleDraft:
        values = self.cleaned_data
        grants = {
            capability: values[capability.value] == WRITE
            for capability in Capability
            if values.get(capability.value) in {READ, WRITE}
        }
        return RoleDraft(code=values["code"], name=values["name"], grants=grants)

"""What the forms of the sections have in common: choices that depend on one another, the version
they were shown at, and the window they are in."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from candide.core.blockers import Blocker
from candide.institution.reference.models import ReferenceRow

INCOMPLETE = frozenset({"required", "school_missing"})


@dataclass(frozen=True)
class Part:
    """Fields drawn together, in a box of its own that is drawn anew when `key`, what it depends on,
    changes: `key(form)` is compared with the one the page was drawn with. `always`: even empty,
    since fields may come into it."""

    name: str
    nodes: tuple[Any, ...]
    key: Callable[[Any], str] | None = None
    title: Any = ""
    always: bool = False


@dataclass(frozen=True)
class DrawnPart:
    """A part as a template draws it."""

    name: str
    key: str
    title: str
    nodes: list[Any]
    is_part: bool = True


class RowField(forms.ChoiceField):
    """A choice among rows of the reference data, sent by their code; its value is the row."""

    def __init__(self, *, label_of: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.label_of = label_of
        self.rows: dict[str, ReferenceRow] = {}

    def offer(self, rows: Iterable[ReferenceRow], *, kept: ReferenceRow | None = None) -> None:
        """Offer `rows`, and `kept` even if it went out of service [FILE-PER-04]."""
        self.rows = {row.code: row for row in rows}
        if kept is not None:
            self.rows.setdefault(kept.code, kept)
        offered = [(code, self.label_of(row)) for code, row in self.rows.items()]
        self.choices = [("", _("Choose")), *offered]

    def clean(self, value: Any) -> ReferenceRow | None:
        return self.rows.get(super().clean(value))


class SectionForm(forms.Form):
    """A section, or one line of it. `raw` are the texts it is shown with when nothing was sent:
    what is kept, or what was typed before. `row` is what is kept."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    tab = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    layout: ClassVar[tuple[Any, ...]] = ()
    entry_class: ClassVar[type]
    stored: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        raw: Mapping[str, str] | None = None,
        row: Any = None,
        version: int | None = None,
    ) -> None:
        self.row = row
        self.shown = dict(self.raw_of(row) if raw is None else raw)
        if version is None:
            version = row.version if row is not None else 0
        hidden = {"version": version, "tab": secrets.token_urlsafe(12)}
        super().__init__(None if data is None else data.copy(), initial=self.shown | hidden)
        self.chain()

    @classmethod
    def raw_of(cls, row: Any) -> dict[str, str]:
        """The texts of the fields for what is kept in `row`."""
        return {} if row is None else texts_of(row, cls.stored)

    # -- Choices that depend on others -------------------------------------------------------------
    def chain(self) -> None:
        """Offer what can be chosen, given what is chosen before."""

    def raw(self, name: str) -> str:
        """What is in the field `name` now, sent or shown."""
        source = self.data if self.is_bound else self.initial
        return str(source.get(name) or "").strip()

    def put(self, name: str, value: str) -> None:
        """Have `value` in the field `name`, whatever was sent."""
        source = self.data if self.is_bound else self.initial
        source[name] = value

    def default(self, name: str, value: str) -> None:
        """Have `value` in the field `name` when nobody has been asked for it yet."""
        if not self.raw(name) and not (self.is_bound and name in self.data):
            self.put(name, value)

    def offer(
        self,
        name: str,
        rows: Iterable[ReferenceRow],
        *,
        kept: ReferenceRow | None = None,
        choose_single: bool = True,
    ) -> ReferenceRow | None:
        """Offer `rows` in the field `name`. A choice that is no longer among them is dropped, the
        only one is chosen. Returns the row chosen."""
        field = self.fields[name]
        field.offer(rows, kept=kept)
        code = self.raw(name)
        if code and code not in field.rows:
            code = ""
            self.put(name, "")
        if not code and choose_single and len(field.rows) == 1:
            code = next(iter(field.rows))
            self.put(name, code)
        return field.rows.get(code)

    def kept(self, name: str) -> Any:
        """What is kept in the field `name`, if it depends on nothing that changed since."""
        return None if self.row is None else getattr(self.row, name)

    def leave_out(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    # -- Values ------------------------------------------------------------------------------------
    def entry(self) -> Any:
        """What was entered, for the domain; what is missing or no value at all is left empty."""
        self.full_clean()
        values = {name: self.cleaned_data.get(name) for name in self.stored}
        return self.entry_class(
            **{name: value for name, value in values.items() if value is not None}
        )

    def typed(self) -> dict[str, str]:
        """The raw texts that were sent, to be kept and shown again."""
        own = self.base_fields.keys() - {"version", "tab"}
        return {name: self.data[name] for name in own if name in self.data}

    @property
    def shown_version(self) -> int:
        text = self.raw("version")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def window(self) -> str:
        return self.raw("tab")[:64]

    def add_blockers(self, blockers: Iterable[Blocker]) -> list[Blocker]:
        """Put each blocker at its field, unless the field has an error already; returns those
        about no field."""
        elsewhere = []
        for blocker in blockers:
            kind, _sep, name = blocker.about.partition(":")
            if kind != "field" or name not in self.fields:
                elsewhere.append(blocker)
            elif name not in self.errors:
                self.add_error(name, ValidationError(blocker.message, code=blocker.code))
        return elsewhere

    def take_out_incomplete(self) -> list[str]:
        """Take the errors out that only say that something is not filled in yet; returns the
        labels of those fields."""
        labels = []
        for name, errors in self.errors.as_data().items():
            if all(error.code in INCOMPLETE for error in errors):
                labels.append(str(self.fields[name].label))
                del self.errors[name]
        return labels

    # -- Drawing -----------------------------------------------------------------------------------
    @property
    def nodes(self) -> list[Any]:
        """Fields and parts in the order they are drawn."""
        return self._draw(self.layout)

    def _draw(self, nodes: Iterable[Any]) -> list[Any]:
        drawn = []
        for node in nodes:
            if isinstance(node, Part):
                key = f"{node.name}:{node.key(self)}" if node.key else ""
                inside = self._draw(node.nodes)
                if inside or node.always:
                    drawn.append(DrawnPart(node.name, key, str(node.title), inside))
            elif node in self.fields:
                drawn.append(self[node])
        return drawn

    def outdated_parts(self) -> list[DrawnPart]:
        """The outermost parts that the page shows as they were before something they depend on
        was changed."""
        return self._outdated(self.nodes)

    def _outdated(self, nodes: list[Any]) -> list[DrawnPart]:
        found: list[DrawnPart] = []
        for node in nodes:
            if not isinstance(node, DrawnPart):
                continue
            if node.key and self.data.get(f"part_{node.name}", "") != node.key:
                found.append(node)
            else:
                found.extend(self._outdated(node.nodes))
        return found


def texts_of(row: Any, names: Iterable[str]) -> dict[str, str]:
    """The fields `names` of `row` as they are typed."""
    return {name: _raw(getattr(row, name)) for name in names}


def _raw(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, ReferenceRow):
        return value.code
    if hasattr(value, "strftime"):
        return value.strftime("%d/%m/%Y")
    return str(value)


def year_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A year of four digits, typed."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "size": 4})
    return forms.IntegerField(label=label, widget=widget, **kwargs)

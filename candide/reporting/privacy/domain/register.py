"""The register of processing (« registre des activités de traitement ») [RGPD, article 30], made
anew each time from what the models declare personal: a model that is added appears by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from candide.core.personal_data import declarations
from candide.institution.access.models import Grant
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.processings import PROCESSINGS, UNDESCRIBED, Processing
from candide.reporting.privacy.domain.register_words import WORDS


@dataclass(frozen=True)
class Kind:
    """A kind of data: what its rows are called, and which of their fields speak of somebody."""

    title: str
    fields: list[str]


@dataclass(frozen=True)
class Entry:
    """One processing, as the register tells it."""

    processing: Processing
    kept: str
    kinds: list[Kind] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        return [*self.roles, *(str(each) for each in self.processing.others)]


def register() -> list[Entry]:
    """Every processing with the data it is made of now."""
    institution = Institution.current()
    roles = _roles()
    kinds: dict[str, list[Kind]] = {}
    for model, declared in declarations().items():
        if declared.personal:
            kind = Kind(capfirst(str(model._meta.verbose_name)), _fields(model, declared.personal))
            kinds.setdefault(processing_of(model).code, []).append(kind)
    return [
        Entry(
            each,
            each.kept(institution),
            sorted(kinds[each.code], key=lambda kind: kind.title),
            sorted({name for capability in each.seen_by for name in roles.get(capability, ())}),
        )
        for each in (*PROCESSINGS, UNDESCRIBED)
        if each.code in kinds
    ]


def processing_of(model: type[Model]) -> Processing:
    """The one that names the model, else the one of its room."""
    label, room = model._meta.label_lower, model._meta.app_label
    named = (each for each in PROCESSINGS if label in each.models)
    of_room = (each for each in PROCESSINGS if room in each.rooms)
    return next(named, None) or next(of_room, UNDESCRIBED)


def _roles() -> dict[str, set[str]]:
    """The names of the roles in service that hold each capability."""
    found: dict[str, set[str]] = {}
    held = Grant.objects.filter(role__is_active=True).values_list("capability", "role__name")
    for capability, name in held:
        found.setdefault(capability, set()).add(name)
    return found


def _fields(model: type[Model], names: Iterable[str]) -> list[str]:
    """What the fields are called, each once, in the order of the model."""
    columns = {each.attname: each.name for each in model._meta.concrete_fields}
    wanted = {columns.get(name, name) for name in names}
    words = [word_of(each) for each in model._meta.concrete_fields if each.name in wanted]
    return list(dict.fromkeys(words))


def word_of(each: Field) -> str:
    """What people call a field: its label where forms give it one, else the word of the register,
    else its name, which a test refuses."""
    if isinstance(each.verbose_name, Promise):
        return str(each.verbose_name)
    return str(WORDS.get(each.name, each.name))


def as_table(entries: Iterable[Entry]) -> tuple[list[str], list[list[Any]]]:
    """Headings, and a line for each kind of data of each processing."""
    headings = [
        _("Processing"),
        _("Purpose"),
        _("Legal ground"),
        _("People concerned"),
        _("Data"),
        _("Details of the data"),
        _("Kept"),
        _("Recipients"),
    ]
    rows = [
        [
            entry.processing.title,
            entry.processing.purpose,
            entry.processing.ground,
            entry.processing.people,
            kind.title,
            ", ".join(kind.fields),
            entry.kept,
            ", ".join(entry.recipients),
        ]
        for entry in entries
        for kind in entry.kinds
    ]
    return headings, rows

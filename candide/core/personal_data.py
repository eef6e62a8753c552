"""Which fields hold personal data. Every field of every model is declared one or the other; an
architecture test fails for a field in neither list. Erasure and export read the declarations."""

from dataclasses import dataclass, field

from django.db.models import Model


@dataclass(frozen=True)
class Declaration:
    """The field names of one model: `personal` speak of a person, `neutral` do not."""

    model: type[Model]
    personal: frozenset[str] = field(default_factory=frozenset)
    neutral: frozenset[str] = field(default_factory=frozenset)


_declarations: dict[type[Model], Declaration] = {}


def declare(model: type[Model], *, personal: str = "", neutral: str = "") -> None:
    """Declare the fields of `model`, as names separated by spaces."""
    _declarations[model] = Declaration(
        model, frozenset(personal.split()), frozenset(neutral.split())
    )


def declarations() -> dict[type[Model], Declaration]:
    return dict(_declarations)


def declaration_of(model: type[Model]) -> Declaration:
    """What was declared of `model`. Raises `KeyError` when nothing was."""
    return _declarations[model]

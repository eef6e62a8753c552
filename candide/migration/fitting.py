"""Values as our fields take them: what is too long is cut, what is no address or e-mail and may be
empty is left empty, and each time it is said."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Field, ForeignKey, Model
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString


class LeftOut(Exception):
    """Why a row is not brought."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = str(reason)


def fitted(model: type[Model], values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """`values` for a row of `model`, and what had to be adjusted. Raises `LeftOut` where a field
    that is needed cannot be given."""
    kept = dict(values)
    notes: list[str] = []
    for name, value in values.items():
        its_field = model._meta.get_field(name)
        if not isinstance(its_field, Field) or isinstance(its_field, ForeignKey):
            continue
        longest = getattr(its_field, "max_length", None)
        if isinstance(value, LazyI18nString):
            kept[name] = _cut_languages(its_field, value, longest, notes)
            continue
        if isinstance(value, str) and longest and len(value) > longest:
            if not _may_be_cut(its_field):
                kept[name] = value
            else:
                kept[name] = value = value[:longest].rstrip()
                notes.append(_("“%(field)s” was cut.") % {"field": its_field.verbose_name})
        if value in (None, "") and (its_field.null or its_field.blank or its_field.has_default()):
            continue
        try:
            its_field.run_validators(value)
            its_field.validate(value, None)
        except ValidationError as error:
            kept[name] = _without(its_field, value, error, notes)
    return kept, notes


def _may_be_cut(its_field: Field) -> bool:
    """A sentence may; half a code, an address or a choice says something else."""
    name = type(its_field).__name__
    return name in {"CharField", "TextField"} and not its_field.unique and not its_field.choices


def _cut_languages(
    its_field: Field, value: LazyI18nString, longest: int | None, notes: list[str]
) -> LazyI18nString:
    data = value.data if isinstance(value.data, dict) else {"fr": str(value.data or "")}
    if not longest or all(len(text) <= longest for text in data.values()):
        return value
    notes.append(_("“%(field)s” was cut.") % {"field": its_field.verbose_name})
    return LazyI18nString({language: text[:longest] for language, text in data.items()})


def _without(its_field: Field, value: Any, error: ValidationError, notes: list[str]) -> Any:
    said = {
        "field": its_field.verbose_name,
        "value": str(value)[:80],
        "why": " ".join(error.messages),
    }
    if not (its_field.null or its_field.blank):
        raise LeftOut(_("“%(field)s” is unusable: %(why)s") % said) from error
    notes.append(_("“%(field)s” was left empty: %(why)s") % said)
    return "" if isinstance(its_field, CharField) and not its_field.null else None

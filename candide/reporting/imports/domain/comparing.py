"""A row beside what a line of a spreadsheet says of it: what changes, field by field, and what was
changed by others since the spreadsheet was made, which stays."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import ForeignKey, Model
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker
from candide.core.deadlines import long_date
from candide.foundation.history.domain.changes import value_of
from candide.foundation.history.domain.log import entries_about
from candide.foundation.history.enums import RowEvent
from candide.reporting.exports.domain.writing import LONGEST
from candide.reporting.imports.domain.meaning import Misread, error_of, meaning_of

_UNKNOWN = object()


@dataclass(frozen=True)
class Change:
    """One field, in one language where it is translated; values are as JSON holds them, and in
    words."""

    part: str
    name: str
    language: str
    label: str
    before: Any
    after: Any
    before_words: str
    after_words: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Pointer:
    """How a cell names a row: `find` raises `Misread` where it names none that may be chosen,
    `words` says how the spreadsheet names it."""

    find: Callable[[str], Any]
    words: Callable[[Any], str]


@dataclass
class Comparison:
    """What a line would do to `row`, which is changed in memory."""

    row: Any
    changes: list[Change] = field(default_factory=list)
    blockers: list[Blocker] = field(default_factory=list)
    warnings: list[Blocker] = field(default_factory=list)

    @property
    def changed(self) -> set[str]:
        return {change.name for change in self.changes}


def compare(
    row: Model,
    cells: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    since: datetime | None,
    pointers: Mapping[str, Pointer],
) -> Comparison:
    """What `cells`, whose keys are of several rows, would change in `row`; `labels` are the
    headings of the columns, in their order. Only a line that was exported empties what is empty in
    it: one that somebody added says what is to be set."""
    found = Comparison(row)
    part = str(row._meta.model_name)
    says_all = row.pk is not None and since is not None
    changed_since: dict[str, Any] | None = None
    for key in labels:  # the order of the columns, which `cells` lost if a database kept them
        text = cells.get(key)
        its_part, _dot, rest = key.partition(".")
        if its_part != part or text is None or not (text or says_all):
            continue
        name, _dot, language = rest.partition(".")
        try:
            change = _change(row, part, name, language, text, labels[key], pointers.get(name))
        except Misread as misread:
            found.blockers.append(_about(labels[key], str(misread), text))
            continue
        if change is None:
            continue
        if since is not None and row.pk is not None:
            if changed_since is None:
                changed_since = _changed_since(row, since)
            kept = _kept(change, changed_since)
            if kept is not None:
                (found.warnings if kept.code == "changed_since" else found.blockers).append(kept)
                continue
        found.changes.append(change)
        put(row, change)
        problem = _problem(row, change)
        if problem:
            found.blockers.append(_about(labels[key], problem, text))
    return found


def _change(
    row: Any,
    part: str,
    name: str,
    language: str,
    text: str,
    label: str,
    pointer: Pointer | None,
) -> Change | None:
    """What the cell changes; None when it says what is there."""
    its_field = row._meta.get_field(name)
    before = now(row, name, language)
    if pointer is not None:
        target = getattr(row, name, None) if before else None
        shown = pointer.words(target) if target is not None else ""
        if text == shown:
            return None
        chosen = pointer.find(text) if text else None
        after = chosen.pk if chosen is not None else None
        words = (shown, pointer.words(chosen) if chosen is not None else "")
    else:
        after = text if language else meaning_of(its_field, text)
        if _is_same(before, after):
            return None
        words = (_words(its_field, before), _words(its_field, after))
    if after == before:
        return None
    return Change(part, name, language, label, before, after, *words)


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, str) and isinstance(after, str):
        written = before.replace("\r\n", "\n")
        return after in {written, written.strip(), written[:LONGEST].strip()}
    return before == after


def _words(its_field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(getattr(its_field, "flatchoices", ()))
    day = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
    return long_date(day) if day is not None else str(choices.get(value, value))


def _problem(row: Any, change: Change) -> str:
    """What the field says against the value the row has now."""
    its_field = row._meta.get_field(change.name)
    if change.language:
        return _too_long(change) or (
            "" if any(_texts(row, change.name).values()) else _empty(its_field)
        )
    if change.after is None or isinstance(its_field, ForeignKey):
        return "" if change.after is not None or its_field.null else _("This may not be empty.")
    return error_of(its_field, getattr(row, change.name), row)


def _too_long(change: Change) -> str:
    if len(change.after) <= LONGEST:
        return ""
    return _("At most %(most)d characters are expected.") % {"most": LONGEST}


def _empty(its_field: Any) -> str:
    return "" if its_field.blank else _("This may not be empty.")


def _about(label: str, problem: str, text: str) -> Blocker:
    if not text:
        message = _("Column “%(column)s”: %(problem)s")
        return Blocker("misread", message % {"column": label, "problem": problem})
    message = _("Column “%(column)s”, “%(text)s”: %(problem)s")
    return Blocker("misread", message % {"column": label, "text": text[:60], "problem": problem})


# -- What others changed since ---------------------------------------------------------------------


def _changed_since(row: Model, since: datetime) -> dict[str, Any]:
    """By field, what it was at that moment."""
    found: dict[str, Any] = {}
    later = entries_about(row).filter(at__gt=since, event=RowEvent.CHANGED).reverse()
    for entry in later:
        for name, values in entry.data.get("changes", {}).items():
            found.setdefault(name, values[0] if values else _UNKNOWN)
    return found


def _kept(change: Change, changed_since: Mapping[str, Any]) -> Blocker | None:
    """Why the field stays: somebody else changed it since, and the line did not, or did too."""
    if change.name not in changed_since:
        return None
    then = changed_since[change.name]
    if change.language and then is not _UNKNOWN:
        then = _by_language(then).get(change.language, "")
    says = {"column": change.label, "now": change.before_words or "–", "text": change.after_words}
    if then is not _UNKNOWN and _is_same(then, change.after):
        message = _("Column “%(column)s” was changed since the export: it stays “%(now)s”.")
        return Blocker("changed_since", message % says)
    message = _(
        "Column “%(column)s” was changed since the export, to “%(now)s”, and in this file, to "
        "“%(text)s”: export again."
    )
    return Blocker("conflict", message % says)


# -- Values ----------------------------------------------------------------------------------------


def now(row: Any, name: str, language: str = "") -> Any:
    """What the field holds, as JSON does; in one language where it is translated."""
    return _texts(row, name).get(language, "") if language else value_of(row, name)


def put(row: Any, change: Change) -> None:
    """Set the field of `row`."""
    if change.language:
        texts = _texts(row, change.name) | {change.language: change.after}
        given = {language: text for language, text in texts.items() if text}
        setattr(row, change.name, LazyI18nString(given) if given else "")
        return
    its_field = row._meta.get_field(change.name)
    value = None if change.after is None else its_field.to_python(change.after)
    setattr(row, its_field.attname, value)


def _texts(row: Any, name: str) -> dict[str, str]:
    return _by_language(value_of(row, name))


def _by_language(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return {language: text or "" for language, text in value.items()}
    return {settings.LANGUAGE_CODE[:2]: str(value or "")}


def apply(row: Model, changes: list[Change]) -> Iterator[Blocker]:
    """Make those of `changes` that are about `row` in memory. Yields why not, where a field is no
    longer what the preview showed."""
    for change in changes:
        if change.part != row._meta.model_name:
            continue
        held = now(row, change.name, change.language)
        if row.pk is not None and held not in (change.before, change.after):
            message = _("Column “%(column)s” was changed since the preview.")
            yield Blocker("changed", message % {"column": change.label})
        else:
            put(row, change)

"""The institution's own words for statuses (« libellés »). Code only compares enum members; pages
and mails show `label_of(member)`.

Nothing is kept from one page to the next: within `one_reading()`, which a middleware puts around
each request, the words are read once, with one query, when the first is asked for.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.pages.models import Wording


@dataclass
class _Reading:
    """What was read of the words; `labels` is None until the first was asked for."""

    labels: dict[str, LazyI18nString] | None = field(default=None)

    def find(self, code: str) -> LazyI18nString | None:
        if self.labels is None:
            self.labels = dict(Wording.objects.values_list("code", "label"))
        return self.labels.get(code)


_current: ContextVar[_Reading | None] = ContextVar("wording", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Read the words at most once until the end of this block."""
    token = _current.set(_Reading())
    try:
        yield
    finally:
        _current.reset(token)


def code_of(member: TextChoices) -> str:
    """The code of the `Wording` row that renames `member`: "DossierStatus.awaited"."""
    return f"{type(member).__name__}.{member.value}"


def label_of(member: TextChoices) -> str:
    """How readers meet `member`: the institution's word, else our own, in the active language."""
    reading = _current.get() or _Reading()
    own = reading.find(code_of(member))
    return (_in_language(own) if own is not None else "") or str(member.label)


def _in_language(own: LazyI18nString) -> str:
    """The institution's word in the active language alone: where it wrote none, ours is better than
    its word in another one."""
    return _texts(own).get(translation.get_language() or "", "").strip()


def choices_of(enum: type[TextChoices]) -> list[tuple[str, str]]:
    """What is chosen among the members of `enum`, in the words readers know."""
    return [(member.value, label_of(member)) for member in enum]


def first_words(member: TextChoices) -> dict[str, str]:
    """Our own word for `member` in every language: what readers meet where the institution wrote
    none."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(member.label)
    return found


def own_words() -> dict[str, dict[str, str]]:
    """What the institution wrote, by code and language."""
    return {code: _texts(label) for code, label in Wording.objects.values_list("code", "label")}


def _texts(label: LazyI18nString) -> dict[str, str]:
    """A label by language; one that is kept without any counts in each."""
    if isinstance(label.data, dict):
        return {language: text for language, text in label.data.items() if text}
    languages = [language for language, _name in settings.LANGUAGES]
    return dict.fromkeys(languages, label.data) if label.data else {}


@transaction.atomic
def reword(
    wanted: Mapping[TextChoices, Mapping[str, str]],
    *,
    by: Any,
    seen: Mapping[str, Mapping[str, str]],
) -> int:
    """Write the institution's words, by member and language; an empty one goes back to ours. Words
    that are ours already are not kept, so that ours may be mended. `seen` is what was looked at:
    refuses "changed" when somebody reworded meanwhile. How many were changed."""
    rows = {row.code: row for row in Wording.objects.select_for_update().order_by("code")}
    current = {code: _texts(row.label) for code, row in rows.items()}
    if _written(current) != _written(seen):
        message = _("Somebody changed the words meanwhile. Look again, then save.")
        refuse_if([Blocker("changed", message)])
    changed = 0
    for member, texts in wanted.items():
        first = first_words(member)
        own = {
            language: text
            for language, text in texts.items()
            if text and text != first.get(language)
        }
        row = rows.get(code_of(member)) or Wording(code=code_of(member), label="")
        if own == (current.get(row.code) or {}):
            continue
        before = values_of(row)
        row.label = LazyI18nString(own)
        row.save()
        log_saved(row, before=before, by=by)
        changed += 1
    if reading := _current.get():
        reading.labels = None
    return changed


def _written(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Without what is empty."""
    return {code: dict(texts) for code, texts in words.items() if texts}

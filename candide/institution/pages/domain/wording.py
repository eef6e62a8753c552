"""The institution's own words for statuses (« libellés »). Code only compares enum members; pages
and mails show `label_of(member)`.

Nothing is kept from one page to the next: within `one_reading()`, which a middleware puts around
each request, the words are read once, with one query, when the first is asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db.models import TextChoices
from i18nfield.strings import LazyI18nString

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
    return (str(own).strip() if own is not None else "") or str(member.label)

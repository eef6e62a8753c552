"""How far long work is, and what came of it."""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from defusedcsv import csv
from django.db.models import Count
from django.utils.translation import gettext_lazy

from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import Run, RunItem

UNEXPECTED = gettext_lazy("Unexpected error: nothing was done. Support finds it in the log.")


@dataclass(frozen=True)
class Progress:
    """How many items are in each state; `value` of `total` are behind us. Looked at beforehand,
    that is all of them; once confirmed, those that were then found possible."""

    numbers: dict[str, int]
    value: int
    total: int


def progress_of(runs: Iterable[Run]) -> dict[int, Progress]:
    """The progress of each of `runs`, by its key; one query."""
    runs = list(runs)
    counted = (
        RunItem.objects.filter(run__in=[run.pk for run in runs])
        .order_by()
        .values_list("run", "state")
        .annotate(number=Count("pk"), settled=Count("settled_at"))
    )
    lines: dict[int, list[tuple[str, int, int]]] = {run.pk: [] for run in runs}
    for pk, state, number, settled in counted:
        lines[pk].append((state, number, settled))
    return {run.pk: _progress(run, lines[run.pk]) for run in runs}


def _progress(run: Run, lines: list[tuple[str, int, int]]) -> Progress:
    numbers = dict.fromkeys(ItemState.values, 0) | {state: number for state, number, _ in lines}
    if run.is_confirmed:
        settled = sum(settled for _, _, settled in lines)
        return Progress(numbers, settled, settled + numbers[ItemState.READY])
    total = sum(numbers.values())
    return Progress(numbers, total - numbers[ItemState.SELECTED], total)


def warnings_of(run: Run) -> list[tuple[str, int]]:
    """What is unwise, and about how many items that are to be done: (message, number)."""
    ready = run.items.filter(state=ItemState.READY).exclude(notes=[])
    return _counted(ready)


def refusals_of(run: Run) -> list[tuple[str, int]]:
    """Why items were refused, and how many each time: (reason, number)."""
    return _counted(run.items.filter(state=ItemState.REFUSED))


def _counted(items: Any) -> list[tuple[str, int]]:
    """The messages of `items`, the most frequent first; those that differ in what they name (a
    rank, a number) are one, shown by the first."""
    numbers: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for notes in items.order_by("position").values_list("notes", flat=True):
        for code, message in notes:
            numbers[code] += 1
            shown.setdefault(code, message)
    return [(shown[code], number) for code, number in numbers.most_common()]


def as_csv(headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table that French spreadsheets open as such, and execute nothing of."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([str(heading) for heading in headings])
    writer.writerows([str(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")

"""How rows of eCandidat become ours: each is read once, found again by what was noted, made, or
left out with its reason. What is special to a kind of rows stands in `kinds`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.history.domain.log import caused_by, log_many
from candide.foundation.history.enums import RowEvent
from candide.integrations.ecandidat.database import BATCH, Database, Row
from candide.integrations.ecandidat.markup import markdown, plain
from candide.integrations.ecandidat.values import moment, text
from candide.migration.fitting import LeftOut, fitted
from candide.migration.memory import Brought, Memory, login_key, mark_of
from candide.migration.report import Report, Verdict

I18N = "i18n"


@dataclass
class Bringing:
    """One run of the import: where it reads, what it remembers, what it tells."""

    database: Database
    memory: Memory
    report: Report
    now: datetime
    campaigns: tuple[str, ...] = ()
    candidate_files: Path | None = None
    manager_files: Path | None = None
    is_dry_run: bool = False
    say: Callable[[str], None] = lambda _line: None
    cache: dict[Any, Any] = field(default_factory=dict)

    def find(self, kind: str, key: Any) -> int | None:
        """Ours for a row of theirs; None where it names none, or one that was not brought."""
        return None if key is None else self.memory.find(kind, key)

    def find_all(self, kind: str, keys: Iterable[Any]) -> set[int]:
        """Ours for those of theirs that were brought."""
        return {found for key in keys if (found := self.find(kind, key)) is not None}

    def person(self, login: Any) -> int | None:
        """Ours for somebody of their staff, by login."""
        return self.find("people", login_key(login)) if text(login) else None

    def needed(self, kind: str, key: Any, what: Any) -> int:
        """The same, for what the row cannot be without."""
        found = self.find(kind, key)
        if found is None:
            raise LeftOut(_("%(what)s was not brought.") % {"what": what})
        return found

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, asked once for the whole run."""
        if key not in self.cache:
            self.cache[key] = make()
        return self.cache[key]

    def aware(self, value: Any) -> datetime | None:
        """A moment of theirs, in the time zone of the institution."""
        found = moment(value)
        return timezone.make_aware(found) if found else None


class Kind(ABC):
    """One kind of rows. `name` is what the memory calls it, `table` and `key` are theirs, `model`
    ours; `natural` names the field by which one is the same as a row that stands here already.
    `joins_doubles`: rows of theirs that are one with us."""

    name: ClassVar[str]
    title: ClassVar[Any]
    table: ClassVar[str]
    key: ClassVar[str]
    model: ClassVar[Any]
    natural: ClassVar[str] = "code"
    joins_doubles: ClassVar[bool] = False
    in_bulk: ClassVar[bool] = False  # ours are written together; `save` has nothing of its own
    follows_changes: ClassVar[bool] = True
    is_told: ClassVar[bool] = True  # in the history of each row

    def __init__(self, run: Bringing) -> None:
        self.run = run
        self.notes: list[str] = []

    # -- What a kind says of itself ----------------------------------------------------------------

    def batches(self) -> Iterator[list[Row]]:
        return self.run.database.batches(self.table, key=self.key)

    def total(self) -> int | None:
        """How many rows there are, where `batches` does not read all of them."""
        return None

    def key_of(self, row: Row) -> str:
        return str(row[self.key])

    def prepare(self, rows: list[Row]) -> None:  # noqa: B027 -- most kinds need nothing more
        """Fetch what a batch needs, and add to the rows what belongs to them."""

    @abstractmethod
    def values(self, row: Row) -> dict[str, Any]:
        """The values of our row. Raises `LeftOut`."""

    def existing(self, values: list[dict[str, Any]]) -> dict[Any, Model]:
        """Rows that stand here already, by their natural key."""
        names = {self.natural_key(each) for each in values} - {None}
        if not self.natural or not names:
            return {}
        found = self.model._default_manager.filter(**{f"{self.natural}__in": names})
        return {getattr(row, self.natural): row for row in found}

    def natural_key(self, values: dict[str, Any]) -> Any:
        return values.get(self.natural) if self.natural else None

    def twin(self, row: Row, values: dict[str, Any], standing: Model) -> None:
        """`standing` was found here, or made from another row of theirs. Raises `LeftOut` where
        it is not the same."""
        if self.run.memory.is_claimed(self.name, standing.pk):
            raise LeftOut(self.double(values))

    def double(self, values: dict[str, Any]) -> str:
        """Why a second row that is the same is left out."""
        name = self.natural_key(values)
        if not isinstance(name, str | int):
            return _("It is there twice; the first one was taken.")
        return _("“%(code)s” is there twice; the first one was taken.") % {"code": name}

    def written(self, pairs: list[tuple[Row, Any]]) -> None:  # noqa: B027 -- nothing hangs on most
        """Our rows are written: what hangs on them."""

    # -- Words -------------------------------------------------------------------------------------

    def note(self, what: str) -> None:
        """Something was not as it should be; it is said of the row."""
        self.notes.append(what)

    def words(self, row: Row, column: str, otherwise: Any = "") -> LazyI18nString:
        """A translated label on one line; without any, `otherwise`."""
        return self._translated(row, column, otherwise, plain)

    def prose(self, row: Row, column: str, otherwise: Any = "") -> LazyI18nString:
        """A translated text as Markdown."""
        return self._translated(row, column, otherwise, markdown)

    def _translated(
        self, row: Row, column: str, otherwise: Any, read: Callable[[str], str]
    ) -> LazyI18nString:
        said = row.get(I18N, {}).get(column, {})
        texts = {language: read(words) for language, words in said.items()}
        texts = {language: words for language, words in texts.items() if words}
        if not texts and text(otherwise):
            texts = {settings.LANGUAGE_CODE: read(text(otherwise))}
        return LazyI18nString(texts)


# -- Bringing a kind -------------------------------------------------------------------------------


@dataclass
class _Fresh:
    key: str
    mark: str
    row: Row
    values: dict[str, Any]


def bring(run: Bringing, make: type[Kind]) -> None:
    """Every row of the kind, a batch at a time, each batch in a transaction of its own."""
    kind = make(run)
    line = run.report.begin(kind.name, kind.title)
    before = line.read
    for rows in kind.batches():
        line.read += len(rows)
        with transaction.atomic(), caused_by(source="ecandidat"):
            _translate(run, rows)
            kind.prepare(rows)
            _bring_batch(kind, rows)
    total = kind.total()
    if total is not None and total > line.read - before:
        others = total - (line.read - before)
        line.read += others
        reason = _("Belongs to what was not brought.")
        run.report.count(kind.name, "", Verdict.LEFT_OUT, reason, number=others)


def _translate(run: Bringing, rows: list[Row]) -> None:
    """Add the translations their `id_i18n_…` columns name, by column and language."""
    if not rows:
        return
    columns = [name for name in rows[0] if I18N in name]
    wanted = {row[name] for row in rows for name in columns if row[name] is not None}
    found: dict[Any, dict[str, str]] = {}
    for each in run.database.of("i18n_traduction", "id_i18n", wanted):
        language = text(each["cod_langue"]).lower()
        if language in dict(settings.LANGUAGES):
            found.setdefault(each["id_i18n"], {})[language] = text(each["val_trad"])
    for row in rows:
        row[I18N] = {name: found.get(row[name], {}) for name in columns}


def _bring_batch(kind: Kind, rows: list[Row]) -> None:
    memory, report = kind.run.memory, kind.run.report
    known = memory.of(kind.name)
    fresh: list[_Fresh] = []
    keyed = [(kind.key_of(row), row) for row in rows]
    standing = _standing(kind, [known[key].target for key, _row in keyed if key in known])
    for key, row in keyed:
        mark, brought = mark_of(row), known.get(key)
        if brought is None:
            values = _values(kind, row, key)
            if values is not None:
                fresh.append(_Fresh(key, mark, row, values))
        elif brought.target not in standing:
            memory.note_gone(kind.name, key)
            report.count(kind.name, key, Verdict.LEFT_OUT, _("It was deleted here since."))
        elif brought.mark == mark:
            report.count(kind.name, key, Verdict.THERE)
        else:
            _change(kind, row, key, mark, brought)
    doubles: list[_Fresh] = []
    _make(kind, _not_standing(kind, fresh, doubles))
    _make(kind, _not_standing(kind, doubles, []))


def _standing(kind: Kind, targets: list[int]) -> set[int]:
    """Those of our rows that are still there."""
    if not targets:
        return set()
    return set(kind.model._default_manager.filter(pk__in=targets).values_list("pk", flat=True))


def _values(kind: Kind, row: Row, key: str) -> dict[str, Any] | None:
    kind.notes = []
    try:
        values, notes = fitted(kind.model, kind.values(row))
    except LeftOut as left:
        kind.run.report.count(kind.name, key, Verdict.LEFT_OUT, left.reason)
        return None
    for said in [*kind.notes, *notes]:
        kind.run.report.count(kind.name, key, Verdict.ADJUSTED, said)
    return values


def _not_standing(kind: Kind, fresh: list[_Fresh], doubles: list[_Fresh]) -> list[_Fresh]:
    """Those to be made: the others stand here already, or are there twice; what is joined goes to
    `doubles`, to be looked at once the first is made."""
    report, memory = kind.run.report, kind.run.memory
    standing = kind.existing([each.values for each in fresh])
    to_make: list[_Fresh] = []
    names: set[Any] = set()
    for each in fresh:
        name = kind.natural_key(each.values)
        twin = standing.get(name) if name is not None else None
        if name is not None and name in names:
            if kind.joins_doubles:
                doubles.append(each)
            else:
                reason = kind.double(each.values)
                report.count(kind.name, each.key, Verdict.LEFT_OUT, reason)
        elif twin is None:
            names.add(name)
            to_make.append(each)
        else:
            try:
                kind.twin(each.row, each.values, twin)
            except LeftOut as left:
                report.count(kind.name, each.key, Verdict.LEFT_OUT, left.reason)
                continue
            memory.remember(kind.name, [(each.key, twin.pk, each.mark)], was_made=False)
            report.count(kind.name, each.key, Verdict.THERE)
    return to_make


def _make(kind: Kind, fresh: list[_Fresh]) -> None:
    written = _written_together(kind, fresh) if kind.in_bulk else None
    if written is None:
        written = list(_written_one_by_one(kind, fresh))
    noted = [(each.key, made.pk, each.mark) for each, made in written]
    kind.run.memory.remember(kind.name, noted, was_made=True)
    kind.written([(each.row, made) for each, made in written])
    if kind.is_told:
        log_many(((made, {}) for _each, made in written), RowEvent.CREATED)
    for each, _made in written:
        kind.run.report.count(kind.name, each.key, Verdict.MADE)


def _written_together(kind: Kind, fresh: list[_Fresh]) -> list[tuple[_Fresh, Any]] | None:
    """In one go; None when the database refuses one of them."""
    rows = [kind.model(**each.values) for each in fresh]
    try:
        with transaction.atomic():
            kind.model._default_manager.bulk_create(rows, batch_size=BATCH)
    except DatabaseError:
        return None
    return list(zip(fresh, rows, strict=True))


def _written_one_by_one(kind: Kind, fresh: Iterable[_Fresh]) -> Iterator[tuple[_Fresh, Any]]:
    for each in fresh:
        made = kind.model(**each.values)
        try:
            with transaction.atomic():
                made.save()
        except DatabaseError as error:
            reason = _refused(error)
            kind.run.report.count(kind.name, each.key, Verdict.LEFT_OUT, reason)
            continue
        yield each, made


def _change(kind: Kind, row: Row, key: str, mark: str, brought: Brought) -> None:
    """The row says something else there than when it was brought."""
    report = kind.run.report
    made = kind.model._default_manager.get(pk=brought.target)
    if not kind.follows_changes or not brought.was_made:
        report.count(kind.name, key, Verdict.THERE)
        reason = _("It changed there since; what stands here was kept.")
        report.count(kind.name, key, Verdict.ADJUSTED, reason)
        return
    values = _values(kind, row, key)
    if values is None:
        return
    before = values_of(made)
    for name, value in values.items():
        setattr(made, name, value)
    try:
        with transaction.atomic():
            made.save()
    except DatabaseError as error:
        report.count(kind.name, key, Verdict.LEFT_OUT, _refused(error))
        return
    kind.written([(row, made)])
    log_saved(made, before=before, by=None)
    kind.run.memory.renew(kind.name, key, mark)
    report.count(kind.name, key, Verdict.CHANGED)


def _refused(error: DatabaseError) -> str:
    """What the database said, without the values it names."""
    said = str(error).strip().splitlines()
    return _("It contradicts what stands here: %(why)s") % {"why": said[0] if said else ""}


# -- Rows that hang on others ----------------------------------------------------------------------


class ChildKind(Kind):
    """Rows that hang on rows of another kind, read with these."""

    parent: ClassVar[str]
    parent_column: ClassVar[str]
    natural = ""
    in_bulk = True
    is_told = False

    def batches(self) -> Iterator[list[Row]]:
        keys = self.parent_keys()
        for begin in range(0, len(keys), BATCH):
            rows = self.run.database.of(self.table, self.parent_column, keys[begin : begin + BATCH])
            if rows:
                yield sorted(rows, key=self.order)

    def parent_keys(self) -> list[Any]:
        return list(self.run.memory.of(self.parent))

    def order(self, row: Row) -> Any:
        return self.key_of(row).zfill(20)

    def total(self) -> int | None:
        return self.run.database.count(self.table)

    def owner(self, row: Row) -> int:
        return self.run.needed(self.parent, row[self.parent_column], self.title)

"""Bringing a table up to what the records say: added, changed, left as they are, never deleted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import CharField, ForeignKey, Model, Q
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.institution.reference import models
from candide.institution.reference.domain.importing.gazetteer import Gazetteer, Place
from candide.institution.reference.domain.importing.layouts import Record
from candide.institution.reference.domain.importing.own import OWN
from candide.institution.reference.domain.importing.report import Counts, FileReport
from candide.institution.reference.enums import Source
from candide.institution.reference.models import ImportedRow

BATCH = 2000
# Fewer records than MANY: their rows are asked for, FEW at a time, instead of the whole table.
MANY, FEW = 10_000, 500
# In the order they lean on each other.
TABLES: dict[str, type[ImportedRow]] = dict(OWN)
KEYS: dict[str, tuple[str, ...]] = defaultdict(
    lambda: ("code",),
    postcodes=("commune_id", "postcode"),
    series_specialities=("series_id", "speciality_id"),
    series_options=("series_id", "option_id"),
)
# What a complete list may put out of service: never what somebody entered by hand.
MAY_CLOSE: dict[str, list[str]] = {
    Source.PACKAGE: [Source.PACKAGE],
    Source.CSV: [Source.PACKAGE, Source.CSV],
    Source.APOGEE: [Source.PACKAGE, Source.CSV, Source.APOGEE],
    Source.PEGASE: [Source.PACKAGE, Source.CSV, Source.PEGASE],
}
TOLERATED_CLOSINGS = 50
TOLERATED_SHARE = 0.2


class Unresolved(Exception):
    """A record that cannot become a row, and why."""


@dataclass
class Writer:
    """Writes the records of one import. What an earlier file of it said about a row stands."""

    source: str
    seen: dict[str, set[tuple]] = field(default_factory=lambda: defaultdict(set))
    _codes: dict[type[Model], dict[str, int]] = field(default_factory=dict)
    _gazetteer: Gazetteer | None = None

    def write(self, records: Iterable[Record], report: FileReport) -> None:
        by_table: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_table[record.table].append(record)
        for table in TABLES:
            # The whole before its parts, which point at it.
            whole = [record for record in by_table[table] if not record.values.get("parent")]
            parts = [record for record in by_table[table] if record.values.get("parent")]
            for together in (whole, parts):
                if together:
                    self._write_table(table, together, report)

    # -- One table ---------------------------------------------------------------------------
    def _write_table(self, table: str, records: list[Record], report: FileReport) -> None:
        model = TABLES[table]
        counts = report.tables.setdefault(table, Counts())
        rows = _existing(table, records)
        earlier = self.seen[table]
        mine: dict[tuple, tuple] = {}
        new: list[ImportedRow] = []
        changed: list[ImportedRow] = []
        for record in records:
            try:
                said, fills = self._resolved(model, record, report)
                key = tuple(said.get(name) for name in KEYS[table])
                if key in mine:
                    _refuse_contradiction(*mine[key], said, fills)
                    continue
                if key in earlier:
                    continue
                row = rows.get(key)
                if row is None and not record.adds:
                    raise Unresolved(_("“%(code)s” is unknown.") % {"code": key[0]})
                mine[key] = record.line, dict(said), dict(fills)
                if row is not None and self._is_shielded(row):
                    counts.kept += 1
                    continue
                if row is None:
                    row = self._made(model, {"is_active": True} | fills | said)
                    counts.added += 1
                    new.append(row)
                else:
                    differs = _update(row, said, fills)
                    counts.changed += differs
                    counts.unchanged += not differs
                    if differs or row.source != self.source:
                        row.source = self.source
                        changed.append(row)
            except Unresolved as error:
                report.refuse(record.line, str(error))
        earlier.update(mine)
        _save(model, KEYS[table], new, changed)
        self._codes.pop(model, None)
        if model in (models.Commune, models.CommunePostcode):
            self._gazetteer = None

    def _made(self, model: type[ImportedRow], said: dict[str, Any]) -> ImportedRow:
        row = model(source=self.source, **said)
        _check(row)
        _fill_in(row)
        return row

    def _is_shielded(self, row: ImportedRow) -> bool:
        """By hand of staff, or because the package knows less than anybody."""
        if getattr(row, "is_kept", False):
            return True
        return self.source == Source.PACKAGE and row.source != Source.PACKAGE

    # -- Links -------------------------------------------------------------------------------
    def _resolved(
        self, model: type[ImportedRow], record: Record, report: FileReport
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        said = self._with_keys(model, record.values, record.line, report)
        fills = self._with_keys(model, record.fills, record.line, report)
        return said, fills

    def _with_keys(
        self, model: type[ImportedRow], cells: dict[str, Any], line: int, report: FileReport
    ) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, value in cells.items():
            link = _links(model).get(name)
            if link is None:
                said[name] = value
            else:
                said[link.attname] = self._link(link, value, line, report)
        return said

    def _link(self, field_: ForeignKey, value: Any, line: int, report: FileReport) -> int | None:
        if isinstance(value, Place):
            found = self._places().find(value)
            asked = value.insee or f"{value.postcode} {value.city}".strip()
        else:
            target = field_.related_model
            known = self._places().by_code if target is models.Commune else self._known(target)
            found, asked = known.get(value), value
        if found is None and asked:
            reason = _("%(kind)s “%(code)s” is unknown.") % {
                "kind": field_.related_model._meta.verbose_name,
                "code": asked,
            }
            if not field_.null:
                raise Unresolved(reason)
            report.warn(line, reason)
        return found

    def _known(self, model: type[Model]) -> dict[str, int]:
        if model not in self._codes:
            self._codes[model] = dict(model._default_manager.values_list("code", "pk"))
        return self._codes[model]

    def _places(self) -> Gazetteer:
        if self._gazetteer is None:
            self._gazetteer = Gazetteer.read()
        return self._gazetteer

    # -- What complete lists no longer name --------------------------------------------------------
    def close_absent(
        self, scopes: dict[str, Q], *, is_sure: bool
    ) -> Iterator[tuple[str, int, Blocker | None]]:
        """Put out of service what complete lists do not name any more. A list that would close
        much of its table is probably an extract: then a blocker, unless one is sure."""
        for table, scope in scopes.items():
            model = TABLES[table]
            in_service = model.objects.filter(scope, is_active=True)
            closable = in_service.filter(source__in=MAY_CLOSE[self.source])
            if any(field_.name == "is_kept" for field_ in model._meta.fields):
                closable = closable.filter(Q(is_kept=False))
            rows = closable.values_list("pk", *KEYS[table])
            absent = [pk for pk, *key in rows if tuple(key) not in self.seen[table]]
            blocker = None
            total = in_service.count()
            if not is_sure and len(absent) > max(TOLERATED_CLOSINGS, TOLERATED_SHARE * total):
                blocker = _looks_like_an_extract(model, len(absent), total)
            for begin in range(0, len(absent), BATCH):
                model.objects.filter(pk__in=absent[begin : begin + BATCH]).update(
                    is_active=False, source=self.source
                )
            yield table, len(absent), blocker


def _looks_like_an_extract(model: type[ImportedRow], absent: int, total: int) -> Blocker:
    message = _(
        "%(kind)s: %(absent)s of %(total)s would go out of service. These files look like an"
        " extract. Say --partial to leave alone what they do not name, or --complete to confirm."
    ) % {"kind": model._meta.verbose_name_plural, "absent": absent, "total": total}
    return Blocker("looks_like_an_extract", message)


@cache
def _links(model: type[ImportedRow]) -> dict[str, ForeignKey]:
    return {one.name: one for one in model._meta.fields if isinstance(one, ForeignKey)}


def _existing(table: str, records: list[Record]) -> dict[tuple, ImportedRow]:
    """The rows the records may speak of, by key."""
    rows = TABLES[table].objects.all()
    codes = [record.values.get("code") for record in records]
    if KEYS[table] == ("code",) and len(codes) < MANY:
        parts = [codes[begin : begin + FEW] for begin in range(0, len(codes), FEW)]
        return {_key(table, row): row for part in parts for row in rows.filter(Q(code__in=part))}
    return {_key(table, row): row for row in rows}


def _key(table: str, row: ImportedRow) -> tuple:
    return tuple(getattr(row, name) for name in KEYS[table])


def _refuse_contradiction(line: int, *both: dict[str, Any]) -> None:
    """A row said twice is no harm, unless the second time says something else."""
    if both[:2] != both[2:]:
        raise Unresolved(
            _("says something else than line %(line)s about the same row.") % {"line": line}
        )


def _update(row: ImportedRow, said: dict[str, Any], fills: dict[str, Any]) -> bool:
    """Set what the list says, and what it fills where we knew nothing. Whether that changed it."""
    wanted = {"is_active": True} | said
    for name, value in fills.items():
        if getattr(row, name) in ("", None):
            wanted[name] = value
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        _check(row)
        _fill_in(row)
    return bool(changes)


@cache
def _texts(model: type[ImportedRow]) -> list[tuple[str, int, frozenset[str]]]:
    """The texts somebody writes, how long they may be, and the choices they have."""
    return [
        (one.attname, one.max_length or 0, frozenset(dict(one.flatchoices)))
        for one in model._meta.fields
        if isinstance(one, CharField) and one.editable
    ]


def _check(row: ImportedRow) -> None:
    """What the database would refuse, said kindly."""
    for name, most, choices in _texts(type(row)):
        value = getattr(row, name)
        if len(value) > most:
            raise Unresolved(
                _("“%(value)s” is longer than %(most)s characters.")
                % {"value": f"{value[:30]}…", "most": most}
            )
        if choices and value not in choices:
            raise Unresolved(
                _("“%(value)s” is none of %(choices)s.")
                % {"value": value, "choices": ", ".join(sorted(choices))}
            )
    begun, over = getattr(row, "valid_from_year", None), getattr(row, "valid_until_year", None)
    if begun and over and begun > over:
        raise Unresolved(_("the last year is before the first."))


def _fill_in(row: ImportedRow) -> None:
    if isinstance(row, models.ReferenceRow):
        row.fill_in()


def _save(
    model: type[ImportedRow],
    key: tuple[str, ...],
    new: list[ImportedRow],
    changed: list[ImportedRow],
) -> None:
    model.objects.bulk_create(new, batch_size=BATCH)
    for row in changed:
        row.pk = None  # found again by its key
    columns = [
        field_.name
        for field_ in model._meta.concrete_fields
        if not field_.primary_key and field_.attname not in key
    ]
    if changed:
        model.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=[name.removesuffix("_id") for name in key],
            update_fields=columns,
        )

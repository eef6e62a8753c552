"""Bringing reference data in: from files an administrator has, or those that come with Candide."""

import codecs
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.text import fold
from candide.institution.reference.domain.importing import (
    official_lists,
    official_places,
    official_schools,
    own,
    reading,
)
from candide.institution.reference.domain.importing.layouts import (
    Layout,
    Record,
    missing_columns,
    nearest,
    recognise,
    rows_of,
)
from candide.institution.reference.domain.importing.report import (
    FileReport,
    ImportReport,
    problem,
)
from candide.institution.reference.domain.importing.tables import TABLES, Writer
from candide.institution.reference.enums import Source

DATA = Path(__file__).resolve().parent.parent / "data"
SUFFIXES = (".csv", ".txt", ".csv.gz")
LAYOUTS: list[Layout] = [
    *own.LAYOUTS,
    *official_places.LAYOUTS,
    *official_schools.LAYOUTS,
    *official_lists.LAYOUTS,
]
Progress = Callable[[str], None]


def load_package_data(
    only: Collection[str] | None = None, *, progress: Progress | None = None
) -> ImportReport:
    """Load the reference data that come with Candide. What an institution imported or entered
    since stays as it is."""
    return import_reference(
        DATA, source=Source.PACKAGE, only=only, is_complete=True, progress=progress
    )


def compare_package_data() -> ImportReport:
    """What loading them would do; nothing is done."""
    return import_reference(DATA, source=Source.PACKAGE, is_complete=True, is_dry_run=True)


def import_reference(
    path: Path,
    *,
    source: str = Source.CSV,
    only: Collection[str] | None = None,
    layout: str = "",
    encoding: str = "",
    is_dry_run: bool = False,
    is_complete: bool = False,
    is_partial: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file, or every file of a folder, in one transaction: all of it or nothing.

    Every file is read before anything is written; what condemns a file condemns the import, with
    all reasons together. A row that cannot be taken is refused alone, and reported. `only` names
    tables; `layout` names the list where the headings do not tell; `is_complete` says that rows
    the files do not name are to go out of service, `is_partial` that none is. Idempotent; a dry
    run does everything and takes it back.
    """
    tell = progress or (lambda line: None)
    wanted = set(only or TABLES)
    refuse_if(_bad_choices(wanted, layout, encoding))
    report = ImportReport(is_dry_run=is_dry_run)
    sources: list[_Source] = []
    blockers: list[Blocker] = []
    for file in _files(path):
        try:
            found = _read(file, wanted, layout, encoding, is_alone=file == path)
        except Refused as refusal:
            blockers += refusal.blockers
            continue
        if isinstance(found, str):
            report.ignored.append((file.name, found))
        elif found is not None:
            blockers += found.report.blockers()
            sources.append(found)
            tell(_("%(file)s: %(count)s rows read") % {"file": file.name, "count": found.rows})
    refuse_if(blockers)
    sources.sort(key=lambda one: one.order)
    with transaction.atomic():
        writer = Writer(source)
        for one in sources:
            writer.write((r for r in one.records if r.table in wanted), one.report)
            report.files.append(one.report)
            tell(_("%(file)s: done") % {"file": one.report.name})
        if not is_partial:
            scopes = _scopes(sources, wanted, is_complete=is_complete)
            _close(writer, scopes, report, is_sure=is_complete)
        if is_dry_run:
            transaction.set_rollback(True)
    return report


@dataclass
class _Source:
    """A file understood: what its rows say."""

    layout: Layout
    records: list[Record]
    report: FileReport

    @property
    def rows(self) -> int:
        return self.report.rows

    @property
    def order(self) -> tuple[int, int, str]:
        """Tables others lean on first; then who decides first."""
        return (
            list(TABLES).index(self.layout.tables[0]),
            self.layout.rank,
            self.report.name,
        )


def _bad_choices(wanted: set[str], layout: str, encoding: str) -> Iterator[Blocker]:
    for name in sorted(wanted - set(TABLES)):
        yield Blocker(
            "unknown_table",
            _("“%(name)s” is no table; there are %(known)s.")
            % {"name": name, "known": ", ".join(TABLES)},
        )
    known = [one.name for one in LAYOUTS]
    if layout and layout not in known:
        yield Blocker(
            "unknown_layout",
            _("“%(name)s” is no list; there are %(known)s.")
            % {"name": layout, "known": ", ".join(known)},
        )
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        yield Blocker("unknown_encoding", _("“%(name)s” is no encoding.") % {"name": encoding})


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else []
    files = [one for one in files if one.name.lower().endswith(SUFFIXES)]
    if not files:
        message = _("there is no CSV file of this name nor in a folder of this name.")
        raise Refused([problem("no_file", message, file=str(path))])
    return files


def _read(
    file: Path, wanted: set[str], layout: str, encoding: str, *, is_alone: bool
) -> _Source | str | None:
    """The file understood, or why it is passed over; nothing when it feeds no table that is
    wanted. Refuses what is damaged or incomplete."""
    content = reading.contents(file)
    if content.startswith(b"PK"):
        message = _("this is a spreadsheet or an archive; save the sheet as CSV in UTF-8.")
        raise Refused([problem("not_csv", message, file=file.name)])
    if content.startswith(reading.UTF_16):
        message = _("this file is in UTF-16; save it in UTF-8.")
        raise Refused([problem("bad_encoding", message, file=file.name, line=1)])
    chosen, delimiter, header = _recognised(file, content, layout)
    if chosen is None:
        message = _why_unknown([fold(heading) for heading in header])
        if is_alone:
            raise Refused([problem("unknown_list", message, file=file.name, line=1)])
        return message
    if not wanted & set(chosen.tables):
        return None
    text = reading.decode(
        file,
        content,
        encodings=(encoding,) if encoding else chosen.encodings,
        delimiter=delimiter,
        header=header,
    )
    sheet = reading.Sheet(file, text, delimiter, header)
    report = FileReport(file, str(chosen.title))
    records = list(chosen.build(rows_of(chosen, sheet, report), report))
    return _Source(chosen, records, report)


def _recognised(file: Path, content: bytes, layout: str) -> tuple[Layout | None, str, list[str]]:
    """The list a file is, how its cells are parted, and its headings."""
    first: list[Blocker] = []
    cut = reading.headers(content)
    for delimiter, header in cut:
        headings = [fold(heading) for heading in header]
        chosen: Layout | None
        if layout:
            chosen = next(one for one in LAYOUTS if one.name == layout)
            blockers = missing_columns(chosen, file.name, headings)
        else:
            chosen, blockers = recognise(LAYOUTS, file.name, headings)
        if chosen is not None and not blockers:
            return chosen, delimiter, header
        first = first or blockers
    refuse_if(first)
    return None, "", cut[0][1] if cut else []


def _why_unknown(headings: list[str]) -> str:
    layout = nearest(LAYOUTS, headings)
    if not layout.likeness(headings):
        return _("none of its columns is known; docs/reference-data.md describes the lists.")
    return _("no known list; the nearest is “%(title)s”, without the columns %(missing)s.") % {
        "title": layout.title,
        "missing": ", ".join(layout.missing(headings)),
    }


def _scopes(sources: list[_Source], wanted: set[str], *, is_complete: bool) -> dict[str, Q]:
    """Which rows of which tables the files speak of completely. A file of which rows were refused
    does not, unless one insists."""
    scopes: dict[str, list[Q]] = {}
    for one in sources:
        if is_complete or (one.layout.is_full and not one.report.refused):
            for table, scope in one.layout.scopes.items():
                scopes.setdefault(table, []).append(scope)
    return {
        table: reduce(or_, parts) if all(parts) else Q()
        for table, parts in scopes.items()
        if table in wanted
    }


def _close(writer: Writer, scopes: dict[str, Q], report: ImportReport, *, is_sure: bool) -> None:
    blockers = []
    for table, count, blocker in writer.close_absent(scopes, is_sure=is_sure):
        if count:
            report.closed[table] = count
        if blocker:
            blockers.append(blocker)
    refuse_if(blockers)

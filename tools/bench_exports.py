"""The export of ROWS applications (100,000; all there are where they are fewer) × COLUMNS columns
(40) to .xlsx, as the worker makes it, against writing the same values with the spreadsheet library
alone: each in a process of its own, which tells how much memory it took."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench_measuring import Line, clock, set_up_django

ROWS = int(os.environ.get("ROWS") or 100_000)
COLUMNS = int(os.environ.get("COLUMNS") or 40)
MOST_TIMES_LIBRARY, MOST_MEGABYTES = 1.5, 200
BATCH = 1000


def measure_exports() -> Iterator[Line]:
    took, memory = {}, {}
    for what in ("export", "library"):
        command = [sys.executable, __file__, what, os.environ["CANDIDE_DATA_DIR"]]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds, megabytes, rows = said.split()
        took[what], memory[what] = float(seconds), float(megabytes)
    found = {"s": took["export"], "×": took["export"] / took["library"], "MB": memory["export"]}
    limits = {"×": MOST_TIMES_LIBRARY, "MB": MOST_MEGABYTES}
    yield Line(f"export of {rows} rows × {COLUMNS} columns", found, limits)


def columns() -> list[str]:
    from candide.reporting.exports.applications import COLUMNS as EVERY

    return [column.code for column in EVERY][:COLUMNS]


def asked():
    """The export, asked for by an administrator, as « Candidatures » asks."""
    from django.utils import timezone, translation

    from candide.admissions.applications.models import Application
    from candide.institution.accounts.models import User
    from candide.reporting.exports.domain.applications import ask_applications

    translation.activate("fr")
    everybody = User.objects.filter(assignments__centre=None, assignments__commission=None)
    ada = everybody.filter(assignments__role__code="administrator")[0]
    keys = Application.objects.order_by("-created_at", "-pk").values_list("pk", flat=True)
    return ask_applications(
        list(keys[:ROWS]),
        columns=columns(),
        format="xlsx",
        about=[],
        by=ada,
        now=timezone.now(),
    )


def export() -> tuple[float, int]:
    """The time of the worker from claiming to the file in the storage."""
    from django.utils import timezone

    from candide.foundation.downloads.domain.making import work

    download = asked()
    begun = clock()
    work(clock=timezone.now, only=download.pk)
    took = clock() - begun
    download.refresh_from_db()
    if download.state != "ready":
        raise SystemExit(f"the export ended as {download.state}: {download.report}")
    return took, download.number_inside


def library() -> tuple[float, int]:
    """The time XlsxWriter takes for the same cells, in the same mode."""
    import xlsxwriter
    from django.utils import timezone

    from candide.foundation.downloads.domain.making import Making, claim
    from candide.institution.pages.domain.wording import one_reading
    from candide.reporting.exports.domain import applications as exporting

    download = claim(now=timezone.now(), only=asked().pk)
    path = Path(tempfile.mkdtemp()) / "bare.xlsx"
    making = Making(download, path.parent, clock=timezone.now)
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "dd/mm/yyyy hh:mm",
    }
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet()
    took, number, batch = 0.0, 0, []

    def write(rows):
        nonlocal number
        begun = clock()
        for values in rows:
            number += 1
            sheet.write_row(number, 0, values)
        return clock() - begun

    with one_reading():
        for _key, values in exporting._rows(making, exporting.columns_of(columns())):
            batch.append([in_cell(value) for value in values])
            if len(batch) == BATCH:
                took += write(batch)
                batch = []
    took += write(batch)
    begun = clock()
    book.close()
    return took + clock() - begun, number


def in_cell(value):
    """What stands in the cell in the end."""
    from datetime import date, datetime

    from django.utils import timezone

    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        local = value.astimezone(timezone.get_current_timezone())
        return local.replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, str | int | float | date):
        return value
    return str(value)


def peak() -> float:
    """The most memory this process had, in MB. `getrusage` would tell that of the one it was forked
    from, where that had more."""
    lines = Path("/proc/self/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return int(sizes["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    set_up_django(sys.argv[2])
    seconds, rows = {"export": export, "library": library}[sys.argv[1]]()
    print(f"{seconds:.1f} {peak():.0f} {rows}")

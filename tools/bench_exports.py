"""Measures the export of applications on the data of the demonstration [issue 3, shows 3].

    .venv/bin/python tools/postgres.py .venv/bin/python tools/bench_exports.py
    SIZE=medium ROWS=10000 …    for a quick look

It exports ROWS rows (100,000; rows are asked for again where the data have fewer) of COLUMNS
columns (40) to .xlsx as the worker does it, then writes the same values with the spreadsheet
library alone, in a process of its own each. Ends with 1 when the export takes more than 1.5 times
as long, or more than 200 MB of memory. CLOCK=cpu counts the time of the processor only, for a busy
machine.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bench

ROWS = int(os.environ.get("ROWS") or 100_000)
COLUMNS = int(os.environ.get("COLUMNS") or 40)
MOST_TIMES_LIBRARY, MOST_MEGABYTES = 1.5, 200
BATCH = 1000
clock = time.process_time if bench.IS_CPU else time.perf_counter


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="candide-bench-") as data:
        data = os.environ.get("KEPT_DATA") or data
        bench.set_up_django(data)
        if "KEPT_DATA" not in os.environ:
            bench.prepare()
            bench.load(os.environ.get("SIZE") or "large")
        found = {}
        for what in ("export", "library"):
            command = [sys.executable, __file__, what, data]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds, megabytes, rows = said.split()
            found[what] = float(seconds)
            print(f"{what:8} {rows} rows × {COLUMNS}: {seconds} s, {megabytes} MB at most")
            if what == "export":
                memory = float(megabytes)
        ratio = found["export"] / found["library"]
        print(f"ratio    {ratio:.2f} (at most {MOST_TIMES_LIBRARY})")
        return int(ratio > MOST_TIMES_LIBRARY or memory > MOST_MEGABYTES)


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
    """The time XlsxWriter takes for the same values, in the same mode."""
    from datetime import date, datetime

    import xlsxwriter
    from django.utils import timezone

    from candide.foundation.downloads.domain.making import Making, claim
    from candide.reporting.exports.domain import applications as exporting

    download = claim(now=timezone.now(), only=asked().pk)
    path = Path(tempfile.mkdtemp()) / "bare.xlsx"
    making = Making(download, path.parent, clock=timezone.now)
    shown = exporting.columns_of(columns())
    written = [exporting._written(column) for column in shown]
    zone = timezone.get_current_timezone()
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

    def plain(value):
        if isinstance(value, datetime):
            return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
        if value is None or isinstance(value, str | int | float | date):
            return value
        return str(value)

    def write(rows):
        nonlocal number
        begun = clock()
        for values in rows:
            number += 1
            sheet.write_row(number, 0, values)
        return clock() - begun

    for row in exporting._rows(making, shown):
        batch.append([plain(value(row)) for value in written])
        if len(batch) == BATCH:
            took += write(batch)
            batch = []
    took += write(batch)
    begun = clock()
    book.close()
    return took + clock() - begun, number


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    bench.set_up_django(sys.argv[2])
    seconds, rows = {"export": export, "library": library}[sys.argv[1]]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.1f} {peak:.0f} {rows}")

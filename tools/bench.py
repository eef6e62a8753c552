"""Measures what docs/performance.md promises, on the large data in PostgreSQL, in one run.

    make bench                            loads the data, which takes some minutes, then measures
    SIZE=medium REQUESTS=20 make bench    for a quick look
    CLOCK=cpu make bench                  on a busy machine: counts the time of the processor only,
                                          of this process, its children and the database's
    KEEP=1 make bench                     keeps what was loaded in .build/bench, to measure it again
    PARTS=grid,release make bench         some of: pages dossier grid exports release campaigns

Every ratio is between two times of this run, taken in turn. Prints one table with the limits; ends
with 1 when one is exceeded.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_measuring import IS_CPU, ROOT, Line, load, prepare, set_up_django, use_copy
from postgres import cluster, end_orderly_on_sigterm, temporary_cluster

# What changes the data comes last.
PARTS = ("pages", "dossier", "grid", "exports", "release", "campaigns")


def main() -> int:
    end_orderly_on_sigterm()
    chosen = chosen_parts(os.environ.get("PARTS", ""))
    size = os.environ.get("SIZE") or "large"
    kept = ROOT / ".build" / "bench" / size if os.environ.get("KEEP") else None
    with ExitStack() as held:
        set_up_django(place_of(kept, held))
        prepare()
        load(size)
        if kept is not None:
            use_copy("measured")
        lines = [line for part in PARTS if part in chosen for line in told(part)]
    return report(lines)


def chosen_parts(wanted: str) -> list[str]:
    """The parts that are named, with commas or spaces between them; all of them where none is."""
    names = wanted.replace(",", " ").split() or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        sys.exit(f"PARTS: there is no {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    return names


def place_of(kept: Path | None, held: ExitStack) -> str:
    """The folder of the files, once a database is there, until the end of `held`."""
    if kept is not None:
        server = held.enter_context(cluster(kept=kept / "postgres"))
        os.environ["CANDIDE_DATABASE_URL"] = server.url
        (kept / "files").mkdir(exist_ok=True)
        return str(kept / "files")
    if "CANDIDE_DATABASE_URL" not in os.environ:
        os.environ["CANDIDE_DATABASE_URL"] = held.enter_context(temporary_cluster())
    return held.enter_context(TemporaryDirectory(prefix="candide-bench-"))


def told(part: str) -> Iterator[Line]:
    """The lines of a part, said as they come."""
    import bench_campaigns
    import bench_exports
    import bench_grid
    import bench_pages
    import bench_release

    parts = {
        "pages": bench_pages.measure_pages,
        "dossier": bench_pages.measure_dossier,
        "grid": bench_grid.measure_grid,
        "exports": bench_exports.measure_exports,
        "release": bench_release.measure_release,
        "campaigns": bench_campaigns.measure_campaigns,
    }
    for line in parts[part]():
        print(line, flush=True)
        yield line


def report(lines: list[Line]) -> int:
    exceeded = [line for line in lines if line.is_exceeded]
    clock = "time of the processor" if IS_CPU else "time on the clock"
    print(f"\nRatios by the {clock}.\n{Line.HEAD}")
    for line in lines:
        print(line)
    print(f"\n{len(exceeded)} of {len(lines)} exceed their limit" if exceeded else "\nall kept")
    for line in exceeded:
        print(line)
    return int(bool(exceeded))


if __name__ == "__main__":
    sys.exit(main())

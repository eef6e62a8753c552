"""Writing the data files of the package: UTF-8, semicolons, the same bytes from the same facts."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "candide" / "institution" / "reference" / "data"


def write(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    content = text.getvalue().encode()
    path = DATA / name
    if name.endswith(".gz"):
        content = gzip.compress(content, 9, mtime=0)
    path.write_bytes(content)
    print(f"{name}: {count} rows, {len(content):,} bytes")

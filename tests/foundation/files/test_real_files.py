"""Every file of a folder of awkward real ones is accepted, or refused with a reason, within its
limits; none raises. The folder is named by TEST_UPLOADS; an INDEX.csv in it may say of
each file how a robust reader fares: `ok`, `password` or an error (file;…;opens).

    TEST_UPLOADS=… pytest -m soak tests/foundation/files/test_real_files.py -s
"""

import csv
import os
import time
from functools import partial
from pathlib import Path

import pytest

from candide.core.blockers import Refused
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.domain.pictures import page_image
from candide.foundation.files.domain.storing import store
from candide.foundation.pdf.joining import Part, join
from tests.factories.samples import upload

FOLDER = Path(os.environ.get("TEST_UPLOADS", "nowhere"))

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="TEST_UPLOADS names no folder"),
]

FILES = sorted(path for path in FOLDER.glob("*") if path.suffix.lower() not in {".csv", ".md"})
EXPECTED = {
    "ok": {"accepted", "damaged", "too_many_pages"},
    "password": {"encrypted"},
    "error": {"damaged", "wrong_type"},
}
SECONDS = 20


def expectations():
    index = FOLDER / "INDEX.csv"
    if not index.is_file():
        return {}
    with index.open(encoding="utf-8") as file:
        return {row["file"]: row["opens"] for row in csv.DictReader(file, delimiter=";")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_file_is_accepted_or_refused_with_its_reason(path, capsys):
    began = time.monotonic()
    picture = "-"
    try:
        stored_file = store([upload(path.read_bytes(), path.name)], by=None)
    except Refused as refusal:
        outcome = refusal.codes[0]
    else:
        outcome = "accepted"
        try:
            page_image(stored_file, page=1, width=480)
            picture = "drawn"
        except Refused:
            picture = "not drawn"
        part = Part(partial(open_file, stored_file), path.name)
        joined = join([part], title="Dossier", language="fr")
        assert (joined.pages, joined.skipped) == (stored_file.page_count, [])
    seconds = time.monotonic() - began

    with capsys.disabled():
        changes = " ".join(stored_file.changes) if outcome == "accepted" else ""
        line = f"\n{path.name}: {outcome} {changes}; page {picture}; {seconds:.1f} s"
        print(line, end="")  # noqa: T201 -- the report of a run by hand
    assert seconds < SECONDS
    opens = expectations().get(path.name)
    if opens is not None:
        assert outcome in EXPECTED[opens if opens in EXPECTED else "error"]

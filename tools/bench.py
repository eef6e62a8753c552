"""Measures pages on the data of the demonstration, in one process.

    make bench                            on the large data, which takes some minutes to load
    SIZE=medium REQUESTS=20 make bench    for a quick look
    CLOCK=cpu make bench                  on a busy machine: counts the time of the processor only
    .venv/bin/python tools/postgres.py .venv/bin/python tools/bench.py    on PostgreSQL

On SQLite the data stay in `.build/bench` and serve again the same day, as long as nothing that
makes them changed. For each page: queries, bytes (as they are, and compressed), and the time of
the server as a ratio to a bare view (the same process, middleware, session and base template, one
query of 25 rows). Ends with 1 when a candidate's page takes more than 4 times the bare view, when
a list needs more than 15 queries, or when a dossier of 10 documents takes more than 1.3 times its
two parts alone.
"""

import gzip
import hashlib
import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = int(os.environ.get("REQUESTS") or 200)
WARM_UP = REQUESTS // 10 + 1
MOST_TIMES_BARE = 4.0
MOST_QUERIES = 15
MOST_TIMES_PARTS = 1.3
KEPT = ROOT / ".build" / "bench"
IS_CPU = os.environ.get("CLOCK") == "cpu"


@dataclass
class Page:
    """An address, as somebody sees it; `is_measured` where the limit of 4 times holds."""

    name: str
    address: str
    client: Any
    is_list: bool = False
    is_measured: bool = True


@dataclass
class Result:
    page: Page
    status: int
    queries: int
    size: int
    compressed: int
    ratio: float
    milliseconds: float

    @property
    def failures(self) -> list[str]:
        found = []
        if self.status != 200:
            found.append(f"answers {self.status}")
        if self.page.is_measured and self.ratio > MOST_TIMES_BARE:
            found.append(f"more than {MOST_TIMES_BARE:.0f} times the bare view")
        if self.page.is_list and self.queries > MOST_QUERIES:
            found.append(f"more than {MOST_QUERIES} queries")
        return found


def main() -> int:
    size = os.environ.get("SIZE") or "large"
    if "CANDIDE_DATABASE_URL" in os.environ:
        with TemporaryDirectory(prefix="candide-bench-") as data:
            return run(size, data)
    place, stamp = KEPT / size, state_of_sources()
    is_kept = (place / "loaded").exists() and (place / "loaded").read_text() == stamp
    if not is_kept:
        shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    return run(size, str(place), is_loaded=is_kept)


def run(size: str, data: str, *, is_loaded: bool = False) -> int:
    set_up_django(data)
    prepare()
    if not is_loaded:
        load(size)
        (Path(data) / "loaded").write_text(state_of_sources())
    results = [measure(page) for page in pages()]
    return report(results, dossier_ratio())


def state_of_sources() -> str:
    """The day, and a digest of what makes the data: the demonstration and the migrations."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("candide/demo/**/*.*"), *ROOT.glob("candide/**/migrations/*")]):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return f"{date.today().isoformat()} {digest.hexdigest()}"  # noqa: DTZ011 -- a day of here


def set_up_django(data: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "candide.config.settings",
        "CANDIDE_DEMO": "1",
        "CANDIDE_DATA_DIR": data,
        "CANDIDE_BASE_URL": "http://testserver",
        "CANDIDE_LOG_LEVEL": "ERROR",
    }
    sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
    import django
    from django.conf import settings

    settings.ROOT_URLCONF = "bench_urls"
    django.setup()


def prepare() -> None:
    from django.core.management import call_command

    call_command("prepare", verbosity=0)


def load(size: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    begun, busy = time.perf_counter(), time.process_time()
    call_command("demo", size=size)
    took, worked = time.perf_counter() - begun, time.process_time() - busy
    print(f"\n{size} data loaded in {took:.0f} s, {worked:.0f} s of the processor")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# -- What is measured -----------------------------------------------------------------------------


def pages() -> list[Page]:
    from django.db.models import Count
    from django.test import Client
    from django.urls import reverse

    from candide.admissions.applications.enums import DossierStatus, Outcome
    from candide.admissions.applications.models import Application
    from candide.admissions.candidates.enums import Section
    from candide.institution.access.enums import Capability
    from candide.institution.access.models import Assignment
    from candide.institution.accounts.models import User
    from candide.institution.catalogue.models import Programme

    # Everybody is signed in, as in front of the bare view.
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    busiest = User.objects.annotate(number=Count("candidate__applications")).order_by(
        "-number", "pk"
    )
    live = Application.objects.live().select_related("candidate__user")
    awaited = live.filter(dossier_status=DossierStatus.AWAITED).order_by("pk")[0]
    offered = live.filter(
        dossier_status=DossierStatus.COMPLETE, released_outcome=Outcome.FAVOURABLE, answer=""
    )
    decided = offered.filter(intake__is_paperless=True).order_by("-pk")[0]
    programme = Programme.objects.order_by("pk")[0]
    candidate = signed_in(awaited.candidate.user)
    whole = Assignment.objects.filter(centre=None, commission=None, programme=None)
    sees_all = whole.filter(role__grants__capability=Capability.VIEW_APPLICATIONS)
    staff = signed_in(sees_all.order_by("pk")[0].user)
    manages = Assignment.objects.exclude(centre=None).filter(is_active=True)
    manager = signed_in(manages.order_by("pk")[0].user)

    found = [
        Page("home", reverse("public:home"), candidate),
        Page("catalogue", reverse("public:catalogue"), candidate, is_list=True),
        Page("catalogue, searched", f"{reverse('public:catalogue')}?q=master+info", candidate),
        Page("programme", reverse("public:programme", args=[programme.slug]), candidate),
        Page("my space", reverse("candidate:space"), signed_in(busiest[0]), is_list=True),
        Page("my applications", reverse("candidate:applications"), signed_in(busiest[0]), True),
        Page("my file", reverse("candidate:file"), candidate),
    ]
    found += [
        Page(f"my file, {section}", reverse("candidate:section", args=[section]), candidate)
        for section in Section
    ]
    found += [
        Page("application", reverse("candidate:application", args=[awaited.pk]), candidate),
        Page("transmit", reverse("candidate:transmit", args=[awaited.pk]), candidate),
        Page(
            "application, decided",
            reverse("candidate:application", args=[decided.pk]),
            signed_in(decided.candidate.user),
        ),
    ]
    grid = reverse("staff:applications")
    found += [
        Page(f"staff: {name}", address, who, is_list=is_list, is_measured=False)
        for name, address, who, is_list in (
            ("today, whole institution", reverse("staff:today"), staff, True),
            ("today, one centre", reverse("staff:today"), manager, True),
            ("applications", grid, staff, True),
            ("applications, one centre", grid, manager, True),
            ("applications, drafted", f"{grid}?decision=draft", manager, True),
            ("applications, searched", f"{grid}?q=martin", manager, True),
            ("outbox", reverse("staff:outbox"), staff, True),
            ("one application", reverse("staff:application", args=[decided.pk]), staff, False),
        )
    ]
    return found


def measure(page: Page) -> Result:
    """The median of the page against that of the bare view, asked in turn so that both meet the
    same moods of the machine."""
    for _ in range(WARM_UP):
        page.client.get("/bare/")
        response = page.client.get(page.address)
    with counted_queries() as queries:
        response = page.client.get(page.address)
    bare, own = [], []
    for _ in range(REQUESTS):
        bare.append(seconds(lambda: page.client.get("/bare/")))
        own.append(seconds(lambda: page.client.get(page.address)))
    median = statistics.median(own)
    return Result(
        page,
        status=response.status_code,
        queries=len(queries),
        size=len(response.content),
        compressed=len(gzip.compress(response.content, 6)),
        ratio=median / statistics.median(bare),
        milliseconds=median * 1000,
    )


def dossier_ratio() -> float:
    """The dossier of 10 documents against rendering its summary alone and joining the same files
    alone."""
    from functools import partial

    from django.utils import timezone

    from candide.admissions.applications.domain.asked import requested_documents
    from candide.admissions.applications.domain.dossier import compose, render_summary
    from candide.admissions.applications.domain.snapshot import dossier_data
    from candide.admissions.applications.models import Application
    from candide.foundation.files.domain.blobs import open_file
    from candide.foundation.files.models import StoredFile
    from candide.foundation.pdf.joining import Part, join

    application = Application.objects.order_by("pk")[0]
    data = dossier_data(application, documents=requested_documents(application), now=timezone.now())
    kept = StoredFile.objects.filter(media_type="application/pdf").order_by("pk")[:10]
    files = {file.pk: file for file in kept}
    given = next(document for document in data["documents"] if document["file"])
    keys = [list(files)[number % len(files)] for number in range(10)]
    data["documents"] = [{**given, "file": {**given["file"], "id": key}} for key in keys]
    parts = [Part(partial(open_file, files[key]), "document") for key in keys]
    words = {"title": "dossier", "language": "fr"}

    def whole() -> Any:
        return compose(data, files, language="fr", name="dossier.pdf")

    def in_parts() -> Any:
        return render_summary(data, **words), join(parts, **words)

    whole(), in_parts()
    times = [(seconds(whole), seconds(in_parts)) for _ in range(7)]
    return statistics.median(one for one, _ in times) / statistics.median(two for _, two in times)


# -- Measuring ----------------------------------------------------------------------------------


def seconds(work: Callable[[], Any]) -> float:
    begun = clock()
    work()
    return clock() - begun


def clock() -> float:
    """The time on the wall, or that of the processor: this process and those it waited for."""
    if not IS_CPU:
        return time.perf_counter()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def counted_queries() -> Any:
    from django.db import connection

    found: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield found


def report(results: list[Result], ratio: float) -> int:
    print(f"\n{'page':<34}{'queries':>8}{'bytes':>9}{'gzip':>8}{'ms':>8}{'× bare':>8}")
    for result in results:
        line = f"{result.page.name:<34}{result.queries:>8}{result.size:>9}{result.compressed:>8}"
        line += f"{result.milliseconds:>8.1f}{result.ratio:>8.2f}"
        print(line, *(f"  <-- {failure}" for failure in result.failures))
    is_slow = ratio > MOST_TIMES_PARTS
    print(f"\ndossier of 10 documents: {ratio:.2f} × its parts alone{'  <--' if is_slow else ''}")
    return 1 if is_slow or any(result.failures for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())

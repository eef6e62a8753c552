"""Pages, in turn with a bare view: the same process, middleware, session and base template, one
query of 25 rows. And the dossier of 10 documents, in turn with its two parts alone."""

import gzip
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench_measuring import REQUESTS, Line, counted_queries, seconds

WARM_UP = REQUESTS // 10 + 1
MOST_TIMES_BARE, MOST_QUERIES, MOST_TIMES_PARTS = 4.0, 15, 1.3
MOST_MILLISECONDS = 1000  # of a page of staff


@dataclass
class Page:
    """An address, as somebody sees it; `is_measured` where the limit of 4 times holds."""

    name: str
    address: str
    client: Any
    is_list: bool = False
    is_measured: bool = True


def measure_pages() -> Iterator[Line]:
    for page in pages():
        yield measure(page)


def measure(page: Page) -> Line:
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
    found = {
        "queries": len(queries),
        "ms": median * 1000,
        "×": median / statistics.median(bare),
        "kB": len(gzip.compress(response.content, 6)) / 1000,
    }
    limits: dict[str, float] = {"×": MOST_TIMES_BARE} if page.is_measured else {}
    if not page.is_measured:
        limits["ms"] = MOST_MILLISECONDS
    if page.is_list:
        limits["queries"] = MOST_QUERIES
    wrong = "" if response.status_code == 200 else f"answers {response.status_code}"
    return Line(page.name, found, limits, wrong)


def measure_dossier() -> Iterator[Line]:
    ratio = dossier_ratio()
    yield Line("dossier of 10 documents", {"×": ratio}, {"×": MOST_TIMES_PARTS})


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
    grid, people = reverse("staff:applications"), reverse("staff:candidates")
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
            ("candidates searched", f"{people}?q=martin+lea", staff, True),
            ("candidates searched, misspelt", f"{people}?q=martni", staff, True),
            ("statistics", reverse("staff:statistics"), staff, False),
            ("one application", reverse("staff:application", args=[decided.pk]), staff, False),
        )
    ]
    return found


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

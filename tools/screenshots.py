"""The pictures of the guides: `make screenshots`.

Loads the small demonstration into a folder of its own, on a day that never changes, serves it,
signs in as its people and takes each picture a guide shows into docs/guides/images. The data are
the same for the same code, so a picture changes where a page did. ONLY=name,name takes some of
them.
"""

import contextlib
import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "guides" / "images"
MOMENT = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
LONG = timedelta(hours=1)  # a sign of life that lasts as long as the pictures take
WIDTH, HEIGHT, COLOURS = 1280, 860, 96
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--hide-scrollbars", "--lang=fr-FR"]
BAO, DANA, FARAH, ADA = (
    f"{name}@univ-valmont.example" for name in ("bao", "dana", "farah", "admin")
)
PREPARED, OPEN, RELEASED = "M1-ST-106", "M1-ST-113", "M1-ST-107"


@dataclass(frozen=True)
class Picture:
    """What is shown: the page at `address` (or what that finds in the data) as `who` sees it, down
    to `height`, or only the element `part`. `open` are the summaries to be unfolded first."""

    name: str
    who: str
    address: str | Callable[[], str]
    part: str = ""
    height: int = HEIGHT
    open: tuple[str, ...] = ()


def application(**wanted: Any) -> Callable[[], str]:
    """The page of the first application that is so, with its first document."""

    def address(query: str = "") -> str:
        from candide.admissions.applications.models import Application

        found = Application.objects.filter(archived_at=None, **wanted).order_by("pk")
        return f"/gestion/candidatures/{found.values_list('pk', flat=True)[0]}/{query}"

    return address


def at(find: Callable[[], str], beyond: str) -> Callable[[], str]:
    """An address below another."""
    return lambda: f"{find()}{beyond}"


def release(state: str) -> Callable[[], str]:
    def address() -> str:
        from candide.admissions.releases.models import Release

        return f"/gestion/publications/{Release.objects.get(state=state).pk}/"

    return address


def run(state: str, kind: str = "bulk") -> Callable[[], str]:
    def address() -> str:
        from candide.foundation.runs.models import Run

        return f"/gestion/actions/{Run.objects.get(kind=kind, state=state).pk}/"

    return address


def role(code: str) -> Callable[[], str]:
    def address() -> str:
        from candide.institution.access.models import RoleProfile

        return f"/gestion/parametrage/profils/{RoleProfile.objects.get(code=code).pk}/"

    return address


def programme(address: str, code: str) -> Callable[[], str]:
    """An address with the pk of a programme in it."""

    def found() -> str:
        from candide.institution.catalogue.models import Programme

        return address.format(Programme.objects.get(code=code).pk)

    return found


def intake(address: str, code: str) -> Callable[[], str]:
    def found() -> str:
        from candide.institution.catalogue.models import Intake

        return address.format(
            Intake.objects.get(programme__code=code, campaign__archived_at=None).pk
        )

    return found


def duplicate() -> str:
    from candide.admissions.candidates.domain.duplicates import open_pairs

    return f"/gestion/doublons/{open_pairs().order_by('pk')[0].pk}/"


def candidate() -> str:
    from candide.institution.accounts.models import User

    return f"/gestion/candidats/{User.objects.get(file_number='ALIX2027').pk}/"


def selection() -> str:
    """A selection nothing was asked of yet, as « Agir sur la sélection » makes one."""
    from candide.admissions.applications.models import Application
    from candide.admissions.bulk.domain.running import select_applications
    from candide.institution.accounts.models import User

    found = Application.objects.filter(
        intake__programme__code=PREPARED, has_any_decision=False, archived_at=None
    )
    pks = list(found.order_by("pk").values_list("pk", flat=True))
    made = select_applications(pks, by=User.objects.get(email=BAO), now=MOMENT)
    return f"/gestion/actions/{made.pk}/"


TO_CHECK = application(
    intake__programme__code=OPEN, corrections__isnull=True, dossier_status="received"
)
ASKED = application(
    intake__programme__code=OPEN, corrections__isnull=False, corrections__closed_at=None
)
WITH_MESSAGE = application(
    intake__programme__code=OPEN,
    messages__is_from_candidate=False,
    messages__read_at__isnull=False,
)
WITH_NOTES = application(intake__programme__code=OPEN, notes__is_important=True)
DRAFTED = application(intake__programme__code=PREPARED, has_draft_decision=True)
ADMITTED = application(intake__programme__code=RELEASED, released_outcome="favourable", answer="")
ACCEPTED = application(intake__programme__code=RELEASED, answer="accepted")
PICTURES = (
    Picture("aujourdhui", BAO, "/gestion/"),
    Picture("candidatures", BAO, "/gestion/candidatures/"),
    Picture("vues", BAO, "/gestion/candidatures/vues/?dossier=complete", height=1000),
    Picture("colonnes", BAO, "/gestion/candidatures/colonnes/", height=760),
    Picture("candidature", BAO, at(TO_CHECK, "?list=dossier%3Dreceived"), height=1000),
    Picture("complements", BAO, at(TO_CHECK, "complements/"), height=1100),
    Picture("demande", BAO, ASKED, part="#corrections"),
    Picture("messages", BAO, WITH_MESSAGE, part="#thread"),
    Picture("notes", BAO, WITH_NOTES, part="#notes"),
    Picture("a-la-place", BAO, at(TO_CHECK, "a-la-place/"), height=900),
    Picture("statut", BAO, TO_CHECK, part="#status"),
    Picture("avis", BAO, DRAFTED, part="#decision"),
    Picture("formations-a-decider", BAO, "/gestion/avis/", height=760),
    Picture("avis-par-liste", BAO, intake("/gestion/avis/{}/", PREPARED)),
    Picture("tableur", BAO, intake("/gestion/avis/{}/tableur/", PREPARED), height=700),
    Picture("publications", BAO, "/gestion/publications/", height=760),
    Picture("publication", BAO, release("open")),
    Picture("publication-planifiee", BAO, release("planned"), height=640),
    Picture("liste-complementaire", BAO, intake("/gestion/avis/{}/liste/", RELEASED)),
    Picture("actions-choix", BAO, selection, height=760),
    Picture("actions-apercu", BAO, run("examined")),
    Picture("boite-d-envoi", BAO, "/gestion/mails/", height=760),
    Picture("lettre", BAO, at(ADMITTED, "lettre/"), height=620),
    Picture("modeles-de-lettres", ADA, "/gestion/parametrage/lettres/", height=620),
    Picture("inscription", BAO, ACCEPTED, part="#enrolment"),
    Picture("exporter", BAO, "/gestion/candidatures/exporter/?dossier=complete", height=900),
    Picture("exports", BAO, "/gestion/exports/", height=560),
    Picture("statistiques", BAO, "/gestion/statistiques/", height=1000),
    Picture("statistiques-formations", BAO, "/gestion/statistiques/formations/", height=760),
    Picture("candidats", BAO, "/gestion/candidats/?q=mailard", height=620),
    Picture("candidat", ADA, candidate),
    Picture("doublon", ADA, duplicate, height=900),
    Picture("parametrage", ADA, "/gestion/parametrage/"),
    Picture("demandes", ADA, programme("/gestion/parametrage/demandes/{}/", OPEN), height=900),
    Picture("droits", ADA, "/gestion/parametrage/personnes/", height=560),
    Picture("formation", BAO, programme("/gestion/parametrage/formations/{}/", OPEN), height=900),
    Picture("importer", BAO, "/gestion/parametrage/importer/formations/", height=620),
    Picture("delais", BAO, run("done", "deadlines"), height=700),
    Picture("apercu-candidat", BAO, intake("/gestion/parametrage/demandes/apercu/{}/", OPEN)),
    Picture("remontee", ADA, "/gestion/remontee/"),
    Picture("mail-texte", ADA, "/gestion/parametrage/mails/status-incomplete/", height=900),
    Picture("etablissement", ADA, "/gestion/parametrage/etablissement/", height=900),
    Picture("profil", ADA, role("programme"), height=900),
    Picture(
        "droits-verifier",
        ADA,
        programme("/gestion/parametrage/droits/verifier/?place=programme-{}", PREPARED),
        height=1100,
    ),
    Picture("campagnes", ADA, "/gestion/parametrage/campagnes/", height=560),
    Picture("conservation", ADA, "/gestion/parametrage/conservation/", height=700),
    Picture("service", ADA, "/gestion/parametrage/service/", height=900),
    Picture("traitements", ADA, "/gestion/parametrage/traitements/", height=760),
    Picture("traitement", ADA, "/gestion/parametrage/traitements/remind-answers/", height=860),
    Picture("sessions", ADA, "/gestion/parametrage/sessions/", height=620),
    Picture("controles", ADA, "/gestion/parametrage/controles/", height=860),
    Picture("systeme", ADA, "/gestion/parametrage/systeme-de-scolarite/", height=860),
    Picture("jeton", ADA, "/gestion/parametrage/jetons/nouveau/", height=900),
    Picture("consultations", ADA, "/gestion/parametrage/consultations/", height=760),
    Picture("historique", ADA, "/gestion/parametrage/historique/?by=bao%40", height=860),
    Picture("registre", ADA, "/gestion/parametrage/registre/", height=860),
    Picture("responsable-aujourdhui", FARAH, "/gestion/", height=640),
    Picture("commission-aujourdhui", DANA, "/gestion/", height=640),
    Picture(
        "commission-candidatures", DANA, "/gestion/candidatures/?dossier=complete&decision=none"
    ),
    Picture("commission-candidature", DANA, at(DRAFTED, "?list=dossier%3Dcomplete"), height=1000),
    Picture("commission-avis", DANA, intake("/gestion/avis/{}/", PREPARED), height=700),
)


def main() -> int:
    only = [name for name in os.environ.get("ONLY", "").split(",") if name]
    chosen = [picture for picture in PICTURES if not only or picture.name in only]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="candide-screenshots-") as data:
        set_up_django(data)
        import time_machine

        with time_machine.travel(MOMENT, tick=True):
            load()
            addresses = {picture.name: address_of(picture) for picture in chosen}
            with serving() as base:
                for name, content in taken(chosen, addresses, base):
                    (IMAGES / f"{name}.png").write_bytes(content)
                    print(f"{len(content) // 1024:5} kB  {name}", flush=True)
    total = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(f"{total // 1024:5} kB  in {len(list(IMAGES.glob('*.png')))} pictures")
    return 0


def set_up_django(data: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "candide.config.settings",
        "CANDIDE_DEMO": "1",
        "CANDIDE_DATA_DIR": data,
        "CANDIDE_BASE_URL": "http://127.0.0.1",
        "CANDIDE_LOG_LEVEL": "ERROR",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def load() -> None:
    """The small demonstration, with what the worker would have done in its first seconds."""
    from django.core.management import call_command
    from django.utils import timezone

    from candide.admissions.candidates.domain.indexing import index_due
    from candide.foundation.jobs.domain.service import worker_seen

    with contextlib.redirect_stdout(io.StringIO()):
        call_command("prepare", verbosity=0)
        call_command("demo", size="small")
        worker_seen("demonstration", now=timezone.now() + LONG)
        while index_due(now=timezone.now()):
            pass


def address_of(picture: Picture) -> str:
    return picture.address if isinstance(picture.address, str) else picture.address()


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The pages, from threads of this process: they share its day."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Handler(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads them."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Handler)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def taken(
    chosen: list[Picture], addresses: dict[str, str], base: str
) -> Iterator[tuple[str, bytes]]:
    """Each picture, small."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=CHROMIUM,
            env={**os.environ, "LANGUAGE": "fr_FR"},
        )
        pages: dict[str, Any] = {}
        for picture in chosen:
            if picture.who not in pages:
                pages[picture.who] = signed_in(browser, base, picture.who)
            page = pages[picture.who]
            page.set_viewport_size({"width": WIDTH, "height": picture.height})
            answer = page.goto(f"{base}{addresses[picture.name]}", wait_until="networkidle")
            if answer is not None and answer.status >= 400:
                raise SystemExit(f"{picture.name}: {answer.status} at {addresses[picture.name]}")
            for summary in picture.open:
                page.locator("summary", has_text=summary).first.click()
            shown = page.locator(picture.part).first if picture.part else page
            yield picture.name, smaller(shown.screenshot(animations="disabled", caret="hide"))
        browser.close()


def signed_in(browser: Any, base: str, who: str) -> Any:
    from candide.demo.crowd import PASSWORD

    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.clock.set_fixed_time(MOMENT)
    page = context.new_page()
    page.goto(f"{base}/compte/connexion/")
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def smaller(content: bytes) -> bytes:
    """The picture in few colours: a page has few."""
    from PIL import Image

    picture = Image.open(io.BytesIO(content)).convert("RGB")
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    kept = io.BytesIO()
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    sys.exit(main())

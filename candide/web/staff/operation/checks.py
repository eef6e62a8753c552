"""« Versions et connexions »: what runs here, and whether what it needs answers [31].

The tests run in the request, each with a short time to answer: an administrator waits for them."""

import io
import platform
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

import candide
from candide.core.failures import summary
from candide.core.views import permission_required
from candide.foundation.files.domain.blobs import try_storage
from candide.foundation.jobs.domain.watching import has_worker
from candide.institution.reference import models as reference
from candide.institution.reference.enums import Source
from candide.integrations import sis
from candide.integrations.antivirus import antivirus

SECONDS = 5


class NotWell(Exception):
    """What was asked did not answer as it should; said in words."""


@dataclass(frozen=True)
class Check:
    """One test: `ask()` says in words what it found, or raises."""

    code: str
    title: Any
    help: Any
    ask: Callable[[], str]


@dataclass(frozen=True)
class Result:
    is_well: bool
    words: str


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _mail() -> str:
    if not settings.SEND_MAILS:
        raise NotWell(_("This installation keeps its mails (CANDIDE_SEND_MAILS=0)."))
    mailer = get_connection(timeout=SECONDS)
    mailer.open()
    mailer.close()
    return _("%(host)s took the connection. Nothing was sent.") % {"host": settings.EMAIL_HOST}


def _storage() -> str:
    try_storage()
    return _("A file was written, read and deleted.")


def _antivirus() -> str:
    scanner = antivirus()
    if scanner is None:
        raise NotWell(_("None is set (CANDIDE_ANTIVIRUS_SOCKET): files are not looked at."))
    verdict = scanner.scan(io.BytesIO(b"nothing"))
    return _("It answered: %(word)s.") % {"word": verdict.finding}


def _office() -> str:
    program = shutil.which(settings.OFFICE)
    if program is None:
        raise NotWell(
            _("There is none (CANDIDE_OFFICE): letters cannot be made of Word documents.")
        )
    order = [program, "--version"]
    done = subprocess.run(order, capture_output=True, timeout=SECONDS * 4, check=True)  # noqa: S603 -- the program of the settings
    return done.stdout.decode(errors="replace").strip()[:200]


def _student_system() -> str:
    system = sis.current()
    if settings.STUDENT_SYSTEM == "none":
        raise NotWell(_("None is connected (CANDIDE_STUDENT_SYSTEM)."))
    system.nomenclatures()
    return _("“%(name)s” answered.") % {"name": settings.STUDENT_SYSTEM}


def _worker() -> str:
    if not has_worker(now=timezone.now()):
        raise NotWell(_("No sign of life for two minutes."))
    return _("It gives signs of life.")


CHECKS = {
    check.code: check
    for check in (
        Check("base", gettext_lazy("Database"), "", _database),
        Check("mail", gettext_lazy("Mail server"), "CANDIDE_EMAIL_URL", _mail),
        Check("stockage", gettext_lazy("Storage of files"), "CANDIDE_DATA_DIR", _storage),
        Check("antivirus", gettext_lazy("Antivirus"), "CANDIDE_ANTIVIRUS_SOCKET", _antivirus),
        Check("bureautique", gettext_lazy("Office program"), "CANDIDE_OFFICE", _office),
        Check(
            "scolarite", gettext_lazy("Student system"), "CANDIDE_STUDENT_SYSTEM", _student_system
        ),
        Check("travail", gettext_lazy("Worker"), "candide worker", _worker),
    )
}


def result_of(check: Check) -> Result:
    """What came of it; whatever goes wrong is said, without anything that is secret."""
    try:
        return Result(True, check.ask())
    except NotWell as found:
        return Result(False, str(found))
    except Exception as error:
        return Result(False, _("It failed: %(error)s") % {"error": summary(error)})


@permission_required("jobs.view")
def check_list(request: HttpRequest) -> HttpResponse:
    return _show(request, {})


@require_POST
@permission_required("jobs.run")
def check_now(request: HttpRequest, code: str) -> HttpResponse:
    """Ask one of them, or all (`tout`)."""
    if code != "tout" and code not in CHECKS:
        raise Http404
    asked = [check for check in CHECKS.values() if code in {"tout", check.code}]
    return _show(request, {check.code: result_of(check) for check in asked})


def _show(request: HttpRequest, results: dict[str, Result]) -> HttpResponse:
    context = {
        "lines": [(check, results.get(check.code)) for check in CHECKS.values()],
        "versions": [
            ("Candide", candide.__version__),
            ("Django", django.get_version()),
            ("Python", platform.python_version()),
            (_("Database"), _database()),
        ],
        "tables": [_table(model) for model in TABLES],
        "may_run": request.user.has_perm("jobs.run"),
        "navigation": "staff",
    }
    return render(request, "staff/operation/checks.html", context)


TABLES: tuple[Any, ...] = (
    reference.Country,
    reference.Department,
    reference.Commune,
    reference.CommunePostcode,
    reference.School,
    reference.BaccalaureateSeries,
    reference.Speciality,
    reference.DiplomaFamily,
)


def _table(model: Any) -> dict[str, Any]:
    """How many rows a reference table has, in and out of service, and where they come from."""
    rows = model._base_manager.values_list("source", "is_active")
    sources: dict[str, int] = {}
    active = closed = 0
    for (source, is_active), number in _counted(rows).items():
        sources[source] = sources.get(source, 0) + number
        active, closed = active + number * is_active, closed + number * (not is_active)
    labels = dict(Source.choices)
    told = [(labels.get(source, source), sources[source]) for source in sorted(sources)]
    return {
        "title": model._meta.verbose_name,
        "active": active,
        "closed": closed,
        "sources": told,
    }


def _counted(rows: Any) -> dict[tuple[str, bool], int]:
    counted = rows.order_by().annotate(number=Count("pk"))
    return {(source, is_active): number for source, is_active, number in counted}

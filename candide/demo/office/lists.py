"""What staff keep for themselves: views, templates of exports, exports, actions for many."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from candide.admissions.applications.domain.saved_views import save_view
from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.actions import ACTIONS
from candide.admissions.bulk.domain.running import ask_action, select_applications
from candide.admissions.tags.models import Tag
from candide.demo.office.moments import happening
from candide.foundation.downloads.domain.asking import stop_download
from candide.foundation.downloads.domain.making import work as make_files
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.domain.working import work
from candide.reporting.exports.domain.applications import ask_applications
from candide.reporting.exports.domain.dossiers import DOCUMENTS, ask_files
from candide.reporting.exports.domain.templates import save_template

HOUR = timedelta(hours=1)
JURY_COLUMNS = ["name", "number", "programme", "dossier", "decision", "rank", "answer"]
# (name, query, shared, opened first), by who keeps them.
VIEWS = {
    "manager": (
        ("À vérifier", "dossier=received&documents=submitted&sort=received", False, False),
        ("Demandes en retard", "correction=overdue", True, False),
        ("Prêts pour la commission", "dossier=complete&decision=none", True, False),
        ("Messages à lire", "beside=unread", False, False),
    ),
    "colleague": (("Sans réponse au bout de dix jours", "unchanged_for=10", True, False),),
    "member": (("Ma commission", "dossier=complete&decision=none", False, False),),
}


def keep_views(people: dict[str, Any]) -> None:
    for role, views in VIEWS.items():
        for name, query, is_shared, is_default in views:
            save_view(
                by=people[role],
                name=name,
                query=query,
                is_shared=is_shared,
                is_default=is_default,
            )


def export(applications: Sequence[Application], *, by: Any, now: datetime) -> None:
    """A table and the documents of some applications, made; one that was stopped."""
    pks = [application.pk for application in applications]
    save_template(by=by, name="Pour le jury", columns=JURY_COLUMNS, format="xlsx", is_shared=True)
    with happening(now - 26 * HOUR) as then:
        about = ["Formation : M1 Bio-informatique"]
        download = ask_applications(
            pks, columns=JURY_COLUMNS, format="xlsx", about=about, by=by, now=then
        )
        make_files(clock=lambda: then, only=download.pk)
    with happening(now - 3 * HOUR) as then:
        download = ask_files(pks[:4], DOCUMENTS, pattern="{number}-{name}", by=by, now=then)
        make_files(clock=lambda: then, only=download.pk)
    with happening(now - HOUR) as then:
        stopped = ask_files(pks, DOCUMENTS, pattern="{number}-{name}", by=by, now=then)
        stop_download(stopped, by=by, now=then)


def act_on_many(applications: Sequence[Application], tag: Tag, *, by: Any, now: datetime) -> None:
    """A tag put on some, done; the next action is looked at and not confirmed."""
    pks = [application.pk for application in applications]
    with happening(now - 5 * HOUR) as then:
        run = select_applications(pks, by=by, now=then)
        values = {"mode": "add", "tags": [tag.pk]}
        ask_action(run, ACTIONS["etiquettes"], values, now=then)
        work(clock=lambda: then, only=run.pk, limit=len(pks) + 1)
        confirm(run, by=by, now=then)
        work(clock=lambda: then, only=run.pk, limit=len(pks) + 1)
    with happening(now - HOUR) as then:
        run = select_applications(pks, by=by, now=then)
        day = (then + timedelta(days=15)).date().isoformat()
        ask_action(run, ACTIONS["date-de-retour"], {"day": day}, now=then)
        work(clock=lambda: then, only=run.pk, limit=len(pks) + 1)

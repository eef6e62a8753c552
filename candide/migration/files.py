"""The files themselves: eCandidat keeps them in two folders, or in a content server, outside its
database. Each goes through what an upload here goes through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import DocumentVersion
from candide.core.blockers import Refused
from candide.foundation.files.domain.checks import Limits
from candide.foundation.files.domain.storing import store
from candide.foundation.files.models import StoredFile
from candide.institution.catalogue.domain.signature import LIMITS, put_signature
from candide.institution.catalogue.models import Commission
from candide.institution.requirements.domain.template_files import TEMPLATE_KINDS, put_template
from candide.institution.requirements.models import DocumentRequirement
from candide.integrations.ecandidat.database import BATCH, Row
from candide.integrations.ecandidat.values import text
from candide.migration.bringing import Bringing
from candide.migration.fitting import LeftOut
from candide.migration.memory import mark_of
from candide.migration.report import Verdict

KIND, TITLE = "files", gettext_lazy("Files")
IN_FOLDERS = "F"
OF_CANDIDATES = "C"


@dataclass(frozen=True)
class Use:
    """A file of theirs, what it is to be checked against, and where ours is to be put."""

    key: Any
    limits: Limits
    put: Callable[[StoredFile], None]


def bring_files(run: Bringing, *, with_candidates: bool) -> None:
    """Signatures, templates, and what candidates gave. What is stored is stored outside any
    transaction, one by one: a run that was cut off goes on where it was."""
    line = run.report.begin(KIND, TITLE)
    for uses in _batches(run, with_candidates=with_candidates):
        line.read += len(uses)
        known = {
            row["id_fichier"]: row
            for row in run.database.of("fichier", "id_fichier", {use.key for use in uses})
        }
        for use in uses:
            try:
                _bring(run, use, known.get(use.key))
            except LeftOut as left:
                run.report.count(KIND, str(use.key), Verdict.LEFT_OUT, left.reason)


def _bring(run: Bringing, use: Use, row: Row | None) -> None:
    """One file for one use; a second use of a file points at the same one."""
    key = str(use.key)
    found = run.memory.find(KIND, key)
    stored = StoredFile.objects.filter(pk=found).first() if found is not None else None
    if stored is not None:
        use.put(stored)
        run.report.count(KIND, key, Verdict.THERE)
        return
    if row is None:
        raise LeftOut(_("The database does not know the file."))
    if found is not None:
        raise LeftOut(_("It was deleted here since."))
    path = _path(run, row)
    if run.is_dry_run:
        run.report.count(KIND, key, Verdict.MADE)
        return
    name = Path(text(row["nom_fichier"]) or path.name).name
    try:
        with path.open("rb") as content:
            stored = store([File(content, name=_named(name, path))], by=None, limits=use.limits)
    except Refused as refusal:
        raise LeftOut(" ".join(str(each.message) for each in refusal.blockers)) from refusal
    except OSError as error:
        raise LeftOut(_("The file cannot be read.")) from error
    use.put(stored)
    run.memory.remember(KIND, [(key, stored.pk, mark_of(row))], was_made=True)
    run.report.count(KIND, key, Verdict.MADE)


def _named(name: str, path: Path) -> str:
    """A name with an ending: theirs may lack it."""
    return name if Path(name).suffix else f"{name}{path.suffix}"


def _path(run: Bringing, row: Row) -> Path:
    """Where the file is. Raises `LeftOut`."""
    if text(row["typ_stockage_fichier"]) != IN_FOLDERS:
        raise LeftOut(_("It is kept in a content server: copy it into the folder first."))
    is_of_candidate = text(row["typ_fichier"]) == OF_CANDIDATES
    folder = run.candidate_files if is_of_candidate else run.manager_files
    if folder is None:
        raise LeftOut(_("The folder of the files was not given."))
    folder = folder.resolve()
    said = text(row["file_fichier"]).replace("\\", "/")
    path = (folder / said).resolve()
    if not path.is_relative_to(folder):
        raise LeftOut(_("Its path leads out of the folder."))
    if not path.is_file():
        raise LeftOut(_("The file is missing."))
    return path


# -- What uses files -------------------------------------------------------------------------------


def _batches(run: Bringing, *, with_candidates: bool) -> Iterator[list[Use]]:
    yield list(_set_up(run))
    if with_candidates:
        yield from _given(run)


def _set_up(run: Bringing) -> Iterator[Use]:
    """Signatures of commissions and templates of documents that have none here."""
    for row in run.database.all("commission"):
        pk = run.find("commissions", row["id_comm"])
        commission = Commission.objects.filter(pk=pk, signature=None).first() if pk else None
        if row["id_fichier"] is not None and commission is not None:
            yield Use(row["id_fichier"], LIMITS, _signs(commission))
    for row in run.database.all("piece_justif"):
        pk = run.find("documents", row["id_pj"])
        asked = (
            DocumentRequirement.objects.filter(pk=pk, template_file=None).first() if pk else None
        )
        if row["id_fichier"] is not None and asked is not None:
            yield Use(row["id_fichier"], Limits(kinds=TEMPLATE_KINDS), _is_template_of(asked))


def _signs(commission: Commission) -> Callable[[StoredFile], None]:
    return lambda file: put_signature(commission, file, by=None)


def _is_template_of(requirement: DocumentRequirement) -> Callable[[StoredFile], None]:
    return lambda file: put_template(requirement, file, by=None)


def _given(run: Bringing) -> Iterator[list[Use]]:
    """What candidates gave, application by application, where ours has no file yet."""
    keys = list(run.memory.of("applications"))
    for begin in range(0, len(keys), BATCH):
        rows = run.database.of("pj_cand", "id_cand", keys[begin : begin + BATCH])
        given: dict[int, Any] = {}
        for row in rows:
            pk = run.find("given", f"{row['id_pj']}/{row['id_cand']}")
            if pk is not None and row["id_fichier"] is not None:
                given[pk] = row["id_fichier"]
        waiting = DocumentVersion.objects.filter(pk__in=given, file=None)
        waiting = waiting.exclude(status=ItemStatus.NOT_APPLICABLE)
        uses = [
            Use(given[pk], Limits(), _is_content_of(pk))
            for pk in waiting.order_by("pk").values_list("pk", flat=True)
        ]
        if uses:
            yield uses


def _is_content_of(pk: int) -> Callable[[StoredFile], None]:
    def put(file: StoredFile) -> None:
        DocumentVersion.objects.filter(pk=pk, file=None).update(file=file)

    return put

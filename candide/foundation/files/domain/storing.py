"""Taking files in: from an upload to a row and its contents [PJ-09…PJ-11]."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from candide.core import sandbox
from candide.core.blockers import Blocker, refuse_if
from candide.core.sandbox import Outcome
from candide.core.tasks import spur
from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.checks import (
    OFFICE_KINDS,
    Examined,
    FileBlocker,
    Limits,
    blocker_of,
    blockers,
    blockers_before_opening,
    failure_of,
    too_many_pages,
)
from candide.foundation.files.domain.names import shown_name
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.integrations.antivirus import Antivirus, Finding, Unavailable, antivirus

if TYPE_CHECKING:
    from candide.institution.accounts.models import User

logger = logging.getLogger(__name__)

DEFAULT_LIMITS = Limits()
WORKER = "candide.foundation.files.worker"
MADE = "made"


@dataclass
class Received:
    """One upload on its way: where its bytes are for now, and what is known of it."""

    path: Path
    sha256: str
    examined: Examined
    is_cleared: bool = False


def store(
    uploads: Sequence[File],
    *,
    by: "User | None",
    limits: Limits = DEFAULT_LIMITS,
    name: str | None = None,
) -> StoredFile:
    """Check the uploads, make one document of them and keep it with its originals.

    Raises `Refused` with every reason against every file, each naming its file. It works for
    seconds, so it refuses to run inside a transaction: store first, then point at the file in the
    action's own transaction. What that action then refuses stays unreferenced, and the clean-up
    takes it away."""
    refuse_if(_number_blockers(uploads, limits))
    with sandbox.scratch() as place:
        received = [_receive(upload, place / str(i)) for i, upload in enumerate(uploads)]
        scanner = antivirus()
        if scanner is not None:
            _scan(received, scanner)
        title = name or received[0].examined.name
        outcome = _prepare(received, limits, title, place / MADE)
        refuse_if(blocker for each in received for blocker in blockers(each.examined, limits))
        refuse_if(_made_blockers(received, outcome, limits, title))
        return _keep(received, _made(outcome), title, by, scanned=scanner is not None)


def store_generated(
    content: bytes, *, name: str, media_type: str, by: "User | None", pages: int | None = None
) -> StoredFile:
    """Keep a document we made ourselves (a dossier, a letter, a receipt): no check, no original."""
    with sandbox.scratch() as place:
        path = place / "made"
        path.write_bytes(content)
        return store_path(path, name=name, media_type=media_type, by=by, pages=pages)


def store_path(
    path: Path, *, name: str, media_type: str, by: "User | None", pages: int | None = None
) -> StoredFile:
    """Keep a document we made ourselves at `path`, however large."""
    row = StoredFile(
        key=blobs.new_key(),
        name=shown_name(name, media_type),
        media_type=media_type,
        size=path.stat().st_size,
        sha256=_sha256(path),
        page_count=pages,
        created_by=by,
    )
    blobs.write_blob(row.key, path)
    row.save()
    return row


def _number_blockers(uploads: Sequence[File], limits: Limits) -> list[Blocker]:
    if not uploads:
        return [Blocker("no_file", _("Choose a file."))]
    if len(uploads) > limits.max_files:
        message = _("These are %(count)d files, the maximum is %(most)d at once.") % {
            "count": len(uploads),
            "most": limits.max_files,
        }
        return [Blocker("too_many_files", message)]
    return []


def _receive(upload: File, path: Path) -> Received:
    digest = hashlib.sha256()
    size = 0
    with path.open("wb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += file.write(chunk)
    examined = Examined(name=Path(upload.name or "").name, size=size)
    return Received(path, digest.hexdigest(), examined)


def _scan(received: list[Received], scanner: Antivirus) -> None:
    """Ask the antivirus at once, so that the person learns of a virus while they are there. If it
    does not answer, the file is kept aside as pending and asked about again."""
    for each in received:
        try:
            with each.path.open("rb") as content:
                verdict = scanner.scan(content)
        except Unavailable as error:
            logger.warning("the antivirus does not answer: %s", error)
            return
        each.examined.is_infected = verdict.finding == Finding.INFECTED
        each.is_cleared = verdict.finding == Finding.CLEAN


def _prepare(received: list[Received], limits: Limits, title: str, out: Path) -> Outcome:
    """Have the worker look at every file that may be opened, and make the document if all can be
    used. A file that ends the worker is to blame, and the others are looked at without it."""
    openable = [each for each in received if not blockers_before_opening(each.examined, limits)]
    makes = len(openable) == len(received)
    outcome = _ask_worker(openable, limits, title, out if makes else None)
    while outcome.failure is not None and outcome.reports:
        began = outcome.reports[-1].get("began")
        if began is None:
            break
        openable[began].examined.failure = outcome.failure
        openable = openable[began + 1 :]
        outcome = _ask_worker(openable, limits, title, None)
    return outcome


def _ask_worker(openable: list[Received], limits: Limits, title: str, out: Path | None) -> Outcome:
    request: dict[str, Any] = {
        "task": "prepare",
        "inputs": [{"path": str(each.path), "title": each.examined.name} for each in openable],
        "out": str(out) if out else None,
        "title": title,
        "kinds": sorted(limits.kinds),
        "max_pages": limits.max_pages,
        "max_bytes": limits.max_document_bytes,
        "keeps_image": limits.keeps_image,
    }
    outcome = sandbox.run(WORKER, request)
    for report in outcome.reports:
        if "found" in report:
            examined = openable[report["found"]].examined
            examined.kind = report["kind"]
            examined.media_type = report["media_type"]
            examined.pages = report["pages"]
            examined.problem = report["problem"]
    return outcome


def _made_blockers(
    received: list[Received], outcome: Outcome, limits: Limits, title: str
) -> list[FileBlocker]:
    """What speaks against the document where nothing speaks against any file alone."""
    if outcome.failure is not None:
        return [blocker_of(title, *failure_of(outcome.failure))]
    pages = sum(each.examined.pages for each in received)
    if pages > limits.max_pages:
        return [blocker_of(title, "too_many_pages", too_many_pages(pages, limits))]
    if len(received) > 1 and any(each.examined.kind in OFFICE_KINDS for each in received):
        message = _("A text document cannot be joined with other files. Export it as PDF.")
        return [blocker_of(title, "not_joinable", message)]
    size = _made_path(received, _made(outcome)).stat().st_size
    if size > limits.max_document_bytes:
        message = _(
            "The document would have %(size)s, the maximum is %(most)s. Scan in black and white "
            "or at 200 dpi, or keep only the pages asked for."
        ) % {"size": filesizeformat(size), "most": filesizeformat(limits.max_document_bytes)}
        return [blocker_of(title, "document_too_large", message)]
    return []


def _made(outcome: Outcome) -> dict[str, Any]:
    """What the worker says of the document it made."""
    return cast("dict[str, Any]", outcome.result)["made"]


def _made_path(received: list[Received], made: dict[str, Any]) -> Path:
    first = received[0].path
    return first if made["as_is"] else first.with_name(MADE)


def _keep(
    received: list[Received],
    made: dict[str, Any],
    title: str,
    by: "User | None",
    *,
    scanned: bool,
) -> StoredFile:
    """Contents first, then the rows that speak of them: a crash leaves contents without rows."""
    path = _made_path(received, made)
    row = StoredFile(
        key=blobs.new_key(),
        name=shown_name(title, made["media_type"]),
        media_type=made["media_type"],
        size=path.stat().st_size,
        sha256=received[0].sha256 if made["as_is"] else _sha256(path),
        page_count=made["pages"],
        changes=made["changes"],
        created_by=by,
    )
    if scanned and all(each.is_cleared for each in received):
        row.scan_status, row.scanned_at = ScanStatus.CLEAN, row.created_at
    elif scanned:
        row.scan_status = ScanStatus.PENDING
    originals = [
        OriginalFile(
            stored_file=row,
            position=position,
            key=row.key if made["as_is"] else blobs.new_key(),
            name=each.examined.name,
            media_type=each.examined.media_type,
            size=each.examined.size,
            sha256=each.sha256,
        )
        for position, each in enumerate(received)
    ]
    contents = {row.key: path}
    contents |= {o.key: each.path for o, each in zip(originals, received, strict=True)}
    for key, content in contents.items():
        blobs.write_blob(key, content)
    with transaction.atomic(durable=True):
        row.save()
        OriginalFile.objects.bulk_create(originals)
        if row.scan_status == ScanStatus.PENDING:
            spur("files.scan", row.pk)
    return row


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

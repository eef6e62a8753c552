"""The dossier as one PDF (« télécharger mon dossier ») [PDF]: a summary, then every document."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.documents import file_service_blockers
from candide.admissions.applications.domain.snapshot import (
    claim,
    dossier_data,
    latest_snapshot,
    unrendered,
)
from candide.admissions.applications.enums import EDITABLE_STATUSES, ItemStatus
from candide.admissions.applications.models import Application, Snapshot
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.joining import Joined, JoiningFailed, Part, join
from candide.foundation.pdf.rendering import render

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dossier:
    """A dossier rendered: the PDF, how it is called, and which documents could not be read. It is
    provisional where the same documents may be readable another time."""

    content: bytes
    name: str
    pages: int | None
    skipped: list[str] = field(default_factory=list)
    is_provisional: bool = False


def dossier_name(application: Application) -> str:
    """`dossier-<dossier>_<NAME>_<FIRSTNAME>-<code of the programme>.pdf` [PDF-01]."""
    candidate = application.candidate
    code = application.intake.programme.code
    who = f"{candidate.user.file_number}_{candidate.birth_name}_{candidate.first_name}"
    return f"dossier-{who}-{code}"[:96].replace(" ", "_") + ".pdf"


def current_dossier(application: Application, *, language: str, now: datetime) -> Dossier:
    """The dossier as it stands: the frozen one once received, else what was given so far."""
    snapshot = latest_snapshot(application)
    if snapshot is None or application.dossier_status in EDITABLE_STATUSES:
        documents = requested_documents(application)
        data = dossier_data(application, documents=documents, now=now)
        files = {item.file.pk: item.file for item in documents if item.file}
        return compose(data, files, language=language, name=dossier_name(application))
    return _kept(snapshot, application, language) or _frozen(snapshot, application, language)


def _kept(snapshot: Snapshot, application: Application, language: str) -> Dossier | None:
    """The PDF that was made of the snapshot, if it is in this language, and says what the
    antivirus says now of each file."""
    pdf = snapshot.pdf
    if pdf is None or snapshot.pdf_language != language or file_service_blockers():
        return None
    if snapshot.documents.filter(file__scanned_at__gt=pdf.created_at).exists():
        return None
    try:
        with open_file(pdf) as content:
            return Dossier(content.read(), dossier_name(application), pages=pdf.page_count)
    except OSError as error:
        logger.error("a dossier that was kept cannot be fetched: %s", type(error).__name__)
        return None


def _frozen(snapshot: Snapshot, application: Application, language: str) -> Dossier:
    files = (version.file for version in snapshot.documents.select_related("file"))
    return compose(
        snapshot.data,
        {file.pk: file for file in files if file is not None},
        language=language,
        name=dossier_name(application),
        fingerprint=snapshot.data_sha256,
    )


def compose(
    data: dict[str, Any],
    files: dict[int, StoredFile],
    *,
    language: str,
    name: str,
    fingerprint: str = "",
) -> Dossier:
    """Render `data` and append the files it names, in order, with bookmarks. What cannot be read
    is named in the summary instead of failing the dossier; nothing is read while the file service
    is in maintenance [PDF-04]."""
    documents = [
        (_text(document["label"], language), files[document["file"]["id"]])
        for document in data["documents"]
        if document["file"] and document["file"]["id"] in files
    ]
    with translation.override(language):
        title = _("Application dossier %(number)s") % {"number": data["file_number"]}
        first = _("Summary")
        notice = " ".join(blocker.message for blocker in file_service_blockers())
    summary = partial(
        render_summary,
        data,
        title=title,
        language=language,
        fingerprint=fingerprint,
        notice=notice,
    )
    together = partial(_joined, first=first, title=title, language=language, data=data)
    parts, skipped = [], _destroyed(data, files, language)
    for label, file in documents:
        if notice or not file.is_served:
            skipped.append(label)
        else:
            parts.append(Part(partial(open_file, file), label))
    try:
        joined = together(summary(skipped=skipped), parts)
        lost = joined.lost
        if joined.skipped:
            # Told in the dossier itself: whoever reads it knows that something is missing.
            skipped += [part.title for part in joined.skipped]
            kept = [part for part in parts if part not in joined.skipped]
            joined = together(summary(skipped=skipped), kept)
    except JoiningFailed as error:
        logger.error("a dossier could not be joined: %s", error)
        gone = _destroyed(data, files, language)
        everything = [*gone, *(label for label, _file in documents)]
        alone = summary(skipped=everything)
        return Dossier(alone, name, pages=None, skipped=everything, is_provisional=True)
    return Dossier(
        joined.content,
        name,
        pages=joined.pages,
        skipped=skipped,
        is_provisional=bool(lost or notice),
    )


def _destroyed(data: dict[str, Any], files: dict[int, StoredFile], language: str) -> list[str]:
    """What was given and is no more: identity papers, whose files are destroyed."""
    return [
        _text(document["label"], language)
        for document in data["documents"]
        if document["file"] and document["file"]["id"] not in files
    ]


def _joined(
    summary: bytes, parts: list[Part], *, first: str, title: str, language: str, data: dict
) -> Joined:
    return join(
        [Part(summary, first, is_ours=True), *parts],
        title=title,
        language=language,
        author=data["institution"],
        created=datetime.fromisoformat(data["made_at"]),
    )


def render_summary(
    data: dict[str, Any],
    *,
    title: str,
    language: str,
    fingerprint: str = "",
    skipped: Sequence[str] = (),
    notice: str = "",
) -> bytes:
    """The generated part of a dossier: tagged, titled, in one language (PDF/UA). `notice` says why
    the files `skipped` are not joined, where one reason holds for all."""
    context = {
        "title": title,
        "data": data,
        "application": data["application"],
        "file": data["file"],
        "documents": data["documents"],
        "missing_on_paper": [
            document
            for document in data["documents"]
            if document["status"] != ItemStatus.NOT_APPLICABLE
        ],
        "questions": data["questions"],
        "fingerprint": fingerprint,
        "skipped": skipped,
        "notice": notice,
        "language": language,
    }
    with translation.override(language):
        html = render_to_string("pdf/summary.html", context)
    return render(html, title=title, language=language, author=data["institution"])


def render_snapshot(pk: int, *, now: datetime) -> None:
    """Render and keep the PDF of a snapshot, unless it is there, or somebody is at it. Where a
    file may be readable another time it is tried again then [PDF-04]."""
    if not claim(unrendered(now=now).filter(pk=pk), "pdf", now=now):
        return
    snapshot = Snapshot.objects.select_related(
        "application__candidate__user", "application__intake__programme"
    ).get(pk=pk)
    application = snapshot.application
    language = application.candidate.user.language
    dossier = _frozen(snapshot, application, language)
    if dossier.is_provisional:
        return
    file = store_generated(
        dossier.content,
        name=dossier.name,
        media_type="application/pdf",
        pages=dossier.pages,
        by=None,
    )
    # Another worker may have been quicker: then this file stays unreferenced and is cleaned up.
    Snapshot.objects.filter(pk=pk, pdf=None).update(pdf=file, pdf_language=language)


def _text(value: Any, language: str) -> str:
    """A text of a snapshot in `language`, else in French, else in any language [I18N-04]."""
    if not isinstance(value, dict):
        return str(value)
    return value.get(language) or value.get("fr") or next(iter(value.values()), "")

"""Dossiers of many applications as an archive or as one document, and the documents given for them
[back-office 22.1, 22.2]. What cannot be read is told in the report, and the rest is there."""

import logging
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candide.admissions.applications.domain.asked import requested_documents_of
from candide.admissions.applications.domain.documents import file_service_blockers
from candide.admissions.applications.domain.dossier import current_dossier
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.examination import render_sheets
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.failures import summary
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Lost, Making, TurnOver
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.domain.names import EXTENSIONS
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.joining import JoiningFailed, Part, join
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import one_reading
from candide.reporting.exports.domain.applications import reach
from candide.reporting.exports.domain.naming import Names, named, pattern_blockers, words_of

logger = logging.getLogger(__name__)

DOSSIERS, DOSSIER, DOCUMENTS, SHEETS = "dossiers", "dossier", "documents", "sheets"
ZIP, PDF = "application/zip", "application/pdf"
# What is asked for: its words, and of how many applications at most.
WHAT: dict[str, tuple[Any, int]] = {
    DOSSIERS: (gettext_lazy("Dossiers, one PDF each (ZIP)"), 1000),
    DOSSIER: (gettext_lazy("Dossiers in one PDF"), 50),
    DOCUMENTS: (gettext_lazy("Documents given (ZIP)"), 5000),
    SHEETS: (gettext_lazy("Examination sheets in one PDF"), 1000),
}
AT_ONCE = 20


def ask_files(
    pks: Sequence[int],
    what: str,
    *,
    pattern: str,
    by: Any,
    now: datetime,
    requirement: int | None = None,
) -> Download:
    """Ask for the files of these applications; `requirement` names one kind of document."""
    refuse_if([*pattern_blockers(pattern), *number_blockers(what, len(pks))])
    texts = {
        DOSSIERS: ngettext("%(number)d dossier", "%(number)d dossiers", len(pks)),
        DOSSIER: ngettext(
            "%(number)d dossier in one PDF", "%(number)d dossiers in one PDF", len(pks)
        ),
        DOCUMENTS: ngettext(
            "Documents of %(number)d application",
            "Documents of %(number)d applications",
            len(pks),
        ),
        SHEETS: ngettext("%(number)d examination sheet", "%(number)d examination sheets", len(pks)),
    }
    values = {"pattern": pattern, "requirement": requirement}
    title = texts[what] % {"number": len(pks)}
    return ask_download(what, pks, title=title, by=by, now=now, values=values)


def most_of(what: str) -> int:
    """Of how many applications at most `what` is made: of dossiers no more than the institution
    allows."""
    most = WHAT[what][1]
    return most if what == DOCUMENTS else min(most, Institution.current().max_dossiers)


def number_blockers(what: str, number: int) -> list[Blocker]:
    """Whether these are too many."""
    most = most_of(what)
    if number <= most:
        return []
    message = _("At most %(most)d applications at once for this: narrow the search.")
    return [Blocker("too_many", message % {"most": most})]


# -- Dossiers --------------------------------------------------------------------------------------


@one_reading()
def make_dossiers(making: Making) -> Made:
    """Each dossier is drawn once and kept as a part; the archive is made of the parts."""
    refuse_if(file_service_blockers())
    files = dict(_dossiers(making))
    path, names = making.place / "archive", Names()
    with _archive(path) as archive:
        for application in _applications(making, list(files)):
            name = named(making.values["pattern"], words_of(application))
            if _put(archive, making, application, files[application.pk], names.free(name)):
                making.put_in(application.pk)
            making.tick(making.download.number_asked)
    return Made(path, f"dossiers-{localtime(making.clock()):%Y%m%d-%H%M%S}.zip", ZIP)


@one_reading()
def make_dossier(making: Making) -> Made:
    """One document with a bookmark for each dossier."""
    refuse_if(file_service_blockers())
    files = dict(_dossiers(making))
    parts = []
    for application in _applications(making, list(files)):
        number = application.candidate.user.file_number
        title = f"{number} {application.candidate.display_name}"
        parts.append(Part(partial(open_file, files[application.pk]), title))
        making.put_in(application.pk)
    title = _("Dossiers")
    try:
        joined = join(parts, title=title, language=making.download.language)
    except JoiningFailed as error:
        message = _("These dossiers cannot be joined: ask for an archive instead.")
        raise Refused([Blocker("not_joinable", message)]) from error
    for part in joined.skipped:
        key = making.inside.pop(parts.index(part))
        parts.remove(part)
        making.leave_out(key, "failed", _could_not_be_read())
    path = making.place / "joined"
    path.write_bytes(joined.content)
    return Made(path, f"dossiers-{localtime(making.clock()):%Y%m%d-%H%M%S}.pdf", PDF)


def _dossiers(making: Making) -> Iterator[tuple[int, StoredFile]]:
    """The dossier of each application in reach, drawn unless it was before."""
    kept = making.parts()
    for done, application in enumerate(_applications(making, making.subjects), start=1):
        file = kept.get(application.pk) or _drawn(making, application)
        if file is not None:
            yield application.pk, file
        making.tick(done)
    _tell_strangers(making)


def _drawn(making: Making, application: Application) -> StoredFile | None:
    try:
        dossier = current_dossier(
            application, language=making.download.language, now=making.clock()
        )
        path = making.place / "dossier"
        path.write_bytes(dossier.content)
        return making.keep_part(application.pk, path, name=dossier.name, media_type=PDF)
    except (Lost, TurnOver):
        raise
    except Exception as error:
        logger.error("the dossier of %s failed: %s", application.pk, summary(error))
        making.leave_out(application.pk, "failed", _("The dossier could not be drawn."))
        return None


# -- Documents -------------------------------------------------------------------------------------


@one_reading()
def make_documents(making: Making) -> Made:
    """The files given for one kind of document, or for all, straight from the storage."""
    refuse_if(file_service_blockers())
    path, names, done = making.place / "archive", Names(), 0
    wanted = making.values["requirement"]
    with _archive(path) as archive:
        for batch in _batches(making, making.subjects):
            asked = requested_documents_of(batch)
            for application in batch:
                done += 1
                given = [
                    item
                    for item in asked[application.pk]
                    if item.file and wanted in (None, item.requirement.pk)
                ]
                if not given:
                    making.leave_out(application.pk, "nothing_given", _("No file was given."))
                written = 0
                for item in given:
                    words = words_of(application, item.requirement.code)
                    extension = EXTENSIONS.get(item.file.media_type, ".pdf")
                    name = names.free(named(making.values["pattern"], words, extension))
                    written += _put(archive, making, application, item.file, name)
                if written:
                    making.put_in(application.pk)
            making.tick(done)
    _tell_strangers(making)
    return Made(path, f"pieces-{localtime(making.clock()):%Y%m%d-%H%M%S}.zip", ZIP)


# -- Examination sheets ----------------------------------------------------------------------------


@one_reading()
def make_sheets(making: Making) -> Made:
    """One document, a page or more an application, with a bookmark for every twenty."""
    parts, done = [], 0
    for batch in filter(None, _batches(making, making.subjects)):
        content = render_sheets(batch, language=making.download.language, now=making.clock())
        parts.append(Part(content, batch[0].candidate.display_name, is_ours=True))
        for application in batch:
            making.put_in(application.pk)
        done += len(batch)
        making.tick(done)
    _tell_strangers(making)
    if not parts:
        raise Refused([Blocker("nothing", _("None of these applications is in your reach."))])
    joined = join(parts, title=_("Examination sheets"), language=making.download.language)
    path = making.place / "joined"
    path.write_bytes(joined.content)
    return Made(path, f"fiches-examen-{localtime(making.clock()):%Y%m%d-%H%M%S}.pdf", PDF)


# -- Shared ----------------------------------------------------------------------------------------


def _batches(making: Making, keys: Sequence[int]) -> Iterator[list[Application]]:
    """The applications that are in reach now, in this order."""
    rows = reach(making.user).with_offer()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        found = rows.in_bulk(part)
        yield [found[key] for key in part if key in found]


def _applications(making: Making, keys: Sequence[int]) -> Iterator[Application]:
    for batch in _batches(making, keys):
        yield from batch


def _tell_strangers(making: Making) -> None:
    """Those that are out of reach by now."""
    reached = set(reach(making.user).filter(pk__in=making.subjects).values_list("pk", flat=True))
    for key in making.subjects:
        if key not in reached:
            message = _("This application is not in your reach.")
            making.leave_out(key, "out_of_reach", message)


def _archive(path: Path) -> zipfile.ZipFile:
    """PDFs and pictures are compressed already."""
    return zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)


def _put(
    archive: zipfile.ZipFile,
    making: Making,
    application: Application,
    file: StoredFile,
    name: str,
) -> bool:
    """Copy a stored file into the archive; where it cannot be read, say so and go on."""
    copy = making.place / "copy"
    try:
        with open_file(file) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
    except Refused as refusal:
        making.leave_out(application.pk, refusal.codes[0], refusal.blockers[0].message)
        return False
    except OSError as error:
        logger.error("file %s cannot be fetched: %s", file.pk, type(error).__name__)
        making.leave_out(application.pk, "file_missing", f"{name} : {_could_not_be_read()}")
        return False
    archive.write(copy, name)
    return True


def _could_not_be_read() -> str:
    return _("the file could not be read.")


def _kind(what: str, make: Callable[[Making], Made]) -> Kind:
    return Kind(what, make=make, reach=reach, most=WHAT[what][1])


KINDS = (
    _kind(DOSSIERS, make_dossiers),
    _kind(DOSSIER, make_dossier),
    _kind(DOCUMENTS, make_documents),
    _kind(SHEETS, make_sheets),
)

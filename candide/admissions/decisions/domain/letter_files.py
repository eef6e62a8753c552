"""The letters of many applications as one file, for who asked: a ZIP, or one PDF to print."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.queries import released_decisions_of
from candide.admissions.decisions.models import Letter
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Making
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.pdf.joining import JoiningFailed, Part, join
from candide.institution.catalogue.models import Institution

LETTERS = "letters"
ZIP, PDF = "zip", "pdf"
MEDIA_TYPES = {ZIP: "application/zip", PDF: "application/pdf"}
MOST = 5000
MOST_PAGES = 500  # letters of one PDF: more are too much for any printer, and for one process
AT_ONCE = 100


def reach(user: Any) -> Any:
    """The applications of which somebody may take letters away."""
    return Application.objects.all().visible_to(user)


def ask_letters(pks: Sequence[int], *, format: str, by: Any, now: datetime) -> Download:
    """Ask for the letters of these applications, in this order."""
    if format == PDF and len(pks) > MOST_PAGES:
        message = _("At most %(most)d letters in one PDF: choose the ZIP, or fewer applications.")
        refuse_if([Blocker("too_many_for_one", message % {"most": MOST_PAGES})])
    number = len(pks)
    title = ngettext("Letter of %(number)d person", "Letters of %(number)d persons", number)
    return ask_download(
        LETTERS,
        pks,
        title=title % {"number": number},
        by=by,
        now=now,
        values={"format": format},
    )


def make(making: Making) -> Made:
    """Put the letters in, as they were given out; why one is not there stands in the report."""
    day = localtime(making.clock())
    format = making.values["format"]
    path = making.place / "letters"
    if format == ZIP:
        with zipfile.ZipFile(path, "w") as archive:
            for key, letter in _letters(making):
                with open_file(letter.file) as content:
                    archive.writestr(_free_name(archive, letter.file.name), content.read())
                making.put_in(key)
    else:
        path.write_bytes(_joined(making))
    return Made(path, f"lettres-{day:%Y%m%d-%H%M%S}.{format}", MEDIA_TYPES[format])


def _letters(making: Making) -> Iterator[tuple[int, Letter]]:
    """The letter that stands of each application, in order."""
    for start in range(0, len(making.subjects), AT_ONCE):
        keys = making.subjects[start : start + AT_ONCE]
        reached = {row.pk: row for row in reach(making.user).filter(pk__in=keys)}
        decisions = released_decisions_of(list(reached.values()))
        pks = [decision.pk for decision in decisions.values()]
        standing = Letter.objects.filter(decision__in=pks, withdrawn_at=None)
        letters = {row.decision_id: row for row in standing.select_related("file")}
        for key in keys:
            decision = decisions.get(key)
            letter = letters.get(decision.pk) if decision else None
            if key not in reached:
                message = _("This application is not in your reach.")
                making.leave_out(key, "out_of_reach", message)
            elif letter is None:
                message = _("This application has no letter: make it first.")
                making.leave_out(key, "no_letter", message)
            else:
                yield key, letter
        making.tick(start + len(keys))


def _free_name(archive: zipfile.ZipFile, name: str) -> str:
    """`name`, with a number where the archive has one of this name already."""
    taken = set(archive.namelist())
    stem, _dot, extension = name.rpartition(".")
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.{extension}"
    return name


def _joined(making: Making) -> bytes:
    found = list(_letters(making))
    if not found:
        return b""
    parts = [
        Part(partial(open_file, letter.file), title=letter.file.name, is_ours=position == 0)
        for position, (_key, letter) in enumerate(found)
    ]
    try:
        joined = join(
            parts,
            title=making.download.title,
            language=making.download.language,
            author=Institution.current().name,
            created=making.clock(),
        )
    except JoiningFailed as error:
        raise Refused([Blocker("not_joined", _("These letters could not be joined."))]) from error
    for (key, _letter), part in zip(found, parts, strict=True):
        if part in joined.skipped:
            making.leave_out(key, "not_read", _("This letter could not be read."))
        else:
            making.put_in(key)
    return joined.content


KIND = Kind(LETTERS, make=make, reach=reach, permission="decisions.read_letter", most=MOST)

"""A person takes away all their data (« portabilité »): one archive, in the background, with
`donnees.json` and the documents. Which fields there are is read from what models declare; what
staff keep among themselves (notes, tags, drafts) and who of them did something is not theirs; when
their data was opened is. Of a decision it holds what the candidate is shown: no rank, no comment
beyond."""

import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import ForeignKey, Model, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from candide.admissions.applications.models import (
    AdditionalDocument,
    Answer,
    Application,
    Correction,
    CorrectionItem,
    DocumentVersion,
    FormAnswer,
    Snapshot,
    SubmittedDocument,
)
from candide.admissions.candidates.models import (
    Address,
    Baccalaureate,
    Candidate,
    ExternalStudies,
    InternalStudies,
    Internship,
    MissedFetch,
    SectionDraft,
    StudentDocument,
    WorkExperience,
)
from candide.admissions.correspondence.models import Message
from candide.admissions.decisions.domain.current import rank_shown, released_decision
from candide.admissions.decisions.domain.letters import readable_letter
from candide.admissions.decisions.models import Decision
from candide.core.blockers import Blocker, refuse_if
from candide.core.personal_data import declaration_of
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Making
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.foundation.files.domain.blobs import read_blob
from candide.foundation.files.domain.names import EXTENSIONS
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.outbox import can_be_read
from candide.institution.mails.models import OutgoingMail
from candide.institution.tokens.models import Token
from candide.reporting.privacy.domain.belongings import Belongings, belongings_of
from candide.reporting.privacy.domain.reading_log import readings_found
from candide.reporting.privacy.enums import BEFORE_RELEASE, Opened

PERSONAL_DATA = "personal-data"
JSON_NAME = "donnees.json"
ZIP = "application/zip"
# What of them is the person's, in the order in which it is told.
TOLD: tuple[type[Model], ...] = (
    User,
    Candidate,
    Address,
    Baccalaureate,
    InternalStudies,
    ExternalStudies,
    Internship,
    WorkExperience,
    StudentDocument,
    SectionDraft,
    MissedFetch,
    Application,
    DocumentVersion,
    SubmittedDocument,
    AdditionalDocument,
    Answer,
    FormAnswer,
    Correction,
    CorrectionItem,
    Message,
    Snapshot,
    Decision,
)
# Secrets, traces of how the software works, and what a draft would be known by.
UNTOLD = frozenset(
    (
        *("password", "search_text", "is_search_due", "session_epoch", "is_superuser"),
        *("tab", "tab_version", "version", "pdf_wanted_at", "pdf_tries", "receipt_wanted_at"),
        *("receipt_tries", "has_draft_decision", "has_any_decision", "user", "candidate"),
        *("created_by", "given_by", "checked_by", "asked_by", "answered_by", "cancelled_by"),
        *("made_by", "released_by", "author", "read_by", "opened_by", "merged_into"),
        *("current_rank", "best_rank"),
    )
)


# -- Asking for it ---------------------------------------------------------------------------------


def last_export(user: User) -> Download | None:
    """The newest one the person asked for."""
    rows = Download.objects.filter(asked_by=user, kind=PERSONAL_DATA).select_related("file")
    return rows.order_by("-created_at", "-pk").first()


def export_blockers(user: User) -> list[Blocker]:
    """Why the person may not ask for it now."""
    last = last_export(user)
    if last is not None and last.state == DownloadState.WAITING:
        return [Blocker("waiting", _("Your data is being put together already."))]
    return []


@transaction.atomic
def ask_for_own_data(user: User, *, now: datetime) -> Download:
    """Have the archive made."""
    user = User.objects.locked(user.pk)
    refuse_if(export_blockers(user))
    log(user, AccountEvent.DATA_ASKED, by=user)
    return ask_download(PERSONAL_DATA, [user.pk], title=_("My data"), by=user, now=now)


# -- Making it -------------------------------------------------------------------------------------


def reach(user: Any) -> QuerySet[User]:
    """Nobody's but one's own."""
    return User.objects.filter(pk=user.pk)


def make(making: Making) -> Made:
    user = making.user
    assert user is not None  # noqa: S101 -- strangers were refused before
    found = belongings_of(user)
    path = making.place / "archive"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        names = {}
        for number, file in enumerate(_files(found)):
            name = f"fichiers/{file.pk}{EXTENSIONS.get(file.media_type, '')}"
            if _put(archive, making, file, name):
                names[file.pk] = name
            making.tick(number)
        told = json.dumps(
            data_of(found, names), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2
        )
        archive.writestr(JSON_NAME, told)
    making.put_in(user.pk)
    return Made(path, f"donnees-{localtime(making.clock()):%Y%m%d}.zip", ZIP)


def _put(archive: zipfile.ZipFile, making: Making, file: StoredFile, name: str) -> bool:
    if not file.is_served:
        making.leave_out(file.pk, "not_served", _("The antivirus has not cleared this file."))
        return False
    try:
        with read_blob(file.key) as content, archive.open(name, "w", force_zip64=True) as into:
            shutil.copyfileobj(content, into)
    except FileNotFoundError:
        making.leave_out(file.pk, "gone", _("This file cannot be read."))
        return False
    return True


def _files(found: Belongings) -> Iterator[StoredFile]:
    """The documents the person gave, the dossiers made of them, and the letters they may have."""
    keys = set()
    for model in (DocumentVersion, StudentDocument):
        keys |= set(found.of(model).values_list("file", flat=True))
    for pair in found.of(Snapshot).values_list("pdf", "receipt"):
        keys |= set(pair)
    for application in Application.objects.with_offer().filter(pk__in=found.applications):
        letter = readable_letter(application, released_decision(application))
        keys |= {letter.file_id} if letter else set()
    yield from StoredFile.objects.filter(pk__in=keys - {None}).order_by("pk")


def data_of(found: Belongings, names: dict[int, str]) -> dict[str, Any]:
    """Everything as JSON values; a file as its name in the archive."""
    told: dict[str, Any] = {}
    for model in TOLD:
        rows = _rows(model, found)
        if lines := [{**_told(row, names), **_as_shown(row)} for row in rows]:
            told[model._meta.label_lower] = lines
    mails = OutgoingMail.objects.filter(for_user_id__in=found.user_keys).order_by("pk")
    told["mails"] = [_mail(mail) for mail in mails]
    accounts = SocialAccount.objects.filter(user__in=found.user_keys).order_by("pk")
    told["sign_in"] = [{"provider": each.provider, "identifier": each.uid} for each in accounts]
    told["readings"] = list(_readings(found))
    return told


def _readings(found: Belongings) -> Iterator[dict[str, Any]]:
    """When their data was opened, what of it, and which other systems read it; of the staff it is
    not said who (GDPR 15; CJEU C-579/21)."""
    readings = list(readings_found(accounts=found.user_keys).reverse())
    programs = Token.objects.in_bulk({each.token_id for each in readings} - {None})
    for each in readings:
        program = programs.get(each.token_id)
        # That there is a decision or a letter is told when it is released [VIEW-05].
        opened = Opened.DOSSIER if each.opened in BEFORE_RELEASE else Opened(each.opened)
        yield {
            "at": each.at,
            "what": opened.label,
            "application": each.application_id,
            "by": "staff" if each.token_id is None else "program",
            "program": program.name if program else None,
        }


def _rows(model: type[Model], found: Belongings) -> Iterable[Model]:
    rows = found.of(model).order_by("pk")
    if model is Decision:
        rows = rows.filter(released_at__isnull=False)
    joined = [each.name for each in model._meta.concrete_fields if isinstance(each, ForeignKey)]
    return rows.select_related(*joined)


def _told(row: Model, names: dict[int, str]) -> dict[str, Any]:
    declared = declaration_of(type(row))
    wanted = (declared.personal | declared.neutral) - UNTOLD
    return {
        each.name: _value(row, each, names)
        for each in row._meta.concrete_fields
        if each.name in wanted
    }


def _as_shown(row: Model) -> dict[str, Any]:
    """What of a decision the institution chose to show, and how."""
    if not isinstance(row, Decision):
        return {}
    return {
        "rank": rank_shown(row, Institution.current()),
        "comment": row.comment if row.type.shows_comment else "",
    }


def _value(row: Model, each: Any, names: dict[int, str]) -> Any:
    if not isinstance(each, ForeignKey):
        value = getattr(row, each.name)
        is_json = value is None or isinstance(value, dict | list | int)  # a truth value is one
        return value if is_json else each.value_to_string(row)
    if each.related_model is StoredFile:
        return names.get(getattr(row, each.attname))
    target = getattr(row, each.name)
    return None if target is None else {"id": target.pk, "label": str(target)}


def _mail(mail: OutgoingMail) -> dict[str, Any]:
    return {
        "kind": mail.kind,
        "to": mail.to,
        "queued_at": mail.queued_at,
        "sent_at": mail.sent_at,
        "subject": mail.subject,
        "text": mail.text if can_be_read(mail) else None,
    }


KIND = Kind(PERSONAL_DATA, make=make, reach=reach)

"""Who the candidate is (« informations personnelles »), in two steps: nationality and INE, then
civil status [FILE-INE, FILE-PER]."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain import claims
from candide.admissions.candidates.domain.indexing import search_changed
from candide.admissions.candidates.domain.ine import IneCheck, check_ine
from candide.admissions.candidates.domain.phones import parse_phone, phone_blockers
from candide.admissions.candidates.domain.saving import (
    remember,
    write,
    years_before,
)
from candide.admissions.candidates.domain.writing import (
    capitals,
    one_line,
    required,
    too_long,
    without_letter,
)
from candide.admissions.candidates.enums import Civility, Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.text import fold
from candide.institution.accounts.models import User
from candide.institution.catalogue.domain.languages import languages_in_service
from candide.institution.catalogue.models import Institution
from candide.institution.reference.domain.queries import birth_communes
from candide.institution.reference.enums import CommuneKind
from candide.institution.reference.models import Commune, Country, Department

LONGEST_NAME = 100
YOUNGEST, OLDEST = 10, 100
LOCKED_BY_IMPORT = (
    "civility",
    "birth_name",
    "usual_name",
    "first_name",
    "other_first_name",
    "born_on",
    "birth_country",
    "birth_department",
    "birth_city",
)


@dataclass(frozen=True, kw_only=True)
class IdentityEntry:
    """What is entered in both steps. `has_single_name` says that there is no first name: people of
    some countries have one name only."""

    nationality: Country | None = None
    ine: str = ""
    civility: str = ""
    birth_name: str = ""
    usual_name: str = ""
    first_name: str = ""
    other_first_name: str = ""
    born_on: date | None = None
    birth_country: Country | None = None
    birth_department: Department | None = None
    birth_city: str = ""
    phone: str = ""
    mobile: str = ""
    has_single_name: bool = field(default=False, metadata={"steers": True})
    language: str = field(default="", metadata={"steers": True})


def identity_entry(candidate: Candidate) -> IdentityEntry:
    """What `candidate` entered, to change a part of it."""
    kept = {name: getattr(candidate, name) for name in ("nationality", "ine", "phone", "mobile")}
    locked = {name: getattr(candidate, name) for name in LOCKED_BY_IMPORT}
    return IdentityEntry(
        **kept,
        **locked,
        has_single_name=not candidate.first_name,
        language=candidate.user.language,
    )


def tidy_identity(entry: IdentityEntry) -> IdentityEntry:
    """`entry` as it is written down; a place of birth abroad has no département [FILE-PER-03]."""
    is_french = entry.birth_country is not None and entry.birth_country.is_france
    return replace(
        entry,
        birth_name=capitals(entry.birth_name),
        usual_name=capitals(entry.usual_name),
        first_name="" if entry.has_single_name else capitals(entry.first_name),
        other_first_name="" if entry.has_single_name else capitals(entry.other_first_name),
        birth_city=capitals(entry.birth_city),
        birth_department=entry.birth_department if is_french else None,
        phone=_tidy_phone(entry.phone),
        mobile=_tidy_phone(entry.mobile),
        ine=one_line(entry.ine),
    )


def _tidy_phone(text: str) -> str:
    found = parse_phone(text)
    return one_line(text) if found is None else found


# -- Blockers --------------------------------------------------------------------------------------
def nationality_blockers(
    nationality: Country | None, ine: str, *, institution: Institution
) -> list[Blocker]:
    """What is wrong with the first step; an INE is never mandatory here [FILE-INE-07]."""
    missing = [] if nationality else [required("nationality")]
    return [*missing, *check_ine(ine, institution=institution).blockers]


def ine_warnings(ine: str) -> list[Blocker]:
    """What to say of an INE that may be saved as it is."""
    return check_ine(ine, institution=Institution.current()).warnings


def civil_status_blockers(entry: IdentityEntry, *, today: date) -> list[Blocker]:
    """What is wrong with the second step (`entry` tidied)."""
    return [
        *_names(entry),
        *_birth_date(entry.born_on, today),
        *_birth_place(entry),
        *contact_blockers(entry),
    ]


def contact_blockers(entry: IdentityEntry) -> list[Blocker]:
    """What is wrong with telephones and language: all that may be changed once the rest was
    imported, which is as the student system has it."""
    return [
        *phone_blockers("phone", entry.phone),
        *phone_blockers("mobile", entry.mobile),
        *_language(entry.language),
    ]


def _names(entry: IdentityEntry) -> Iterator[Blocker]:
    if not entry.civility:
        yield required("civility")
    elif entry.civility not in Civility.values:
        yield Blocker("unknown_choice", _("Choose one of the list."), "field:civility")
    if not entry.birth_name:
        yield required("birth_name")
    if not entry.first_name and not entry.has_single_name:
        yield required("first_name")
    for name in ("birth_name", "usual_name", "first_name", "other_first_name", "birth_city"):
        text = getattr(entry, name)
        yield from too_long(name, LONGEST_NAME, text)
        yield from without_letter(name, text)


def birth_date_bounds(today: date) -> tuple[date, date]:
    """The first and the last day one may be born on [FILE-PER-01]."""
    return years_before(today, OLDEST), years_before(today, YOUNGEST) - timedelta(days=1)


def _birth_date(born_on: date | None, today: date) -> Iterator[Blocker]:
    first, last = birth_date_bounds(today)
    if born_on is None:
        yield required("born_on")
    elif not first <= born_on <= last:
        message = _("This date of birth is not possible: check the year.")
        yield Blocker("birth_date", message, "field:born_on")


def _birth_place(entry: IdentityEntry) -> Iterator[Blocker]:
    if entry.birth_country is None:
        yield required("birth_country")
    elif entry.birth_country.is_france and entry.birth_department is None:
        yield required("birth_department")
    if not entry.birth_city:
        yield required("birth_city")


def _language(language: str) -> Iterator[Blocker]:
    if language and language not in dict(languages_in_service()):
        yield Blocker("unknown_choice", _("Choose one of the list."), "field:language")


# -- Saving ----------------------------------------------------------------------------------------
@transaction.atomic
def save_identity(
    user: Any,
    *,
    entry: IdentityEntry,
    version: int,
    by: Any,
    now: datetime,
    tab: str = "",
    enforce_import: bool = True,
) -> Candidate:
    """Save both steps; the first save begins the file. What was imported from the student system
    stays as it is unless `enforce_import` is waived [FILE-PER-06]. An INE somebody else holds is
    saved as a claim. Raises `Refused`, or `StaleVersion` when it was changed meanwhile."""
    institution = Institution.current()
    User.objects.locked(user.pk)  # two first saves at once: the second finds the first
    check = check_ine(one_line(entry.ine), institution=institution)
    if not Candidate.objects.filter(user=user, ine=check.value).exists():
        claims.lock_ines()
    candidate = _own_row(user)
    is_locked = candidate.is_imported and enforce_import
    if is_locked:
        imported = {name: getattr(candidate, name) for name in LOCKED_BY_IMPORT}
        entry = replace(entry, **imported, has_single_name=not candidate.first_name)
    entry = tidy_identity(entry)
    refuse_if(
        [
            *nationality_blockers(entry.nationality, entry.ine, institution=institution),
            *(
                contact_blockers(entry)
                if is_locked
                else civil_status_blockers(entry, today=localdate(now))
            ),
            *_bound_to_number(candidate, check, enforce_import),
        ]
    )
    entry = replace(entry, ine=check.value)
    _prefer(user, entry.language)
    changed = _write(candidate, entry, version, tab, now)
    remember(candidate, Section.IDENTITY, changed, by=by)
    return candidate


def _own_row(user: Any) -> Candidate:
    found = Candidate.objects.select_for_update(of=("self",), no_key=True).filter(user=user).first()
    return found or Candidate(user=user)


def _bound_to_number(candidate: Candidate, check: IneCheck, enforce: bool) -> Iterator[Blocker]:
    """FILE-INE-08: what the institution signed in and told the INE of keeps that INE; after any
    other import, removing the import comes first [FILE-INE-09]."""
    if enforce and candidate.is_imported and candidate.ine and check.value != candidate.ine:
        message = _(
            "Your data come from the student system under this INE. To give another INE, first "
            "remove the imported data."
        )
        yield Blocker("imported_ine", message, "field:ine")


def _write(
    candidate: Candidate, entry: IdentityEntry, version: int, tab: str, now: datetime
) -> list[str]:
    previous = candidate.ine
    changed = write(candidate, entry, version=version, tab=tab)
    if not changed:
        return []
    candidate.birth_commune = commune_of_birth(candidate.birth_department, candidate.birth_city)
    candidate.search_text = search_text(candidate)
    search_changed(candidate.user_id)
    claims.save_with_ine(candidate, previous=previous, now=now)
    return changed


def commune_of_birth(department: Department | None, city: str) -> Commune | None:
    """The commune of that name in the département, if it is known and the only one."""
    if department is None or not city:
        return None
    found = list(birth_communes(department).filter(search_text=fold(city)))
    current = [commune for commune in found if commune.kind == CommuneKind.CURRENT]
    chosen = current or found
    return chosen[0] if len(chosen) == 1 else None


def search_text(candidate: Candidate) -> str:
    """The words staff find a candidate by."""
    names = ("birth_name", "usual_name", "first_name", "other_first_name", "ine", "student_number")
    words = [candidate.user.file_number or "", *(getattr(candidate, name) for name in names)]
    return fold(" ".join(word for word in words if word))


def _prefer(user: Any, language: str) -> None:
    """The language of mails, and of the pages from the next one on [FILE-PER-05]."""
    if language and user.language != language:
        user.language = language
        user.save(update_fields=["language"])

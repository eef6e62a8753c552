"""Where the candidate is written to (« adresse ») [FILE-ADR]."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.saving import lock_candidate, remember, write
from candide.admissions.candidates.domain.writing import one_line, required, too_long
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Address, Candidate
from candide.core.blockers import Blocker, refuse_if
from candide.institution.reference.domain.queries import communes_of_postcode
from candide.institution.reference.models import Commune, Country

LONGEST_LINE = 38
POSTCODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, kw_only=True)
class AddressEntry:
    country: Country | None = None
    postcode: str = ""
    commune: Commune | None = None
    foreign_city: str = ""
    line_1: str = ""
    line_2: str = ""
    line_3: str = ""


def tidy_address(entry: AddressEntry) -> AddressEntry:
    """`entry` as it is written down: in France a postcode and a commune, elsewhere a town of that
    country [FILE-ADR-02, 03]."""
    is_french = entry.country is not None and entry.country.is_france
    return replace(
        entry,
        postcode=re.sub(r"\s", "", entry.postcode) if is_french else "",
        commune=entry.commune if is_french else None,
        foreign_city="" if is_french else one_line(entry.foreign_city),
        line_1=one_line(entry.line_1),
        line_2=one_line(entry.line_2),
        line_3=one_line(entry.line_3),
    )


def address_blockers(entry: AddressEntry, *, kept: Address | None = None) -> list[Blocker]:
    """What is wrong with `entry` (tidied). A commune that went out of service stays possible where
    it is `kept`."""
    return [*_town(entry, kept), *_lines(entry)]


def _town(entry: AddressEntry, kept: Address | None) -> Iterator[Blocker]:
    if entry.country is None:
        yield required("country")
    elif entry.country.is_france:
        yield from _french_town(entry, kept)
    elif not entry.foreign_city:
        yield required("foreign_city")
    yield from too_long("foreign_city", LONGEST_LINE, entry.foreign_city)


def _french_town(entry: AddressEntry, kept: Address | None) -> Iterator[Blocker]:
    if not entry.postcode:
        yield required("postcode")
    elif not POSTCODE.fullmatch(entry.postcode):
        message = _("The postcode must be a number of five digits.")
        yield Blocker("postcode", message, "field:postcode")
    elif entry.commune is None:
        yield _no_commune(entry.postcode)
    elif not _serves(entry.postcode, entry.commune, kept):
        message = _("This town does not have this postcode.")
        yield Blocker("commune_of_postcode", message, "field:commune")


def _no_commune(postcode: str) -> Blocker:
    if communes_of_postcode(postcode).exists():
        return required("commune")
    message = _("No town has this postcode. If it is a CEDEX, give the postcode of the town.")
    return Blocker("postcode_unknown", message, "field:postcode")


def _serves(postcode: str, commune: Commune, kept: Address | None) -> bool:
    is_kept = kept is not None and (kept.postcode, kept.commune_id) == (postcode, commune.pk)
    return is_kept or communes_of_postcode(postcode).filter(pk=commune.pk).exists()


def _lines(entry: AddressEntry) -> Iterator[Blocker]:
    if not entry.line_1:
        yield required("line_1")
    for name in ("line_1", "line_2", "line_3"):
        yield from too_long(name, LONGEST_LINE, getattr(entry, name))


@transaction.atomic
def save_address(
    candidate: Candidate, *, entry: AddressEntry, version: int, by: Any, tab: str = ""
) -> Address:
    """Save the address. One that was imported becomes the candidate's own when it is changed.
    Raises `Refused`, or `StaleVersion` when it was changed meanwhile."""
    candidate = lock_candidate(candidate)
    address = Address.objects.filter(candidate=candidate).first() or Address(candidate=candidate)
    entry = tidy_address(entry)
    refuse_if(address_blockers(entry, kept=address))
    changed = write(address, entry, version=version, tab=tab)
    if changed:
        address.is_imported = False
        address.save()
    remember(candidate, Section.ADDRESS, changed, by=by)
    return address

"""Finding the commune of an establishment from what its list says of the place."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from candide.core.text import fold
from candide.institution.reference.enums import CommuneKind
from candide.institution.reference.models import Commune, CommunePostcode

_CEDEX = re.compile(r"\bcede?x?\b.*$|\bc$")
_DISTRICT = re.compile(r"^(paris|lyon|marseille)\D*(\d+)")
_FIRST_DISTRICT = {"paris": 75100, "lyon": 69380, "marseille": 13200}
SURE_PREFIX = 8  # letters of a name cut short that still tell it within a département


@dataclass(frozen=True)
class Place:
    """What a list says: the INSEE code where it has one, the town and postcode of the address."""

    city: str
    postcode: str
    insee: str
    department: str


@dataclass
class Gazetteer:
    """Every commune by code, name and postcode; those of the past lead to today's."""

    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    by_postcode: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def read(cls) -> "Gazetteer":
        found = cls()
        rows = Commune.objects.order_by("id").values_list(
            "pk", "code", "insee", "kind", "parent", "department__code", "search_text"
        )
        former, names = [], {}
        for pk, code, insee, kind, parent, department, name in rows:
            names[pk] = _plain(name)
            if kind in (CommuneKind.CURRENT, CommuneKind.DISTRICT):
                found.by_code[code] = pk
                found.by_name[department][names[pk]] = pk
            elif parent:
                former.append((insee, department, names[pk], parent))
        for insee, department, name, parent in former:
            found.by_code.setdefault(insee, parent)
            found.by_name[department].setdefault(name, parent)
        for postcode, pk in CommunePostcode.objects.values_list("postcode", "commune"):
            found.by_postcode[postcode][pk] = names[pk]
        return found

    def find(self, place: Place) -> int | None:
        """The commune's key; nothing rather than a guess."""
        if place.insee in self.by_code:
            return self.by_code[place.insee]
        city = _plain(fold(place.city))
        if district := _DISTRICT.match(fold(place.city)):
            code = str(_FIRST_DISTRICT[district[1]] + int(district[2]))
            if code in self.by_code:
                return self.by_code[code]
        names = self.by_name.get(place.department, {})
        if city in names:
            return names[city]
        if len(city) >= SURE_PREFIX:
            longer = {pk for name, pk in names.items() if name.startswith(city)}
            if len(longer) == 1:
                return longer.pop()
        there = self.by_postcode.get(place.postcode, {})
        alike = [pk for pk, name in there.items() if _one_begins_the_other(city, name)]
        found = alike or list(there)
        return found[0] if len(found) == 1 else None


def _one_begins_the_other(city: str, name: str) -> bool:
    """ "la mure d isere" and "la mure", "boulay" and "boulay moselle"."""
    return f"{city} ".startswith(f"{name} ") or f"{name} ".startswith(f"{city} ")


def _plain(name: str) -> str:
    """A folded name as postal addresses and INSEE would both have it."""
    bare = _CEDEX.sub("", name).strip()
    return re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", bare))

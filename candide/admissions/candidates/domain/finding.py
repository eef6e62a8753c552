"""Looking for a candidate (« chercher un candidat »): by number, name, address, INE, date of birth
or student number, in any order, whatever the accents and hyphens, and with a slip of the finger.
What is found exactly comes first."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q, QuerySet

from candide.admissions.candidates.enums import KeyKind
from candide.admissions.candidates.models import SearchKey
from candide.core.text import fold
from candide.institution.accounts.models import User

MOST = 100
SHORTEST = 2
MOST_TERMS = 6
MOST_WORDS = 300
ENOUGH = 10
_DAY = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True)
class Found:
    """Who was found, the best first; whether there are more, and whether some are only alike."""

    people: list[User] = field(default_factory=list)
    has_more: bool = False
    is_similar: bool = False


@dataclass(frozen=True)
class _Term:
    """One thing typed: a word, or something written in one way only (`is_code`)."""

    text: str
    is_code: bool = False


def find_people(text: str, *, among: QuerySet[User]) -> Found:
    """The accounts `text` may mean, `among` those one may know of: first who has each word as it
    was typed, then whose words begin so, then, where few were found, whose words are alike."""
    terms = terms_of(text)
    if not terms:
        return Found()
    vocabulary = _Vocabulary(terms)
    found: dict[int, User] = {}
    is_similar = False
    for words_of in (vocabulary.exact, vocabulary.beginning, vocabulary.alike):
        is_last = words_of == vocabulary.alike
        if len(found) > MOST or (is_last and len(found) >= ENOUGH):
            break
        wanted = _having(terms, words_of)
        rest = among.filter(wanted).exclude(pk__in=list(found))
        ordered = rest.select_related("candidate").order_by("last_name", "first_name", "pk")
        more = list(ordered[: MOST + 1 - len(found)])
        is_similar = is_similar or (is_last and bool(more))
        found |= {user.pk: user for user in more}
    people = list(found.values())
    return Found(people[:MOST], has_more=len(people) > MOST, is_similar=is_similar)


def terms_of(text: str) -> list[_Term]:
    """What is looked for. A date, an address and a number are one thing each."""
    days = []
    for match in _DAY.finditer(text):
        day, month, year, *iso = match.groups()
        if iso[0]:
            year, month, day = iso
        try:
            days.append(_Term(f"{date(int(year), int(month), int(day)):%Y%m%d}", is_code=True))
        except ValueError:
            continue
    terms = [*days]
    for part in _DAY.sub(" ", text.replace(",", " ")).split():
        if "@" in part:
            terms.append(_Term(part.lower(), is_code=True))
        elif any(character.isdigit() for character in part):
            terms.append(_Term("".join(fold(part).split()), is_code=True))
        else:
            terms.extend(_Term(word) for word in fold(part).split())
    return [term for term in terms if len(term.text) >= SHORTEST][:MOST_TERMS]


class _Vocabulary:
    """The words that are known and begin or end as one of `terms`."""

    def __init__(self, terms: list[_Term]) -> None:
        self.words = _known([term.text for term in _joined(terms) if not term.is_code])

    def exact(self, term: _Term) -> Q:
        return _any_of([term.text])

    def beginning(self, term: _Term) -> Q:
        """Codes are not read in memory: there is one for each person."""
        if term.is_code:
            return _codes(head=term.text[:2], text__startswith=term.text)
        words = sorted(word for word in self.words if word.startswith(term.text))
        code = _codes(head=term.text[:2], text__startswith=term.text)
        return _any_of(words[:MOST_WORDS]) | code

    def alike(self, term: _Term) -> Q:
        if term.is_code or len(term.text) < 4:
            return self.beginning(term)
        cutoff = 0.75 if len(term.text) < 6 else 0.8
        return _any_of(get_close_matches(term.text, self.words, 60, cutoff)) | self.beginning(term)


def _known(texts: list[str]) -> list[str]:
    words = SearchKey.objects.filter(kind=KeyKind.WORD).values_list("text", flat=True)
    heads = words.filter(head__in={text[:2] for text in texts})
    tails = words.filter(tail__in={text[-2:] for text in texts})
    return sorted(heads.order_by().union(tails.order_by()))


def _any_of(words: list[str]) -> Q:
    return Q(kind__in=(KeyKind.WORD, KeyKind.CODE), text__in=words)


def _codes(**named: str) -> Q:
    return Q(kind=KeyKind.CODE, **named)


def _joined(terms: list[_Term]) -> Iterator[_Term]:
    """The terms, and each two neighbours as one word: « le goff » is found as « legoff »."""
    yield from terms
    for one, other in pairwise(terms):
        if not one.is_code and not other.is_code:
            yield _Term(one.text + other.text)


def _ways(terms: list[_Term]) -> Iterator[list[_Term]]:
    """The terms as typed, and with two neighbours joined."""
    yield terms
    for index, (one, other) in enumerate(pairwise(terms)):
        if not one.is_code and not other.is_code:
            yield [*terms[:index], _Term(one.text + other.text), *terms[index + 2 :]]


def _having(terms: list[_Term], words_of: Callable[[_Term], Q]) -> Q:
    """Accounts that have, for each term, one of the words `words_of` gives for it. Each way is a
    query of its own, joined by UNION: databases look through everybody for an OR of them."""
    first, *others = [_having_all(way, words_of) for way in _ways(terms)]
    return Q(pk__in=first.union(*others) if others else first)


def _having_all(way: list[_Term], words_of: Callable[[_Term], Q]) -> QuerySet:
    first, *others = [SearchKey.objects.filter(words_of(term)).values("user") for term in way]
    for keys in others:
        first = first.filter(user__in=keys)
    return first.order_by()


def present(people: QuerySet[User], applications: QuerySet) -> QuerySet[User]:
    """Without closed accounts, and without those whose `applications` are all of past campaigns
    (« campagnes closes ou archivées »)."""
    own = applications.filter(candidate__user=OuterRef("pk")).order_by()
    return people.filter(is_active=True).filter(Exists(own.filter(archived_at=None)) | ~Exists(own))

"""What candidates are found by, written down by the worker soon after it changed. Whoever shares a
fact with somebody else may be a duplicate."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import Q

from candide.admissions.candidates.domain.phones import parse_phone
from candide.admissions.candidates.enums import KeyKind, SameReason
from candide.admissions.candidates.models import Candidate, PossibleDuplicate, SearchKey
from candide.core.text import fold
from candide.institution.accounts.models import User

BATCH = 500
ALIKE = 0.8
NAMES = ("birth_name", "usual_name", "first_name", "other_first_name")
_DIGITS = re.compile(r"\D+")


def search_changed(user_id: int) -> None:
    """What the account is found by changed: the worker writes it down anew."""
    User.objects.filter(pk=user_id).update(is_search_due=True)


def index_due(*, now: datetime) -> int:
    """Write down what some accounts are found by, of those that wait for it; how many."""
    waiting = User.objects.filter(is_search_due=True, file_number__isnull=False)
    due = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    index_people(due, now=now)
    return len(due)


@transaction.atomic
def index_people(pks: Iterable[int], *, now: datetime) -> None:
    """Write down what these accounts are found by, and whom each may be twice."""
    pks = list(pks)
    # First: what changes meanwhile is due again, after this.
    User.objects.filter(pk__in=pks).update(is_search_due=False)
    people = list(
        User.objects.filter(pk__in=pks, file_number__isnull=False)
        .select_related("candidate")
        .order_by("pk")
    )
    SearchKey.objects.filter(user__in=pks).delete()
    keys = [key for user in people for key in keys_of(user)]
    SearchKey.objects.bulk_create(keys, batch_size=BATCH)
    _note_duplicates(people, keys, now=now)


def keys_of(user: User) -> list[SearchKey]:
    """What `user` is found by; nothing once merged into another account."""
    if user.merged_into_id is not None:
        return []
    found = {
        KeyKind.WORD: set(_words(user)),
        KeyKind.CODE: set(_codes(user)),
        KeyKind.MATCH: set(_facts(user)),
    }
    return [
        SearchKey(user=user, kind=kind, text=text, **_ends(kind, text))
        for kind, texts in found.items()
        for text in sorted(texts)
    ]


def file_of(user: User) -> Candidate | None:
    """The file of `user`, if it was begun."""
    return getattr(user, "candidate", None)


def names_of(user: User) -> list[str]:
    """Every name of `user`, in the account and in the file."""
    file = file_of(user)
    names = [user.last_name, user.first_name]
    return names + ([getattr(file, name) for name in NAMES] if file else [])


def _words(user: User) -> Iterator[str]:
    """The words of the names, and each compound name as one word: some leave the hyphen out."""
    local = user.email.partition("@")[0]
    for name in [*names_of(user), local]:
        words = fold(name).split()
        yield from (word[:100] for word in words if len(word) > 1)
        if 1 < len(words) < 5:
            yield "".join(words)[:100]


def _codes(user: User) -> Iterator[str]:
    yield user.email
    yield (user.file_number or "").lower()
    file = file_of(user)
    numbers = [user.student_number]
    if file is not None:
        numbers += [file.student_number, file.ine]
        yield file.born_on.strftime("%Y%m%d")
    yield from (number.strip().lower() for number in numbers if number.strip())


def _ends(kind: str, text: str) -> dict[str, str]:
    return {} if kind == KeyKind.MATCH else {"head": text[:2], "tail": text[-2:]}


# -- Duplicates ------------------------------------------------------------------------------------


def _facts(user: User) -> Iterator[str]:
    """What two accounts of one person have in common."""
    yield f"{SameReason.MAIL}:{plain_address(user.email)}"
    file = file_of(user)
    if file is None:
        return
    yield f"{SameReason.BIRTH}:{file.born_on:%Y%m%d}"
    if file.ine:
        yield f"{SameReason.INE}:{file.ine}"
    for phone in (file.phone, file.mobile):
        digits = _DIGITS.sub("", parse_phone(phone) or phone)
        if len(digits) > 5:
            yield f"{SameReason.PHONE}:{digits}"


def plain_address(email: str) -> str:
    """`email` without dots and what follows a plus in its first part, which many mailboxes
    ignore.

    >>> plain_address("Alix.Martin+fac@Example.org")
    'alixmartin@example.org'
    """
    local, _at, domain = email.lower().partition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


NEEDS_NAME = {SameReason.BIRTH, SameReason.PHONE}


def has_similar_name(one: User, other: User) -> bool:
    """Whether the names of the two may be one person's, in any order and with a slip."""
    mine, theirs = ({word for word in _words_of_names(user)} for user in (one, other))
    fewer, more = sorted((mine, theirs), key=len)
    common = sum(any(_are_alike(word, each) for each in more) for word in fewer)
    return bool(fewer) and common >= min(2, len(fewer))


def _words_of_names(user: User) -> Iterator[str]:
    file = file_of(user)
    names = (file.birth_name, file.first_name) if file else (user.last_name, user.first_name)
    for name in names:
        yield "".join(fold(name).split())


def _are_alike(one: str, other: str) -> bool:
    if one == other or not (one and other):
        return one == other
    matcher = SequenceMatcher(None, one, other)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # the cheapest first
    return all(bound() >= ALIKE for bound in bounds)


def _note_duplicates(people: list[User], keys: list[SearchKey], *, now: datetime) -> None:
    """Pairs are noted once; those settled stay settled, those that are none any more go."""
    pairs = _pairs(people, keys)
    pks = [user.pk for user in people]
    about = Q(one__in=pks) | Q(other__in=pks)
    known = {
        (row.one_id, row.other_id): row
        for row in PossibleDuplicate.objects.filter(about).order_by("pk")
    }
    gone = [row.pk for pair, row in known.items() if pair not in pairs and row.settled_at is None]
    PossibleDuplicate.objects.filter(pk__in=gone).delete()
    PossibleDuplicate.objects.bulk_create(
        [
            PossibleDuplicate(one_id=one, other_id=other, reasons=sorted(reasons), found_at=now)
            for (one, other), reasons in pairs.items()
            if (one, other) not in known
        ],
        ignore_conflicts=True,
    )


def _pairs(people: list[User], keys: list[SearchKey]) -> dict[tuple[int, int], set[str]]:
    """Who shares what with whom, the older account first."""
    facts = {key.text for key in keys if key.kind == KeyKind.MATCH}
    holders: dict[str, list[User]] = defaultdict(list)
    shared = SearchKey.objects.filter(kind=KeyKind.MATCH, text__in=facts)
    for key in shared.select_related("user__candidate").order_by("user_id"):
        holders[key.text].append(key.user)
    mine = {user.pk for user in people}
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    for fact, users in holders.items():
        reason = SameReason(fact.partition(":")[0])
        for index, one in enumerate(users):
            for other in users[index + 1 :]:
                if one.pk not in mine and other.pk not in mine:
                    continue
                if reason not in NEEDS_NAME or has_similar_name(one, other):
                    pairs[one.pk, other.pk].add(reason.value)
    return pairs

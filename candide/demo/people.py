"""Fictitious people, the same for the same seed."""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

# Names that break software: kept among the others on purpose.
HARD_NAMES = ("O'BRIEN", "D'ALÈS DE CORBET", "NGUYỄN", "ŒUVRARD", "L'HAŸ", "ŁUKASZEWSKI", "N'DIAYE")
LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BEA_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True)
class Person:
    """One fictitious person; `number` is unique within a load."""

    number: int
    first_name: str
    last_name: str
    born_on: date
    file_number: str
    email: str
    ine: str


def people(count: int, *, seed: int, today: date, first: int = 0) -> list[Person]:
    """`count` people, numbered from `first` on, the same for the same seed and day; numbers,
    addresses and INEs unique."""
    rng = random.Random(f"people-{seed}")
    return [_person(rng, number, today) for number in range(first, first + count)]


@cache
def names(kind: str) -> list[str]:
    """Usual names of the package's own data file; `kind` is first or last."""
    text = (files("candide.demo") / "data" / "names.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    return [row["name"] for row in rows if row["kind"] == kind]


def _person(rng: random.Random, number: int, today: date) -> Person:
    last = (
        HARD_NAMES[number // 40 % len(HARD_NAMES)]
        if number % 40 == 39
        else rng.choice(names("last"))
    )
    first = rng.choice(names("first"))
    return Person(
        number=number,
        first_name=first.upper(),
        last_name=last.upper().replace("-", " "),
        born_on=today - timedelta(days=rng.randint(18 * 365, 32 * 365)),
        file_number=_base(number),
        email=f"candidat{number:06d}@courriel.example",
        ine=_bea(number) if number % 6 else "",
    )


def _base(number: int) -> str:
    """A file number of eight characters that tells nothing, one for each number."""
    value = (number * 48_271 + 11) % (len(LETTERS) ** 6)
    digits = ""
    for _place in range(6):
        value, rest = divmod(value, len(LETTERS))
        digits = LETTERS[rest] + digits
    return f"DM{digits}"


def _bea(number: int) -> str:
    """A BEA number with its right key: academy 99 does not exist."""
    body = f"99{20 + number % 7:02d}{number:06d}"
    return body + BEA_KEYS[int(body) % 23]

"""The directory of the demonstration: a few people of Valmont, kept in the code."""

from collections.abc import Iterable

from candide.core.text import fold
from candide.integrations.directory.port import MOST, DirectoryPerson

PEOPLE = tuple(
    DirectoryPerson(
        uid=uid,
        first_name=first,
        last_name=last,
        email=f"{address}@univ-valmont.example",
        unit=unit,
    )
    for uid, first, last, address, unit in (
        ("aleroux", "Ada", "LEROUX", "admin", "Direction des études"),
        ("btran", "Bao", "TRAN", "bao", "UFR Sciences et techniques"),
        ("cmorel", "Chris", "MOREL", "chris", "UFR Lettres, langues et arts"),
        ("dkeller", "Dana", "KELLER", "dana", "UFR Sciences et techniques"),
        ("enguyen", "Élise", "NGUYEN", "elise.nguyen", "UFR Sciences et techniques"),
        ("fbenali", "Farid", "BENALI", "farid.benali", "Direction des études"),
        ("gdacosta", "Gaëlle", "DA COSTA", "gaelle.dacosta", "UFR Lettres, langues et arts"),
    )
)


class DemonstrationDirectory:
    is_connected = True

    def __init__(self, people: Iterable[DirectoryPerson] = PEOPLE) -> None:
        self.people = list(people)

    def search(self, text: str) -> list[DirectoryPerson]:
        words = fold(text).split()
        found = [
            person
            for person in self.people
            if words and all(word in fold(_said_of(person)) for word in words)
        ]
        return sorted(found, key=lambda each: (each.last_name, each.first_name, each.uid))[:MOST]

    def by_uid(self, uids: Iterable[str]) -> dict[str, DirectoryPerson]:
        wanted = set(uids)
        return {person.uid: person for person in self.people if person.uid in wanted}

    def by_email(self, emails: Iterable[str]) -> dict[str, DirectoryPerson]:
        wanted = set(emails)
        return {person.email: person for person in self.people if person.email in wanted}


def _said_of(person: DirectoryPerson) -> str:
    return f"{person.first_name} {person.last_name} {person.uid} {person.email}"

"""A directory spoken to by LDAP, with the attributes of SupAnn. Needs python-ldap, the extra
`ldap` or Debian's package, which is only imported when a directory is asked: others install
nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from candide.integrations.directory.library import python_ldap
from candide.integrations.directory.port import MOST, DirectoryPerson, Unavailable

AT_ONCE = 50  # names in one filter
# What may not stand in a filter as it is (RFC 4515).
ESCAPED = {character: f"\\{ord(character):02x}" for character in "\\*()\0"}


@dataclass(frozen=True, kw_only=True)
class LdapSettings:
    """Where the directory is and what it is asked. `staff` keeps those who work here; the names are
    those of SupAnn."""

    url: str
    base: str
    bind_dn: str = ""
    password: str = ""
    is_tls_started: bool = False
    staff: str = "(eduPersonAffiliation=employee)"
    seconds: float = 5
    uid: str = "uid"
    first_name: str = "givenName"
    last_name: str = "sn"
    display_name: str = "displayName"
    email: str = "mail"
    unit: str = "supannEntiteAffectationPrincipale"

    @property
    def attributes(self) -> list[str]:
        return [self.uid, self.first_name, self.last_name, self.display_name, self.email, self.unit]


class LdapDirectory:
    is_connected = True

    def __init__(self, settings: LdapSettings) -> None:
        self.settings = settings

    def search(self, text: str) -> list[DirectoryPerson]:
        words = text.split()
        if not words:
            return []
        found = self._people(_both(self.settings.staff, *(self._about(word) for word in words)))
        return sorted(found, key=lambda each: (each.last_name, each.first_name, each.uid))[:MOST]

    def by_uid(self, uids: Iterable[str]) -> dict[str, DirectoryPerson]:
        return {person.uid: person for person in self._named(self.settings.uid, uids)}

    def by_email(self, emails: Iterable[str]) -> dict[str, DirectoryPerson]:
        return {person.email: person for person in self._named(self.settings.email, emails)}

    # -- What they are made of ---------------------------------------------------------------------

    def _about(self, word: str) -> str:
        """One word in the name, at the beginning of the login or of the address."""
        said, names = escaped(word), self.settings
        return (
            f"(|({names.display_name}=*{said}*)({names.last_name}=*{said}*)"
            f"({names.first_name}=*{said}*)({names.uid}={said}*)({names.email}={said}*))"
        )

    def _named(self, attribute: str, values: Iterable[str]) -> Iterator[DirectoryPerson]:
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            any_of = "".join(f"({attribute}={escaped(value)})" for value in part)
            yield from self._people(_both(self.settings.staff, f"(|{any_of})"), limit=0)

    def _people(self, condition: str, *, limit: int = MOST) -> list[DirectoryPerson]:
        with self._connection() as (ldap, connection):
            rows = self._rows(ldap, connection, condition, limit)
        return [person for dn, entry in rows if dn and (person := self._person(entry))]

    def _rows(self, ldap: Any, connection: Any, condition: str, limit: int) -> list[Any]:
        """What the directory gives, one after the other: as much as it wants to where that is not
        all of it."""
        number = connection.search_ext(
            self.settings.base,
            ldap.SCOPE_SUBTREE,
            condition,
            self.settings.attributes,
            timeout=self.settings.seconds,
            sizelimit=limit,
        )
        rows: list[Any] = []
        try:
            while True:
                kind, found = connection.result(number, all=0, timeout=self.settings.seconds)
                if kind == ldap.RES_SEARCH_RESULT:
                    return rows
                rows += found
        except ldap.SIZELIMIT_EXCEEDED:
            if limit:
                return rows
            raise

    @contextmanager
    def _connection(self) -> Iterator[tuple[Any, Any]]:
        ldap = python_ldap()
        connection = None
        try:
            connection = ldap.initialize(self.settings.url)
            connection.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
            connection.set_option(ldap.OPT_NETWORK_TIMEOUT, self.settings.seconds)
            connection.set_option(ldap.OPT_REFERRALS, 0)
            if self.settings.is_tls_started:
                connection.start_tls_s()
            connection.simple_bind_s(self.settings.bind_dn, self.settings.password)
            yield ldap, connection
        except ldap.LDAPError as error:
            # The name of the error alone: its text repeats what was asked, which names people.
            raise Unavailable(type(error).__name__) from None
        finally:
            if connection is not None:
                connection.unbind_ext_s()

    def _person(self, entry: dict[str, list[bytes]]) -> DirectoryPerson | None:
        """None for who has no login or no address: nobody could sign in with that."""
        said = {
            name.lower(): values[0].decode("utf-8", "replace").strip()
            for name, values in entry.items()
            if values
        }

        def first(name: str) -> str:
            return said.get(name.lower(), "")

        names = self.settings
        if not first(names.uid) or not first(names.email):
            return None
        return DirectoryPerson(
            uid=first(names.uid),
            first_name=first(names.first_name),
            last_name=(first(names.last_name) or first(names.display_name)).upper(),
            email=first(names.email).lower(),
            unit=first(names.unit),
        )


def escaped(text: str) -> str:
    """`text` as it stands in a filter: nobody widens a search by what they type."""
    return "".join(ESCAPED.get(character, character) for character in text)


def _both(*conditions: str) -> str:
    return f"(&{''.join(conditions)})"

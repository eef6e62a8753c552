"""A real LDAP server for the tests: OpenLDAP's slapd with the few attributes of SupAnn we read."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from candide.integrations.directory.library import python_ldap
from candide.integrations.directory.port import DirectoryPerson

SLAPD, SCHEMAS = shutil.which("slapd", path="/usr/sbin:/usr/bin"), Path("/etc/ldap/schema")
BASE, PEOPLE = "dc=univ,dc=example", "ou=people,dc=univ,dc=example"
ADMIN, PASSWORD = f"cn=admin,{BASE}", "ldap"
# As eduPerson and SupAnn define them, of which only these are read.
SUPANN = """
attributetype ( 1.3.6.1.4.1.5923.1.1.1.1 NAME 'eduPersonAffiliation'
  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.7135.1.2.1.13 NAME 'supannEntiteAffectationPrincipale'
  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.5923.1.1.2 NAME 'eduPerson' AUXILIARY MAY eduPersonAffiliation )
objectclass ( 1.3.6.1.4.1.7135.1.1.1 NAME 'supannPerson' AUXILIARY
  MAY supannEntiteAffectationPrincipale )
"""
SETTINGS = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
include {place}/supann.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {place}/slapd.pid
sizelimit 500
database mdb
maxsize 10485760
suffix "{base}"
rootdn "{admin}"
rootpw {password}
directory {place}/data
"""


def has_library() -> bool:
    try:
        python_ldap()
    except ImportError:
        return False
    return True


@contextmanager
def running(place: Path) -> Iterator[str]:
    """Its address, with an empty branch of people."""
    (place / "data").mkdir()
    (place / "supann.schema").write_text(SUPANN)
    (place / "slapd.conf").write_text(
        SETTINGS.format(schemas=SCHEMAS, place=place, base=BASE, admin=ADMIN, password=PASSWORD)
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"ldap://127.0.0.1:{port}"
    command = [str(SLAPD), "-f", str(place / "slapd.conf"), "-h", url, "-d", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        _add(
            url,
            [
                (BASE, {"objectClass": ["dcObject", "organization"], "dc": ["univ"], "o": ["U"]}),
                (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
            ],
        )
        yield url
    finally:
        process.terminate()
        process.wait(10)


def add_people(url: str, people: Iterable[DirectoryPerson], *, affiliation: str) -> None:
    _add(url, [(f"uid={person.uid},{PEOPLE}", _entry(person, affiliation)) for person in people])


def remove_person(url: str, uid: str) -> None:
    connection = _connection(url)
    connection.delete_s(f"uid={uid},{PEOPLE}")
    connection.unbind_s()


def _entry(person: DirectoryPerson, affiliation: str) -> dict[str, list[str]]:
    entry = {
        "objectClass": ["inetOrgPerson", "eduPerson", "supannPerson"],
        "uid": [person.uid],
        "cn": [f"{person.first_name} {person.last_name}"],
        "displayName": [f"{person.first_name} {person.last_name.title()}"],
        "sn": [person.last_name.title()],
        "givenName": [person.first_name],
        "eduPersonAffiliation": ["member", affiliation],
    }
    optional = {"mail": person.email, "supannEntiteAffectationPrincipale": person.unit}
    return entry | {name: [value] for name, value in optional.items() if value}


def _add(url: str, entries: list[tuple[str, dict[str, list[str]]]]) -> None:
    connection = _connection(url)
    for dn, entry in entries:
        rows: list[Any] = [
            (name, [value.encode() for value in values]) for name, values in entry.items()
        ]
        connection.add_s(dn, rows)
    connection.unbind_s()


def _connection(url: str) -> Any:
    connection = python_ldap().initialize(url)
    connection.simple_bind_s(ADMIN, PASSWORD)
    return connection


def _wait(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
        else:
            return

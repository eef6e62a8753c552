"""What every directory answers, the one of the demonstration as a real LDAP server."""

from typing import Any

import pytest

from candide.integrations.directory.demonstration import DemonstrationDirectory
from candide.integrations.directory.ldap import LdapDirectory, LdapSettings
from candide.integrations.directory.port import MOST, DirectoryPerson, Unavailable
from tests.integrations.directory import slapd

ELISE = DirectoryPerson(
    uid="enguyen",
    first_name="Élise",
    last_name="NGUYEN",
    email="elise.nguyen@univ.example",
    unit="UFR Sciences",
)
STAR = DirectoryPerson(
    uid="star", first_name="Paul (étoile *)", last_name="ROY", email="paul.roy@univ.example"
)
MANY = [
    DirectoryPerson(
        uid=f"many{number:03}",
        first_name="Jean",
        last_name=f"MARTIN{number:03}",
        email=f"many{number:03}@univ.example",
    )
    for number in range(MOST + 5)
]
STUDENT = DirectoryPerson(
    uid="student", first_name="Alix", last_name="NGUYEN", email="alix@etu.univ.example"
)
needs_server = pytest.mark.skipif(
    slapd.SLAPD is None or not slapd.has_library(),
    reason="needs slapd and python3-ldap (Debian), or the extra ldap",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with slapd.running(tmp_path_factory.mktemp("slapd")) as url:
        slapd.add_people(url, [ELISE, STAR, *MANY], affiliation="employee")
        slapd.add_people(url, [STUDENT], affiliation="student")
        yield url


@pytest.fixture(params=["demonstration", pytest.param("ldap", marks=needs_server)])
def directory(request: Any) -> Any:
    if request.param == "demonstration":
        return DemonstrationDirectory([*MANY, STAR, ELISE])
    return connected_to(request.getfixturevalue("server"))


def connected_to(url: str, **settings: Any) -> LdapDirectory:
    return LdapDirectory(LdapSettings(url=url, base=slapd.PEOPLE, **settings))


@pytest.mark.parametrize(
    "searched", ["nguyen", "Élise nguyen", "NGU éli", "enguyen", "elise.nguyen@univ"]
)
def test_people_are_found_by_name_login_or_address(directory, searched):
    assert directory.search(searched) == [ELISE]


def test_as_many_as_fit_are_found_by_name(directory):
    found = directory.search("jean martin")

    assert len(found) == MOST
    assert found == sorted(found, key=lambda person: person.last_name)


def test_nobody_is_an_answer(directory):
    assert directory.search("zorglub") == directory.search("  ") == []
    assert directory.by_uid(["zorglub"]) == directory.by_email([]) == {}


def test_what_is_typed_widens_no_search(directory):
    assert [person for person in directory.search("*") if person != STAR] == []
    assert directory.search("(étoile") == [STAR]
    assert directory.by_uid(["*"]) == {}


def test_people_are_known_by_login_and_by_address(directory):
    everybody = [ELISE, *MANY]

    assert directory.by_uid([*(each.uid for each in everybody), "gone"]) == {
        each.uid: each for each in everybody
    }
    assert directory.by_email([STAR.email, "gone@univ.example"]) == {STAR.email: STAR}


# -- LDAP alone ------------------------------------------------------------------------------------


@needs_server
def test_only_who_works_here_is_found(server):
    everybody = connected_to(server, staff="(objectClass=eduPerson)")

    assert connected_to(server).by_uid([STUDENT.uid]) == {}
    assert everybody.by_uid([STUDENT.uid]) == {STUDENT.uid: STUDENT}


@needs_server
def test_somebody_without_an_address_is_left_out(server):
    nameless = DirectoryPerson(uid="nomail", first_name="Sans", last_name="MEL", email="")
    slapd.add_people(server, [nameless], affiliation="employee")

    assert connected_to(server).by_uid(["nomail"]) == {}


@needs_server
def test_wrong_password_and_silence_are_unavailable(server):
    for url, password in ((server, "wrong"), ("ldap://127.0.0.1:1", slapd.PASSWORD)):
        asked = connected_to(url, bind_dn=slapd.ADMIN, password=password)
        with pytest.raises(Unavailable):
            asked.search("nguyen")


@needs_server
def test_institution_asks_under_its_own_name(server):
    asked = connected_to(server, bind_dn=slapd.ADMIN, password=slapd.PASSWORD)

    assert asked.search("enguyen") == [ELISE]

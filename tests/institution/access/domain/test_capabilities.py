"""What composes a role is explained."""

from candide.institution.access.domain.capabilities import AREAS
from candide.institution.access.enums import Capability


def test_every_capability_is_explained_once():
    explained = [meaning.capability for area in AREAS for meaning in area.meanings]

    assert sorted(explained) == sorted(Capability)


def test_every_capability_opens_something():
    assert [each for area in AREAS for each in area.meanings if not (each.read or each.write)] == []

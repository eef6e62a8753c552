import pytest

from candide.institution.reference.domain.importing.gazetteer import Gazetteer, Place
from candide.institution.reference.enums import CommuneKind
from tests.factories.reference import CommuneFactory, CommunePostcodeFactory, DepartmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns():
    """Towns with names that lists cut, abbreviate, merge or number."""
    ain, isere = DepartmentFactory(code="01"), DepartmentFactory(code="38")
    paris, moselle = DepartmentFactory(code="75"), DepartmentFactory(code="57")
    made = {
        "belley": CommuneFactory(insee="01034", name="Belley", department=ain),
        "valserhone": CommuneFactory(insee="01033", name="Valserhône", department=ain),
        "la_mure": CommuneFactory(insee="38269", name="La Mure", department=isere),
        "st_egreve": CommuneFactory(insee="38382", name="Saint-Égrève", department=isere),
        "echirolles": CommuneFactory(insee="38151", name="Échirolles", department=isere),
        "echirol": CommuneFactory(insee="38998", name="Échirol-le-Haut", department=isere),
        "boulay": CommuneFactory(insee="57097", name="Boulay-Moselle", department=moselle),
        "paris": CommuneFactory(insee="75056", name="Paris", department=paris),
        "paris_5": CommuneFactory(
            insee="75105", name="Paris 5e", department=paris, kind=CommuneKind.DISTRICT
        ),
    }
    CommuneFactory(
        insee="01033",
        code="01033-D",
        name="Bellegarde-sur-Valserine",
        department=ain,
        kind=CommuneKind.DELEGATED,
        parent=made["valserhone"],
    )
    CommuneFactory(insee="01777", name="Perdue", department=ain, former=True)
    CommuneFactory(
        insee="01555", name="Ancienne", department=ain, former=True, parent=made["belley"]
    )
    CommunePostcodeFactory(commune=made["la_mure"], postcode="38350")
    CommunePostcodeFactory(commune=made["st_egreve"], postcode="38350")
    CommunePostcodeFactory(commune=made["boulay"], postcode="57220")
    CommunePostcodeFactory(commune=made["belley"], postcode="01306")
    return made


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("", "", "01034", "01"), "belley"),
        (Place("", "", "01555", "01"), "belley"),
        (Place("Ailleurs", "", "01777", "01"), None),
        (Place("BELLEY CEDEX", "", "", "01"), "belley"),
        (Place("BELLEGARDE SUR VALSERINE C", "", "", "01"), "valserhone"),
        (Place("BELLEGARDE-SUR-VALSERI", "", "", "01"), "valserhone"),
        (Place("ST EGREVE", "", "", "38"), "st_egreve"),
        (Place("LA MURE D ISERE", "38350", "", "38"), "la_mure"),
        (Place("BOULAY", "57220", "", "57"), "boulay"),
        (Place("PARIS CEDEX 05", "", "", "75"), "paris_5"),
        (Place("PARIS CEDEX 12", "", "", "75"), "paris"),
        (Place("AUTRE NOM", "01306", "", "01"), "belley"),
        (Place("AUTRE NOM", "38350", "", "38"), None),
        (Place("ECHIROLL", "", "", "38"), "echirolles"),
        (Place("ECHIROL", "", "", "38"), None),
        (Place("BELLEY", "", "", "99"), None),
        (Place("", "", "", ""), None),
    ],
)
def test_place_is_found_or_not_but_never_guessed(towns, place, expected):
    found = Gazetteer.read().find(place)

    assert found == (towns[expected].pk if expected else None)

"""What an import puts out of service, and what it never does."""

import pytest

from candide.core.blockers import Refused
from candide.institution.reference.domain.importing import tables
from candide.institution.reference.domain.loading import import_reference
from candide.institution.reference.enums import Source
from candide.institution.reference.models import Commune, ResultType, SeriesSpeciality
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    CommuneFactory,
    DepartmentFactory,
    ResultTypeFactory,
    SeriesSpecialityFactory,
    SpecialityFactory,
)

pytestmark = pytest.mark.django_db

RESULTS = "code;name;short_name;position\nADM;Admis;ADM;1\nAJ;Ajourné;AJ;2\n"
COMMUNES = "insee;nom;type;departement;code_postal\n45234;Orléans;commune-actuelle;45;45000\n"


def test_rows_of_an_extract_are_not_missed(write):
    ResultTypeFactory(code="DEF", source=Source.CSV)

    report = import_reference(write("result_types.csv", RESULTS))

    assert report.closed == {}
    assert not ResultType.objects.filter(is_active=False).exists()


@pytest.mark.parametrize(
    ("owner", "source", "is_closed"),
    [
        (Source.PACKAGE, Source.CSV, True),
        (Source.CSV, Source.CSV, True),
        (Source.APOGEE, Source.CSV, False),
        (Source.APOGEE, Source.APOGEE, True),
        (Source.PEGASE, Source.APOGEE, False),
        (Source.CSV, Source.PEGASE, True),
        (Source.CSV, Source.PACKAGE, False),
        (Source.MANUAL, Source.CSV, False),
    ],
)
def test_complete_list_closes_rows_of_its_own_rank_only(write, owner, source, is_closed):
    row = ResultTypeFactory(code="DEF", source=owner)

    report = import_reference(write("result_types.csv", RESULTS), source=source, is_complete=True)

    row.refresh_from_db()
    assert row.is_active is not is_closed
    assert row.source == (source if is_closed else owner)
    assert report.closed == ({"result_types": 1} if is_closed else {})


def test_kept_row_is_never_closed(write):
    row = ResultTypeFactory(code="DEF", source=Source.CSV, is_kept=True)

    import_reference(write("result_types.csv", RESULTS), is_complete=True)

    row.refresh_from_db()
    assert row.is_active


def test_row_named_again_comes_back_into_service(write):
    ResultTypeFactory(code="ADM", is_active=False)

    import_reference(write("result_types.csv", RESULTS))

    assert ResultType.objects.get(code="ADM").is_active


def test_links_no_longer_named_are_closed(write, tmp_path):
    link = SeriesSpecialityFactory(
        series=BaccalaureateSeriesFactory(code="NBGE"),
        speciality=SpecialityFactory(code="LATIN"),
        source=Source.CSV,
    )
    SpecialityFactory(code="MATHS")
    file = write("series_specialities.csv", "series;speciality\nNBGE;MATHS\n")

    import_reference(file, is_complete=True)

    link.refresh_from_db()
    assert not link.is_active
    assert SeriesSpeciality.objects.filter(is_active=True).get().speciality.code == "MATHS"


@pytest.fixture
def old_communes(monkeypatch):
    monkeypatch.setattr(tables, "TOLERATED_CLOSINGS", 2)
    loiret = DepartmentFactory(code="45")
    return [
        CommuneFactory(insee=f"4500{number}", department=loiret, source=Source.CSV)
        for number in range(3)
    ]


def open_communes():
    return Commune.objects.filter(is_active=True).count()


def test_list_that_would_close_much_is_taken_for_an_extract(write, old_communes):
    with pytest.raises(Refused) as refusal:
        import_reference(write("communes_cp.csv", COMMUNES))

    (blocker,) = refusal.value.blockers
    assert blocker.code == "looks_like_an_extract"
    assert blocker.message.startswith("communes : 3 lignes sur 4 ")
    assert (Commune.objects.count(), open_communes()) == (3, 3)


def test_list_that_would_close_much_may_be_confirmed(write, old_communes):
    import_reference(write("communes_cp.csv", COMMUNES), is_complete=True)

    assert (Commune.objects.count(), open_communes()) == (4, 1)


def test_list_that_is_partial_closes_nothing(write, old_communes):
    import_reference(write("communes_cp.csv", COMMUNES), is_partial=True)

    assert (Commune.objects.count(), open_communes()) == (4, 4)


def test_full_list_with_refused_rows_closes_nothing(write, old_communes):
    import_reference(write("communes_cp.csv", COMMUNES + ";Rien;commune-actuelle;45;45000\n"))

    assert open_communes() == 4


def test_two_lists_close_only_what_neither_names(write, tmp_path, old_communes):
    write("communes_a.csv", "code;insee;name;department\n45000;45000;A;45\n")
    write("communes_b.csv", "code;insee;name;department\n45001;45001;B;45\n")

    report = import_reference(tmp_path, is_complete=True, only=["communes"])

    assert report.closed == {"communes": 1}
    assert open_communes() == 2

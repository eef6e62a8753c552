"""What comes with Candide."""

import pytest
from django.db import connection

from candide.institution.reference.domain import loading
from candide.institution.reference.domain.importing import tables
from candide.institution.reference.domain.loading import load_package_data
from candide.institution.reference.enums import Source
from candide.institution.reference.models import (
    BaccalaureateSeries,
    Commune,
    CommunePostcode,
    Country,
    Department,
    DiplomaFamily,
    School,
    Speciality,
)
from tests.factories.reference import ResultTypeFactory

pytestmark = pytest.mark.django_db

RESULTS = "code;name;short_name;position\nADM;Admis;ADM;1\nAJ;Ajourné;AJ;2\n"


def test_small_tables_of_the_package_hold_what_they_must():
    report = load_package_data(["series", "specialities", "options", "series_specialities"])

    assert report.refused_count == 0
    general = BaccalaureateSeries.objects.get(code="NBGE")
    assert (general.valid_from_year, general.ine_controlled_from_year) == (2021, 1995)
    assert general.specialities.count() == Speciality.objects.count() >= 13
    assert BaccalaureateSeries.objects.get(is_no_baccalaureate=True).code == "0000"
    assert BaccalaureateSeries.objects.filter(code__in=["STHR", "S2TM", "0031"]).count() == 3
    assert not DiplomaFamily.objects.exists()


# PostgreSQL checks every reference again before it takes back so much at once, which takes minutes;
# it holds these data in every test with the demonstration.
@pytest.mark.skipif(connection.vendor != "sqlite", reason="slow to take back")
def test_package_data_load_whole_and_again_without_a_change():
    """Every country, département, commune and public university, in seconds."""
    first = load_package_data()
    again = load_package_data()

    assert first.refused_count == 0
    assert (first.closed, again.closed) == ({}, {})
    for table in tables.TABLES:
        counts, repeated = first.total(table), again.total(table)
        assert repeated.unchanged == counts.added > 0
        assert (repeated.added, repeated.changed, repeated.kept) == (0, 0, 0)
    assert Country.objects.countries()[0].is_france
    assert Department.objects.count() == 109
    assert Commune.objects.filter(kind="current").count() == 34969
    assert CommunePostcode.objects.filter(postcode="45000").count() == 1
    assert School.objects.filter(kind="university", commune__isnull=False).count() == 66
    for department in Department.objects.filter(code__in=["01", "2A", "75", "971"]):
        assert department.schools.filter(is_secondary=True).count() >= 2


def test_package_leaves_alone_what_the_institution_imported(write, monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "DATA", tmp_path)
    imported = ResultTypeFactory(code="ADM", name="Reçu", source=Source.CSV)
    own = ResultTypeFactory(code="AJ", name="Recalé", source=Source.MANUAL)
    gone = ResultTypeFactory(code="DEF", source=Source.PACKAGE)
    write("result_types.csv", RESULTS + "VAL;Validé;VAL;3\n")

    report = load_package_data()

    counts = report.total("result_types")
    assert (counts.added, counts.changed, counts.kept) == (1, 0, 2)
    assert report.closed == {"result_types": 1}
    for row in (imported, own, gone):
        row.refresh_from_db()
    assert (imported.name, own.name, gone.is_active) == ("Reçu", "Recalé", False)


def test_every_table_has_columns_of_ours():
    known = {layout.name for layout in loading.LAYOUTS}

    assert set(tables.TABLES) <= known
    assert len(known) == len(loading.LAYOUTS)

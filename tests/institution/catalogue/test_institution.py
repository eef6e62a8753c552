"""The institution is one row, read once a request and never kept beyond it."""

from datetime import UTC, datetime

import pytest
from i18nfield.strings import LazyI18nString

from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution

pytestmark = pytest.mark.django_db


def test_one_reading_asks_the_database_once(django_assert_num_queries):
    Institution.current()

    with django_assert_num_queries(1), Institution.one_reading():
        assert Institution.current() is Institution.current()


def test_nothing_is_kept_from_one_reading_to_the_next():
    with Institution.one_reading():
        assert Institution.current().name == "Université"
    Institution.objects.update(name="Université de Valmont")

    with Institution.one_reading():
        assert Institution.current().name == "Université de Valmont"


def test_what_is_saved_within_a_reading_is_read_again():
    with Institution.one_reading():
        institution = Institution.objects.get(pk=Institution.current().pk)
        institution.name = "Université de Valmont"
        institution.save()

        assert Institution.current().name == "Université de Valmont"


def test_outside_a_reading_each_call_reads():
    Institution.current()
    Institution.objects.update(name="Université de Valmont")

    assert Institution.current().name == "Université de Valmont"


def test_a_page_reads_the_institution_once(client, django_assert_max_num_queries):
    Institution.current()

    with django_assert_max_num_queries(30) as queries:
        client.get("/accessibilite/")

    read = [one["sql"] for one in queries if "catalogue_institution" in one["sql"]]
    assert len(read) == 1


def test_it_is_read_as_django_reads_it():
    """Every kind of value, one that is set and one that is not."""
    written = Institution.current()
    written.closing_mode = ServiceMode.READ_ONLY
    written.closes_at = datetime(2027, 7, 31, 22, 0, tzinfo=UTC)
    written.reopens_at = datetime(2027, 8, 20, 6, 0, tzinfo=UTC)
    written.privacy_text = LazyI18nString({"fr": "Vos données", "en": "Your data"})
    written.save()

    read, expected = Institution.current(), Institution.objects.get(pk=1)

    for field in Institution._meta.concrete_fields:
        found, wanted = getattr(read, field.attname), getattr(expected, field.attname)
        assert (type(found), found) == (type(wanted), wanted), field.name
    assert not read._state.adding
    assert read._state.db == "default"

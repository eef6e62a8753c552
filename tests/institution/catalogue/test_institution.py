"""The institution is one row, read once a request and never kept beyond it."""

import pytest

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

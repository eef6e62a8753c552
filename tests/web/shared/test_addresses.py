import pytest
from django.http import QueryDict

from candide.reporting.privacy.models import Reading
from candide.web.shared.addresses import changed, newest_page
from tests.factories.privacy import ReadingFactory

pytestmark = pytest.mark.django_db


def asked(**values):
    query = QueryDict(mutable=True)
    query.update(values)
    return query


def test_same_search_at_another_place():
    assert changed(asked(q="é", state="sent"), state="", before=3) == "?q=%C3%A9&before=3"


def test_next_page_begins_where_the_former_ended(monkeypatch):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 2)
    first, second, third = (ReadingFactory() for _number in range(3))
    found = Reading.objects.all()

    newest = newest_page(asked(q="x"), found)
    older = newest_page(asked(q="x", before=str(second.pk)), found)

    assert newest == ([third, second], f"?q=x&before={second.pk}")
    assert older == ([first], "")


def test_what_is_no_key_is_not_asked_for():
    reading = ReadingFactory()

    assert newest_page(asked(before="²"), Reading.objects.all()) == ([reading], "")

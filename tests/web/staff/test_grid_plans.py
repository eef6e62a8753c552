"""The orders of the grid that are promised to stay quick are served by an index of PostgreSQL: the
rows come in their order, and no more than a page of them is sorted."""

import pytest
from django.db import connection
from django.http import QueryDict

from candide.web.staff.grid.keyset import _beyond
from candide.web.staff.grid.page import SIZE, Grid
from tests.admissions.conftest import NOW
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql, pytest.mark.usefixtures("frozen")]


def plan_of(address):
    """How PostgreSQL serves the first page where it is told not to sort, if it can do without."""
    grid = Grid(QueryDict(address), staff("administrator"), NOW.date())
    order = (key.expression(backwards=False) for key in grid.order())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    return grid.rows().order_by(*order)[:SIZE].explain()


@pytest.mark.parametrize("address", ["", "sort=-created", "sort=created", "dossier=complete"])
def test_usual_and_indexed_orders_are_served_by_an_index(address):
    plan = plan_of(address)

    assert "Index Scan" in plan
    assert "->  Sort" not in plan


@pytest.mark.parametrize("address", ["", "sort=-created", "sort=created"])
def test_page_further_on_begins_in_the_index_where_the_one_before_ended(address):
    administrator = staff("administrator")
    grid = Grid(QueryDict(address), administrator, NOW.date())
    order = grid.order()
    rows = grid.rows().filter(_beyond(order, [NOW, 7], backwards=False))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    plan = rows.order_by(*(key.expression(backwards=False) for key in order))[:SIZE].explain()

    assert "Index Cond: (created_at" in plan


def test_order_without_an_index_sorts_its_rows():
    assert "Sort" in plan_of("sort=name")

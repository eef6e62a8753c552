"""The grid of applications at the size of the data, against the same at 1,000 applications, in a
second database of the same cluster; each page in turn with the other.

Pages are served with every order of the grid, without filters and with some, at their beginning and
at their end."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench_measuring import (
    REQUESTS,
    Line,
    counted_queries,
    load,
    prepare,
    seconds,
    use_database,
)

FEW = 1000
FEW_NAME = "few"
# Orders an index serves, and the usual one; both are promised to stay as quick as with few rows.
INDEXED = ("", "created", "-created")
FILTERS = ("dossier=complete", "decision=favourable&transmitted=yes")
MOST_QUERIES, MOST_TIMES_INDEXED, MOST_TIMES_OTHER, MOST_MILLISECONDS = 12, 1.5, 20.0, 1000


@dataclass
class Database:
    """One of the two, with somebody who sees all its applications."""

    name: str
    client: Any = None

    def use(self) -> None:
        use_database(self.name)

    def sign_in(self) -> None:
        from django.test import Client

        from candide.institution.access.enums import Capability
        from candide.institution.access.models import Assignment

        self.use()
        whole = Assignment.objects.filter(centre=None, commission=None, programme=None)
        sees_all = whole.filter(role__grants__capability=Capability.VIEW_APPLICATIONS)
        self.client = Client()
        self.client.force_login(sees_all.order_by("pk")[0].user)

    def get(self, address: str) -> Any:
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code)  # noqa: S101 -- a tool
        return response


def measure_grid() -> Iterator[Line]:
    from django.db import connection

    from candide.reporting.exports.applications import COLUMNS

    many, few = Database(connection.settings_dict["NAME"]), with_few()
    many.sign_in(), few.sign_in()
    orders = [column.code for column in COLUMNS if column.order]
    for order in INDEXED:
        for filters in ("", *FILTERS):
            yield from compared(many, few, order, filters)
    for order in orders:
        if order not in INDEXED:
            yield from compared(many, few, order, "", is_indexed=False)
    yield wide(many)
    many.use()


def with_few() -> Database:
    """A second database with about 1,000 applications."""
    from django.db import connection

    from candide.demo import loading

    few = Database(FEW_NAME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [few.name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{few.name}"')
    few.use()
    prepare()
    sizes = dict(loading.SIZES)
    loading.SIZES["medium"] = loading.Size(FEW // 2, FEW)
    load("medium")
    loading.SIZES.update(sizes)
    return few


def compared(
    many: Database, few: Database, order: str, filters: str, *, is_indexed: bool = True
) -> Iterator[Line]:
    """The first page, and the last one: the first of the order turned round, walked back to."""
    address = (
        f"/gestion/candidatures/?{filters}&sort={order}"
        if order
        else (f"/gestion/candidatures/?{filters}")
    )
    most = MOST_TIMES_INDEXED if is_indexed else MOST_TIMES_OTHER
    limits = {"queries": MOST_QUERIES, "×": most, "ms": MOST_MILLISECONDS}
    for which in ("first", "last"):
        pages = [last_page(each, address) if which == "last" else address for each in (many, few)]
        medians = in_turn((many, pages[0]), (few, pages[1]))
        many.use()
        with counted_queries() as queries:
            many.get(pages[0])
        found = {
            "queries": len(queries),
            "ms": medians[0] * 1000,
            "×": medians[0] / medians[1],
        }
        yield Line(f"grid {order or 'usual'} {filters} {which}", found, limits)


def last_page(database: Database, address: str) -> str:
    """The address of the last page: what comes before the end."""
    from django.http import QueryDict
    from django.utils import timezone

    from candide.core.clock import localdate
    from candide.institution.accounts.models import User
    from candide.reporting.exports.columns import with_columns
    from candide.web.staff.grid.keyset import _first, _mark
    from candide.web.staff.grid.page import SIZE, Grid

    database.use()
    user = User.objects.get(pk=database.client.session["_auth_user_id"])
    grid = Grid(QueryDict(address.partition("?")[2]), user, localdate(timezone.now()))
    rows = with_columns(grid.rows().with_offer(), [column for column, _down in grid.sorting])
    order = grid.order()
    last = _first(rows, order, SIZE, backwards=True)
    return f"{address}&after={_mark(last[-1], order)}"


def in_turn(*asked: tuple[Database, str]) -> list[float]:
    """The median time of each page; they are asked for in blocks, each on its own connection."""
    number = max(REQUESTS // 5, 3)
    times: list[list[float]] = [[] for _each in asked]
    for _block in range(3):
        for (database, address), own in zip(asked, times, strict=True):
            database.use()
            database.get(address)
            own += [seconds(lambda: database.get(address)) for _request in range(number)]  # noqa: B023
    return [statistics.median(own) for own in times]


def wide(many: Database) -> Line:
    """As many columns as the grid has at once, those read beside the rows among them."""
    from candide.reporting.exports.applications import COLUMNS
    from candide.web.staff.grid.page import MOST_COLUMNS, all_columns

    many.use()
    questions = [column for column in all_columns() if column.code.startswith("q-")][:1]
    beside = [column for column in COLUMNS if column.source or column.annotated is not dict]
    others = [column for column in COLUMNS if column not in beside]
    codes = [column.code for column in [*questions, *beside, *others]][:MOST_COLUMNS]
    address = "/gestion/candidatures/?" + "&".join(f"columns={code}" for code in codes)
    many.get(address)
    with counted_queries() as queries:
        took = seconds(lambda: many.get(address))
    found = {"queries": len(queries), "ms": took * 1000}
    limits = {"queries": MOST_QUERIES, "ms": MOST_MILLISECONDS}
    return Line(f"grid with {len(codes)} columns", found, limits)

"""What makes the tests hostile: each piece turns a habit that hides a bug into a failure."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

# -- GET changes nothing ------------------------------------------------------------------------

_WRITE = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)

# What a page may note about the visit itself: the session, counters of sign-in attempts, the place
# in line at a peak, and that a member of staff opened somebody's dossier.
TABLES_GET_MAY_WRITE = {
    "accounts_visit",
    "accounts_placeinline",
    "candide_cache",
    "privacy_reading",
    "privacy_readtogether",
    "tokens_lastuse",
}

# Views that other systems reach with GET though they change something, by name, with the reason.
VIEWS_THAT_MAY_WRITE = {
    "openid_connect_callback": "OpenID Connect returns with GET, and the person is signed in",
    "account_cas_return": "CAS returns with GET, and the person is signed in",
}


class WriteInGet(AssertionError):
    """A page that is only read has changed the database (conventions, 28)."""


class RefuseWritesInGet:
    """The innermost middleware: while a GET or HEAD is answered, connections refuse to write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with refuse_writes(request):
            return self.get_response(request)


def _may_write(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).url_name in VIEWS_THAT_MAY_WRITE
    except Resolver404:
        return False


@contextmanager
def refuse_writes(request: HttpRequest) -> Iterator[None]:
    """Raise `WriteInGet` for every statement that would change more than the session, but for the
    few views that may."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found.group(1) not in TABLES_GET_MAY_WRITE and not _may_write(request):
            raise WriteInGet(f"{request.method} {request.path} writes: {sql[:200]}")
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(refuse):
        yield


# -- A list nobody ordered comes in no order ----------------------------------------------------


@contextmanager
def unordered_querysets_shuffled(seed: int) -> Iterator[None]:
    """Have querysets without an order hand out their rows in another order every time, as a
    database may."""
    fetch_all = QuerySet._fetch_all
    rng = random.Random(seed)  # noqa: S311 -- repeatable, not secret

    def shuffling(queryset: QuerySet) -> None:
        is_first_time = queryset._result_cache is None
        fetch_all(queryset)
        if is_first_time and not queryset.ordered:
            rng.shuffle(queryset._result_cache)

    QuerySet._fetch_all = shuffling
    try:
        yield
    finally:
        QuerySet._fetch_all = fetch_all

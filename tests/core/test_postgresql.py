"""What psycopg is told: lists come back as they were written."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import PyFormat
from psycopg.types.json import Jsonb

from candide.core.postgresql import QuickListDumper

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

# All PostgreSQL keeps: no NUL, no half of a pair.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


class Row(list):
    pass


def written_and_read(items, kind):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [items])
        return cursor.fetchone()[0]


def test_connections_write_lists_with_it():
    assert connection.connection.adapters.get_dumper(list, PyFormat.AUTO) is QuickListDumper


@given(st.lists(st.none() | TEXTS))
def test_texts(items):
    assert written_and_read(items, "text") == items


def test_json_as_django_writes_it():
    told = {"name": 'é "x" \\ y', "none": None}

    text, nothing = written_and_read([Jsonb(told), None], "jsonb")

    assert (json.loads(text), nothing) == (told, None)


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ([], "text"),
        ([None, None], "text"),
        (["NULL", "null", "", " ", "{}", ",", '"', "\\", "'", "a\nb", "é"], "text"),
        ([["a", None], ['"', "\\"]], "text"),
        ([Row([True, False])], "boolean"),
        ([1, None, -(2**62)], "bigint"),
        ([True, False, None], "boolean"),
        ([Decimal("1.50"), None], "numeric"),
        ([date(2027, 3, 15), None], "date"),
        ([datetime(2027, 3, 15, 9, tzinfo=UTC)], "timestamptz"),
        ([b"\x00\\\"'\xff", b""], "bytea"),
    ],
)
def test_lists_of_every_kind(items, kind):
    assert written_and_read(items, kind) == items

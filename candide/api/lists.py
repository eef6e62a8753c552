"""Reading what is asked, and answering with a page of rows after rows."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

MOST_ROWS = 200
_LARGEST_KEY = 2**63 - 1


class Asked(serializers.Serializer):
    """What an address may be asked. A name it does not know is refused: a filter misspelt would
    answer with everything."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(
                {name: [_("There is no such parameter.")] for name in sorted(unknown)}
            )
        return attrs


class ListAsked(Asked):
    """What every list may be asked."""

    cursor = serializers.CharField(
        required=False, max_length=500, help_text="Where to go on, as `next` gave it."
    )
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ROWS, help_text="Rows of a page; usually 50."
    )


def asked(shape: type[Asked], request: Request) -> dict[str, Any]:
    """What `request` asks, read as `shape` says. Raises `ValidationError`."""
    reading = shape(data=request.query_params.dict())
    reading.is_valid(raise_exception=True)
    return reading.validated_data


class Keyset(CursorPagination):
    """The rows after a key: the hundredth page costs what the first one does, and rows that come
    meanwhile shift nothing."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = MOST_ROWS
    ordering = "id"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Where to go on; what nobody was given is refused as any other value."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise _misread() from None
        position = cursor.position if cursor else None
        if position is None:
            return cursor
        if not (position.isascii() and position.isdecimal() and int(position) <= _LARGEST_KEY):
            raise _misread()
        return cursor


def _misread() -> serializers.ValidationError:
    return serializers.ValidationError({"cursor": [_("Take `next` as it was given.")]})


def page(
    request: Request,
    rows: QuerySet,
    shape: type[serializers.Serializer],
    *,
    note: Callable[[Sequence[Any]], None] | None = None,
    **context: Any,
) -> Response:
    """The page of `rows` that `request` asks for, in the order of their keys; `note` is told which
    rows it has."""
    keyset = Keyset()
    found = keyset.paginate_queryset(rows, request)
    if note is not None:
        note(found or [])
    return keyset.get_paginated_response(shape(found, many=True, context=context).data)


def page_of(shape: type[serializers.Serializer]) -> Any:
    """How such a page is described."""
    return inline_serializer(
        f"PageOf{shape.__name__}",
        {
            "next": serializers.URLField(allow_null=True, help_text="The page after this one."),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )


class Texts(serializers.DictField):
    """A text in each language it was written in: `{"fr": "…", "en": "…"}`."""

    child = serializers.CharField(allow_blank=True)

    def to_representation(self, value: Any) -> dict[str, str]:
        data = getattr(value, "data", value)
        if isinstance(data, dict):
            return {language: text for language, text in data.items() if text}
        return {"fr": str(data)} if data else {}

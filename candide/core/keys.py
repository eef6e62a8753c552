"""Very many keys in one statement. A parameter for each of a thousand costs more than reading or
writing the thousand rows does."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BigIntegerField, Expression, F, Func, IntegerField


class Keys(Expression):
    """Keys as a single parameter: `rows.filter(pk__in=Keys(pks))`."""

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__(output_field=BigIntegerField())
        self.keys = list(keys)

    def as_postgresql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return "(SELECT unnest(%s::bigint[]))", [self.keys]

    def as_sqlite(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return "(SELECT value FROM json_each(%s))", [json.dumps(self.keys)]


class ByKey(Func):
    """For each row the number that stands at its key, none where none does:
    `rows.filter(pk__in=Keys(ranks)).update(rank=ByKey(ranks))`."""

    def __init__(self, numbers: Mapping[int, int | None]) -> None:
        super().__init__(F("pk"), output_field=IntegerField())
        self.numbers = dict(numbers)

    def as_postgresql(self, compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self._filled("(%s::jsonb ->> ({})::text)::integer", compiler)

    def as_sqlite(
        self, compiler: Any, connection: Any, **extra_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self._filled("json_extract(%s, '$.' || {})", compiler)

    def _filled(self, sql: str, compiler: Any) -> tuple[str, tuple[Any, ...]]:
        (key,) = self.get_source_expressions()
        column, parameters = compiler.compile(key)
        return sql.format(column), (json.dumps(self.numbers), *parameters)

"""Very many keys in one condition. A parameter for each of a thousand costs more than reading the
thousand rows does."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Expression


class Keys(Expression):
    """Keys as a single parameter: `rows.filter(pk__in=Keys(pks))`."""

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__(output_field=BigIntegerField())
        self.keys = list(keys)

    def as_postgresql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return "(SELECT unnest(%s::bigint[]))", [self.keys]

    def as_sqlite(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return "(SELECT value FROM json_each(%s))", [json.dumps(self.keys)]

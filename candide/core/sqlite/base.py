import sys

import pysqlite3
from pysqlite3 import dbapi2

# Django's backend imports `sqlite3` by name; handing it pysqlite3 keeps all of its code in use.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = dbapi2

from django.db.backends.sqlite3.base import *  # noqa: E402, F403
from django.db.backends.sqlite3.base import (  # noqa: E402 -- once pysqlite3 is in its place
    DatabaseWrapper as DjangoWrapper,
)


class DatabaseWrapper(DjangoWrapper):  # type: ignore[no-redef]
    """Unchanged: only the SQLite library beneath differs."""

"""Django's SQLite backend on the SQLite that pysqlite3 ships (Debian 12's corrupts databases in
WAL mode; see docs/adr/0003)."""

"""Reading the database of eCandidat 2.4 on MariaDB or MySQL: rows as they are there, and what their
values mean. Nothing here writes anything anywhere."""

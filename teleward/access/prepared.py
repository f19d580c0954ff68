"""Statements of every request: past the object mapper, prepared once in each session of the database."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import RawCursor


def rows(statement: bytes, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """What it finds, on Django's connection and in its transaction; `$1` stands for the first value.

    It may be the first statement of a request, so a connection that broke meanwhile is left for a new one.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    here.ensure_connection()
    with here.wrap_database_errors, RawCursor(here.connection) as cursor:
        return cursor.execute(statement, values, prepare=True).fetchall()

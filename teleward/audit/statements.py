"""Statements of the ledger, prepared once per connection: Django's own cursor parses and plans each anew.

They run on Django's connection, inside its transactions, and raise its errors.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def ask(statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a prepared statement; bytes and times come in binary. Raises django.db's errors."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement.encode(), values, prepare=True, binary=True).fetchall()

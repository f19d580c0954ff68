"""Statements of the ledger, in a transaction that is still sound."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from teleward.kernel.prepared import rows


def ask(statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a statement with `$1` for the first value. Raises django.db's errors."""
    connection.validate_no_broken_transaction()
    return rows(statement.encode(), values)

"""What the check of the ledger finds, and how it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg
from psycopg.rows import TupleRow

Connection = psycopg.Connection[TupleRow]
LATE = timedelta(minutes=10)  # a transaction may stay open, or a clock be off, by so much
PAGE = 5000  # rows fetched at once
_cursors = count()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: `kind` is a code for programs, `sentence` for people.

    changed, missing, unsealed, order, backdated, ahead, chain, head, tile, tree, signature
    """

    kind: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def streamed(
    connection: Connection, statement: str, values: Sequence[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows of a large answer, a few thousand at a time, in binary."""
    with connection.cursor(name=f"auditing_{next(_cursors)}", binary=True) as cursor:
        cursor.itersize = PAGE
        yield from cursor.execute(statement.encode(), values)


def moment(at: datetime) -> str:
    """A time as the sentences write it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"

"""Columns for PostgreSQL, packed as it stores them: what COPY would send, for a statement the fence lets in.

COPY is refused on a table with row-level security; an INSERT of arrays in their binary form costs no more.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
INT8, TEXT, BYTEA, TIMESTAMPTZ = 20, 25, 17, 1184
INT8S, TEXTS, BYTEAS, TIMESTAMPTZS = 1016, 1009, 1001, 1185
_HEAD = struct.Struct("!iiIii").pack
_EIGHT = struct.Struct("!iq").pack
_LENGTH = struct.Struct("!i").pack


class Whole(bytes):
    """For int8[]."""


class Words(bytes):
    """For text[]."""


class Sealed(bytes):
    """For bytea[]."""


class Instants(bytes):
    """For timestamptz[]."""


def whole(values: Sequence[int]) -> Whole:
    """Whole numbers."""
    return Whole(_array(INT8, len(values), (_EIGHT(8, value) for value in values)))


def words(values: Sequence[str]) -> Words:
    """Short texts."""
    return Words(_array(TEXT, len(values), (_counted(value.encode()) for value in values)))


def sealed(values: Sequence[bytes]) -> Sealed:
    """Bytes."""
    return Sealed(_array(BYTEA, len(values), (_counted(value) for value in values)))


def instants(values: Sequence[datetime]) -> Instants:
    """Instants, to the microsecond."""
    return Instants(_array(TIMESTAMPTZ, len(values), (_EIGHT(8, _microseconds(value)) for value in values)))


def register(adapters: Any) -> None:  # noqa: ANN401 - psycopg's map, of a cursor
    """From here on this cursor takes columns that are packed."""
    for kind, dumper in _DUMPERS.items():
        adapters.register_dumper(kind, dumper)


def _microseconds(at: datetime) -> int:
    gone = at - EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def _counted(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


def _array(kind: int, length: int, items: Iterable[bytes]) -> bytes:
    return _HEAD(1, 0, kind, length, 1) + b"".join(items)


class _Packed(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer:
        return bytes(obj)


def _dumper(number: int) -> type[_Packed]:
    return type("Packed", (_Packed,), {"oid": number})


_DUMPERS = {
    Whole: _dumper(INT8S),
    Words: _dumper(TEXTS),
    Sealed: _dumper(BYTEAS),
    Instants: _dumper(TIMESTAMPTZS),
}

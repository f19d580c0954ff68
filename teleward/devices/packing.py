"""Columns for PostgreSQL, packed as it stores them: what COPY would send, for a statement the fence lets in.

COPY is refused on a table with row-level security; an INSERT of arrays in their binary form costs no more.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
INT8, TEXT, BYTEA, TIMESTAMPTZ = 20, 25, 17, 1184
INT8S, TEXTS, BYTEAS, TIMESTAMPTZS = 1016, 1009, 1001, 1185
_HEAD = struct.Struct("!iiIii").pack
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
    return Whole(_head(INT8, values) + _eights(values))


def words(values: Sequence[str]) -> Words:
    """Short texts, of which many are the same."""
    known = {value: _counted(value.encode()) for value in set(values)}
    return Words(_head(TEXT, values) + b"".join([known[value] for value in values]))


def sealed(values: Sequence[bytes]) -> Sealed:
    """Bytes."""
    return Sealed(_head(BYTEA, values) + b"".join([_LENGTH(len(value)) + value for value in values]))


def instants(values: Sequence[int]) -> Instants:
    """Instants, in microseconds since PostgreSQL's beginning of time."""
    return Instants(_head(TIMESTAMPTZ, values) + _eights(values))


def microseconds(at: datetime) -> int:
    """Since PostgreSQL's beginning of time."""
    gone = at - EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def instant(microseconds: int) -> datetime:
    """The other way round."""
    return EPOCH + timedelta(microseconds=microseconds)


def register(adapters: Any) -> None:  # noqa: ANN401 - psycopg's map, of a session
    """From here on this session takes columns that are packed."""
    for kind, dumper in _DUMPERS.items():
        adapters.register_dumper(kind, dumper)


def _counted(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


def _head(kind: int, values: Sequence[object]) -> bytes:
    """One dimension of this type, counted from one."""
    return _HEAD(1, 0, kind, len(values), 1)


def _eights(values: Sequence[int]) -> bytes:
    """Each with its length before it."""
    flat = [8] * (2 * len(values))
    flat[1::2] = values
    return struct.pack(f"!{'iq' * len(values)}", *flat)


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

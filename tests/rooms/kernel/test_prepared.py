import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import (
    DatabaseError,
    DataError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
)
from django.db.transaction import atomic, savepoint, savepoint_rollback, set_autocommit
from psycopg import RawCursor
from psycopg.pq import TransactionStatus

from teleward.kernel.prepared import rows

IDENTIFIER = UUID("018f3a5e-0000-7000-8000-0123456789ab")
LOCK = b"SELECT pg_advisory_lock($1::bigint)"
UNLOCK = b"SELECT pg_advisory_unlock($1::bigint)"
BACKEND = b"SELECT pg_backend_pid()"
KINDS = {
    "uuid": [IDENTIFIER, UUID(int=0), None],
    "text": ["", "Grüße 🩺", 'it\'s \\ "so"', None],
    "bytea": [b"", b"\x00\xff\\x00", bytes(range(256)), None],
    "boolean": [True, False, None],
    "int2": [0, -1, 32767, None],
    "int4": [0, 1, -40_000, 2**31 - 1, None],
    "int8": [7, 2**40, -(2**63), None],
    "float8": [0.1, -1e300, float("inf"), None],
    "numeric": [Decimal("120.50"), Decimal("-0.001"), None],
    "date": [date(1980, 2, 29), date(1, 1, 1), None],
    "timestamptz": [
        datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
        datetime(1899, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=2))),
        datetime(9999, 12, 31, tzinfo=UTC),
        None,
    ],
    "interval": [timedelta(days=3, microseconds=-1), None],
    "uuid[]": [[IDENTIFIER, None], [], None],
    "text[]": [["a,b", "", None, "{}"], []],
    "int8[]": [[1, 2**40], []],
    "timestamptz[]": [[datetime(2026, 1, 1, tzinfo=UTC)]],
}


def by_psycopg(statement: bytes, values: list[object]) -> list[tuple[Any, ...]]:
    with RawCursor(connection.connection) as cursor:
        return cursor.execute(statement, values).fetchall()


@contextmanager
def somebody_else() -> Iterator[Callable[..., Any]]:
    """A thread with a session of its own, out of any transaction; runs what it is given."""
    with ThreadPoolExecutor(1) as pool:
        try:
            yield lambda work, *values: pool.submit(work, *values).result(20)
        finally:
            pool.submit(connections.close_all).result(20)


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_in_and_comes_out_is_what_psycopgs_cursor_would_give(db: None, kind: str) -> None:
    statement = f"SELECT $1::{kind}, $1::{kind} IS NULL, $1::{kind}::text".encode()
    for value in KINDS[kind]:
        found = rows(statement, [value])
        assert found == by_psycopg(statement, [value])
        assert found[0][:2] == (value, value is None)
        assert type(found[0][0]) is type(value)


def test_rows_come_in_their_order_and_none_is_none(db: None) -> None:
    several = b"SELECT n, n::text FROM generate_series($1::int, $2::int) AS of(n) ORDER BY of.n DESC"
    assert rows(several, [1, 3]) == [(3, "3"), (2, "2"), (1, "1")]
    assert rows(several, [2, 1]) == []


def test_the_same_statement_takes_values_of_other_sorts(db: None) -> None:
    statement = b"SELECT $1::int8 + 1, coalesce($2::text, '-')"
    asked = [(1, "a"), (70_000, None), (2**40, "b"), (None, None), (2, "c")]
    found = [rows(statement, values)[0] for values in asked]
    assert found == [(2, "a"), (70_001, "-"), (2**40 + 1, "b"), (None, "-"), (3, "c")]


def test_times_are_in_utc_whatever_they_were(db: None) -> None:
    ((at,),) = rows(
        b"SELECT $1::timestamptz", [datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))]
    )
    assert (at.hour, at.tzinfo) == (10, UTC)


@pytest.mark.parametrize(
    ("statement", "values", "problem"),
    [
        (b"SELECT 1 / $1::int", [0], DataError),
        (b"SELECT nothing_of_that_name FROM access_person", [], ProgrammingError),
        (b"SELECT $1::uuid", ["not one"], DataError),
        (b"SELECT $1::int", [], OperationalError),
    ],
)
def test_what_goes_wrong_is_djangos_error_and_the_session_is_of_use_afterwards(
    db: None, statement: bytes, values: list[object], problem: type[Exception]
) -> None:
    with somebody_else() as other:
        other(rows, b"SELECT 1", [])
        with pytest.raises(problem):
            other(rows, statement, values)
        assert other(rows, b"SELECT 2", []) == [(2,)]


def test_in_a_transaction_that_failed_it_refuses_until_that_is_taken_back(db: None) -> None:
    rows(b"SELECT 1", [])
    saved = savepoint()
    with pytest.raises(DataError):
        rows(b"SELECT 1 / $1::int", [0])
    with pytest.raises(InternalError, match="aborted"):
        rows(b"SELECT 1", [])
    savepoint_rollback(saved)
    assert rows(b"SELECT 1", []) == [(1,)]


def test_as_the_first_statement_of_a_transaction_it_belongs_to_it(db: None) -> None:
    def first() -> None:
        with atomic():
            ((begun,),) = rows(b"SELECT now()", [])
            assert connection.connection.info.transaction_status == TransactionStatus.INTRANS
            assert rows(b"SELECT now()", []) == [(begun,)]
            rows(b"SELECT set_config('ground.said', 'inside', false)", [])
            assert rows(b"SELECT current_setting('ground.said')", []) == [("inside",)]
            connection.set_rollback(True)
        assert connection.connection.info.transaction_status == TransactionStatus.IDLE
        assert rows(b"SELECT current_setting('ground.said', true)", []) != [("inside",)]

    with somebody_else() as other:
        other(first)


def test_what_was_prepared_outlives_a_rollback_even_if_psycopg_was_told_to_prepare(db: None) -> None:
    def around() -> None:
        rows(b"SELECT 1", [])
        set_autocommit(False)
        with RawCursor(connection.connection) as cursor:
            cursor.execute(b"SELECT 2", [], prepare=True)
        rows(b"SELECT 3", [])
        connection.rollback()
        assert rows(b"SELECT 1", []) + rows(b"SELECT 3", []) == [(1,), (3,)]

    with somebody_else() as other:
        other(around)


def test_names_that_the_server_has_forgotten_are_made_anew(db: None) -> None:
    def forgotten() -> None:
        rows(b"SELECT 1", [])
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        with pytest.raises(DatabaseError, match="does not exist"):
            rows(b"SELECT 1", [])
        assert rows(b"SELECT 1", []) == [(1,)]

    with somebody_else() as other:
        other(forgotten)


def test_a_table_that_was_changed_meanwhile_is_planned_anew(
    db: None, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("CREATE TABLE changing AS SELECT 1 AS n")
    owner_connection.execute("GRANT SELECT ON changing TO teleward_app")
    with somebody_else() as other:
        assert other(rows, b"SELECT * FROM changing", []) == [(1,)]
        owner_connection.execute("ALTER TABLE changing ADD COLUMN word text DEFAULT 'new'")
        with pytest.raises(DatabaseError, match="cached plan"):
            other(rows, b"SELECT * FROM changing", [])
        assert other(rows, b"SELECT * FROM changing", []) == [(1, "new")]
    owner_connection.execute("DROP TABLE changing")


def test_a_session_that_ended_is_an_error_once_and_a_new_one_at_the_next_request(db: None) -> None:
    def next_request() -> list[tuple[Any, ...]]:
        connection.close_if_unusable_or_obsolete()
        return rows(BACKEND, [])

    with somebody_else() as other:
        ((first,),) = other(rows, BACKEND, [])
        assert rows(b"SELECT pg_terminate_backend($1::int, 5000)", [first]) == [(True,)]
        with pytest.raises(OperationalError):
            other(rows, BACKEND, [])
        ((second,),) = other(next_request)
        assert second != first


def test_a_session_that_ended_between_two_requests_is_noticed_before_the_first_statement(db: None) -> None:
    def begin_request() -> None:
        connection.health_check_done = False

    with somebody_else() as other:
        ((first,),) = other(rows, BACKEND, [])
        rows(b"SELECT pg_terminate_backend($1::int, 5000)", [first])
        other(begin_request)
        assert other(rows, BACKEND, []) != [(first,)]


def test_everybody_has_their_own_session_and_gets_their_own_rows(db: None) -> None:
    def asks(who: int) -> set[tuple[int, int]]:
        try:
            found = [
                rows(b"SELECT pg_backend_pid(), $1::int * 1000 + $2::int", [who, n])[0] for n in range(50)
            ]
        finally:
            connections.close_all()
        assert [number for _session, number in found] == [who * 1000 + n for n in range(50)]
        return {(who, session) for session, _number in found}

    with ThreadPoolExecutor(4) as pool:
        sessions = set.union(*pool.map(asks, range(4)))
    assert len(sessions) == 4
    assert len({session for _who, session in sessions}) == 4


def test_while_one_waits_in_the_database_others_go_on(db: None) -> None:
    rows(LOCK, [71])
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(lambda: rows(LOCK, [71]) and rows(UNLOCK, [71]))
        with somebody_else() as other:
            until_waiting(other)
            assert not waits.done()
        rows(UNLOCK, [71])
        assert waits.result(20) == [(True,)]
        pool.submit(connections.close_all).result(20)


def test_whoever_waits_can_be_interrupted_and_the_session_is_of_use_afterwards(db: None) -> None:
    def press(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, press)
    rows(b"SELECT 1", [])
    saved = savepoint()
    try:
        with somebody_else() as other:
            other(rows, LOCK, [72])
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(KeyboardInterrupt):
                rows(LOCK, [72])
    finally:
        signal.signal(signal.SIGALRM, before)
    savepoint_rollback(saved)
    assert rows(b"SELECT 1", []) == [(1,)]


WAITING = b"""SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()
WHERE locktype = 'advisory' AND NOT granted"""


def until_waiting(other: Callable[..., Any]) -> None:
    while not other(rows, WAITING, []):
        pass

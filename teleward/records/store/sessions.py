"""Database sessions of the API: a few connections of their own, behind the fence like everything else."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connections
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg_pool import AsyncConnectionPool

from teleward.kernel.fence import VARIABLE

MOST: Final = 8
WAIT_SECONDS: Final = 10
OPEN: Final = f"SELECT set_config('{VARIABLE}', $1, false)".encode()
Rows = list[tuple[Any, ...]]

_told: WeakKeyDictionary[AsyncConnection[Any], UUID] = WeakKeyDictionary()


class Session:
    """One connection for as long as one request needs it."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self.connection = connection

    async def ask(self, statement: str, values: Sequence[object], *, practice: UUID | None = None) -> Rows:
        """The rows of a prepared statement, with the rows of this practice there and of no other.

        Each statement is a transaction of its own: when its rows are here, what it wrote is durable.
        """
        if practice is not None and _told.get(self.connection) != practice:
            async with AsyncRawCursor(self.connection) as cursor:
                await cursor.execute(OPEN, [str(practice)], prepare=True)
            _told[self.connection] = practice
        async with AsyncRawCursor(self.connection) as cursor:
            answer = await cursor.execute(statement.encode(), values, prepare=True, binary=True)
            return await answer.fetchall()

    @asynccontextmanager
    async def locked(self, key: int, *, practice: UUID) -> AsyncIterator[None]:
        """While this lasts, nobody else is in here with the same key."""
        await self.ask("SELECT pg_advisory_lock($1::bigint)", [key], practice=practice)
        try:
            yield
        finally:
            await self.ask("SELECT pg_advisory_unlock($1::bigint)", [key])


class Sessions:
    """The pool."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Opens connections when first asked for one; closes them at the end."""
        pool = AsyncConnectionPool(
            kwargs={**_address(), "autocommit": True},
            min_size=0,
            max_size=MOST,
            timeout=WAIT_SECONDS,
            open=False,
            name="fhir",
        )
        await pool.open()
        self._pool = pool
        try:
            yield
        finally:
            self._pool = None
            await pool.close()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A connection, for one request."""
        if self._pool is None:
            raise RuntimeError("The FHIR API is not running.")
        async with self._pool.connection() as connection:
            yield Session(connection)


def _address() -> dict[str, Any]:
    """Where Django's default database is, in psycopg's words."""
    place = connections["default"].settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {ours: place[theirs] for ours, theirs in named.items() if place[theirs]}

"""Database sessions of the API: a few connections of their own, behind the fence like everything else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connections
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus

from teleward.kernel.fence import VARIABLE

from .wire import Rows, Wire

__all__ = ["Busy", "Rows", "Session", "Sessions"]

MOST: Final = 8
WAIT_SECONDS: Final = 10
OPEN: Final = f"SELECT set_config('{VARIABLE}', $1, false)"
PLAN: Final = "SELECT set_config('plan_cache_mode', $1, false)"
ONCE, ANEW = "force_generic_plan", "force_custom_plan"


class Busy(TimeoutError):
    """No session became free in time."""


class Session:
    """One connection for as long as one request needs it."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection
        self._wire = Wire(connection)
        self._practice: UUID | None = None
        self._planned = ONCE

    async def ask(
        self, statement: str, values: Sequence[object], *, practice: UUID | None = None, anew: bool = False
    ) -> Rows:
        """The rows of a prepared statement, with the rows of this practice there and of no other.

        Each statement is a transaction of its own: when its rows are here, what it wrote is durable. It is
        planned once; `anew` plans it for these values: a common code is looked for among the newest of a
        patient, a rare one in the index of keys, and which it is only the values say.
        """
        if practice is not None and self._practice != practice:
            await self._wire.ask(OPEN, [str(practice)])
            self._practice = practice
        planned = ANEW if anew else ONCE
        if planned != self._planned:
            await self._wire.ask(PLAN, [planned])
            self._planned = planned
        return await self._wire.ask(statement, values)

    @asynccontextmanager
    async def locked(self, key: int, *, practice: UUID) -> AsyncIterator[None]:
        """While this lasts, nobody else is in here with the same key."""
        await self.ask("SELECT pg_advisory_lock($1::bigint)", [key], practice=practice)
        try:
            yield
        finally:
            await self.ask("SELECT pg_advisory_unlock($1::bigint)", [key])

    @property
    def is_idle(self) -> bool:
        """Whether the next request may have it: nothing is under way, and the database is still there."""
        server = self._connection.pgconn
        try:
            server.consume_input()
        except psycopg.Error:
            return False
        return server.transaction_status == TransactionStatus.IDLE

    async def close(self) -> None:
        """Let the connection go."""
        self._wire.rest()
        with suppress(psycopg.Error):
            await self._connection.close()


class Sessions:
    """The pool: a session is made when none is free, until there are as many as there may be."""

    def __init__(self) -> None:
        self._free: list[Session] = []
        self._places: asyncio.Semaphore | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts sessions are given; at the end they are closed."""
        self._places = asyncio.Semaphore(MOST)
        try:
            yield
        finally:
            self._places = None
            while self._free:
                await self._free.pop().close()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A connection, for one request. Raises Busy where none becomes free in time."""
        places = self._places
        if places is None:
            raise RuntimeError("The FHIR API is not running.")
        if places.locked():
            async with _in_time():
                await places.acquire()
        else:
            await places.acquire()
        try:
            session = self._idle() or await _new()
            try:
                yield session
            finally:
                await self._back(session)
        finally:
            places.release()

    def _idle(self) -> Session | None:
        """The one used last, which knows most; those that ended meanwhile are passed over."""
        while self._free:
            session = self._free.pop()
            if session.is_idle:
                return session
        return None

    async def _back(self, session: Session) -> None:
        if session.is_idle and self._places is not None:
            self._free.append(session)
        else:
            await session.close()


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            yield
    except TimeoutError as late:
        raise Busy from late


async def _new() -> Session:
    async with _in_time():
        return Session(await _connected())


async def _connected() -> AsyncConnection[Any]:
    """A connection to where Django's default database is."""
    place = connections["default"].settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = {ours: place[theirs] for ours, theirs in named.items() if place[theirs]}
    options = f"-c plan_cache_mode={ONCE}"
    return await AsyncConnection.connect(**address, options=options, autocommit=True)

"""Prepared statements over one connection with as little as possible around them.

psycopg's own cursors cost twice as much CPU as the statement of a read does in PostgreSQL. What they do with
values and rows is used here too; what is left out are transactions, row factories and changes of mind.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from psycopg import AsyncConnection, Error, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

MOST: Final = 200  # statements that one connection keeps prepared
BINARY: Final = 1
GOOD: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
Rows = list[tuple[Any, ...]]
Known = tuple[str, tuple[int, ...]]


class Wire:
    """One connection in autocommit; one statement at a time."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._server = connection.pgconn
        self._change = Transformer(connection)
        self._names: OrderedDict[Known, bytes] = OrderedDict()
        self._prepared = 0
        self._place: int | None = None  # where the loop listens for this connection
        self._waiting: asyncio.Future[None] | None = None

    async def ask(self, statement: str, values: Sequence[object]) -> Rows:
        """The rows. Raises psycopg's errors; after one of the connection itself it is of no use any more."""
        change = self._change
        try:
            sent = change.dump_sequence(values, [PyFormat.AUTO] * len(values))  # no fewer: it reads on
            name = await self._name(statement, change.types or ())
            self._server.send_query_prepared(name, sent, change.formats, BINARY)
            found = await self._result()
        except BaseException:
            self.rest()
            raise
        change.set_pgresult(found)
        return change.load_rows(0, found.ntuples, tuple)

    def rest(self) -> None:
        """The loop listens no more, until the next question; before the connection is closed it has to."""
        if self._place is not None:
            asyncio.get_running_loop().remove_reader(self._place)
            self._place = None

    async def _name(self, statement: str, types: tuple[int, ...]) -> bytes:
        """The name under which the statement is prepared for values of these types."""
        name = self._names.get((statement, types))
        if name is not None:
            self._names.move_to_end((statement, types))
            return name
        if len(self._names) >= MOST:
            _oldest, gone = self._names.popitem(last=False)
            self._server.send_query(b"DEALLOCATE " + gone)
            await self._result()
        self._prepared += 1
        name = b"fhir_%d" % self._prepared
        self._server.send_prepare(name, statement.encode(), types)
        await self._result()
        self._names[statement, types] = name
        return name

    async def _result(self) -> PGresult:
        """The one result of what was sent."""
        server = self._server
        while server.flush():
            await self._writable()
        if server.is_busy():
            await self._heard()
        found = None
        while (result := server.get_result()) is not None:
            found = result
        if found is None or found.status not in GOOD:
            raise _error(found)
        return found

    async def _heard(self) -> None:
        """Until the whole answer is here. The loop goes on listening: to begin and end that has its price."""
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        if self._place is None:
            self._place = self._server.socket
            loop.add_reader(self._place, self._hear)
        try:
            await self._waiting
        finally:
            self._waiting = None

    def _hear(self) -> None:
        """Something has come, or nothing will ever come again."""
        try:
            self._server.consume_input()
        except Error as ended:
            self._tell(ended)
            self.rest()
        else:
            if not self._server.is_busy():
                self._tell(None)

    def _tell(self, ended: Error | None) -> None:
        waiting = self._waiting
        if waiting is None or waiting.done():
            return
        if ended is None:
            waiting.set_result(None)
        else:
            waiting.set_exception(ended)

    async def _writable(self) -> None:
        """Until more may be sent, or something has come that has to be taken first."""
        loop, place = asyncio.get_running_loop(), self._server.socket
        self.rest()
        done = loop.create_future()
        loop.add_reader(place, _done, done)
        loop.add_writer(place, _done, done)
        try:
            await done
        finally:
            loop.remove_reader(place)
            loop.remove_writer(place)
        self._server.consume_input()


def _done(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)


def _error(found: PGresult | None) -> Exception:
    if found is None:
        return errors.OperationalError("The database ended the connection.")
    return errors.error_from_result(found)

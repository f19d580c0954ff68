"""Statements of every request: past the object mapper, prepared once in each session of the database.

What psycopg's cursors do around a statement costs more CPU than the statement. Its values, rows, errors and
waiting are used here too; a session keeps what they need. Django leaves psycopg's own preparing off, and
it has to stay off: at a ROLLBACK psycopg deallocates whatever was prepared in the session.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, errors, generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

BINARY: Final = 1
GONE: Final = frozenset({"26000", "0A000"})  # the name is unknown; the plan does not fit its tables any more
Rows = list[tuple[Any, ...]]


def rows(statement: bytes, values: Sequence[object]) -> Rows:
    """What it finds, on Django's connection and in its transaction; `$1` stands for the first value.

    It may be the first statement of a request, so a connection that broke meanwhile is left for a new one.
    Times come in UTC, JSON as what it says. Raises django.db's errors.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    here.ensure_connection()
    return rows_in_this_session(statement, values)


def rows_in_this_session(statement: bytes, values: Sequence[object]) -> Rows:
    """The same on the session that is open: none is opened for it, nor looked at whether it still stands."""
    here = connections[DEFAULT_DB_ALIAS]
    with here.wrap_database_errors:
        return _line(here).ask(statement, values)


class Line:
    """One session of the database, with what was prepared in it."""

    def __init__(self, session: Connection[Any]) -> None:
        self.session = session
        self._server = session.pgconn
        self._change = Transformer(session)
        self._names: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._numbers = count(1)

    def ask(self, statement: bytes, values: Sequence[object]) -> Rows:
        """The rows. Raises psycopg's errors."""
        change, server = self._change, self._server
        if not self.session.autocommit and server.transaction_status == TransactionStatus.IDLE:
            self.session.execute(b"")  # psycopg begins the transaction, as Django told it to
        with self.session.lock:
            sent = change.dump_sequence(values, [PyFormat.AUTO] * len(values))  # no fewer: it reads on
            types = change.types or ()
            name = self._names.get((statement, types)) or self._prepared(statement, types)
            server.send_query_prepared(name, sent, change.formats, BINARY)
            found = self._result()
            change.set_pgresult(found)
            return change.load_rows(0, found.ntuples, tuple)

    def _prepared(self, statement: bytes, types: tuple[int, ...]) -> bytes:
        """The name it has from now on, for values of these types."""
        name = b"teleward_%d" % next(self._numbers)
        self._server.send_prepare(name, statement, types)
        self._result()
        self._names[statement, types] = name
        return name

    def _result(self) -> PGresult:
        """The one result of what was sent; who waits can be interrupted, which ends it in the server too."""
        results = self.session.wait(generators.execute(self._server))
        if not results:
            raise errors.OperationalError("The database ended the connection.")
        found: PGresult = results[-1]
        if found.status == ExecStatus.FATAL_ERROR:
            wrong = errors.error_from_result(found)
            if wrong.sqlstate in GONE:
                self._names.clear()
            raise wrong
        return found


_lines: WeakKeyDictionary[BaseDatabaseWrapper, Line] = WeakKeyDictionary()


def _line(here: BaseDatabaseWrapper) -> Line:
    """The line of Django's connection, a new one where that was opened anew."""
    line = _lines.get(here)
    if line is None or line.session is not here.connection:
        line = _lines[here] = Line(here.connection)
    return line

"""The second fence: PostgreSQL has the rows of one practice, and only while a grant for it stands.

`teleward.practice` is a variable of the database session. A grant that is held against what it is about to do
opens the fence for its practice; every request, live message, job and command begins and ends with it closed.
Without the variable there are no rows at all: what forgot the gate finds nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.db import Error, connection

from .prepared import rows, rows_in_this_session

VARIABLE = "teleward.practice"
SAY = f"SELECT set_config('{VARIABLE}', $1, false)".encode()
CLOSED = ""

# What each session of the database was told last. None: told inside a transaction, which may be undone.
_told: WeakKeyDictionary[psycopg.Connection[Any], str | None] = WeakKeyDictionary()
_here = local()


def open_for(*, practice: UUID) -> None:
    """From here on the rows of this practice are there, and of no other."""
    connection.ensure_connection()
    _tell(str(practice))


def close() -> None:
    """From here on there are no rows. A session that cannot be told so is ended."""
    session = connection.connection
    if session is None or session.closed or _told.get(session, CLOSED) == CLOSED:
        return
    try:
        rows_in_this_session(SAY, [CLOSED])
        _remember(CLOSED)
    except Error:
        connection.close()


@contextmanager
def serving() -> Iterator[None]:
    """Around one request, live message, job or command: closed before it, closed after it.

    What is served inside of something that is served belongs to it.
    """
    if is_serving():
        yield
        return
    _here.is_serving = True
    try:
        with alone():
            yield
    finally:
        _here.is_serving = False


def is_serving() -> bool:
    """Whether something is being served in this thread."""
    return getattr(_here, "is_serving", False)


@contextmanager
def alone() -> Iterator[None]:
    """The outermost of what is served in this thread."""
    close()
    try:
        yield
    finally:
        close()


def _tell(practice: str) -> None:
    if _told.get(connection.connection, CLOSED) == practice:
        return
    rows(SAY, [practice])  # in a new session, if the old one broke
    _remember(practice)


def _remember(practice: str) -> None:
    _told[connection.connection] = None if connection.in_atomic_block else practice

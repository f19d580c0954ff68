"""Tests look at rows without a grant; what is served to a request, a message or a job never does.

The template database has one more policy on each fenced table, for a variable that only tests know. It is
set wherever nothing is being served, and taken back for as long as something is.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import sql

from teleward.command.roles import APP
from teleward.kernel import fence

VARIABLE = "ground.looks"
FENCED = "SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')"
_alone = fence.alone


def leave_a_gap(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """In the template database, once."""
    for (table,) in owner.execute(FENCED).fetchall():
        owner.execute(
            sql.SQL(
                "CREATE POLICY ground ON {} TO {} USING ((SELECT current_setting({}, true)) = 'yes')"
            ).format(sql.SQL(str(table)), sql.Identifier(APP), sql.Literal(VARIABLE))
        )


def look_through_it() -> None:
    """In this process, from now on."""
    connection_created.connect(_new_session, dispatch_uid="gap")
    fence.alone = _alone_without_gap


def _new_session(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    if connection.alias == "default":
        _look("no" if fence.is_serving() else "yes")


@contextmanager
def _alone_without_gap() -> Iterator[None]:
    _look("no")
    try:
        with _alone():
            yield
    finally:
        _look("yes")


def _look(whether: str) -> None:
    if connection.connection is not None and not connection.connection.closed:
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [VARIABLE, whether])

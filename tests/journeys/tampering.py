"""What somebody with the rights of the database's owner could do to one patient's entries."""

from typing import Any

import psycopg

Owner = psycopg.Connection[Any]


def changed(connection: Owner, patient: str, number: int, *, back: bool = False) -> None:
    """One entry says something else, or again what it said."""
    words = ["access:patient:read", "consult:visit:read"]
    was, becomes = words[::-1] if back else words
    _freely(
        connection,
        "UPDATE audit_event SET body = replace(body, %s, %s) WHERE patient = %s AND pn = %s",
        [was, becomes, patient, number],
    )


def cut(connection: Owner, patient: str, number: int) -> None:
    """Everything after an entry never happened."""
    _freely(connection, "DELETE FROM audit_event WHERE patient = %s AND pn > %s", [patient, number])
    connection.execute(
        "UPDATE audit_head h SET pn = e.pn, leaf = e.leaf FROM audit_event e"
        " WHERE h.patient = e.patient AND e.patient = %s AND e.pn = %s",
        [patient, number],
    )


def numbered(connection: Owner, patient: str, action: str) -> int:
    """The number of the newest entry of this action."""
    found = connection.execute(
        "SELECT max(pn) FROM audit_event WHERE patient = %s AND body LIKE %s", [patient, f"%{action}%"]
    ).fetchone()
    assert found
    return int(found[0])


def first_checkpoint(connection: Owner) -> str:
    """The oldest checkpoint there is."""
    found = connection.execute("SELECT note FROM audit_checkpoint ORDER BY size LIMIT 1").fetchone()
    assert found
    return str(found[0])


def _freely(connection: Owner, statement: str, values: list[object]) -> None:
    with connection.transaction():
        connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        connection.execute(statement.encode(), values)
        connection.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")

"""The decisions of the whole ledger, for the keeper of the server: read with the owner's rights."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

PAGE = 2000
SINCE = """
DECLARE decisions NO SCROLL CURSOR FOR
SELECT body FROM audit_event WHERE at >= %s AND body IS NOT NULL ORDER BY at, id
"""


def decisions_since(*, at: datetime) -> Iterator[dict[str, Any]]:
    """Every decision (allow or deny) from that moment on, oldest first, by the names of `ledger.Entry`."""
    connections["owner"].ensure_connection()
    connection = connections["owner"].connection
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(SINCE, [at])
        while rows := cursor.execute(f"FETCH {PAGE} FROM decisions").fetchall():
            yield from _decisions(body for (body,) in rows)


def decision(*, event: UUID) -> dict[str, Any] | None:
    """One entry of the ledger, or None."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT body FROM audit_event WHERE id = %s AND body IS NOT NULL", [event])
        found = cursor.fetchone()
    return None if found is None else json.loads(found[0])


def _decisions(bodies: Iterator[str]) -> Iterator[dict[str, Any]]:
    for body in bodies:
        facts = json.loads(body)
        if facts["outcome"] in {"allow", "deny"}:
            yield facts

"""How the ledger stands: what is sealed, and what waits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.audit.queries.auditing.findings import Connection

STANDS = """
SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM audit_leaf),
    (SELECT min(e.at) FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.event = e.id)),
    (SELECT max(at) FROM audit_checkpoint)
"""
ERASABLE = "SELECT count(*) FROM audit_event WHERE patient = %s AND body IS NOT NULL"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`entries` in all, `placed` in the tree; since when the oldest other one waits; when was last signed."""

    entries: int
    placed: int
    waiting_since: datetime | None
    sealed_at: datetime | None


def standing(*, connection: Connection) -> Standing:
    """How the ledger stands at this moment, asked as the tables' owner."""
    row = connection.execute(STANDS).fetchone()
    entries, placed, waiting_since, sealed_at = row or (0, 0, None, None)
    return Standing(entries=entries, placed=placed, waiting_since=waiting_since, sealed_at=sealed_at)


def erasable(*, connection: Connection, patient: UUID) -> int:
    """How many entries about a patient still say something."""
    row = connection.execute(ERASABLE, [patient]).fetchone()
    return int(row[0]) if row else 0

"""The daily heads of a patient's chain: how far it had come on a day, written into the tree.

Whoever cuts the end off a chain would have to cut it off the heads as well, and those are leaves like others.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from teleward.audit.queries.chains import NOTHING_BEFORE, LedgerEntry
from teleward.audit.statements import ask

MOST = 1000  # heads the database gives at once


@dataclass(frozen=True, kw_only=True)
class Head:
    """On `day` (UTC) the chain had `number` entries, the last with this leaf. `event` says so."""

    day: date
    number: int
    leaf: bytes
    event: UUID


def head_of(*, patient: UUID) -> Head | None:
    """The newest head, or None before the first day has passed."""
    return next(iter(heads_of(patient=patient, most=1)), None)


def heads_of(*, patient: UUID, most: int = MOST) -> list[Head]:
    """The heads, newest first."""
    rows = ask("SELECT day, pn, leaf, event FROM audit_heads_of($1, $2)", [patient, most])
    return [Head(day=day, number=number, leaf=leaf, event=event) for day, number, leaf, event in rows]


def head_entry(*, patient: UUID, head: Head) -> LedgerEntry | None:
    """The ledger entry that holds the head, in no patient's chain itself; None when there is none."""
    rows = ask("SELECT id, at, salt, body, leaf FROM audit_head_entry($1, $2)", [patient, head.event])
    for event, at, salt, body, leaf in rows:
        kept = {"salt": salt or b"", "body": body or "", "leaf": leaf}
        return LedgerEntry(id=event, at=at, number=0, prev_leaf=NOTHING_BEFORE, **kept)
    return None

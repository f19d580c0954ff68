"""Whether every entry is what its hash says, and each patient's chain is whole."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from teleward.audit.queries.auditing.findings import LATE, Connection, Finding, moment, streamed
from teleward.audit.queries.auditing.signatures import Kept
from teleward.audit.queries.chains import NOTHING_BEFORE, LedgerEntry

ENTRIES = """
SELECT e.patient, l.seq, e.id, e.at, coalesce(e.pn, 0), coalesce(e.prev_leaf, %s), coalesce(e.salt, ''),
    coalesce(e.body, ''), e.leaf
FROM audit_event e LEFT JOIN audit_leaf l ON l.event = e.id
ORDER BY e.patient NULLS FIRST, e.pn
"""
HEADS = """
SELECT h.patient, h.pn, h.leaf, e.pn, e.leaf FROM audit_head h
LEFT JOIN LATERAL (
    SELECT pn, leaf FROM audit_event e WHERE e.patient = h.patient ORDER BY e.pn DESC LIMIT 1
) e ON true
WHERE (h.pn, h.leaf) IS DISTINCT FROM (e.pn, e.leaf)
"""
Row = tuple[int | None, LedgerEntry]


def check(connection: Connection, signed: Sequence[Kept]) -> Iterator[Finding]:
    """Every entry and every chain; what is old enough has its place in the tree."""
    sealed_at = signed[-1].at if signed else datetime.min.replace(tzinfo=UTC) + LATE
    rows = streamed(connection, ENTRIES, [NOTHING_BEFORE])
    for patient, of_one in groupby(rows, key=lambda row: row[0]):
        before: Row | None = None
        for row in map(_read, of_one):
            yield from _look(row, sealed_at)
            if patient is not None:
                yield from _follows(patient, before, row)
            before = row
    yield from _ends(connection)


def _read(row: tuple[Any, ...]) -> Row:
    _patient, seq, event, at, number, prev_leaf, salt, body, leaf = row
    return seq, LedgerEntry(
        id=event, at=at, number=number, prev_leaf=prev_leaf, salt=salt, body=body, leaf=leaf
    )


def _look(row: Row, sealed_at: datetime) -> Iterator[Finding]:
    seq, entry = row
    if not entry.is_intact() or (not entry.is_erased and not _says(entry.body, entry.at)):
        yield Finding(kind="changed", sentence=f"The entry {entry.id} was changed after it was written.")
    if seq is None and entry.at < sealed_at - LATE:
        told = f"The entry {entry.id} of {moment(entry.at)} never got its place in the tree."
        yield Finding(kind="unsealed", sentence=told)


def _says(body: str, at: datetime) -> bool:
    """Whether the text of the entry names the time that stands beside it."""
    try:
        return datetime.fromisoformat(json.loads(body)["at"]) == at
    except (ValueError, KeyError, TypeError):
        return False


def _follows(patient: UUID, before: Row | None, row: Row) -> Iterator[Finding]:
    seq, entry = row
    number, leaf = (before[1].number, before[1].leaf) if before else (0, NOTHING_BEFORE)
    if entry.number != number + 1:
        told = (
            f"In the chain of patient {patient} the entries {number + 1} to {entry.number - 1} are missing."
        )
        yield Finding(kind="chain", sentence=told)
    elif entry.prev_leaf != leaf:
        told = f"In the chain of patient {patient} entry {entry.number} does not follow the one before it."
        yield Finding(kind="chain", sentence=told)
    if before and before[0] is not None and seq is not None and seq < before[0]:
        told = f"In the chain of patient {patient} entry {entry.number} was sealed before its predecessor."
        yield Finding(kind="order", sentence=told)


def _ends(connection: Connection) -> Iterator[Finding]:
    for patient, counted, leaf, number, last in streamed(connection, HEADS):
        if number == counted and last != leaf:
            told = f"The chain of patient {patient} ends in another entry than the one counted last."
        else:
            told = f"The chain of patient {patient} ends at entry {number or 0}, but {counted} were counted."
        yield Finding(kind="chain", sentence=told)

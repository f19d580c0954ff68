"""Entries of the ledger as FHIR R4 AuditEvents (IHE BALP), with their places in the tree."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from teleward.audit.balp.events import audit_event
from teleward.audit.balp.parts import Place
from teleward.audit.queries.chains import MOST, NOTHING_BEFORE, LedgerEntry, whole_chain
from teleward.audit.queries.checkpoints import latest_checkpoint
from teleward.audit.statements import ask

AuditEvent = dict[str, Any]
FIRST = UUID(int=0)
PAGE = "SELECT * FROM audit_page($1, $2, $3, $4::int)"
PLACES = "SELECT event, seq FROM audit_sequenced($1)"


@dataclass(frozen=True, kw_only=True)
class _Row:
    entry: LedgerEntry
    patient: UUID | None


def events_of_patient(*, patient: UUID, origin: str) -> Iterator[AuditEvent]:
    """Every entry of one patient that was not erased, newest first; `origin` is our own address."""
    chain = whole_chain(patient=patient)
    while entries := list(islice(chain, MOST)):
        yield from _told([_Row(entry=entry, patient=patient) for entry in entries], origin)


def events_between(
    *,
    since: datetime,
    until: datetime,
    organisation: UUID,
    patients: Collection[UUID],
    elsewhere: Collection[UUID],
    origin: str,
) -> Iterator[AuditEvent]:
    """Every entry from `since` to before `until` that a practice answers for, in the order of their ids.

    Those are the entries of its people, of its `patients`, and those of nobody: failed sign-ins, the server
    itself; but for what is about other practices, whose people and own ids stand in `elsewhere`.
    Erased ones have nothing left to tell.
    """
    after = FIRST
    while rows := _page(since, until, after):
        after = rows[-1].entry.id
        own = [row for row in rows if row.patient in patients or _is_by(row, organisation)]
        nobodys = [row for row in rows if _is_nobodys(row) and not _is_about(row, elsewhere)]
        yield from _told(sorted([*own, *nobodys], key=lambda row: row.entry.id), origin)


def _is_by(row: _Row, organisation: UUID) -> bool:
    return bool(row.entry.facts["actor_organisation"] == str(organisation))


def _is_nobodys(row: _Row) -> bool:
    """Whether it is in no chain and by nobody of any practice: a failed sign-in, the server itself."""
    return row.patient is None and not row.entry.facts["actor_organisation"]


def _is_about(row: _Row, ids: Collection[UUID]) -> bool:
    subject = row.entry.facts["subject_id"]
    return bool(subject) and UUID(subject) in ids


def _told(rows: Sequence[_Row], origin: str) -> Iterator[AuditEvent]:
    kept = [row.entry for row in rows if not row.entry.is_erased]
    newest = latest_checkpoint()
    size = newest.size if newest else 0
    seqs = {event: seq for event, seq in ask(PLACES, [[entry.id for entry in kept]]) if seq < size}
    for entry in kept:
        seq = seqs.get(entry.id)
        place = Place(leaf=entry.leaf, number=entry.number, seq=seq, size=size)
        yield audit_event(event=str(entry.id), at=entry.at, facts=entry.facts, place=place, origin=origin)


def _page(since: datetime, until: datetime, after: UUID) -> list[_Row]:
    return [
        _Row(
            patient=patient,
            entry=LedgerEntry(
                id=event,
                at=at,
                number=number or 0,
                prev_leaf=prev_leaf or NOTHING_BEFORE,
                salt=salt or b"",
                body=body or "",
                leaf=leaf,
            ),
        )
        for event, at, patient, number, prev_leaf, salt, body, leaf in ask(PAGE, [since, until, after, MOST])
    ]

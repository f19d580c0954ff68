"""What the patient's browser checks the ledger with: entries as they were hashed, and what proves them."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from teleward.access.grants import Action, Grant
from teleward.audit import queries as ledger
from teleward.audit.queries import LedgerEntry, Proof
from teleward.trust.models import Objection
from teleward.trust.queries.telling import is_held, patient_of, telling

MOST = 200  # entries in one answer
IsClosed = Callable[[LedgerEntry], bool]  # whether body and salt stay here: erased, or held back


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """Entries from `first` down to `last` with what proves them, as the page's script wants it (JSON)."""

    checkpoint: str  # the signed note, empty while there is none
    key: str
    witnesses: tuple[str, ...]
    consistency: tuple[str, ...]
    entries: tuple[Mapping[str, object], ...]
    is_damaged: bool  # the tree's own tiles do not fit each other


def proofs(*, grant: Grant, first: int, last: int, seen: int) -> Proofs:
    """The proofs of the entries `first` (newest) to `last` of the grant's patient, at most 200.

    `seen` is the size of the tree that the reader's browser saw last, 0 where it saw none.
    """
    grant.must_cover(Action.LEDGER_READ)
    return _proofs(_entries(grant, first, last), _closed_to_patient(grant), seen)


def proof_of_objection(*, grant: Grant, seen: int) -> Proofs:
    """The proof of the one entry that the objection of the grant is about, for the privacy officer."""
    grant.must_cover(Action.OBJECTION_READ, Action.OBJECTION_ANSWER)
    return _proofs(_entries_of_objection(grant), lambda entry: entry.is_erased, seen)


def file_of_objection(*, grant: Grant) -> str:
    """The proof file of the one entry that the objection of the grant is about."""
    grant.must_cover(Action.OBJECTION_READ, Action.OBJECTION_ANSWER)
    return _file(_entries_of_objection(grant), lambda entry: entry.is_erased)


def number_of_objection(*, grant: Grant) -> int:
    """The number of that entry in the patient's chain, 0 where it is not there any more."""
    grant.must_cover(Action.OBJECTION_READ, Action.OBJECTION_ANSWER)
    return next((entry.number for entry in _entries_of_objection(grant)), 0)


def proof_file_text(*, grant: Grant, first: int, last: int) -> str:
    """The file a patient takes along (docs/reference/proof-file.md), for the entries `first` to `last`."""
    grant.must_cover(Action.LEDGER_READ)
    return _file(_entries(grant, first, last), _closed_to_patient(grant))


def chain_name(*, grant: Grant) -> str:
    """Under what a browser keeps what it saw of the chain of this patient: a hash that names nobody."""
    grant.must_cover(Action.LEDGER_READ, Action.OBJECTION_READ, Action.OBJECTION_ANSWER)
    return hashlib.sha256(b"teleward chain " + patient_of(grant).bytes).hexdigest()


def _entries(grant: Grant, first: int, last: int) -> list[LedgerEntry]:
    most = max(0, min(first - last + 1, MOST))
    found = ledger.of_patient(patient=patient_of(grant), before=first + 1, most=most) if most else []
    return [entry for entry in found if entry.number >= last]


def _entries_of_objection(grant: Grant) -> list[LedgerEntry]:
    named = Objection.objects.filter(id=grant.about).values_list("entry", flat=True).first()
    found = ledger.of_event(patient=patient_of(grant), event=named) if named else None
    return [found] if found else []


def _closed_to_patient(grant: Grant) -> IsClosed:
    known = telling(grant=grant)
    return lambda entry: entry.is_erased or is_held(known, entry.facts)


def _proofs(entries: list[LedgerEntry], is_closed: IsClosed, seen: int) -> Proofs:
    found = _found(entries)
    checkpoint, keys = ledger.latest_checkpoint(), ledger.log_keys()
    note = next((one.checkpoint for one in (found or {}).values()), checkpoint.note if checkpoint else "")
    return Proofs(
        checkpoint=note,
        key=keys[0].vkey if keys else "",
        witnesses=tuple(settings.WITNESS_KEYS),
        consistency=_grown(seen, note),
        entries=tuple(
            _told(entry, (found or {}).get(entry.id), is_closed=is_closed(entry)) for entry in entries
        ),
        is_damaged=found is None,
    )


def _file(entries: list[LedgerEntry], is_closed: IsClosed) -> str:
    found, keys = _found(entries) or {}, ledger.log_keys()
    proven = [_proven(entry, found.get(entry.id), is_closed=is_closed(entry)) for entry in entries]
    return ledger.proof_file(
        log=keys[0].vkey if keys else "", witnesses=settings.WITNESS_KEYS, entries=proven
    )


def _found(entries: list[LedgerEntry]) -> Mapping[UUID, Proof] | None:
    try:
        return ledger.inclusions(events=[entry.id for entry in entries])
    except ValueError:
        return None


def _grown(seen: int, note: str) -> tuple[str, ...]:
    size = int(note.split("\n")[1]) if note else 0
    if not 0 < seen < size:
        return ()
    try:
        return tuple(_text(one) for one in ledger.consistency(old_size=seen, new_size=size))
    except ledger.TooNew:
        return ()


def _told(entry: LedgerEntry, proof: Proof | None, *, is_closed: bool) -> dict[str, object]:
    return {
        "number": entry.number,
        "prev": _text(entry.prev_leaf),
        "leaf": _text(entry.leaf),
        "salt": "" if is_closed else _text(entry.salt),
        "body": "" if is_closed else entry.body,
        "index": proof.seq if proof else None,
        "path": [_text(one) for one in proof.hashes] if proof else [],
    }


def _proven(entry: LedgerEntry, proof: Proof | None, *, is_closed: bool) -> ledger.ProvenEntry:
    return ledger.ProvenEntry(
        number=entry.number,
        previous=entry.prev_leaf,
        leaf=entry.leaf,
        salt=b"" if is_closed else entry.salt,
        body="" if is_closed else entry.body,
        proof=proof.text if proof else "",
    )


def _text(value: bytes) -> str:
    return b64encode(value).decode()

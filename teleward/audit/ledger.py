"""The ledger's one way in.

An entry is an argument, written before the data it speaks of leaves. The database role of the
application may call `audit_append` and has no other right to the table. Each entry of a patient
carries a number without gaps and the leaf of the entry before it; only a salted commitment
(RFC 9162 leaf hash) has to leave this table for the proof that comes on top.

    entry = SHA-256(salt || number as 8 bytes || leaf before || body)      leaf = SHA-256(0x00 || entry)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from msgspec.json import Encoder

from teleward.audit.statements import ask
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

APPEND = "SELECT number, commitment FROM audit_append($1, $2, $3, $4)"
# For a statement that gives out or changes data itself: `$1` holds the entries as JSON; what follows reads
# from `told`, which has one row once they stand. It comes first, so that all wait for chains in one order.
TOLD = """told AS MATERIALIZED (
    SELECT count(a.number) AS entries
    FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, at timestamptz, patient uuid, body text)
    CROSS JOIN LATERAL audit_append(e.id, e.at, e.patient, e.body) AS a)"""
_encode = Encoder(order="deterministic").encode
Detail = Mapping[str, "str | int | list[str]"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who did what to whose data, why, from where, and by which rule. Ids and codes only, no content."""

    actor_kind: str
    actor_id: UUID | None
    actor_role: str
    actor_organisation: UUID | None
    action: str  # room:subject:verb
    outcome: str  # allow, deny, done or listed
    subject_kind: str
    subject_id: UUID | None
    patient: UUID | None  # whose chain it joins
    kind: str  # what kind of data
    purpose: str  # HL7 v3 ActReason: IHE BALP asks for it
    policy: str  # id of the policy that decided, empty where none allowed it
    policy_set: str  # SHA-256 of the whole policy set, hexadecimal
    request_id: str
    client_address: str
    via: str  # page, live, job or command
    visit: UUID | None = None
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the ledger answers: the entry stands, with this number in the patient's chain and this leaf."""

    id: UUID
    at: datetime
    number: int
    leaf: bytes


def append(*, entry: Entry) -> Receipt:
    """Writes one entry in the caller's transaction, or in one of its own where there is none."""
    receipt_id, at = new_id(), now()
    ((number, leaf),) = ask(APPEND, [receipt_id, at, entry.patient, body_of(entry=entry, at=at)])
    return Receipt(id=receipt_id, at=at, number=number, leaf=leaf)


def body_of(*, entry: Entry, at: datetime) -> str:
    """The exact text that is hashed and kept: JSON with sorted keys and no spaces."""
    return _encode({"v": 1, **vars(entry), "at": str(at)}).decode()

"""The drafts of orders of a patient."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.records.fhir.reading import read
from teleward.records.panels.wording import codes_of, first, named
from teleward.records.queries.revealed import kept, reveal
from teleward.records.store.revealing import Version

KINDS = {
    "lab": "ServiceRequest",
    "imaging": "ServiceRequest",
    "referral": "ServiceRequest",
    "medicine": "MedicationRequest",
}
BY_CATEGORY = {"108252007": "lab", "363679005": "imaging", "3457005": "referral"}
MOST = 100
MADE_HERE = "MADE"


@dataclass(frozen=True, kw_only=True)
class Order:
    """One draft. `kind` as in KINDS; `by` who wrote it last."""

    id: UUID
    kind: str
    what: str
    why: str
    dosage: str
    urgent: bool
    by: str
    changed_at: datetime


def orders(*, grant: Grant) -> tuple[Order, ...]:
    """The drafts that stand of the grant's patient, newest first, with the ledger's entry."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    chosen = kept(grant=grant, kinds=set(KINDS.values()), most=MOST)
    found = (_order(each) for each in reveal(grant=grant, chosen=chosen, panel="orders"))
    return tuple(sorted((each for each in found if each), key=lambda each: each.changed_at, reverse=True))


def _order(version: Version) -> Order | None:
    found: Any = read(version.type, version.body)
    if version.deed != MADE_HERE or (found.status, found.intent) != ("draft", "proposal"):
        return None
    is_medicine = version.type == "MedicationRequest"
    codes = {code for each in found.category for code in codes_of(each)}
    dosage = found.dosage_instruction if is_medicine else ()
    return Order(
        id=version.id,
        kind="medicine" if is_medicine else next((BY_CATEGORY[c] for c in codes if c in BY_CATEGORY), "lab"),
        what=named(found.medication_codeable_concept if is_medicine else found.code),
        why=named(first(found.reason_code)),
        dosage=(dosage[0].text or "") if dosage else "",
        urgent=found.priority == "urgent",
        by=(found.requester.display or "") if found.requester else "",
        changed_at=version.last_updated,
    )

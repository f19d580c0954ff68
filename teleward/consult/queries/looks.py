"""Who of the practice looked at a patient's data because of one visit, as the ledger has it."""

from typing import Any

from teleward.access.grants import Action, ActorKind, Grant
from teleward.audit.queries import LedgerEntry, whole_chain
from teleward.consult.queries.subjects import certain


def looks(*, grant: Grant) -> tuple[LedgerEntry, ...]:
    """Entries of staff whom the gate let in for the grant's visit, oldest first, from the whole chain."""
    grant.must_cover(Action.RECEIPT_READ)
    visit, chain = str(grant.about), whole_chain(patient=certain(grant.subject.patient))
    return tuple(reversed([entry for entry in chain if _is_look(entry.facts, visit)]))


def _is_look(facts: dict[str, Any], visit: str) -> bool:
    about_it = visit in {facts["visit"], facts["subject_id"]}
    return about_it and facts["outcome"] == "allow" and facts["actor_kind"] == ActorKind.STAFF.value

"""Who of the practice looked at a patient's data because of one visit, as the ledger has it."""

from typing import Any

from teleward.access.grants import Action, ActorKind, Grant
from teleward.access.queries.safeguards import held_until
from teleward.audit.queries import LedgerEntry, whole_chain
from teleward.consult.queries.subjects import certain

IN_AN_EMERGENCY = "p-breakglass"


def looks(*, grant: Grant) -> tuple[LedgerEntry, ...]:
    """Entries of staff whom the gate let in for the grant's visit, oldest first, from the whole chain."""
    grant.must_cover(Action.RECEIPT_READ)
    patient = certain(grant.subject.patient)
    visit, chain = str(grant.about), whole_chain(patient=patient)
    found = [entry for entry in chain if _is_look(entry.facts, visit)]
    if held_until(patient=patient) is not None:  # two people hold back word of emergencies, for safety
        found = [entry for entry in found if entry.facts["policy"] != IN_AN_EMERGENCY]
    return tuple(reversed(found))


def _is_look(facts: dict[str, Any], visit: str) -> bool:
    about_it = visit in {facts["visit"], facts["subject_id"]}
    return about_it and facts["outcome"] == "allow" and facts["actor_kind"] == ActorKind.STAFF.value

from uuid import UUID

import pytest

from teleward.audit.ledger import Entry
from teleward.kernel.ids import new_id


@pytest.fixture
def patient() -> UUID:
    return new_id()


def entry_about(patient: UUID | None, **changes: object) -> Entry:
    facts: dict[str, object] = {
        "actor_kind": "Staff",
        "actor_id": new_id(),
        "actor_role": "physician",
        "actor_organisation": new_id(),
        "action": "consult:note:read",
        "outcome": "allow",
        "subject_kind": "Patient",
        "subject_id": patient,
        "patient": patient,
        "kind": "note",
        "purpose": "TREAT",
        "policy": "p-appointment",
        "policy_set": "ab" * 32,
        "request_id": "0192-request",
        "client_address": "203.0.113.7",
        "via": "page",
    }
    return Entry(**{**facts, **changes})  # type: ignore[arg-type]  # facts of mixed types

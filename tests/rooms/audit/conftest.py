from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ground.database import Databases

from teleward.audit.formats.notes import Signer
from teleward.audit.ledger import Entry
from teleward.audit.operations.rounds import Rounds, connected
from teleward.kernel.ids import new_id


@pytest.fixture
def patient() -> UUID:
    return new_id()


@pytest.fixture
def signer() -> Signer:
    return Signer("ledger.test/1", Ed25519PrivateKey.generate())


@pytest.fixture
def sequencer(fresh_database: str, databases: Databases) -> Iterator[psycopg.Connection]:
    """A connection in the sequencer's role to the test's own database, each statement its own commit."""
    with connected(databases.sequencer_url) as connection:
        yield connection


@pytest.fixture
def rounds(sequencer: psycopg.Connection, signer: Signer, tmp_path: Path) -> Rounds:
    """A sequencer that has begun its day; `rounds.go()` is one round."""
    rounds = Rounds(connection=sequencer, signer=signer, memory=tmp_path / "signed")
    assert rounds.begin()
    rounds.go()  # the heads of the day
    return rounds


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

"""The auditor's check: silent over an honest ledger, and a plain sentence for each way to change one."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rooms.audit.conftest import entry_about
from rooms.audit.harms import HARMS, Harm

from teleward.audit import queries
from teleward.audit.formats.notes import Signer
from teleward.audit.ledger import append
from teleward.audit.operations import erasure, sequencing
from teleward.audit.operations.rounds import Rounds
from teleward.audit.queries import auditing
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

Audit = Callable[[], dict[str, str]]
OWNED = ("audit_event", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_daily", "audit_head")


@pytest.fixture
def audit(owner_connection: psycopg.Connection, signer: Signer) -> Audit:
    """What is found: kinds with their first sentence."""

    def look() -> dict[str, str]:
        found = auditing.examine(connection=owner_connection, keys=[signer.verifier])
        return {finding.kind: finding.sentence for finding in reversed(list(found))}

    return look


@pytest.fixture
def kept(rounds: Rounds, owner_connection: psycopg.Connection, patient: UUID) -> UUID:
    """The ledger of two patients: twelve entries, three checkpoints, a head each; gives the first patient."""
    other = new_id()
    for turn in range(3):
        for about in (patient, None, patient, other):
            append(entry=entry_about(about))
        if turn == 1:
            owner_connection.execute("SELECT audit_keep_heads('2031-01-02')")
        rounds.go()
    for table in OWNED:
        owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    return patient


def test_an_honest_ledger_is_well(kept: UUID, audit: Audit) -> None:
    assert audit() == {}


def test_an_empty_ledger_is_well(fresh_database: str, audit: Audit) -> None:
    assert audit() == {}


def test_entries_that_wait_for_their_place_are_well(kept: UUID, audit: Audit) -> None:
    append(entry=entry_about(kept))
    assert audit() == {}


def test_an_erased_patient_leaves_a_ledger_that_is_well_and_every_proof(
    rounds: Rounds, owner_connection: psycopg.Connection, audit: Audit, patient: UUID
) -> None:
    receipts = [append(entry=entry_about(patient)) for _ in range(3)]
    stays = append(entry=entry_about(new_id()))
    rounds.go()
    before = queries.inclusion(event=receipts[1].id)
    assert erasure.erase(connection=owner_connection, patient=patient) == 3
    assert erasure.erase(connection=owner_connection, patient=patient) == 0
    append(entry=entry_about(patient))
    rounds.go()
    assert audit() == {}
    newest, *erased = queries.of_patient(patient=patient)
    assert [entry.is_erased for entry in erased] == [True, True, True]
    assert [(entry.body, entry.salt, entry.facts["action"]) for entry in erased] == [("", b"", "")] * 3
    assert queries.first_break(entries=[newest, *erased]) is None
    after = queries.inclusions(events=[receipt.id for receipt in receipts])
    assert before
    assert after.keys() == {receipt.id for receipt in receipts}
    assert after[receipts[1].id].hashes[: len(before.hashes)] == before.hashes
    row = owner_connection.execute("SELECT body FROM audit_event WHERE id = %s", [stays.id]).fetchone()
    assert row
    assert row[0].startswith("{")


ERASING = "SELECT set_config('audit.erasing', patient::text, false) FROM audit_event;"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET body = NULL, salt = NULL",
        f"{ERASING} UPDATE audit_event SET leaf = ''",
        f"{ERASING} UPDATE audit_event SET body = 'x', salt = ''",
    ],
)
def test_nothing_but_an_erasure_empties_an_entry_and_an_erasure_does_nothing_else(
    fresh_database: str, owner_connection: psycopg.Connection, patient: UUID, statement: str
) -> None:
    append(entry=entry_about(patient))
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        owner_connection.execute(statement)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.what)
def test_each_change_by_the_owner_of_the_tables_is_found_and_named(
    kept: UUID, owner_connection: psycopg.Connection, audit: Audit, harm: Harm
) -> None:
    for statement in harm.statements:
        owner_connection.execute(statement.replace("{patient}", str(kept)))
    found = audit()
    assert found.keys() == harm.kinds
    assert any(harm.words in sentence for sentence in found.values())


def test_an_entry_kept_out_of_the_tree_is_found(
    kept: UUID, rounds: Rounds, owner_connection: psycopg.Connection, audit: Audit
) -> None:
    hidden = append(entry=entry_about(kept))
    owner_connection.execute("UPDATE audit_event SET tx = '1' WHERE id = %s", [hidden.id])
    append(entry=entry_about(kept))
    rounds.go()
    assert audit() == {}
    owner_connection.execute("UPDATE audit_checkpoint SET at = at + interval '11 minutes'")
    assert list(audit()) == ["unsealed"]


def test_an_entry_dated_back_or_ahead_is_found(
    kept: UUID, rounds: Rounds, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours, kind in ((-20, "backdated"), (20, "ahead")):
        at = now() + timedelta(hours=hours)
        monkeypatch.setattr("teleward.audit.ledger.now", lambda at=at: at)
        append(entry=entry_about(kept))
        rounds.go()
        assert kind in audit()


def test_a_tree_signed_with_another_key_or_with_none_known_is_found(
    kept: UUID, owner_connection: psycopg.Connection, signer: Signer
) -> None:
    stranger = Signer("ledger.test/1", Ed25519PrivateKey.generate())
    found = list(auditing.examine(connection=owner_connection, keys=[stranger.verifier]))
    assert {finding.kind for finding in found} == {"signature"}
    (alone,) = auditing.examine(connection=owner_connection, keys=[])
    assert str(alone) == "No key is known, so no signature could be checked."
    assert auditing.verifiers_of(vkeys=[signer.vkey, signer.vkey]) == [signer.verifier]


def test_larger_tiles_are_checked_too(
    rounds: Rounds, owner_connection: psycopg.Connection, audit: Audit
) -> None:
    for _ in range(600):
        append(entry=entry_about(None))
    rounds.go()
    assert audit() == {}
    owner_connection.execute("ALTER TABLE audit_tile DISABLE TRIGGER ALL")
    harm = "UPDATE audit_tile SET data = '\\x00'::bytea || substr(data, 2) WHERE level = 1"
    owner_connection.execute(harm)
    assert audit() == {"tile": "Tile 1/0 of the tree was changed."}
    owner_connection.execute("DELETE FROM audit_tile WHERE level = 1")
    assert audit() == {"tile": "Tile 1/0 of the tree is missing."}
    with pytest.raises(sequencing.Diverged, match="cannot be built"):
        rounds.go()

"""The ledger as the application meets it: one way in, nothing else."""

import hashlib
import json
import threading
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from rooms.audit.conftest import entry_about

from teleward.audit import queries
from teleward.audit.ledger import append
from teleward.kernel.ids import new_id


@pytest.mark.django_db
def test_an_entry_is_kept_word_for_word_with_who_what_why_and_from_where(patient: UUID) -> None:
    entry = entry_about(patient, detail={"note": "n1", "café": 1})
    receipt = append(entry=entry)
    (kept,) = queries.of_patient(patient=patient)
    assert kept.id == receipt.id
    assert kept.leaf == receipt.leaf
    assert kept.facts == json.loads(kept.body)
    wanted = {
        "actor_id": str(entry.actor_id),
        "action": "consult:note:read",
        "purpose": "TREAT",
        "client_address": "203.0.113.7",
        "request_id": "0192-request",
        "policy": "p-appointment",
        "policy_set": "ab" * 32,
        "at": str(receipt.at),
    }
    assert wanted.items() <= kept.facts.items()
    assert '"café":1' in kept.body


@pytest.mark.django_db
def test_the_leaf_is_the_salted_rfc_9162_commitment(patient: UUID) -> None:
    append(entry=entry_about(patient))
    append(entry=entry_about(patient))
    second, first = queries.of_patient(patient=patient)
    hashed = hashlib.sha256(second.salt + (2).to_bytes(8, "big") + first.leaf + second.body.encode()).digest()
    assert second.leaf == hashlib.sha256(b"\x00" + hashed).digest()
    assert (first.number, first.prev_leaf) == (1, bytes(32))
    assert first.salt != second.salt
    assert len(first.salt) == 16


@pytest.mark.django_db
def test_each_patient_has_a_chain_without_gaps(patient: UUID) -> None:
    other = new_id()
    for about in (patient, other, patient, None, patient):
        append(entry=entry_about(about))
    chain = queries.of_patient(patient=patient)
    assert [kept.number for kept in chain] == [3, 2, 1]
    assert queries.first_break(entries=chain) is None
    assert [kept.number for kept in queries.of_patient(patient=other)] == [1]


@pytest.mark.django_db
def test_reading_goes_page_by_page(patient: UUID) -> None:
    for _ in range(7):
        append(entry=entry_about(patient))
    first = queries.of_patient(patient=patient, most=3)
    then = queries.of_patient(patient=patient, most=3, before=first[-1].number)
    assert [kept.number for kept in [*first, *then]] == [7, 6, 5, 4, 3, 2]


@pytest.mark.django_db
def test_a_long_chain_is_read_to_its_beginning(patient: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        append(entry=entry_about(patient))
    monkeypatch.setattr(queries.chains, "MOST", 3)
    assert [kept.number for kept in queries.whole_chain(patient=patient)] == [7, 6, 5, 4, 3, 2, 1]
    assert list(queries.whole_chain(patient=new_id())) == []


@pytest.mark.django_db
def test_an_entry_of_another_patient_is_not_found_under_this_one(patient: UUID) -> None:
    receipt = append(entry=entry_about(new_id()))
    assert queries.of_event(patient=patient, event=receipt.id) is None


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM audit_event",
        "SELECT * FROM audit_head",
        "INSERT INTO audit_event SELECT gen_random_uuid(), now(), NULL, NULL, NULL, ''::bytea, '', ''::bytea",
        "UPDATE audit_event SET body = ''",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_head SET pn = 0",
        "DROP TABLE audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP FUNCTION audit_append(uuid, timestamptz, uuid, text)",
        "SET ROLE teleward_owner",
    ],
)
@pytest.mark.django_db
def test_the_application_can_do_nothing_else_to_the_ledger(statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET body = ''", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_even_the_owner_of_the_tables_does_not_change_it_by_accident(
    fresh_database: None, owner_connection: psycopg.Connection, statement: str, patient: UUID
) -> None:
    append(entry=entry_about(patient))
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        owner_connection.execute(statement)


@pytest.mark.django_db
def test_an_entry_too_large_to_be_honest_is_refused(patient: UUID) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        append(entry=entry_about(patient, detail={"text": "x" * 70_000}))


def test_writers_at_the_same_time_leave_no_gap_and_no_fork(fresh_database: None, patient: UUID) -> None:
    def write() -> None:
        for _ in range(20):
            append(entry=entry_about(patient))
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    chain = queries.of_patient(patient=patient)
    assert [kept.number for kept in chain] == list(range(80, 0, -1))
    assert queries.first_break(entries=chain) is None


@pytest.mark.parametrize(
    ("harm", "found_at"),
    [
        ("UPDATE audit_event SET body = replace(body, 'note', 'bill') WHERE pn = 2", 2),
        ("DELETE FROM audit_event WHERE pn = 2", 3),
        ("UPDATE audit_event SET prev_leaf = leaf WHERE pn = 3", 3),
    ],
)
def test_a_change_behind_the_applications_back_shows(
    fresh_database: None, owner_connection: psycopg.Connection, patient: UUID, harm: str, found_at: int
) -> None:
    for _ in range(4):
        append(entry=entry_about(patient))
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
    owner_connection.execute(harm)
    owner_connection.commit()
    assert queries.first_break(entries=queries.of_patient(patient=patient)) == found_at

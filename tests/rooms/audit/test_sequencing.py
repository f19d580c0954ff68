"""Every entry gets one place in the tree, whenever its transaction ends, and what is signed never forks."""

import threading
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from ground.database import Databases
from rooms.audit.conftest import entry_about

from teleward.audit import queries, tree
from teleward.audit.formats.checkpoints import Checkpoint, opened
from teleward.audit.formats.notes import Signer
from teleward.audit.ledger import append
from teleward.audit.operations import sequencing
from teleward.audit.operations.rounds import Rounds, connected
from teleward.command import roles
from teleward.kernel.ids import new_id


def places(owner: psycopg.Connection) -> list[tuple[int, UUID]]:
    return owner.execute("SELECT seq, event FROM audit_leaf ORDER BY seq").fetchall()


def test_each_entry_gets_its_place_in_the_order_of_its_chain(
    rounds: Rounds, owner_connection: psycopg.Connection, patient: UUID
) -> None:
    wanted = [append(entry=entry_about(about)).id for about in (patient, None, patient, new_id())]
    assert rounds.go() == 4
    assert places(owner_connection) == list(enumerate(wanted))
    assert rounds.go() == 0


def test_an_entry_whose_transaction_ends_late_gets_its_place_late_and_nothing_gets_two(
    rounds: Rounds, owner_connection: psycopg.Connection, databases: Databases
) -> None:
    with psycopg.connect(databases.app_url) as late:
        text = '{"v":1}'
        slow, lost = new_id(), new_id()
        late.execute("SELECT audit_append(%s, now(), %s, %s)", [slow, new_id(), text])
        quick = [append(entry=entry_about(None)).id for _ in range(3)]
        assert rounds.go() == 3
        quick.append(append(entry=entry_about(None)).id)
        assert rounds.go() == 1
        late.commit()
        assert rounds.go() == 1
        late.execute("SELECT audit_append(%s, now(), %s, %s)", [lost, new_id(), text])
        late.rollback()
    assert rounds.go() == 0
    assert [event for _seq, event in places(owner_connection)] == [*quick, slow]


def test_entries_restored_from_another_cluster_are_found_once_and_not_looked_at_again(
    rounds: Rounds, signer: Signer, owner_connection: psycopg.Connection, databases: Databases
) -> None:
    restored = append(entry=entry_about(None)).id
    with owner_connection.transaction():
        owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        owner_connection.execute("UPDATE audit_event SET tx = '4000000000'")
    assert rounds.go() == 0
    with connected(databases.sequencer_url) as again:
        fresh = sequencing.place_entries(connection=again, since=sequencing.FROM_THE_BEGINNING)
        assert (fresh.added, int(fresh.since) < 4_000_000_000) == (1, True)
        later = append(entry=entry_about(None)).id
        assert sequencing.place_entries(connection=again, since=fresh.since).added == 1
    assert [event for _seq, event in places(owner_connection)] == [restored, later]


def test_writers_who_overlap_lose_nothing(
    rounds: Rounds, owner_connection: psycopg.Connection, patient: UUID
) -> None:
    def write() -> None:
        for turn in range(15):
            with transaction.atomic():
                append(entry=entry_about(patient if turn % 2 else new_id()))
                append(entry=entry_about(None))
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        rounds.go()
    rounds.go()
    found = places(owner_connection)
    assert [seq for seq, _event in found] == list(range(90))
    assert {event for _seq, event in found} == {
        row[0] for row in owner_connection.execute("SELECT id FROM audit_event")
    }
    in_chain = owner_connection.execute(
        "SELECT pn FROM audit_leaf JOIN audit_event ON event = id WHERE patient = %s ORDER BY seq", [patient]
    ).fetchall()
    assert in_chain == [(number,) for number in range(1, 22)]


def test_a_backlog_is_worked_off_in_parts(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch, owner_connection: psycopg.Connection
) -> None:
    wanted = [append(entry=entry_about(None)).id for _ in range(7)]
    found = sequencing.place_entries(connection=rounds.connection, since="0", most=3)
    assert (found.added, found.size, found.since) == (3, 3, "0")
    assert rounds.go() == 4
    assert [event for _seq, event in places(owner_connection)] == wanted


def test_the_checkpoint_is_signed_over_the_tree_of_all_leaves(rounds: Rounds, signer: Signer) -> None:
    leaves = [append(entry=entry_about(None)).leaf for _ in range(5)]
    rounds.go()
    grown = tree.Frontier()
    for leaf in leaves:
        grown.add(leaf)
    newest = queries.latest_checkpoint()
    assert newest
    said = opened(note=newest.note, verifier=signer.verifier)
    assert said == Checkpoint("ledger.test/1", 5, grown.root)
    assert (newest.size, newest.root, newest.origin) == (5, grown.root, "ledger.test/1")
    assert [key.vkey for key in queries.log_keys()] == [signer.vkey]


def test_two_sequencers_never_work_at_once(rounds: Rounds, signer: Signer, databases: Databases) -> None:
    with connected(databases.sequencer_url) as other:
        second = Rounds(connection=other, signer=signer, memory=rounds.memory)
        assert not second.begin()
        rounds.connection.close()
        owner_sees_it_gone(databases)
        assert second.begin()


def owner_sees_it_gone(databases: Databases) -> None:
    """Waits until the server has ended the closed connection."""
    with psycopg.connect(databases.owner_url, autocommit=True) as owner:
        statement = (
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
            "AND d.datname = current_database() WHERE locktype = 'advisory' AND (classid, objid) = (7284, 1)"
        )
        while owner.execute(statement).fetchone() != (0,):
            pass


def test_a_sequencer_that_ended_between_placing_and_signing_goes_on_where_it_stopped(
    rounds: Rounds, signer: Signer, databases: Databases
) -> None:
    append(entry=entry_about(None))
    sequencing.place_entries(connection=rounds.connection, since="0")
    rounds.connection.close()
    owner_sees_it_gone(databases)
    append(entry=entry_about(None))
    with connected(databases.sequencer_url) as again:
        second = Rounds(connection=again, signer=signer, memory=rounds.memory)
        assert second.begin()
        assert second.go() == 1
    newest = queries.latest_checkpoint()
    assert newest
    assert newest.size == 2


def test_a_sequencer_that_ended_between_signing_and_publishing_signs_no_fork(
    rounds: Rounds, signer: Signer, databases: Databases
) -> None:
    append(entry=entry_about(None))
    sequencing.place_entries(connection=rounds.connection, since="0")
    sealed = sequencing.seal(connection=rounds.connection, signer=signer, before=None)
    assert sealed
    rounds.memory.write_text(sealed.checkpoint.text)
    rounds.connection.close()
    owner_sees_it_gone(databases)
    append(entry=entry_about(None))
    with connected(databases.sequencer_url) as again:
        second = Rounds(connection=again, signer=signer, memory=rounds.memory)
        assert second.begin()
        second.go()
    path = queries.consistency(old_size=1, new_size=2)
    newest = queries.latest_checkpoint()
    assert newest
    roots = {"old_root": sealed.checkpoint.root, "new_root": newest.root}
    assert tree.is_consistent(old=1, new=2, path=path, **roots)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DELETE FROM audit_leaf WHERE seq = 2", "3 entries were signed, but the database has 2"),
        (
            "UPDATE audit_tile SET data = overlay(data PLACING '\\x00000000' FROM 40)",
            "The first 3 entries are not those that were signed",
        ),
        (
            "UPDATE audit_tile SET data = substr(data, 1, 64), width = 2",
            "The tree of 3 entries cannot be built",
        ),
    ],
)
def test_nothing_is_signed_on_top_of_a_tree_that_is_not_the_one_signed_before(
    rounds: Rounds, owner_connection: psycopg.Connection, harm: str, said: str
) -> None:
    for _ in range(3):
        append(entry=entry_about(None))
    rounds.go()
    for table in ("audit_leaf", "audit_tile", "audit_checkpoint"):
        owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    owner_connection.execute("DELETE FROM audit_checkpoint")
    owner_connection.execute(harm)
    remembered = Checkpoint.parse(rounds.memory.read_text())
    with pytest.raises(sequencing.Diverged, match=said):
        sequencing.seal(connection=rounds.connection, signer=rounds.signer, before=remembered)
    assert queries.latest_checkpoint() is None


def test_a_key_with_a_new_name_begins_a_new_memory(rounds: Rounds) -> None:
    rounds.memory.write_text(Checkpoint("another.test/1", 900, bytes(32)).text)
    append(entry=entry_about(None))
    assert rounds.go() == 1
    assert Checkpoint.parse(rounds.memory.read_text()).origin == "ledger.test/1"


def test_an_entry_wakes_a_sequencer_that_sleeps_and_disturbs_none_that_works(
    rounds: Rounds, databases: Databases
) -> None:
    rounds.go()
    append(entry=entry_about(None))
    assert list(rounds.connection.notifies(timeout=0)) == []
    rounds.go()
    with rounds.asleep() as alone:
        assert alone
        append(entry=entry_about(None))
        (woken,) = rounds.connection.notifies(timeout=60, stop_after=1)
    assert woken.channel == "audit_appended"


def test_no_sequencer_falls_asleep_over_an_entry_that_is_being_written(
    rounds: Rounds, databases: Databases
) -> None:
    with psycopg.connect(databases.app_url) as writer:
        writer.execute("SELECT audit_append(%s, now(), NULL, '{}')", [new_id()])
        with rounds.asleep() as alone:
            assert not alone
        writer.commit()
    with rounds.asleep() as alone:
        assert alone


def test_a_sleeping_sequencer_seals_the_entry_that_woke_it(
    rounds: Rounds, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.audit.operations.rounds.QUIET_ROUNDS", 1)
    monkeypatch.setattr("teleward.audit.operations.rounds.LONGEST_SLEEP", 3600.0)
    asleep = (
        "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database() "
        "WHERE locktype = 'advisory' AND (classid, objid) = (7284, 2) AND granted"
    )

    def work() -> None:
        with suppress(psycopg.OperationalError):
            rounds.for_ever()

    worker = threading.Thread(target=work)
    worker.start()
    while (sleeper := owner_connection.execute(asleep).fetchone()) is None:
        pass
    append(entry=entry_about(None))
    while queries.latest_checkpoint() is None:
        pass
    databases_end(owner_connection, sleeper[0])
    worker.join()
    assert len(places(owner_connection)) == 1


def databases_end(owner: psycopg.Connection, pid: int) -> None:
    """Cuts the sequencer's connection, as the end of the database would."""
    with roles.connect(Path(owner.info.host), owner.info.dbname) as above:
        above.execute("SELECT pg_terminate_backend(%s)", [pid])

"""An older copy of the ledger was brought back: it is seen, and there are two honest ways on."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from ground.database import Databases
from rooms.audit.conftest import entry_about

from teleward.audit import queries
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.notes import Signer
from teleward.audit.ledger import append
from teleward.audit.operations.restoring import NotReplayed, begin_anew, replay, standing
from teleward.audit.operations.rounds import Rounds
from teleward.audit.operations.sequencing import Diverged
from teleward.audit.queries import auditing
from teleward.command.home import Home
from teleward.command.ledger_restore import restore
from teleward.command.log_key import KEY, PUBLIC, SIGNED
from teleward.command.refusal import CannotContinue
from teleward.kernel.ids import new_id

Owner = psycopg.Connection[tuple[Any, ...]]
TABLES = ("audit_event", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_daily", "audit_head")


COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND attidentity = '' AND NOT attisdropped
"""


class Backups:
    """Copies of the ledger's tables, each in a schema of its own."""

    def __init__(self, owner: Owner, url: str) -> None:
        self.owner, self.url = owner, url

    def take(self, name: str) -> None:
        """A backup as it would be taken now."""
        self.owner.execute(f"CREATE SCHEMA {name}")
        for table in TABLES:
            self.owner.execute(f"CREATE TABLE {name}.{table} AS TABLE public.{table}")

    def bring_back(self, name: str) -> None:
        """That backup is the database again."""
        for table in TABLES:
            self.owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            self.owner.execute(f"DELETE FROM {table}")
            columns = self._columns(table)
            self.owner.execute(f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM {name}.{table}")
            self.owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")

    def open(self, name: str) -> Owner:
        """The backup beside the database, as another one."""
        return psycopg.connect(self.url, options=f"-c search_path={name}", autocommit=True)

    def _columns(self, table: str) -> str:
        return ", ".join(str(name) for (name,) in self.owner.execute(COLUMNS, [table]))


@pytest.fixture
def backups(owner_connection: Owner, databases: Databases) -> Backups:
    return Backups(owner_connection, databases.owner_url)


@pytest.fixture
def known(rounds: Rounds, backups: Backups, patient: UUID) -> Checkpoint:
    """What was signed last of a ledger backed up at night and in the evening; the older one is back."""
    for backup in ("night", "evening"):
        for about in (patient, new_id(), None, patient) * 3:
            append(entry=entry_about(about))
        rounds.go()
        backups.take(backup)
    newest = queries.latest_checkpoint()
    assert newest
    rounds.connection.execute("SELECT pg_advisory_unlock_all()")  # Teleward is stopped
    backups.bring_back("night")
    return Checkpoint(newest.origin, newest.size, newest.root)


@pytest.fixture
def evening(known: Checkpoint, backups: Backups) -> Iterator[Owner]:
    with backups.open("evening") as copy:
        yield copy


def _said(owner: Owner, known: Checkpoint, patient: UUID) -> list[tuple[int, bytes]]:
    assert standing(connection=owner, known=[known]).state == "whole"
    return [(entry.number, entry.leaf) for entry in queries.of_patient(patient=patient)]


def test_a_ledger_that_holds_what_was_signed_is_whole(
    rounds: Rounds, owner_connection: Owner, patient: UUID
) -> None:
    assert standing(connection=owner_connection, known=[]).state == "whole"
    append(entry=entry_about(patient))
    rounds.go()
    newest = queries.latest_checkpoint()
    assert newest
    signed = Checkpoint(newest.origin, newest.size, newest.root)
    append(entry=entry_about(patient))
    rounds.go()
    assert standing(connection=owner_connection, known=[signed]).state == "whole"


def test_an_older_copy_is_behind_and_nothing_is_signed_on_top_of_it(
    known: Checkpoint, rounds: Rounds, owner_connection: Owner
) -> None:
    stands = standing(connection=owner_connection, known=[known])
    assert (stands.state, stands.size, stands.known) == ("behind", 12, known)
    with pytest.raises(Diverged, match="Was it restored from a backup"):
        rounds.go()


def test_a_ledger_that_says_something_else_is_another(known: Checkpoint, owner_connection: Owner) -> None:
    other = Checkpoint(known.origin, 12, bytes(32))
    assert standing(connection=owner_connection, known=[known, other]).state == "other"


def test_the_missing_entries_come_back_from_another_copy(
    known: Checkpoint, evening: Owner, rounds: Rounds, owner_connection: Owner, signer: Signer, patient: UUID
) -> None:
    assert replay(connection=owner_connection, copy=evening, known=known) == known.size - 12
    assert len(_said(owner_connection, known, patient)) == 12
    append(entry=entry_about(patient))
    rounds.go()
    newest = queries.latest_checkpoint()
    assert newest
    assert newest.size > known.size
    assert list(auditing.examine(connection=owner_connection, keys=[signer.verifier])) == []
    assert queries.first_break(entries=queries.of_patient(patient=patient)) is None


HARMS = {
    "DELETE FROM audit_leaf WHERE seq = 20": "has 11 of the 12 entries",
    "UPDATE audit_event SET body = replace(body, 'TREAT', 'x')": "was changed after it was written",
    "UPDATE audit_leaf SET seq = 29 - seq WHERE seq IN (14, 15)": "is not the one that was signed",
    "UPDATE audit_tile SET data = '\\x00'::bytea || substr(data, 2)": "does not begin with",
}


def test_a_copy_that_is_not_what_was_signed_is_refused_and_nothing_changes(
    known: Checkpoint, evening: Owner, owner_connection: Owner
) -> None:
    for harm, told in HARMS.items():
        with evening.transaction(force_rollback=True):
            evening.execute(harm)
            with pytest.raises(NotReplayed, match=told):
                replay(connection=owner_connection, copy=evening, known=known)
        assert standing(connection=owner_connection, known=[known]).size == 12


def test_while_somebody_seals_nothing_is_brought_back(
    known: Checkpoint, evening: Owner, rounds: Rounds, owner_connection: Owner
) -> None:
    assert rounds.begin()
    with pytest.raises(NotReplayed, match="Stop Teleward first"):
        replay(connection=owner_connection, copy=evening, known=known)


def test_entries_written_since_are_not_pushed_aside(
    known: Checkpoint, evening: Owner, owner_connection: Owner, patient: UUID
) -> None:
    append(entry=entry_about(patient))
    with pytest.raises(NotReplayed, match="Entries were written after"):
        replay(connection=owner_connection, copy=evening, known=known)


def test_a_new_ledger_names_the_old_one_and_goes_on_under_a_new_name(
    known: Checkpoint, rounds: Rounds, owner_connection: Owner, signer: Signer
) -> None:
    stands = standing(connection=owner_connection, known=[known])
    begin_anew(stands=stands, old=signer.name, new="ledger.test/2", reason="the disk broke")
    rounds.signer = Signer("ledger.test/2", signer.key)
    rounds.go()
    newest = queries.latest_checkpoint()
    assert newest
    assert (newest.origin, newest.size) == ("ledger.test/2", 13)
    row = owner_connection.execute(
        "SELECT body::jsonb -> 'detail' FROM audit_event ORDER BY nr DESC LIMIT 1"
    ).fetchone()
    assert row
    assert row[0] == {
        "follows": "ledger.test/1",
        "origin": "ledger.test/2",
        "because": "the disk broke",
        "stood": "behind",
        "size": 12,
        "root": row[0]["root"],
        "known-size": known.size,
        "known-root": row[0]["known-root"],
    }
    keys = [signer.verifier, rounds.signer.verifier]
    assert list(auditing.examine(connection=owner_connection, keys=keys)) == []


@pytest.fixture
def home(known: Checkpoint, signer: Signer, tmp_path: Path) -> Home:
    """The installation whose sequencer signed that ledger."""
    home = Home(folder=tmp_path / "home")
    home.sequencer.mkdir(parents=True)
    seed = signer.key.private_bytes_raw().hex()
    for name, text in ((KEY, f"{signer.name}\n{seed}\n"), (PUBLIC, signer.vkey), (SIGNED, known.text)):
        (home.sequencer / name).write_text(text)
    return home


def _asked(**options: object) -> argparse.Namespace:
    return argparse.Namespace(**({"checkpoint": [], "copy": None, "new_origin": None} | options))


def test_the_command_says_what_is_missing_and_does_what_was_asked(
    home: Home,
    known: Checkpoint,
    databases: Databases,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEWARD_OWNER_DATABASE_URL", databases.owner_url)
    assert restore(home, _asked()) == 1
    told = capsys.readouterr().out
    assert "The ledger ends at entry 12, but 24 were signed" in told
    assert "teleward ledger restore --from URL" in told
    copy = psycopg.conninfo.make_conninfo(databases.owner_url, options="-c search_path=evening")
    assert restore(home, _asked(copy=copy)) == 0
    assert "12 entries were brought back" in capsys.readouterr().out
    assert restore(home, _asked()) == 0
    assert "Nothing to do" in capsys.readouterr().out


def test_the_command_begins_a_new_ledger_and_puts_the_old_key_aside(
    home: Home,
    signer: Signer,
    databases: Databases,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TELEWARD_OWNER_DATABASE_URL", databases.owner_url)
    (home.sequencer / SIGNED).unlink()
    newest = queries.latest_checkpoint()
    assert newest
    (tmp_path / "kept").write_text(signer.sign(Checkpoint(signer.name, 12, bytes(32)).text))
    options = {"checkpoint": [tmp_path / "kept"], "new_origin": "the disk broke"}
    assert restore(home, _asked(**options)) == 0
    told = capsys.readouterr().out
    assert "somebody changed it" in told
    assert "A new ledger begins: ledger.test/ledger/" in told
    assert (home.sequencer / "before-1" / KEY).exists()
    assert (home.sequencer / PUBLIC).read_text() != signer.vkey
    with pytest.raises(CannotContinue, match="holds no checkpoint"):
        restore(home, _asked(**options))

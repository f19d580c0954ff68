"""The ledger in the database and a witness over HTTP: what is signed here is seen there."""

import threading
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ground.database import Databases
from rooms.audit.conftest import entry_about
from rooms.audit.witness.service import Service

from teleward.audit.formats.cosignatures import seen_at
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Signature, Signer
from teleward.audit.ledger import append
from teleward.audit.operations.publishing import Shelf, asking, known_witnesses
from teleward.audit.operations.rounds import Rounds, connected
from teleward.audit.queries.checkpoints import latest_checkpoint
from teleward.audit.witnessing.client import KnownWitness
from teleward.audit.witnessing.publisher import Publisher
from teleward.command import main


@pytest.fixture
def signer(origin: str) -> Signer:
    """The key of a log that this test alone has."""
    return Signer(origin, Ed25519PrivateKey.generate())


@pytest.fixture
def asked(witness: KnownWitness, service: Service, signer: Signer) -> KnownWitness:
    """The witness, told to watch the ledger of this test."""
    service.watch(signer.name, signer)
    return witness


def _newest() -> str:
    newest = latest_checkpoint()
    assert newest is not None
    return newest.note


def test_each_checkpoint_is_cosigned_while_the_ledger_goes_on(
    rounds: Rounds, patient: UUID, asked: KnownWitness, databases: Databases
) -> None:
    shelf = Shelf(lambda: connected(databases.sequencer_url))
    publisher = Publisher([asked], shelf.ledger)
    for count in (1, 300, 2):
        for _ in range(count):
            append(entry=entry_about(patient))
        rounds.go()
        assert publisher.round() is None
        assert seen_at(note=_newest(), witness=asked.verifier) > 1_700_000_000
    publisher.round()
    assert _newest().count(f"— {asked.verifier.name} ") == 1
    shelf.close()


def test_the_publisher_is_woken_by_the_sequencer(
    rounds: Rounds, patient: UUID, asked: KnownWitness, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, keep = threading.Event(), Shelf.keep

    def keep_and_say(shelf: Shelf, size: int, lines: tuple[Signature, ...]) -> None:
        keep(shelf, size, lines)
        kept.set()

    monkeypatch.setattr(Shelf, "keep", keep_and_say)
    with asking(url=databases.sequencer_url, witnesses=[asked]) as publisher:
        rounds.published = lambda _connection: publisher.wake()
        for _ in range(2):
            kept.clear()
            append(entry=entry_about(patient))
            rounds.go()
            assert kept.wait(30)
    assert seen_at(note=_newest(), witness=asked.verifier)


def test_a_connection_that_broke_is_made_anew(rounds: Rounds, patient: UUID, databases: Databases) -> None:
    append(entry=entry_about(patient))
    rounds.go()
    made = [connected(databases.sequencer_url) for _ in range(2)]
    shelf = Shelf(iter(made).__next__)
    first = shelf.latest()
    made[1].execute("SELECT pg_terminate_backend(%s)", [made[0].info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        shelf.latest()
    assert shelf.latest() == first
    shelf.close()


def test_witnesses_are_named_in_one_setting(witness: KnownWitness) -> None:
    told = f"{witness.vkey} {witness.url}"
    assert known_witnesses(told="") == ()
    assert known_witnesses(told=f"{told}, {told}/x,") == (
        witness,
        KnownWitness(f"{witness.url}/x", witness.vkey),
    )
    with pytest.raises(Malformed):
        known_witnesses(told="hello")


def test_a_setting_that_names_no_witness_stops_the_start_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELEWARD_SEQUENCER_DATABASE_URL", "postgresql://nowhere.invalid")
    monkeypatch.setenv("TELEWARD_WITNESSES", "https://witness.example")
    assert main.main(["sequencer", "--folder", str(tmp_path)]) == 1
    assert "TELEWARD_WITNESSES is not a list of keys and addresses" in capsys.readouterr().err

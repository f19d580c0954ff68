"""Checkpoints go to the witnesses by themselves, and nobody waits for a witness."""

import threading
from dataclasses import dataclass, field

from ground.processes import free_port
from rooms.audit.witness.service import Log

from teleward.audit.formats.cosignatures import seen_at
from teleward.audit.formats.notes import Note, Signature
from teleward.audit.witnessing.client import KnownWitness
from teleward.audit.witnessing.publisher import Ledger, Publisher


@dataclass
class Kept:
    """What the sequencer would keep."""

    log: Log
    lines: dict[int, tuple[Signature, ...]] = field(default_factory=dict)
    arrived: threading.Event = field(default_factory=threading.Event)

    def keep(self, size: int, lines: tuple[Signature, ...]) -> None:
        self.lines[size] = lines
        self.arrived.set()

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.log.note, self.log.history.consistency, self.keep)


def test_the_publisher_takes_each_new_checkpoint_to_the_witness(witness: KnownWitness, origin: str) -> None:
    kept = Kept(Log(origin).grow(2))
    publisher = Publisher([witness], kept.ledger)
    publisher.start()
    for size in (2, 7):
        assert kept.arrived.wait(30)
        kept.arrived.clear()
        note = Note.parse(kept.log.note(size)).with_signatures(kept.lines[size])
        assert seen_at(note=str(note), witness=witness.verifier)
        kept.log.grow(5)
        publisher.wake()
    assert kept.arrived.wait(30)
    publisher.stop()
    assert sorted(kept.lines) == [2, 7, 12]


def test_a_witness_that_is_away_is_asked_again_ever_later_and_the_other_at_once(
    witness: KnownWitness, origin: str
) -> None:
    kept, at = Kept(Log(origin).grow(2)), 0.0
    away = KnownWitness(f"http://127.0.0.1:{free_port()}", witness.vkey)
    publisher = Publisher([away, witness], kept.ledger, clock=lambda: at)
    waits = []
    for _ in range(11):
        waits.append(publisher.round())
        at += waits[-1] or 0.0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert list(kept.lines) == [2]
    assert publisher.round() == 300
    kept.log.grow(1)
    assert publisher.round() == 300
    assert list(kept.lines) == [2, 3]
    assert publisher.refusals == {}


def test_a_refusal_is_told_until_the_witness_signs_again(witness: KnownWitness, origin: str) -> None:
    honest, at = Log(origin).grow(3), 0.0
    honest.signed_by(witness, 0)
    kept = Kept(Log(origin).grow(4, action="x"))
    shown = kept.log

    def note() -> str:
        return shown.note()

    def path(old: int, new: int) -> list[bytes]:
        return shown.history.consistency(old, new)

    publisher = Publisher([witness], Ledger(note, path, kept.keep), clock=lambda: at)
    assert publisher.round() == 1
    assert publisher.refusals == {witness: "422: This is not the log that had 3 entries."}
    shown, at = honest.grow(2), at + 1.0
    assert publisher.round() is None
    assert publisher.refusals == {}

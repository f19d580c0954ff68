"""Eight ways to change the ledger with the database owner's rights in hand, and who notices each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from rooms.audit.conftest import entry_about
from rooms.audit.histories import cosigner
from rooms.audit.tampering.forger import Forger
from rooms.audit.tampering.parties import Auditor, Browser, Watcher, seals

from teleward.audit.formats.notes import Signer
from teleward.audit.ledger import append
from teleward.audit.operations.rounds import Rounds
from teleward.audit.witnessing.memory import Memory
from teleward.audit.witnessing.witness import Witness
from teleward.kernel.ids import new_id

SAME, HONEST = frozenset[str](), 200


@dataclass(frozen=True)
class Seen:
    """What each party says after an attack.

    The browser its reason, the witness a status, the audit what it found, the sequencer whether it signs.
    """

    browser: str = ""
    witness: int = HONEST
    auditor: frozenset[str] = SAME
    sequencer: bool = True


TABLE = {
    "edit": Seen(browser="changed", auditor=frozenset({"changed"})),
    "edit_and_rechain": Seen(browser="changed", auditor=frozenset({"changed"})),
    "delete": Seen(browser="missing", auditor=frozenset({"changed", "missing"})),
    "reorder": Seen(browser="changed", auditor=frozenset({"changed", "order"})),
    "truncate": Seen(browser="rollback", witness=400, sequencer=False),
    "fork": Seen(browser="fork", witness=422, sequencer=False),
    "backdate": Seen(auditor=frozenset({"backdated"})),
    "suppress": Seen(browser="missing"),
    "rewrite": Seen(browser="fork", witness=422),
}
ATTACKS = {"edit", "delete", "reorder", "truncate", "fork", "backdate", "suppress", "rewrite"}


BACK = """
UPDATE audit_event e SET body = o.body, prev_leaf = o.prev_leaf, leaf = o.leaf
FROM honest_audit_event o WHERE e.id = o.id;
UPDATE audit_head h SET pn = o.pn, leaf = o.leaf FROM honest_audit_head o WHERE h.patient = o.patient;
"""


@dataclass
class Scene:
    """A ledger that has been seen: two checkpoints, a visit of the patient, a cosignature; then more."""

    browser: Browser
    watcher: Watcher
    auditor: Auditor
    forger: Forger
    rounds: Rounds

    def grow(self) -> None:
        for about in (self.browser.patient, new_id(), None, self.browser.patient):
            append(entry=entry_about(about))

    def looks(self) -> Seen:
        """Everybody looks again, after another checkpoint if one can be had."""
        signs = seals(self.rounds)
        return Seen(self.browser.visit(), self.watcher.ask(), frozenset(self.auditor.look()), signs)


@pytest.fixture
def scene(
    rounds: Rounds, owner_connection: psycopg.Connection, signer: Signer, patient: UUID, tmp_path: Path
) -> Iterator[Scene]:
    memory = Memory(tmp_path / "memory.sqlite3")
    memory.watch(origin=signer.name, vkey=signer.vkey)
    scene = Scene(
        Browser(patient),
        Watcher(Witness(cosigner(), memory)),
        Auditor(owner_connection, signer),
        Forger(owner_connection, signer, rounds, patient),
        rounds,
    )
    for _ in range(2):
        scene.grow()
        rounds.go()
    assert scene.looks() == Seen()
    scene.forger.unlock()
    yield scene
    memory.close()


@pytest.mark.parametrize("attack", TABLE)
def test_each_attack_is_seen_by_those_who_can_see_it(scene: Scene, attack: str) -> None:
    getattr(scene.forger, attack)()
    assert scene.looks() == TABLE[attack]


def test_eight_of_eight_attacks_are_seen_by_somebody_whom_the_forger_does_not_control() -> None:
    outside = {attack for attack in ATTACKS if TABLE[attack] != Seen()}
    assert outside == ATTACKS
    assert all(TABLE[attack].browser for attack in ATTACKS - {"backdate"})


def test_whoever_changes_nothing_alarms_nobody(scene: Scene) -> None:
    for _ in range(3):
        scene.grow()
        assert scene.looks() == Seen()


def test_the_honest_log_goes_on_after_the_witness_refused_the_forged_one(
    scene: Scene, owner_connection: psycopg.Connection
) -> None:
    for table in ("audit_event", "audit_head"):
        owner_connection.execute(f"CREATE TABLE honest_{table} AS SELECT * FROM {table}")
    scene.forger.fork()
    assert scene.watcher.ask() == 422
    owner_connection.execute(BACK)
    scene.forger._reseal()
    scene.grow()
    assert seals(scene.rounds)
    assert (scene.browser.visit(), scene.watcher.ask()) == ("", HONEST)
    assert len(scene.watcher.witness.memory.evidence()) == 1


def test_a_patient_who_never_looked_before_does_not_see_a_rewritten_ledger_and_the_witness_does(
    scene: Scene,
) -> None:
    scene.forger.rewrite()
    scene.browser.memory = None
    assert scene.browser.visit() == ""
    assert scene.watcher.ask() == 422

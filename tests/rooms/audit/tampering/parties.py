"""Those who can notice: a patient's browser, a witness, an auditor, and the sequencer itself."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from teleward.audit import queries
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.notes import Signer
from teleward.audit.operations.rounds import Rounds
from teleward.audit.operations.sequencing import Diverged
from teleward.audit.queries import auditing
from teleward.audit.witnessing.requests import AddCheckpoint
from teleward.audit.witnessing.witness import Witness
from teleward.trust.queries.proofs import _proofs
from teleward.trust.views.window import as_json

BROWSER = Path(__file__).with_name("browser.mjs")


def visits(visited: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the module of the patient's page says of each visit, in Node."""
    lines = "\n".join(json.dumps(one) for one in visited)
    ran = subprocess.run(
        ["node", BROWSER], input=lines, capture_output=True, text=True, check=True, timeout=600
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


@dataclass
class Browser:
    """A patient's browser, with what its last visit kept. The server answers as it does in the product."""

    patient: UUID
    memory: dict[str, Any] | None = None

    def visit(self, most: int = 200) -> str:
        """The reason why the page is red, "" when it is green."""
        seen = Checkpoint.parse(self.memory["checkpoint"]).size if self.memory else 0
        found = _proofs(
            queries.of_patient(patient=self.patient, most=most), lambda entry: entry.is_erased, seen
        )
        (told,) = visits(
            [{"proofs": json.loads(as_json(found).content) | {"newest": True}, "before": self.memory}]
        )
        self.memory = told.get("memory", self.memory)
        return str(told["reason"])


@dataclass
class Watcher:
    """The witness, asked by whoever holds the log's key, with the tiles that are in the database now."""

    witness: Witness
    seen: int = 0

    def ask(self) -> int:
        """The status of its answer to the newest checkpoint."""
        newest = queries.latest_checkpoint()
        assert newest
        path = (
            queries.consistency(old_size=self.seen, new_size=newest.size) if self.seen <= newest.size else ()
        )
        answer = self.witness.add_checkpoint(str(AddCheckpoint(self.seen, tuple(path), newest.note)).encode())
        self.seen = newest.size if answer.status == 200 else self.seen
        return answer.status


@dataclass
class Auditor:
    """`teleward ledger audit`, with the public key on paper."""

    connection: psycopg.Connection[tuple[Any, ...]]
    signer: Signer

    def look(self) -> set[str]:
        """The kinds of what is wrong."""
        keys = [self.signer.verifier]
        return {found.kind for found in auditing.examine(connection=self.connection, keys=keys)}


def seals(rounds: Rounds) -> bool:
    """Whether the sequencer, which remembers what it signed, still signs."""
    try:
        rounds.go()
    except Diverged:
        return False
    return True

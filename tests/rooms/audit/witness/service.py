"""A witness in a process of its own, and logs that ask it."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ground.processes import COMMAND, free_port, plain_environment
from rooms.audit.histories import History, signer

from teleward.audit.formats.cosignatures import Cosigner
from teleward.audit.formats.notes import Signature, Signer
from teleward.audit.witnessing.client import KnownWitness, cosigned
from teleward.audit.witnessing.memory import Memory
from teleward.command import main
from teleward.kernel.ids import new_id

NAME = "witness.example/second-practice"


@dataclass
class Service:
    """`teleward witness serve` on a free port, with key and memory in a folder of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[str] | None" = None

    @property
    def words(self) -> list[str]:
        """How the command begins."""
        return ["witness", "--folder", str(self.folder)]

    @property
    def known(self) -> KnownWitness:
        """As a ledger knows it."""
        seed = bytes.fromhex((self.folder / "key").read_text())
        return KnownWitness(self.url, Cosigner(NAME, Ed25519PrivateKey.from_private_bytes(seed)).vkey)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make(self) -> "Service":
        """Give it a key."""
        assert main.main([*self.words, "key", "--name", NAME]) == 0
        return self

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *self.words, "serve", "--port", str(self.port)],
            env=plain_environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"The witness answers at {self.url}\n"

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def watch(self, origin: str, by: Signer | None = None) -> None:
        """What `teleward witness add-log` does, beside the serving process."""
        memory = Memory(self.folder / "memory.sqlite3")
        memory.watch(origin=origin, vkey=(by or signer(name=origin)).vkey)
        memory.close()


@dataclass
class Log:
    """A log under a name, honest or not, with its true key."""

    origin: str
    history: History = field(default_factory=History)

    def grow(self, count: int, **facts: str) -> "Log":
        for _ in range(count):
            self.history.write(new_id(), **facts)
        return self

    def note(self, size: int | None = None) -> str:
        return signer(name=self.origin).sign(self.history.text(size, self.origin))

    def signed_by(self, witness: KnownWitness, seen: int, size: int | None = None) -> tuple[Signature, ...]:
        return cosigned(witness=witness, note=self.note(size), seen=seen, path=self.history.consistency)

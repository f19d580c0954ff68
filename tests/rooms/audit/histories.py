"""A ledger in memory, honest or not, with its tree, its signatures and the proof files of its patients."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from teleward.audit import tree
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.cosignatures import Cosigner
from teleward.audit.formats.files import ProvenEntry, proof_file
from teleward.audit.formats.notes import Note, Signer
from teleward.audit.formats.proofs import TlogProof
from teleward.audit.queries import NOTHING_BEFORE, leaf_of

ORIGIN = "practice.example/ledger"


def signer(seed: str = "log", name: str = ORIGIN) -> Signer:
    return Signer(name, _key(seed))


def cosigner(seed: str = "witness", name: str = "witness.example/w1") -> Cosigner:
    return Cosigner(name, _key(seed))


@lru_cache
def _key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An entry with its place in the tree."""

    patient: UUID
    index: int
    number: int
    previous: bytes
    leaf: bytes
    salt: bytes
    body: str


@dataclass
class History:
    """Entries in the order in which they were put into the tree."""

    entries: list[Kept] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def write(self, patient: UUID, **facts: str) -> Kept:
        """One more entry."""
        before = [entry for entry in self.entries if entry.patient == patient][-1:]
        number = before[0].number + 1 if before else 1
        previous = before[0].leaf if before else NOTHING_BEFORE
        told = {"at": f"2026-11-22 10:{number % 60:02}:00+00:00", "action": "access:patient:read"} | facts
        body = json.dumps({"outcome": "allow", "purpose": "TREAT", "patient": str(patient)} | told)
        salt = hashlib.sha256(f"{patient} {number} {body}".encode()).digest()[:16]
        leaf = leaf_of(salt=salt, number=number, prev_leaf=previous, body=body)
        kept = Kept(patient=patient, index=len(self.entries), number=number, previous=previous,
                    leaf=leaf, salt=salt, body=body)  # fmt: skip
        self.entries.append(kept)
        return kept

    def node(self, height: int, index: int) -> bytes:
        """The hash of a perfect subtree of the leaves."""
        if height == 0:
            return self.entries[index].leaf
        known = self.nodes.get((height, index))
        if known is None:
            left, right = self.node(height - 1, 2 * index), self.node(height - 1, 2 * index + 1)
            known = self.nodes[height, index] = tree.node_hash(left, right)
        return known

    def root(self, size: int) -> bytes:
        return tree.range_hash(0, size, self.node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        return [tree.range_hash(*one, self.node) for one in tree.consistency_ranges(old, new)]

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        return tuple(tree.range_hash(*one, self.node) for one in tree.inclusion_ranges(index, size))

    def text(self, size: int | None = None, origin: str = ORIGIN) -> str:
        """The text of the checkpoint over the first `size` entries, or over all."""
        size = len(self.entries) if size is None else size
        return Checkpoint(origin, size, self.root(size)).text

    def signed(self, size: int | None = None, *, by: Signer | None = None) -> str:
        """The checkpoint signed by the log."""
        return (by or signer()).sign(self.text(size))

    def witnessed(self, size: int | None = None, *, at: int = 1_795_300_000) -> str:
        """The checkpoint signed by the log and cosigned by a witness."""
        note = Note.parse(self.signed(size))
        return str(note.with_signatures([cosigner().cosign(text=note.text, at=at)]))

    def proof(self, entry: Kept, note: str) -> str:
        size = Checkpoint.parse(note).size
        return str(TlogProof(entry.index, self.inclusion(entry.index, size), note))

    def file(self, entries: list[Kept], note: str) -> str:
        """The proof file that a patient would be given."""
        proven = [
            ProvenEntry(number=entry.number, previous=entry.previous, leaf=entry.leaf, salt=entry.salt,
                        body=entry.body, proof=self.proof(entry, note))
            for entry in entries
        ]  # fmt: skip
        return proof_file(log=signer().vkey, witnesses=[cosigner().vkey], entries=proven)

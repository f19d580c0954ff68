"""Milliseconds to make the proof of one entry out of 1,000,000, as the application makes it.

The figure is the median over 1,000 entries chosen at random (seed 9162), each checked by the verifier of RFC
9162; the slowest twentieth is printed beside it, and the price per proof when fifty are asked for at once.
Floor: one prepared look-up of an entry's number, the same way over the same connection.
Data: a million leaves SHA-256(number), laid through the tile builder as the sequencer does it.
"""

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from bench.figures import Figure
from bench.ground import practice
from teleward.audit import queries, tiles, tree
from teleward.audit.formats.checkpoints import Checkpoint, opened
from teleward.audit.formats.notes import Signer
from teleward.audit.operations.sequencing import KEEP, PLACE, root_at
from teleward.audit.statements import ask
from teleward.command import roles

LEAVES = 1_000_000
BATCH = 50_000
ASKED = 1000
AT_ONCE = 50
FLOOR = "SELECT seq FROM audit_sequenced(%s)"
SIGNER = Signer("bench.test/ledger", Ed25519PrivateKey.generate())
Asked = TypeVar("Asked")
CHANCE = random.Random(9162)  # noqa: S311 - a seed for a bench, no secret


def measure() -> list[Figure]:
    with practice():
        begun = time.perf_counter()
        events = _laid()
        print(f"a tree of {LEAVES} leaves laid in {time.perf_counter() - begun:.0f} s")
        asked = CHANCE.sample(range(LEAVES), ASKED)
        proofs = {seq: queries.inclusion(event=events[seq]) for seq in asked}
        assert all(_holds(seq, proof) for seq, proof in proofs.items())  # noqa: S101 - a figure of wrong proofs is none
        took = _milliseconds(lambda seq: queries.inclusion(event=events[seq]), asked)
        floor = _milliseconds(lambda seq: ask(FLOOR, [[events[seq]]]), asked)
        parts = [asked[start : start + AT_ONCE] for start in range(0, ASKED, AT_ONCE)]
        many = _milliseconds(lambda part: queries.inclusions(events=[events[seq] for seq in part]), parts)
    print(
        f"one at a time: median {_median(took):.2f} ms, a twentieth above {sorted(took)[-ASKED // 20]:.2f} ms"
    )
    print(f"{AT_ONCE} at once: {_median(many) / AT_ONCE:.2f} ms each")
    return [
        Figure(name="milliseconds-at-1e6", value=_median(took), unit="ms", floor=_median(floor), goal="<=1")
    ]


def _laid() -> list[UUID]:
    """The tree in the database; gives the events by their numbers."""
    events = [UUID(int=CHANCE.getrandbits(128), version=4) for _ in range(LEAVES)]
    place = connections["owner"].settings_dict
    with psycopg.connect(
        host=place["HOST"], dbname=place["NAME"], user=roles.SEQUENCER, autocommit=True
    ) as connection:
        edge: dict[tiles.TileName, bytes] = {}
        for size in range(0, LEAVES, BATCH):
            leaves = [_leaf(seq) for seq in range(size, min(size + BATCH, LEAVES))]
            changed = tiles.extended(size=size, edge=edge, leaves=leaves)
            edge |= changed
            connection.execute(PLACE, [size, events[size : size + len(leaves)]])
            names = [list(part) for part in zip(*changed, strict=True)]
            connection.execute(KEEP, [*names, list(changed.values())])
        said = Checkpoint(SIGNER.name, LEAVES, root_at(connection=connection, size=LEAVES))
        connection.execute(
            "INSERT INTO audit_checkpoint (size, note) VALUES (%s, %s)", [LEAVES, SIGNER.sign(said.text)]
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE audit_leaf, audit_tile, audit_checkpoint")
    return events


def _leaf(seq: int) -> bytes:
    return hashlib.sha256(str(seq).encode()).digest()


def _holds(seq: int, proof: queries.Proof | None) -> bool:
    if proof is None:
        return False
    root = opened(note=proof.checkpoint, verifier=SIGNER.verifier).root
    return tree.is_included(leaf=_leaf(seq), index=seq, size=LEAVES, path=proof.hashes, root=root)


def _milliseconds(work: Callable[[Asked], object], asked: list[Asked]) -> list[float]:
    def each() -> Iterator[float]:
        for one in asked:
            begun = time.perf_counter()
            work(one)
            yield (time.perf_counter() - begun) * 1000

    return list(each())


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]

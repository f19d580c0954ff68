"""Ten thousand honest sequences: what a browser, a witness and a proof file say of each. Nothing."""

import random
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from rooms.audit.histories import History, Kept, cosigner, signer
from rooms.audit.tampering.parties import visits

from teleward.audit import tree, verify
from teleward.audit.formats.checkpoints import Checkpoint, opened
from teleward.audit.formats.cosignatures import seen_at
from teleward.kernel.ids import new_id

HISTORIES, PAIRS = 100, 100
MOST, SHOWN = 24, 1  # entries of a history; newest entries of a patient that are shown


class Honest:
    """A history whose signed checkpoints are remembered."""

    def __init__(self, chance: random.Random) -> None:
        self.history = History()
        self.people = [new_id() for _ in range(3)]
        for _ in range(chance.randint(2, MOST)):
            self.history.write(chance.choice(self.people))
        self.note = cache(self.history.witnessed)
        self.signed = cache(self.believed)

    @property
    def size(self) -> int:
        return len(self.history.entries)

    def believed(self, size: int) -> Checkpoint:
        """The checkpoint of that size, once log and witness have signed it."""
        assert seen_at(note=self.note(size), witness=cosigner().verifier)
        return opened(note=self.note(size), verifier=signer().verifier)

    def chain(self, person: object, size: int) -> list[Kept]:
        """A patient's entries in the tree of that size, newest first."""
        return [one for one in reversed(self.history.entries[:size]) if one.patient == person]

    def visit(self, person: object, old: int, new: int) -> dict[str, Any] | None:
        """A second visit: what was kept when the tree had `old` entries, what is sent when it has `new`."""
        before, now = self.chain(person, old), self.chain(person, new)
        if not before:
            return None
        path = [_text(one) for one in self.history.consistency(old, new)] if old < new else []
        kept = {"checkpoint": self.note(old), "key": log_key(), "number": before[0].number}
        proofs = {
            "checkpoint": self.note(new),
            "key": log_key(),
            "witnesses": [witness_key()],
            "consistency": path,
            "newest": True,
            "entries": [self.sent(one, new) for one in now[:SHOWN]],
        }
        return {"before": kept | {"leaf": _text(before[0].leaf)}, "proofs": proofs}

    def sent(self, entry: Kept, size: int) -> dict[str, Any]:
        return {
            "number": entry.number,
            "prev": _text(entry.previous),
            "leaf": _text(entry.leaf),
            "salt": _text(entry.salt),
            "body": entry.body,
            "index": entry.index,
            "path": [_text(one) for one in self.history.inclusion(entry.index, size)],
        }


@cache
def log_key() -> str:
    return signer().vkey


@cache
def witness_key() -> str:
    return cosigner().vkey


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def _sequences() -> Iterator[tuple[Honest, int, int, dict[str, Any]]]:
    """Sequences without end, of one seed: a history, an older size, a newer one, and the visit between."""
    chance = random.Random(20261122)  # noqa: S311 - the same histories every time
    while True:
        honest = Honest(chance)
        for _ in range(PAIRS):
            old = chance.randint(1, honest.size)
            new = chance.randint(old, honest.size)
            visit = honest.visit(chance.choice(honest.people), old, new)
            if visit:
                yield honest, old, new, visit


def test_ten_thousand_honest_sequences_alarm_nobody() -> None:
    found = _sequences()
    taken = [next(found) for _ in range(HISTORIES * PAIRS)]
    told = visits([visit for _honest, _old, _new, visit in taken])
    assert len(told) == 10_000
    assert {(one["reason"], bool(one["memory"])) for one in told} == {("", True)}
    for honest, old, new, _visit in taken:
        path = honest.history.consistency(old, new)
        roots = {"old_root": honest.signed(old).root, "new_root": honest.signed(new).root}
        assert tree.is_consistent(old=old, new=new, path=path, **roots)


def test_thirty_honest_proof_files_hold(tmp_path: Path) -> None:
    chance = random.Random(20261122)  # noqa: S311 - the same histories every time
    for _ in range(10):
        honest = Honest(chance)
        for person in honest.people:
            entries = honest.chain(person, honest.size)
            path = tmp_path / f"{person}.teleward-proof.json"
            path.write_text(honest.history.file(entries[:2], honest.note(honest.size)))
            found = verify.checked_file(path)
            assert (found.wrong, len(found.good)) == ([], len(entries[:2]))

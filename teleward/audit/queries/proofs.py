"""Proofs over the tree: that an entry is in it, and that it only grew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from teleward.audit import tiles, tree
from teleward.audit.formats.proofs import TlogProof
from teleward.audit.statements import ask

PARTS = "SELECT event, seq, size, note, level, n, data FROM audit_proof_parts($1)"


class TooNew(ValueError):
    """The tree has not grown to that size yet, or no entry of that number."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That the entry `event` is the leaf `seq` (from 0) of the tree of `size` that the checkpoint signs.

    `hashes` lead from the leaf to the root, 32 bytes each; `checkpoint` is the note with all cosignatures.
    """

    event: UUID
    seq: int
    size: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The proof as a file (C2SP tlog-proof)."""
        return str(TlogProof(self.seq, self.hashes, self.checkpoint))


def inclusion(*, event: UUID) -> Proof | None:
    """The proof of one entry against the newest checkpoint; None until one covers it, about a second."""
    return inclusions(events=[event]).get(event)


def inclusions(*, events: Sequence[UUID]) -> dict[UUID, Proof]:
    """The proofs of many entries against the same checkpoint; those not covered yet are left out."""
    rows = ask(PARTS, [list(events)])
    kept = {(level, number): data for *_place, level, number, data in rows if data is not None}
    return {
        event: Proof(
            event=event,
            seq=seq,
            size=size,
            hashes=tiles.hashes_of(tree.inclusion_ranges(seq, size), kept),
            checkpoint=note,
        )
        for event, seq, size, note, *_tile in rows
        if event is not None
    }


def consistency(*, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The hashes that prove that the tree of `new_size` begins with the one of `old_size` (RFC 9162, 2.1.4).

    Raises TooNew when it never had that size.
    """
    try:
        ranges = tree.consistency_ranges(old_size, new_size)
        return tiles.hashes_of(ranges, _tiles(tiles.tiles_for(ranges)))
    except (ValueError, tiles.TilesDamaged) as impossible:
        raise TooNew(str(impossible)) from impossible


def _tiles(names: Iterable[tiles.TileName]) -> tiles.Tiles:
    levels, numbers = zip(*sorted(names), strict=True) if (names := set(names)) else ((), ())
    rows = ask("SELECT level, n, data FROM audit_tiles($1, $2)", [list(levels), list(numbers)])
    return {(level, number): data for level, number, data in rows}

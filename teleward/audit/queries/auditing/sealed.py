"""Whether the tree is the one that was signed, and whether each of its leaves has its entry, in its time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from teleward.audit import tiles, tree
from teleward.audit.queries.auditing.findings import LATE, Connection, Finding, moment, streamed
from teleward.audit.queries.auditing.signatures import Kept

BOTTOM = "SELECT n, data FROM audit_tile WHERE level = 0 ORDER BY n"
ABOVE = "SELECT level, n, data FROM audit_tile WHERE level > 0"
PLACES = """
SELECT l.seq, l.event, e.id IS NULL, e.leaf, e.at, e.body IS NULL,
    substr(t.data, (l.seq %% 256 * 32 + 1)::int, 32)
FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event
LEFT JOIN audit_tile t ON t.level = 0 AND t.n = l.seq / 256
ORDER BY l.seq
"""


def check_tree(connection: Connection, signed: Sequence[Kept]) -> Iterator[Finding]:
    """The hashes of all leaves lead to every signed root, and what is stored above them is what they make."""
    grown, roots = tree.Frontier(), {kept.size: kept for kept in signed}
    sound, above = 0, dict[tiles.TileName, bytes]()
    for number, data in streamed(connection, BOTTOM):
        if number * tiles.WIDTH != grown.size:
            yield Finding(kind="tile", sentence=f"Tile 0/{grown.size // tiles.WIDTH} of the tree is missing.")
            return
        for start in range(0, len(data), tiles.HASH):
            grown.add(data[start : start + tiles.HASH])
            kept = roots.pop(grown.size, None)
            if kept is not None and kept.root != grown.root:
                yield _other_root(sound, kept)
                return
            sound = kept.size if kept else sound
        if len(data) == tiles.FULL:
            _stack(above, number, data)
    yield from _not_reached(roots, grown.size)
    yield from _different_above(connection, above)


def check_places(connection: Connection, signed: Sequence[Kept]) -> Iterator[Finding]:
    """Each leaf has one entry with its hash, and the entries' times fit their places."""
    expected, times = 0, _Times(signed)
    for seq, event, is_gone, leaf, at, is_erased, hashed in streamed(connection, PLACES):
        if seq != expected:
            told = f"The entries at the places {expected} to {seq - 1} of the tree were removed."
            yield Finding(kind="missing", sentence=told)
        expected = seq + 1
        yield from _other_entry(seq, event, None if is_gone else leaf, hashed)
        if not is_gone and not is_erased:
            yield from times.misfits(seq, event, at)
    if signed and expected < signed[-1].size:
        told = f"{signed[-1].size} entries were sealed, but only {expected} have a place."
        yield Finding(kind="missing", sentence=told)


def _other_entry(seq: int, event: object, leaf: bytes | None, hashed: bytes) -> Iterator[Finding]:
    if leaf is None:
        told = f"The entry {event}, at place {seq} of the tree, was removed."
        yield Finding(kind="missing", sentence=told)
    elif leaf != hashed:
        told = f"The entry {event} is not the one that was sealed at place {seq} of the tree."
        yield Finding(kind="changed", sentence=told)


class _Times:
    """Whether the times that entries claim fit their places, asked in the order of places."""

    def __init__(self, signed: Sequence[Kept]) -> None:
        self._ahead = list(reversed(signed))
        self._newest = datetime.min.replace(tzinfo=UTC) + LATE  # claimed so far

    def misfits(self, seq: int, event: object, at: datetime) -> Iterator[Finding]:
        """What is wrong with the time that the entry at this place claims."""
        while self._ahead and seq >= self._ahead[-1].size:
            self._ahead.pop()
        sealed_at = self._ahead[-1].at if self._ahead else at
        if at < self._newest - LATE:
            told = f"The entry {event} claims {moment(at)}, but stands after one of {moment(self._newest)}."
            yield Finding(kind="backdated", sentence=told)
        if at > sealed_at + LATE:
            told = f"The entry {event} claims {moment(at)}, but was sealed at {moment(sealed_at)} already."
            yield Finding(kind="ahead", sentence=told)
        self._newest = max(self._newest, min(at, sealed_at))


def _other_root(sound: int, kept: Kept) -> Finding:
    told = (
        f"The tree of {kept.size} entries is not the one that was signed at {moment(kept.at)}: "
        f"an entry at one of the places {sound} to {kept.size - 1} was exchanged, moved, added or removed."
    )
    return Finding(kind="tree", sentence=told)


def _not_reached(roots: dict[int, Kept], size: int) -> Iterator[Finding]:
    for kept in roots.values():
        told = f"A tree of {kept.size} entries was signed at {moment(kept.at)}, but only {size} are left."
        yield Finding(kind="tree", sentence=told)


def _stack(above: dict[tiles.TileName, bytes], number: int, data: bytes) -> None:
    """Adds the root of a full bottom tile to the tiles above."""
    above.update(tiles.extended(size=number, edge=above, leaves=[tiles.root_of(data)]))


def _different_above(connection: Connection, above: dict[tiles.TileName, bytes]) -> Iterator[Finding]:
    for level, number, data in streamed(connection, ABOVE):
        if above.pop((level - 1, number), None) != data:
            yield Finding(kind="tile", sentence=f"Tile {level}/{number} of the tree was changed.")
    for level, number in above:
        yield Finding(kind="tile", sentence=f"Tile {level + 1}/{number} of the tree is missing.")

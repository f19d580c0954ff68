"""Tiles of 256 hashes (C2SP tlog-tiles): how a tree is stored. Pure functions over bytes.

Tile (level, n) holds the hashes of the perfect subtrees of 256**level leaves, from the (256 * n)-th on, as
up to 256 times 32 bytes. It only ever grows to the right, and what lies between two levels is computed.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256 as _sha256

from teleward.audit import tree

HASH = 32
HEIGHT = 8
WIDTH = 1 << HEIGHT
FULL = WIDTH * HASH  # bytes
KEPT = 128  # tiles whose inner hashes are remembered: 2 MB at most

TileName = tuple[int, int]  # level, n
Tiles = Mapping[TileName, bytes]


class TilesDamaged(Exception):
    """The stored tiles are not what a tree of this size has."""


def tile_of(height: int, index: int) -> TileName:
    """The tile that a perfect subtree is computed from."""
    level, inside = divmod(height, HEIGHT)
    return level, index << inside >> HEIGHT


def tiles_for(ranges: Iterable[tree.Range]) -> set[TileName]:
    """Every tile that the hashes of these ranges need."""
    return {tile_of(*place) for start, end in ranges for place in tree.perfect_subtrees(start, end)}


def hashes_of(ranges: Iterable[tree.Range], tiles: Tiles) -> tuple[bytes, ...]:
    """The hash of each range. Raises TilesDamaged when a tile is missing or too short."""

    def node(height: int, index: int) -> bytes:
        inside = height % HEIGHT
        try:
            inner = _inner(bytes(tiles[tile_of(height, index)]))
            return _at(inner[inside], index % (WIDTH >> inside))
        except LookupError as missing:
            raise TilesDamaged(f"no hash of height {height} at {index}") from missing

    return tuple(tree.range_hash(start, end, node) for start, end in ranges)


def edge_of(size: int) -> set[TileName]:
    """The tiles on the right edge that are not full, of a tree of `size`."""
    found, level = set(), 0
    while size:
        if size % WIDTH:
            found.add((level, size // WIDTH))
        size, level = size // WIDTH, level + 1
    return found


def extended(*, size: int, edge: Tiles, leaves: Sequence[bytes]) -> dict[TileName, bytes]:
    """The tiles that are new, or wider, once these leaf hashes follow a tree of `size` with this right edge.

    Raises TilesDamaged when the edge is not as wide as the size says.
    """
    changed: dict[TileName, bytes] = {}
    level, count, hashes = 0, size, list(leaves)
    while hashes:
        first, width = divmod(count, WIDTH)
        begun = bytes(edge[level, first]) if width and (level, first) in edge else b""
        if len(begun) != width * HASH:
            raise TilesDamaged(f"tile {level}/{first} has {len(begun) // HASH} hashes instead of {width}")
        whole = begun + b"".join(hashes)
        parts = [whole[start : start + FULL] for start in range(0, len(whole), FULL)]
        changed |= {(level, first + offset): part for offset, part in enumerate(parts)}
        hashes = [root_of(part) for part in parts if len(part) == FULL]
        level, count = level + 1, first
    return changed


def root_of(full: bytes) -> bytes:
    """The one hash over a tile that is full."""
    return _inner(full)[HEIGHT]


@lru_cache(maxsize=KEPT)
def _inner(data: bytes) -> tuple[bytes, ...]:
    """The hashes of a tile and those above them that are complete: one row of bytes for each height.

    The bytes themselves are the key: what is remembered can never belong to another tree.
    """
    rows = [data]
    for _height in range(HEIGHT):
        pairs = range(0, len(data) - HASH, 2 * HASH)
        data = b"".join([_sha256(b"\x01" + data[start : start + 2 * HASH]).digest() for start in pairs])
        rows.append(data)
    return tuple(rows)


def _at(row: bytes, place: int) -> bytes:
    found = row[place * HASH : (place + 1) * HASH]
    if not found:
        raise IndexError(place)
    return found

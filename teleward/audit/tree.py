"""The Merkle tree of RFC 9162, section 2.1: roots, proofs and their verification. Pure functions.

A proof is a list of hashes of ranges of leaves. Which ranges, follows from numbers alone; so one can first
say what is needed, fetch it, and then hash. A range [start, end) is covered by perfect subtrees, each named
by (height, index): the hash over the 2**height leaves from index * 2**height on.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Range = tuple[int, int]
Place = tuple[int, int]
Node = Callable[[int, int], bytes]  # height, index -> the hash of that perfect subtree
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """The 32-byte hash of one entry as a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash over two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove the leaf `index` (from 0) in a tree of `size`, its neighbour first."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `new` leaves begins with that of `old`."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not grow out of one of {old}")
    if old in {0, new}:
        return []
    low, high, found = 0, new, []
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return ([(low, high)] if low else []) + found[::-1]


def perfect_subtrees(start: int, end: int) -> list[Place]:
    """The perfect subtrees that a range of a proof, or a whole tree, consists of, from left to right."""
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append((height, start >> height))
        start += 1 << height
    return found


def range_hash(start: int, end: int, node: Node) -> bytes:
    """The hash over a range of a proof, or over a whole tree (from 0)."""
    hashes = [node(height, index) for height, index in perfect_subtrees(start, end)]
    return folded(hashes)


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbours of falling size; of none, that of the empty tree."""
    if not hashes:
        return EMPTY_ROOT
    right = hashes[-1]
    for left in reversed(hashes[:-1]):
        right = node_hash(left, right)
    return right


def is_included(*, leaf: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether the path leads from this leaf hash at this index to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(neighbour, found)
            here, last = _to_the_next_left(here, last)
        else:
            found = node_hash(found, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(*, old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the path shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not 0 < old < new or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    return _roots_by(hashes, old - 1, new - 1) == (old_root, new_root)


class Frontier:
    """A tree of which only the perfect subtrees on the right edge are kept: it grows, and knows its root."""

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf hash on the right."""
        carried, count = leaf, self.size
        while count & 1:
            carried = node_hash(self._hashes.pop(), carried)
            count >>= 1
        self._hashes.append(carried)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over everything added so far."""
        return folded(self._hashes)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _to_the_next_left(here: int, last: int) -> tuple[int, int]:
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _roots_by(hashes: list[bytes], here: int, last: int) -> tuple[bytes, bytes] | None:
    """The two roots that a consistency path leads to, or None if it is too short or too long."""
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = hashes[0]
    for neighbour in hashes[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            here, last = _to_the_next_left(here, last)
        else:
            new = node_hash(new, neighbour)
        here, last = here >> 1, last >> 1
    return (old, new) if last == 0 else None

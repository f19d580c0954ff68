"""Checking paths of an RFC 9162 tree without the tree: inclusion (§2.1.3.2), consistency (§2.1.4.2)."""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours as one node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf hash at `index` (from 0) to the root over `size` leaves."""
    if not 0 <= index < size:
        return False
    climbed = _climb(index, size - 1, leaf, path)
    return climbed is not None and climbed[1] == root


def is_extended(*, old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` begins with the tree of `old_size`: nothing changed, only added."""
    if old_size in {0, size}:
        empty = EMPTY_ROOT if old_size == 0 else root
        return not path and old_root == empty and (size > 0 or root == EMPTY_ROOT)
    if not 0 < old_size < size:
        return False
    known = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(known) and _climb(at, last, known[0], known[1:]) == (old_root, root)


def _climb(at: int, last: int, start: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots reached without and with what stands to the right; None where the length is wrong."""
    small = large = start
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            small, large = node_hash(sibling, small), node_hash(sibling, large)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            large = node_hash(large, sibling)
        at, last = at >> 1, last >> 1
    return (small, large) if last == 0 else None

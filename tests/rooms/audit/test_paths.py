"""Inclusion and consistency against an implementation of others, and against small changes."""

import json
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from teleward.audit.formats.paths import EMPTY_ROOT, is_extended, is_included, leaf_hash

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors/ledger.json").read_text())
ROOTS = {known["size"]: b64decode(known["root"]) for known in VECTORS["checkpoints"]}


def leaf(number: int) -> bytes:
    return leaf_hash(sha256(f"entry {number}".encode()).digest())


def path_of(known: dict[str, Any]) -> list[bytes]:
    return [b64decode(one) for one in known["path"]]


def test_every_path_of_the_other_implementation_holds() -> None:
    for known in VECTORS["inclusion"]:
        index, size = known["index"], known["size"]
        assert is_included(leaf=leaf(index), index=index, size=size, path=path_of(known), root=ROOTS[size])
    for known in VECTORS["consistency"]:
        old, size = known["old"], known["size"]
        assert is_extended(
            old_size=old, old_root=ROOTS[old], size=size, root=ROOTS[size], path=path_of(known)
        )
    assert len(VECTORS["inclusion"]) + len(VECTORS["consistency"]) > 100


def _spoiled(path: list[bytes]) -> list[list[bytes]]:
    turned = [[*path[:at], bytes(32), *path[at + 1 :]] for at in range(len(path))]
    return [*turned, path[:-1], [*path, bytes(32)]] if path else [[bytes(32)]]


def test_no_path_holds_with_a_hash_changed_left_out_or_added_or_at_another_place() -> None:
    for known in VECTORS["inclusion"]:
        index, size, path, root = known["index"], known["size"], path_of(known), ROOTS[known["size"]]
        for bad in _spoiled(path):
            assert not is_included(leaf=leaf(index), index=index, size=size, path=bad, root=root)
        for wrong in (-1, size, *range(max(0, index - 2), index)):
            assert not is_included(leaf=leaf(index), index=wrong, size=size, path=path, root=root)


def test_no_tree_extends_another_with_a_root_or_a_hash_changed() -> None:
    for known in VECTORS["consistency"]:
        old, size, path = known["old"], known["size"], path_of(known)
        for bad in _spoiled(path):
            assert not is_extended(
                old_size=old, old_root=ROOTS[old], size=size, root=ROOTS[size], path=bad
            ), (old, size)
        assert not is_extended(old_size=old, old_root=bytes(32), size=size, root=ROOTS[size], path=path)
        assert not is_extended(old_size=old, old_root=ROOTS[old], size=size, root=bytes(32), path=path)


def test_a_tree_extends_itself_and_the_empty_one_by_no_path() -> None:
    for size, root in ROOTS.items():
        assert is_extended(old_size=size, old_root=root, size=size, root=root, path=[])
        assert is_extended(old_size=0, old_root=EMPTY_ROOT, size=size, root=root, path=[])
        assert not is_extended(old_size=size, old_root=bytes(32), size=size, root=root, path=[])
        assert not is_extended(old_size=0, old_root=bytes(32), size=size, root=root, path=[])
        assert not is_extended(old_size=0, old_root=EMPTY_ROOT, size=size, root=root, path=[root])


def test_a_tree_never_shrinks() -> None:
    for smaller, larger in pairwise(sorted(ROOTS)):
        assert not is_extended(
            old_size=larger, old_root=ROOTS[larger], size=smaller, root=ROOTS[smaller], path=[]
        )


@pytest.mark.parametrize(("root", "holds"), [(EMPTY_ROOT, True), (bytes(32), False)])
def test_the_empty_tree_has_one_root(root: bytes, holds: bool) -> None:
    assert is_extended(old_size=0, old_root=EMPTY_ROOT, size=0, root=root, path=[]) is holds

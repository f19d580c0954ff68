"""The tree of RFC 9162 against known answers of others, and against its definition for every small size.

Roots, paths and consistency proofs over the eight leaves: the tests of certificate-transparency and of
transparency-dev/merkle (testonly/constants.go, proof/verify_test.go); roots of up to 65,535 leaves: its
compact/range_test.go; tests/vectors/ledger.json: another implementation.
"""

import hashlib
import json
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleward.audit import tree

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
PATHS: list[tuple[int, int, list[str]]] = [
    (0, 1, []),
    (0, 8, [L1, N23, N4567]),
    (5, 8, [L4, N67, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], N23, L4]),
]
CONSISTENCY: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (1, 8, [L1, N23, N4567]),
    (6, 8, [N45, N67, ROOTS[4]]),
    (2, 5, [N23, L4]),
]
LARGE = {
    10: "VjWMPSYNtCuCNlF/RLnQy6HcwSk6CIipfxm+hettA+4=",
    255: "SmdsuKUqiod3RX2jyF2M6JnbdE4QuTwwipfAowI4/i0=",
    256: "qFI0t/tZ1MdOYgyPpPzHFiZVw86koScXy9q3FU5casA=",
    1000: "RXrgb8xHd55Y48FbfotJwCbV82Kx22LZfEbmBGAvwlQ=",
    4095: "cWRFdQhPcjn9WyBXE/r1f04ejxIm5lvg40DEpRBVS0w=",
    10000: "VZcav65F9haHVRk3wre2axFoBXRNeUh/1d9d5FQfxIg=",
    65535: "iPuVYJhP6SEE4gUFp8qbafd2rYv9YTCDYqAxCj8HdLM=",
}
OTHERS = json.loads((Path(__file__).parents[2] / "vectors" / "ledger.json").read_text())
MOST = 66  # every tree up to here is tried with every leaf and every older size

hashes = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
numbered = [tree.leaf_hash(number.to_bytes(2, "little")) for number in range(65535)]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1.1 writes it down."""
    if len(leaves) < 2:
        return leaves[0] if leaves else tree.EMPTY_ROOT
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return tree.node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def path_of(leaves: list[bytes], ranges: list[tree.Range]) -> list[bytes]:
    return [by_definition(leaves[start:end]) for start, end in ranges]


def unhex(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in path]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    def node(height: int, index: int) -> bytes:
        return by_definition(hashes[index << height : index + 1 << height])

    grown = tree.Frontier()
    for leaf in hashes[:size]:
        grown.add(leaf)
    assert tree.range_hash(0, size, node).hex() == ROOTS[size]
    assert (grown.root.hex(), grown.size) == (ROOTS[size], size)


def test_the_published_roots_of_large_trees_come_out() -> None:
    grown, found = tree.Frontier(), {}
    for number, leaf in enumerate(numbered, start=1):
        grown.add(leaf)
        if number in LARGE:
            found[number] = grown.root
    assert found == {size: b64decode(root) for size, root in LARGE.items()}


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_the_published_paths_come_out_and_lead_to_the_root(index: int, size: int, path: list[str]) -> None:
    assert path_of(hashes, tree.inclusion_ranges(index, size)) == unhex(path)
    root = bytes.fromhex(ROOTS[size])
    assert tree.is_included(leaf=hashes[index], index=index, size=size, path=unhex(path), root=root)


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_the_published_proofs_of_growth_come_out_and_hold(old: int, new: int, path: list[str]) -> None:
    assert path_of(hashes, tree.consistency_ranges(old, new)) == unhex(path)
    roots = {"old_root": bytes.fromhex(ROOTS[old]), "new_root": bytes.fromhex(ROOTS[new])}
    assert tree.is_consistent(old=old, new=new, path=unhex(path), **roots)


def test_another_implementation_makes_the_same_proofs() -> None:
    leaves = [tree.leaf_hash(hashlib.sha256(f"entry {number}".encode()).digest()) for number in range(300)]
    for one in OTHERS["inclusion"]:
        ours = path_of(leaves, tree.inclusion_ranges(one["index"], one["size"]))
        assert ours == [b64decode(each) for each in one["path"]]
    for one in OTHERS["consistency"]:
        ours = path_of(leaves, tree.consistency_ranges(one["old"], one["size"]))
        assert ours == [b64decode(each) for each in one["path"]]
    assert len(OTHERS["inclusion"]) + len(OTHERS["consistency"]) > 100


@pytest.mark.parametrize("size", range(1, MOST))
def test_every_leaf_of_every_small_tree_is_proven_and_only_where_it_stands(size: int) -> None:
    leaves = numbered[:size]
    root = by_definition(leaves)
    for index in range(size):
        path = path_of(leaves, tree.inclusion_ranges(index, size))

        def holds(at: int, path: list[bytes] = path, leaf: bytes = leaves[index]) -> bool:
            return tree.is_included(leaf=leaf, index=at, size=size, path=path, root=root)

        assert [at for at in range(-1, size + 1) if holds(at)] == [index]
        assert not holds(index, path=[*path, root])
        assert not path or not holds(index, path=path[:-1])


@pytest.mark.parametrize("new", range(1, MOST))
def test_every_small_tree_grows_out_of_every_smaller_one_and_of_no_other(new: int) -> None:
    new_root = by_definition(numbered[:new])
    for old in range(new + 1):
        old_root = by_definition(numbered[:old])
        path = path_of(numbered[:new], tree.consistency_ranges(old, new))

        def holds(old: int = old, path: list[bytes] = path, old_root: bytes = old_root) -> bool:
            return tree.is_consistent(old=old, new=new, path=path, old_root=old_root, new_root=new_root)

        assert holds()
        assert not holds(old_root=by_definition(numbered[1 : old + 1] or numbered[:1]))
        assert not holds(path=[*path, new_root])
        assert not path or not holds(path=path[:-1])


@settings(deadline=None)
@given(
    size=st.integers(1, 400),
    index=st.integers(0, 399),
    bit=st.integers(0, 255),
    which=st.integers(0, 20),
)
def test_a_path_with_one_changed_bit_leads_elsewhere(size: int, index: int, bit: int, which: int) -> None:
    index %= size
    leaves = numbered[:size]
    path = [leaves[index], *path_of(leaves, tree.inclusion_ranges(index, size))]
    place = which % len(path)
    path[place] = bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(path[place]))
    root = by_definition(leaves)
    assert not tree.is_included(leaf=path[0], index=index, size=size, path=path[1:], root=root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (11, 7)])
def test_a_leaf_that_is_not_there_has_no_path(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion_ranges(index, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4)])
def test_a_tree_does_not_shrink(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not grow"):
        tree.consistency_ranges(old, new)
    assert not tree.is_consistent(old=old, new=new, path=[b""], old_root=b"", new_root=b"")

"""Tiles hold the same tree, whatever the steps it grew in."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleward.audit import tiles, tree

MOST = 70_000  # more than 256 tiles: three levels
leaves = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(MOST)]


def grown(steps: list[int]) -> dict[tiles.TileName, bytes]:
    kept: dict[tiles.TileName, bytes] = {}
    size = 0
    for step in steps:
        kept |= tiles.extended(size=size, edge=kept, leaves=leaves[size : size + step])
        size += step
    return kept


def root_of(size: int) -> bytes:
    frontier = tree.Frontier()
    for leaf in leaves[:size]:
        frontier.add(leaf)
    return frontier.root


@pytest.fixture(scope="module")
def large() -> dict[tiles.TileName, bytes]:
    return grown([MOST])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, MOST])
def test_the_root_over_the_tiles_is_the_root_of_the_tree(
    size: int, large: dict[tiles.TileName, bytes]
) -> None:
    assert tiles.hashes_of([(0, size)], large) == (root_of(size),)


def test_levels_and_widths_are_those_of_c2sp(large: dict[tiles.TileName, bytes]) -> None:
    assert {level for level, _n in large} == {0, 1, 2}
    assert len(large[0, 0]) == 256 * 32
    assert len(large[0, MOST // 256]) == MOST % 256 * 32
    assert large[1, 0][:32] == tiles.hashes_of([(0, 256)], large)[0]
    assert large[2, 0] == tiles.hashes_of([(0, 65_536)], large)[0]


@settings(deadline=None)
@given(st.lists(st.integers(1, 600), min_size=1, max_size=8))
def test_the_steps_in_which_a_tree_grew_leave_no_trace(steps: list[int]) -> None:
    assert grown(steps) == grown([sum(steps)])


@settings(deadline=None)
@given(index=st.integers(0, MOST - 1), size=st.integers(1, MOST))
def test_a_proof_needs_only_the_tiles_it_names(
    large: dict[tiles.TileName, bytes], index: int, size: int
) -> None:
    size = max(size, index + 1)
    ranges = tree.inclusion_ranges(index, size)
    wanted = tiles.tiles_for(ranges)
    path = tiles.hashes_of(ranges, {name: large[name] for name in wanted})
    root = tiles.hashes_of([(0, size)], large)[0]
    assert tree.is_included(leaf=leaves[index], index=index, size=size, path=path, root=root)
    assert len(wanted) <= 6


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_536, MOST])
def test_the_right_edge_is_what_is_not_full(size: int) -> None:
    kept = grown([size])
    assert tiles.edge_of(size) == {name for name, data in kept.items() if len(data) < tiles.FULL}


def test_a_tile_that_was_cut_or_is_missing_is_not_built_upon() -> None:
    kept = grown([300])
    with pytest.raises(tiles.TilesDamaged, match="tile 0/1 has 43 hashes instead of 44"):
        tiles.extended(size=300, edge=kept | {(0, 1): kept[0, 1][:-32]}, leaves=leaves[300:301])
    with pytest.raises(tiles.TilesDamaged, match="0 hashes"):
        tiles.extended(size=300, edge={}, leaves=leaves[300:301])
    with pytest.raises(tiles.TilesDamaged, match="no hash of height"):
        tiles.hashes_of([(0, 300)], {(0, 0): kept[0, 0]})

"""The tree in tiles: where they lie, what a tree of a size has, and what is in them."""

import pytest

from events.seal.note import NoteBrokenError
from events.seal.tiles import (
    ENTRIES,
    Tile,
    bundle,
    entries_of,
    has,
    hashes_of,
    nodes_in,
    path,
    tile_at,
    tiles,
)
from events.seal.tree import Frontier, inclusion, joined, leaf_of, root, root_of

LEAVES = [leaf_of(b"%d" % number) for number in range(70_000)]


@pytest.mark.parametrize(
    ("tile", "text"),
    [
        (Tile(level=0, index=0), "tile/0/000"),
        (Tile(level=0, index=1234067), "tile/0/x001/x234/067"),
        (Tile(level=3, index=1000, width=7), "tile/3/x001/000.p/7"),
        (Tile(level=ENTRIES, index=256, width=1), "tile/entries/256.p/1"),
    ],
)
def test_a_tile_lies_where_every_log_has_it(tile: Tile, text: str) -> None:
    assert path(tile) == text
    assert tile_at(text.removeprefix("tile/")) == tile


@pytest.mark.parametrize(
    "text",
    ["", "0", "0/1", "6/000", "0/x000/001", "0/000.p/0", "0/000.p/256", "0/0x1/000", "0/000/..",
     "-1/000", "0/٠٠٠"],
)  # fmt: skip
def test_no_tile_lies_elsewhere(text: str) -> None:
    assert tile_at(text) is None


def test_a_tree_has_its_full_tiles_and_the_one_that_is_growing() -> None:
    assert [path(each) for each in tiles(0)] == []
    assert [path(each) for each in tiles(256)] == ["tile/0/000", "tile/1/000.p/1"]
    found = [path(each) for each in tiles(70_000)]
    assert found[-3:] == ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert len(found) == 274 + 2 + 1
    grown = [path(each) for each in tiles(70_000, since=69_900)]
    assert grown == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert has(70_000, Tile(level=0, index=273, width=100))
    assert not has(70_000, Tile(level=0, index=273, width=113))


def test_tiles_alone_make_the_root_and_every_proof() -> None:
    frontier = Frontier()
    levels: list[list[bytes]] = [[], [], []]
    for place, leaf in enumerate(LEAVES):
        filled = frontier.append(leaf)
        for level in range(0, len(filled), 8):
            assert len(levels[level // 8]) == place >> level
            levels[level // 8].append(filled[level])
    nodes = nodes_in(levels)
    assert root(70_000, nodes) == frontier.root()
    assert levels[1][0] != joined(LEAVES[0], LEAVES[1])
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        found = inclusion(index, 70_000, nodes)
        assert root_of(LEAVES[index], index, 70_000, found) == frontier.root()


def test_a_bundle_gives_back_its_entries() -> None:
    entries = [b"", b"a", b"\x00" * 65_535, "Sổ cái".encode()]
    assert list(entries_of(bundle(entries))) == entries


@pytest.mark.parametrize("told", [b"\x00", b"\x00\x02a"])
def test_a_bundle_that_ends_too_early_is_refused(told: bytes) -> None:
    with pytest.raises(NoteBrokenError):
        list(entries_of(told))


def test_a_tile_of_half_a_hash_is_refused() -> None:
    with pytest.raises(NoteBrokenError):
        hashes_of(b"\x00" * 33)

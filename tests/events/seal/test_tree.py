"""The hash tree against the definition of RFC 6962, written out as its text says it."""

from collections.abc import Sequence
from hashlib import sha256

import pytest

from events.seal.tree import (
    EMPTY,
    Frontier,
    Node,
    OutsideTreeError,
    consistency,
    inclusion,
    is_consistent,
    leaf_of,
    root,
    root_of,
)

SIZE = 70
LEAVES = [leaf_of(str(number).encode()) for number in range(SIZE)]


def defined(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]) of RFC 6962 §2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()


ROOTS = [defined(LEAVES[:size]) for size in range(SIZE + 1)]


def nodes(wanted: Sequence[Node]) -> list[bytes]:
    return [defined(LEAVES[n.index << n.level : (n.index + 1) << n.level]) for n in wanted]


def test_the_frontier_knows_the_root_of_every_size() -> None:
    frontier = Frontier()
    for size in range(SIZE):
        assert frontier.root() == root(size, nodes) == ROOTS[size]
        filled = frontier.append(LEAVES[size])
        assert filled == nodes([Node(level=n, index=size >> n) for n in range(len(filled))])
    assert (frontier.size, frontier.root()) == (SIZE, ROOTS[SIZE])


def test_every_leaf_is_proved_in_every_tree_and_nowhere_else() -> None:
    for size in range(1, SIZE + 1):
        for index in range(size):
            path = inclusion(index, size, nodes)
            assert root_of(LEAVES[index], index, size, path) == ROOTS[size]
            assert root_of(LEAVES[index - 1], index, size, path) != ROOTS[size] or size == 1
            for other in range(-1, size + 2):
                if other != index:
                    assert root_of(LEAVES[index], other, size, path) != ROOTS[size]
            for shorter in (path[:-1], [*path, EMPTY]):
                if shorter != path:
                    assert root_of(LEAVES[index], index, size, shorter) != ROOTS[size]


def test_every_tree_is_proved_to_begin_with_every_smaller_one_and_with_no_other() -> None:
    for new in range(1, SIZE + 1):
        for old in range(1, new + 1):
            proof = consistency(old, new, nodes)
            assert is_consistent(old, new, proof, ROOTS[old], ROOTS[new])
            assert not is_consistent(old, new, proof, ROOTS[old - 1], ROOTS[new])
            assert not is_consistent(old, new, proof, ROOTS[old], ROOTS[new - 1])
            assert not is_consistent(old, new, [*proof, EMPTY], ROOTS[old], ROOTS[new])
            if proof:
                assert not is_consistent(old, new, proof[:-1], ROOTS[old], ROOTS[new])
    assert is_consistent(0, 5, [], EMPTY, ROOTS[5])
    assert not is_consistent(6, 5, [], ROOTS[6], ROOTS[5])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(OutsideTreeError):
        inclusion(index, size, nodes)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_a_tree_is_held_against_none_that_is_larger_or_empty(old: int, new: int) -> None:
    with pytest.raises(OutsideTreeError):
        consistency(old, new, nodes)

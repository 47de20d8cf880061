"""The hash tree of RFC 6962 §2.1: leaves, roots, and proofs that a stranger can check.

    frontier = Frontier()
    frontier.append(leaf_of(body))
    frontier.root()                                    # 32 bytes, of all that was appended

    path = inclusion(4, 7, nodes)                      # that leaf 4 is under the root of 7
    assert root_of(leaf, 4, 7, path) == root
    assert is_consistent(4, 7, consistency(4, 7, nodes), old, root)

Indices begin with 0: the event at position P is leaf P - 1. `nodes` is whatever knows the hash of a
full subtree: tiles in the database, tiles in a folder, a list in memory.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

from events.rules import LedgerError, value

HASH_BYTES: Final = 32
EMPTY: Final = sha256(b"").digest()
"""The root of no leaves at all (RFC 6962 §2.1)."""


@value
class Node:
    """A full subtree: 2^`level` leaves, the `index`-th of its size from the left."""

    level: int
    index: int


Nodes: TypeAlias = Callable[[Sequence[Node]], Sequence[bytes]]
"""The hashes of full subtrees, asked for together so that they can be read together."""


class OutsideTreeError(LedgerError):
    """A proof was asked of a leaf or a size that the tree does not have."""


def leaf_of(body: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and the event's bytes."""
    return sha256(b"\x00" + body).digest()


def joined(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256 of 0x01 and its children's hashes."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root."""

    __slots__ = ("_edge", "size")

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self._edge = list(edge)
        """The hashes of `peaks(0, size)`."""

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf; the hashes of the subtrees that it filled, from level 0 upwards."""
        filled, index = [leaf], self.size
        while index & 1:
            leaf = joined(self._edge.pop(), leaf)
            filled.append(leaf)
            index >>= 1
        self._edge.append(leaf)
        self.size += 1
        return filled

    def root(self) -> bytes:
        """The root of everything so far."""
        return _folded(self._edge)


def peaks(start: int, end: int) -> list[Node]:
    """The full subtrees that the leaves from `start` to before `end` consist of, left to right.

    `start` is where a subtree at least as large as what follows may begin, as in every split of
    RFC 6962.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append(Node(level=level, index=start >> level))
        start += 1 << level
    return found


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of a leaf in the tree of `size` leaves (RFC 6962 §2.1.1), leaf upwards."""
    if not 0 <= index < size:
        raise OutsideTreeError(f"there is no leaf {index} in a tree of {size}")
    return _hashes(_path(index, 0, size), nodes)


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old` (RFC 6962 §2.1.2)."""
    if not 0 < old <= new:
        raise OutsideTreeError(f"a tree of {new} cannot be held against one of {old}")
    return _hashes(_subproof(old, 0, new, is_known=True), nodes)


def root_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to (RFC 9162 §2.1.3.2); None: no such path."""
    if not 0 <= index < size:
        return None
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = joined(sibling, found)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            found = joined(found, sibling)
        node >>= 1
        last >>= 1
    return found if last == 0 else None


def is_consistent(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether the larger tree begins with the smaller one (RFC 9162 §2.1.4.2).

    Of the empty tree every tree is a continuation, and nothing has to be shown.
    """
    if old in {0, new}:
        known = EMPTY if old == 0 else new_root
        return old <= new and not proof and old_root == known
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = joined(sibling, first), joined(sibling, second)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            second = joined(second, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves."""
    return _folded(nodes(peaks(0, size)))


def _path(index: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans beside a leaf, the nearest first."""
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle)
        yield middle, end
    else:
        yield from _path(index, middle, end)
        yield start, middle


def _subproof(old: int, start: int, end: int, *, is_known: bool) -> Iterator[tuple[int, int]]:
    """The spans that connect the first `old` leaves of a span to all of them."""
    if old == end - start:
        if not is_known:
            yield start, end
        return
    middle = start + _split(end - start)
    if old <= middle - start:
        yield from _subproof(old, start, middle, is_known=is_known)
        yield middle, end
    else:
        yield from _subproof(old - (middle - start), middle, end, is_known=False)
        yield start, middle


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves."""
    return 1 << (leaves - 1).bit_length() - 1


def _hashes(spans: Iterator[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    """The hash of each span, all their subtrees asked for at once."""
    wanted = [peaks(start, end) for start, end in spans]
    known = iter(nodes([each for group in wanted for each in group]))
    return [_folded([next(known) for _ in group]) for group in wanted]


def _folded(hashes: Sequence[bytes]) -> bytes:
    """The root above neighbouring subtrees, the largest on the left."""
    if not hashes:
        return EMPTY
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = joined(left, found)
    return found

"""The tree cut into tiles (C2SP tlog-tiles): 256 hashes wide, 8 levels high.

    path(Tile(level=0, index=1234067, width=256))      # tile/0/x001/x234/067
    [*tiles(70_000)]                                   # all that a tree of that size has

A tile of level L holds hashes of subtrees of 256^L leaves, side by side; what lies between is
recomputed. The last one of a level may be narrower. A bundle of entries holds the bytes under one
tile of level 0, each after its length in two bytes.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from events.rules import value
from events.seal.note import NoteBrokenError
from events.seal.tree import HASH_BYTES, Node, Nodes, joined

WIDTH: Final = 256
HEIGHT: Final = 8
LEVELS_MAX: Final = 6
"""C2SP allows 0 to 5 for hashes: 2^48 events."""
_LENGTH_BYTES = 2
_PATH = re.compile(r"(entries|[0-5])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


@value
class Tile:
    """The `index`-th tile of a level, `width` hashes wide."""

    level: int
    """0 to 5; -1 stands for entries."""
    index: int
    width: int = WIDTH

    @property
    def start(self) -> int:
        """The index of its first hash within its level."""
        return self.index * WIDTH


ENTRIES: Final = -1


def path(tile: Tile) -> str:
    """Where it lies, as every C2SP log has it."""
    thousands = f"{tile.index % 1000:03}"
    rest = tile.index // 1000
    while rest:
        thousands = f"x{rest % 1000:03}/{thousands}"
        rest //= 1000
    level = "entries" if tile.level == ENTRIES else str(tile.level)
    partial = "" if tile.width == WIDTH else f".p/{tile.width}"
    return f"tile/{level}/{thousands}{partial}"


def tile_at(text: str) -> Tile | None:
    """The tile of a path after `tile/`; None: there is no such path."""
    found = _PATH.fullmatch(text)
    if found is None:
        return None
    level, index, width = found.groups()
    tile = Tile(
        level=ENTRIES if level == "entries" else int(level),
        index=int(index.replace("x", "").replace("/", "")),
        width=WIDTH if width is None else int(width),
    )
    is_one = tile.width <= WIDTH and path(tile) == f"tile/{text}"
    return tile if is_one else None


def tiles(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of hashes of a tree; with `since`, those that a tree of that size had not."""
    level, count, before = 0, size, since
    while count and level < LEVELS_MAX:
        for index in range(before // WIDTH, (count + WIDTH - 1) // WIDTH):
            yield Tile(level=level, index=index, width=min(WIDTH, count - index * WIDTH))
        level, count, before = level + 1, count // WIDTH, before // WIDTH


def has(size: int, tile: Tile) -> bool:
    """Whether a tree of that size has this tile, or had it while it grew."""
    count = size >> (HEIGHT * max(tile.level, 0))
    return tile.start + tile.width <= count


def bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of entries, each after its length (big endian)."""
    return b"".join(len(each).to_bytes(_LENGTH_BYTES) + each for each in entries)


def entries_of(told: bytes) -> Iterator[bytes]:
    """The entries of a bundle."""
    place = 0
    while place < len(told):
        start = place + _LENGTH_BYTES
        place = start + int.from_bytes(told[place:start])
        if place > len(told) or start > len(told):
            raise NoteBrokenError("a bundle of entries ends in the middle of one")
        yield told[start:place]


def hashes_of(told: bytes) -> list[bytes]:
    """The hashes of a tile."""
    if len(told) % HASH_BYTES:
        raise NoteBrokenError("a tile holds whole hashes of 32 bytes")
    return [told[place : place + HASH_BYTES] for place in range(0, len(told), HASH_BYTES)]


def under(node: Node) -> tuple[int, range]:
    """The level of tiles that knows a node, and the hashes there that it is made of."""
    level, rest = divmod(node.level, HEIGHT)
    return level, range(node.index << rest, (node.index + 1) << rest)


def raised(hashes: Sequence[bytes]) -> bytes:
    """The hash above a power of two of neighbours."""
    row = list(hashes)
    while len(row) > 1:
        row = [joined(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


def nodes_in(levels: Sequence[Sequence[bytes]]) -> Nodes:
    """What knows the nodes of a tree whose tiles are all at hand, by level."""

    def nodes(wanted: Sequence[Node]) -> list[bytes]:
        found = []
        for node in wanted:
            level, places = under(node)
            found.append(raised(levels[level][places.start : places.stop]))
        return found

    return nodes

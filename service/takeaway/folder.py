"""A tree as files in the layout of C2SP tlog-tiles, written as its entries come.

    tree = TreeFiles(folder)
    tree.append(body)
    tree.finish()           # the last tiles, which are narrower

Memory does not grow with the log: of each level it holds one tile.
"""

from pathlib import Path

from events.seal.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundle, path
from events.seal.tree import Frontier, leaf_of


class TreeFiles:
    """The tree of what was appended, below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._frontier = Frontier()
        self._bodies: list[bytes] = []
        self._rows: list[list[bytes]] = []
        """Of each level the hashes that fill no tile yet."""
        self._made: set[Path] = set()

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self._frontier.size

    def root(self) -> bytes:
        """The root of everything so far."""
        return self._frontier.root()

    def append(self, body: bytes) -> None:
        """One entry more; whatever it fills is written."""
        place, filled = self.size, self._frontier.append(leaf_of(body))
        self._bodies.append(body)
        for level, node in enumerate(filled[::HEIGHT]):
            if level == len(self._rows):
                self._rows.append([])
            row = self._rows[level]
            row.append(node)
            if len(row) == WIDTH:
                self._write(level, (place >> (HEIGHT * level)) // WIDTH)

    def finish(self) -> None:
        """Write what is not full, as it is."""
        for level, row in enumerate(self._rows):
            if row:
                self._write(level, (self.size >> (HEIGHT * level)) // WIDTH)

    def _write(self, level: int, index: int) -> None:
        row = self._rows[level]
        self._put(Tile(level=level, index=index, width=len(row)), b"".join(row))
        if level == 0:
            self._put(Tile(level=ENTRIES, index=index, width=len(row)), bundle(self._bodies))
            self._bodies.clear()
        row.clear()

    def _put(self, tile: Tile, told: bytes) -> None:
        file = self._folder / path(tile)
        if file.parent not in self._made:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._made = {*list(self._made)[-8:], file.parent}
        file.write_bytes(told)

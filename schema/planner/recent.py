"""What was used last, as much of it as fits: bounded in number and in weight."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by text. The one that was not asked for longest gives way."""

    def __init__(self, number_max: int, bytes_max: int) -> None:
        self._number_max = number_max
        self._bytes_max = bytes_max
        self._kept: OrderedDict[str, tuple[V, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[V]:
        return (value for value, _ in self._kept.values())

    def recall(self, key: str) -> V | None:
        """The value, which is now the one used last."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: str, value: V, text: str | None = None) -> None:
        """Keep a value, or not at all if it alone is too large.

        `text`: what weighs, if it is not the key.
        """
        self.forget(key)
        weight = _weight(key if text is None else text)
        self._kept[key] = value, weight
        self._bytes += weight
        while len(self._kept) > self._number_max or self._bytes > self._bytes_max:
            self.forget(next(iter(self._kept)))

    def forget(self, key: str) -> None:
        """Let a value go."""
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found[1]

    def forget_oldest(self) -> None:
        """Let the value go that was not asked for longest."""
        self.forget(next(iter(self._kept)))


def _weight(key: str) -> int:
    """The bytes of a text. What is kept for it is a multiple, the same for all within reason."""
    return len(key.encode("utf-8", "surrogatepass"))

"""A log in memory that a witness is shown: it grows, it forks, it lies.

log = Shown("ledger.example/socai", SigningKey.generate("ledger.example/socai"))
body = log.body(0, 3)               # the first three events, to a witness that knows none
other = log.fork(2)                 # the same key, and another third event
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from events.seal.checkpoint import Checkpoint
from events.seal.note import SigningKey, signed
from events.seal.submission import Submission
from events.seal.tree import Node, consistency, joined, leaf_of, root

ORIGIN = "ledger.example/socai"


@dataclass(frozen=True)
class Shown:
    """As many events as anybody asks for, all made up; those after `forked_at` otherwise."""

    key: SigningKey
    forked_at: int = 10**9
    extra: str = ""
    """Lines that are added to the checkpoint."""

    def fork(self, at: int) -> "Shown":
        return replace(self, forked_at=at)

    def _leaf(self, index: int) -> bytes:
        return leaf_of(f"{index}{'forked' if index >= self.forked_at else ''}".encode())

    def _node(self, node: Node) -> bytes:
        if node.level == 0:
            return self._leaf(node.index)
        left, right = (Node(level=node.level - 1, index=2 * node.index + each) for each in (0, 1))
        return joined(self._node(left), self._node(right))

    def _nodes(self, wanted: Sequence[Node]) -> list[bytes]:
        return [self._node(each) for each in wanted]

    def root(self, size: int) -> bytes:
        return root(size, self._nodes)

    def text(self, size: int) -> str:
        head = Checkpoint(origin=self.key.name, size=size, root=self.root(size))
        return f"{head}{self.extra}"

    def note(self, size: int) -> str:
        return signed(self.text(size), [self.key])

    def proof(self, old: int, size: int) -> list[bytes]:
        return consistency(old, size, self._nodes) if 0 < old < size else []

    def body(self, old: int, size: int) -> bytes:
        made = Submission(old=old, proof=self.proof(old, size), note=self.note(size))
        return str(made).encode()

"""A checkpoint (điểm niêm phong): how many events there are, and their root, signed.

    origin
    181
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

Three lines and no more (C2SP tlog-checkpoint): what cannot be recomputed has no place in it.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from events.rules import value
from events.seal.note import NoteBrokenError
from events.seal.tree import HASH_BYTES

_LINES = 3


@value
class Checkpoint:
    """A tree head."""

    origin: str
    """The identity of the log: a URL without its scheme."""
    size: int
    """How many events: the position of the last one."""
    root: bytes

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """From the text of a note. Further lines are refused: nobody could audit them."""
        lines = text.split("\n")
        if len(lines) != _LINES + 1 or lines[-1] or not lines[0]:
            raise NoteBrokenError("a checkpoint is an origin, a size and a root")
        origin, size, encoded = lines[:_LINES]
        if not size.isascii() or not size.isdigit() or (size != "0" and size[0] == "0"):
            raise NoteBrokenError(f"the size of a checkpoint is a number, not {size!r}")
        try:
            root = b64decode(encoded, validate=True)
        except (ValueError, Base64Error):
            root = b""
        if len(root) != HASH_BYTES or b64encode(root).decode() != encoded:
            raise NoteBrokenError(f"the root of a checkpoint is 32 bytes in Base64, not {encoded}")
        return cls(origin=origin, size=int(size), root=root)

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

"""A proof as a file (C2SP tlog-proof): that an event is under a signed root, checked offline.

c2sp.org/tlog-proof@v1
index 180
<hashes of the path, one a line>

<the checkpoint, with every signature under it>
"""

from base64 import b64encode
from collections.abc import Iterable

HEADING = "c2sp.org/tlog-proof@v1"


def noted(note: str, lines: Iterable[str]) -> bytes:
    """A note with what others have put under it."""
    return "".join((note, *(line.rstrip("\n") + "\n" for line in lines))).encode()


def proof_file(index: int, path: Iterable[bytes], note: bytes) -> bytes:
    """The file: the leaf's place from 0, the audit path (RFC 6962 §2.1.1), and the signed note."""
    hashes = (b64encode(each).decode() for each in path)
    return "\n".join((HEADING, f"index {index}", *hashes, "", "")).encode() + note

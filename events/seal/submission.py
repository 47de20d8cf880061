"""What a log sends to a witness (C2SP tlog-witness, `add-checkpoint`): a proof and a checkpoint.

old 4
<a hash in Base64, on a line of its own, up to 63 of them>

<the signed checkpoint>

body = str(Submission(old=4, proof=proof, note=note)).encode()
Submission.read(body)        # or NoteBrokenError
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from typing import Final

from events.rules import value
from events.seal.note import NOTE_BYTES_MAX, NoteBrokenError
from events.seal.tree import HASH_BYTES

PROOF_LINES_MAX: Final = 63
SUBMISSION_BYTES_MAX: Final = NOTE_BYTES_MAX + 4 * 1024
SIZE_TYPE: Final = "text/x.tlog.size"
"""The content type of an answer that says which size the witness has seen."""
_DIGITS_MAX: Final = 19


@value
class Submission:
    """Not yet believed."""

    old: int
    """The size that the witness is thought to have seen last."""
    proof: Sequence[bytes]
    note: str

    @classmethod
    def read(cls, body: bytes) -> "Submission":
        """From the body of a request. Strict, as the specification is."""
        if len(body) > SUBMISSION_BYTES_MAX:
            raise NoteBrokenError("a submission is no larger than 68 KiB")
        try:
            told = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NoteBrokenError("a submission is text in UTF-8") from error
        head, between, note = told.partition("\n\n")
        first, *lines = head.split("\n")
        if not between or not first.startswith("old ") or len(lines) > PROOF_LINES_MAX:
            raise NoteBrokenError("a submission is `old SIZE`, a proof, an empty line and a note")
        return cls(
            old=size_of(first.removeprefix("old ")), proof=tuple(map(_hash, lines)), note=note
        )

    def __str__(self) -> str:
        lines = "".join(f"{b64encode(each).decode()}\n" for each in self.proof)
        return f"old {self.old}\n{lines}\n{self.note}"


def size_of(told: str) -> int:
    """The number of events of a tree, as it is written: without leading zeroes."""
    is_number = told.isascii() and told.isdigit() and len(told) <= _DIGITS_MAX
    if not is_number or (told != "0" and told[0] == "0"):
        raise NoteBrokenError(f"not the size of a tree: {told[:40]!r}")
    return int(told)


def _hash(line: str) -> bytes:
    try:
        raw = b64decode(line, validate=True)
    except (ValueError, Base64Error):
        raw = b""
    if len(raw) != HASH_BYTES or b64encode(raw).decode() != line:
        raise NoteBrokenError(f"not a hash of a proof: {line[:60]!r}")
    return raw

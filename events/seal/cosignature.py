"""Cosignatures (chữ ký chứng kiến, C2SP tlog-cosignature v1): a witness signs a text and a time.

    line = cosigned(text, key, seconds)          # key.kind is COSIGNATURE
    witnessed_at(Note.read(note), key.verifier)  # seconds since 1970; None: not by this witness

It says: at that time this was the largest tree of the log that I had seen, and it begins with all
those that I signed before.
"""

from typing import Final

from events.seal.note import COSIGNATURE, Note, NotSignedError, SigningKey, VerifierKey

_HEADER: Final = "cosignature/v1"
_TIME_BYTES: Final = 8
_SECONDS_MAX: Final = 2**63 - 1


def cosigned(text: str, key: SigningKey, seconds: int) -> str:
    """The line of a witness under the text of a checkpoint, made at a POSIX time."""
    told = seconds.to_bytes(_TIME_BYTES, "big")
    return key.line(message(text, seconds), told)


def message(text: str, seconds: int) -> bytes:
    """What a witness signs: two lines, and the whole text with its last newline."""
    return f"{_HEADER}\ntime {seconds}\n{text}".encode()


def witnessed_at(note: Note, key: VerifierKey) -> int | None:
    """When a witness signed the text of a note, the latest if often; None: it did not.

    A line that claims to be of this witness and is not makes the whole note false, as in any
    signed note.
    """
    if key.kind != COSIGNATURE:
        return None
    lines = [each.signature for each in note.signatures if each.is_by(key)]
    return max((_time(note.text, each, key) for each in lines), default=None)


def _time(text: str, signature: bytes, key: VerifierKey) -> int:
    seconds = int.from_bytes(signature[:_TIME_BYTES], "big")
    is_whole = 0 < seconds <= _SECONDS_MAX
    if not is_whole or not key.accepts(message(text, seconds), signature[_TIME_BYTES:]):
        raise NotSignedError(f"the cosignature of {key.name} is not over this text")
    return seconds

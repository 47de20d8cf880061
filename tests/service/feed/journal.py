"""What a consumer wrote down: where it went on, and what it was brought. It outlives kill -9.

    journal = Journal(path)
    journal.went_on(17)
    journal.got(18, "0199…", body)
    sessions(path)

A line is one write at the end of a file: a process that is killed has written it, or it has not.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple


class Got(NamedTuple):
    """One delivery."""

    position: int
    id: str
    """Of the event; empty where the consumer did not write it down."""
    told: str
    """Equal for equal bytes."""


class Session(NamedTuple):
    """What came from one opening of a door to its closing."""

    cursor: int
    """It asked for what comes after this position."""
    got: list[Got]


class Journal:
    """The file of one consumer."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def went_on(self, cursor: int) -> None:
        """A door is opened after this position."""
        self._write(f"after {cursor}")

    def got(self, position: int, id: str, body: bytes) -> None:
        """An event has been dealt with."""
        self._write(f"got {position} {id} {sha256(body).hexdigest()}")

    def _write(self, line: str) -> None:
        os.write(self._file, line.encode() + b"\n")


def sessions(path: Path) -> list[Session]:
    """All that one consumer was brought; what `examples/consumer.py` prints is read as well."""
    found: list[Session] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word == "after":
            found.append(Session(int(rest), []))
        elif word == "got":
            position, event, told = rest.split(" ")
            found[-1].got.append(Got(int(position), event, told))
        else:
            found[-1].got.append(Got(int(word), "", rest))
    return found

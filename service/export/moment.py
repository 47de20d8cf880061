"""Of which moment a file is (thời điểm kết xuất), and the seal (niêm phong) that vouches for it.

    moment = Moment(position=1042, recorded_at=..., effective=None, note=..., release="2026.11.0")
    provenance(moment)      # what every file says of itself, as JSON has it

The seal is a checkpoint as C2SP tlog-checkpoint writes it: a signed note whose first three lines
are the log's origin, how many events it covers, and their root in base64.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime

from events.rules import value
from events.seal import checkpoint as tlog
from events.seal.kept import COVERING, LATEST
from events.seal.note import Note
from projections.database import Connection

NOT_SEALED = "not sealed yet (chưa niêm phong)"


@value
class Checkpoint:
    """A signed checkpoint (điểm niêm phong): how much it covers, and the hash of all of it."""

    size: int
    root: str
    """RFC 6962 tree head, in base64 as the note has it."""
    note: str
    """The very text that was signed, with its signatures."""


@value
class Moment:
    """What a file was made of. Two files of one moment and one format are equal byte by byte."""

    position: int
    """Every event up to this one is in it, and none after it. 0: the empty ledger."""
    recorded_at: datetime | None
    """When that event was recorded; None: of the empty ledger."""
    effective: date | None
    """Only what was in force on this day; None: whatever is recorded."""
    note: str | None
    """The signed checkpoint; None: the ledger is not sealed yet."""
    release: str
    """The version of Socai that wrote the file."""

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The seal, read and not yet believed: that is for who has the keys (`socai verify`)."""
        if self.note is None:
            return None
        head = tlog.Checkpoint.read(Note.read(self.note).text)
        return Checkpoint(size=head.size, root=b64encode(head.root).decode(), note=self.note)

    @property
    def statement(self) -> str:
        """The whole of it in a sentence."""
        day = f", in force on {self.effective}" if self.effective else ""
        seal = self.checkpoint
        sealed = f"checkpoint of {seal.size} events, root {seal.root}" if seal else NOT_SEALED
        return (
            f"exported by socai {self.release}: the ledger at position {self.position}"
            f"{day}; {sealed}"
        )


def provenance(moment: Moment) -> Mapping[str, object]:
    """What every file says of itself, under the names that GraphQL has for it."""
    seal = moment.checkpoint
    return {
        "statement": moment.statement,
        "release": moment.release,
        "position": moment.position,
        "recordedAt": moment.recorded_at,
        "effectiveOn": moment.effective,
        "checkpoint": {"size": seal.size, "root": seal.root, "note": seal.note} if seal else None,
    }


async def checkpoint_for(connection: Connection, position: int) -> str | None:
    """The note that covers a position first, or else the latest; None: nothing was ever sealed."""
    found = await connection.fetchrow(COVERING, position) or await connection.fetchrow(LATEST)
    return None if found is None else str(found["note"])

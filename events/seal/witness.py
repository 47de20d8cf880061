"""A witness (bên chứng kiến): signs a log's checkpoint only if it continues what it saw before.

    DIR/lock                      held by the one server of this folder
    DIR/name, DIR/key.pem         who we are; the key 0600
    DIR/logs/HASH/vkeys           keys of a log, a line each; HASH is SHA-256 of its origin
    DIR/logs/HASH/checkpoint      the last checkpoint, with its signatures and ours
    DIR/logs/HASH/fork-ROOT       another tree of a size that we signed: proof that the log lies

    witness = Witness(folder)
    answer = witness.add(body, seconds)     # C2SP tlog-witness, `add-checkpoint`

It needs no database, no clock that is exact, and no trust in the log. What it signed is on the disk
before anybody sees it, so that it never goes back, whenever it is killed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Final

from events.rules import LedgerError, value
from events.seal.checkpoint import Checkpoint
from events.seal.cosignature import cosigned, witnessed_at
from events.seal.files import held, written
from events.seal.note import (
    COSIGNATURE,
    ED25519,
    Note,
    NoteBrokenError,
    NotSignedError,
    SigningKey,
    VerifierKey,
    signers,
)
from events.seal.submission import SIZE_TYPE, Submission
from events.seal.tree import EMPTY, is_consistent

TEXT: Final = "text/plain; charset=utf-8"
_HEAD_LINES = 3


class WitnessBrokenError(LedgerError):
    """The folder of a witness is not one, or not as it was left: nothing is signed from it."""


@value
class Answer:
    """What is answered over HTTP."""

    status: HTTPStatus
    body: str
    type: str = TEXT


@value
class Seen:
    """A log that is witnessed, and what was seen of it last."""

    origin: str
    keys: Sequence[VerifierKey]
    checkpoint: Checkpoint | None
    witnessed_at: int | None
    """POSIX seconds."""
    forks: Sequence[str]
    """Files with another tree of a size that we signed."""

    @property
    def size(self) -> int:
        return 0 if self.checkpoint is None else self.checkpoint.size

    @property
    def root(self) -> bytes:
        return EMPTY if self.checkpoint is None else self.checkpoint.root


class _AnsweredError(Exception):
    """It ends here, with this answer."""

    def __init__(self, status: HTTPStatus, body: str, type_: str = TEXT) -> None:
        super().__init__(body)
        self.answer = Answer(status=status, body=f"{body}\n", type=type_)


class Witness:
    """The folder of one witness."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = Lock()

    @property
    def is_there(self) -> bool:
        """Whether a witness was given a name here."""
        return (self.folder / "name").exists()

    def begin(self, name: str) -> VerifierKey:
        """Give the witness its name and its key: once, for ever."""
        if self.is_there:
            raise WitnessBrokenError(f"{self.folder} is already the witness {self._name()}")
        key = SigningKey.generate(name, COSIGNATURE)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        written(self.folder / "key.pem", key.pem, 0o600)
        written(self.folder / "name", f"{name}\n".encode(), 0o644)
        return key.verifier

    def key(self) -> SigningKey:
        """What we sign with."""
        if not self.is_there:
            raise WitnessBrokenError(f"{self.folder} is not the folder of a witness")
        path = self.folder / "key.pem"
        if path.stat().st_mode & 0o077:
            raise WitnessBrokenError(f"others may read {path}")
        return SigningKey.read(self._name(), path.read_bytes(), COSIGNATURE)

    def add_log(self, key: VerifierKey) -> None:
        """Witness a log from now on, or believe another key of it too."""
        if key.kind != ED25519:
            raise NoteBrokenError(f"the key of a log is of kind 0x01, not {key.kind:#04x}")
        place = self._place(key.name)
        place.mkdir(parents=True, exist_ok=True, mode=0o755)
        keys = [each for each in _keys(place) if each != key]
        told = "".join(f"{each}\n" for each in (*keys, key))
        written(place / "vkeys", told.encode(), 0o644)

    def seen(self) -> Sequence[Seen]:
        """Every log that is witnessed."""
        places = sorted((self.folder / "logs").glob("*/vkeys"))
        origins = [_keys(each.parent)[0].name for each in places]
        return [self._seen(origin) for origin in sorted(origins)]

    def add(self, body: bytes, seconds: int) -> Answer:
        """Take a checkpoint; the line that signs it at this POSIX time, or why there is none."""
        try:
            with self._one_at_a_time:
                return self._add(body, seconds)
        except _AnsweredError as answered:
            return answered.answer

    def published(self, hash_: str) -> str | None:
        """The last checkpoint of the log whose origin has this hash; None: there is none."""
        known = {path.parent.name for path in (self.folder / "logs").glob("*/checkpoint")}
        if hash_ not in known:
            return None
        return (self.folder / "logs" / hash_ / "checkpoint").read_text(encoding="utf-8")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Alone with this folder: two servers could sign two trees."""
        with held(self.folder, "witness"):
            yield

    def _add(self, body: bytes, seconds: int) -> Answer:
        submission, note, head = _read(body)
        seen = self._believed(note, head)
        self._continues(submission, head, seen)
        line = cosigned(note.text, self.key(), seconds)
        kept = "".join(str(each) for each in note.signatures if any(map(each.is_by, seen.keys)))
        told = f"{note.text}\n{kept}{line}"
        written(self._place(head.origin) / "checkpoint", told.encode(), 0o644)
        return Answer(status=HTTPStatus.OK, body=line)

    def _believed(self, note: Note, head: Checkpoint) -> Seen:
        """What was seen of the log that signed this."""
        if not _keys(self._place(head.origin)):
            raise _AnsweredError(HTTPStatus.NOT_FOUND, f"{head.origin} is not witnessed here")
        seen = self._seen(head.origin)
        try:
            believed = list(signers(note, seen.keys))
        except NotSignedError as error:
            raise _AnsweredError(HTTPStatus.FORBIDDEN, str(error)) from error
        if not believed:
            raise _AnsweredError(HTTPStatus.FORBIDDEN, "no key that is known signed this")
        return seen

    def _continues(self, submission: Submission, head: Checkpoint, seen: Seen) -> None:
        """Nothing, if the tree begins with the one that was seen last."""
        if submission.old > head.size:
            raise _AnsweredError(HTTPStatus.BAD_REQUEST, "the old size is greater than the new one")
        if head.size == seen.size and head.root != seen.root:
            self._keep_fork(submission.note, head)
        if submission.old != seen.size:
            raise _AnsweredError(HTTPStatus.CONFLICT, str(seen.size), SIZE_TYPE)
        if head.size == 0 and head.root != EMPTY:
            raise _AnsweredError(HTTPStatus.UNPROCESSABLE_ENTITY, "no event has another root")
        if not is_consistent(seen.size, head.size, submission.proof, seen.root, head.root):
            told = f"this is no continuation of the {seen.size} events that were seen"
            raise _AnsweredError(HTTPStatus.UNPROCESSABLE_ENTITY, told)

    def _keep_fork(self, note: str, head: Checkpoint) -> None:
        """Two trees of one size, both signed: nobody can deny that."""
        path = self._place(head.origin) / f"fork-{head.root.hex()}"
        if not path.exists():
            written(path, note.encode(), 0o644)

    def _seen(self, origin: str) -> Seen:
        place, keys = self._place(origin), _keys(self._place(origin))
        forks = [str(each) for each in sorted(place.glob("fork-*"))]
        if not (place / "checkpoint").exists():
            return Seen(origin=origin, keys=keys, checkpoint=None, witnessed_at=None, forks=forks)
        try:
            note = Note.read((place / "checkpoint").read_text(encoding="utf-8"))
            seconds, head = witnessed_at(note, self.key().verifier), _head(note)
        except (NoteBrokenError, NotSignedError, UnicodeDecodeError) as error:
            raise WitnessBrokenError(f"{place / 'checkpoint'} was changed: {error}") from error
        if seconds is None or head.origin != origin:
            raise WitnessBrokenError(f"{place / 'checkpoint'} is not what this witness signed")
        return Seen(origin=origin, keys=keys, checkpoint=head, witnessed_at=seconds, forks=forks)

    def _place(self, origin: str) -> Path:
        return self.folder / "logs" / sha256(origin.encode()).hexdigest()

    def _name(self) -> str:
        return (self.folder / "name").read_text(encoding="utf-8").strip()


def _read(body: bytes) -> tuple[Submission, Note, Checkpoint]:
    try:
        submission = Submission.read(body)
        note = Note.read(submission.note)
        return submission, note, _head(note)
    except NoteBrokenError as error:
        raise _AnsweredError(HTTPStatus.BAD_REQUEST, str(error)) from error


def _head(note: Note) -> Checkpoint:
    """The first three lines. A log may add others: they are signed with the rest, and unread."""
    lines = note.text.split("\n")
    if "" in lines[:-1]:
        raise NoteBrokenError("a checkpoint has no empty line")
    return Checkpoint.read("\n".join((*lines[:-1][:_HEAD_LINES], "")))


def _keys(place: Path) -> list[VerifierKey]:
    try:
        told = (place / "vkeys").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [VerifierKey.read(line) for line in told.splitlines() if line.strip()]

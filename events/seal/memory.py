"""What a signer remembers outside the database: its keys, and the last thing it signed.

    DIR/lock           held by the one signer of this folder
    DIR/origin         the identity of the log
    DIR/keys/ID.pem    0600: the private keys that sign, of which the newest leads
    DIR/last-signed    the last checkpoint, to the byte: written before anybody else sees it

Somebody who rolls the database back, restores yesterday's or runs a copy of it beside it cannot
roll this back with it, as long as the folder lies elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.rules import LedgerError
from events.seal.checkpoint import Checkpoint
from events.seal.files import held, synced, written
from events.seal.note import SigningKey, opened


class NoKeyError(LedgerError):
    """There is no key in this folder, or one that others may read."""


class Memory:
    """The folder of one signer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_there(self) -> bool:
        """Whether a log was given an origin here."""
        return (self.folder / "origin").exists()

    @property
    def origin(self) -> str:
        """The identity of the log."""
        return (self.folder / "origin").read_text(encoding="utf-8").strip()

    def begin(self, origin: str) -> SigningKey:
        """Give the log its origin, and a first key."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = self.add_key(SigningKey.generate(origin))
        written(self.folder / "origin", f"{origin}\n".encode(), 0o644)
        return key

    def add_key(self, key: SigningKey) -> SigningKey:
        """A key that signs from now on."""
        (self.folder / "keys").mkdir(exist_ok=True, mode=0o700)
        written(self.folder / "keys" / f"{key.verifier.id.hex()}.pem", key.pem, 0o600)
        return key

    def drop_key(self, id_: str) -> None:
        """A key that signs no more. It is gone: its signatures stay."""
        (self.folder / "keys" / f"{id_}.pem").unlink()
        synced(self.folder / "keys")

    def signing_keys(self) -> list[SigningKey]:
        """The keys that sign, the newest first."""
        found = sorted((self.folder / "keys").glob("*.pem"), key=_age, reverse=True)
        open_ones = [each.name for each in found if each.stat().st_mode & 0o077]
        if open_ones or not found:
            what = f"others may read {', '.join(open_ones)}" if open_ones else "there is no key"
            raise NoKeyError(f"{self.folder}: {what}")
        return [SigningKey.read(self.origin, each.read_bytes()) for each in found]

    def last_signed(self) -> tuple[Checkpoint, str] | None:
        """What was signed last, and the note; None: nothing yet."""
        try:
            note = (self.folder / "last-signed").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        keys = [each.verifier for each in self.signing_keys()]
        return Checkpoint.read(opened(note, keys)), note

    def remember(self, note: str) -> None:
        """Signed: from now on nothing is signed that does not extend it."""
        written(self.folder / "last-signed", note.encode(), 0o644)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Alone with this folder, for the length of the block."""
        with held(self.folder, "signer"):
            yield


def _age(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name

"""A bundle: the log under one checkpoint, and all that a stranger needs to verify it.

    await make(url, Path("bundle"), at=None, told=print)

It is written beside its place and takes its name when it is whole. What is written is hashed while
it is, and held against every checkpoint: of a log that is not what was signed no bundle is made.
"""

import re
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from events.rules import LedgerError
from events.seal.checkpoint import Checkpoint
from events.seal.files import synced
from events.seal.note import Note, NoteBrokenError, NotSignedError, VerifierKey, opened, signers
from service.takeaway.folder import TreeFiles
from service.takeaway.snapshot import Snapshot

VERIFIER: Final = Path(__file__).with_name("verify.py")
README: Final = Path(__file__).with_name("about.txt")


class NotWhatWasSignedError(LedgerError):
    """The log in the database is not the one that was signed."""


class FolderNotEmptyError(LedgerError):
    """Something lies where the bundle is to be."""


async def make(snapshot: Snapshot, folder: Path, told: Callable[[int], None]) -> int:
    """Write the bundle into a folder that is empty or not there; how many files it has."""
    with _beside(folder) as made:
        _sealed(made, snapshot)
        await _tree(made, snapshot, told)
        await _timestamps(made, snapshot)
        return sum(each.is_file() for each in made.rglob("*"))


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A new folder that takes its name when it is whole, and is gone if it never is."""
    place = folder.absolute()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise FolderNotEmptyError(f"{folder} is there already, and not empty")
    unfinished = place.with_name(f".{place.name}.{uuid4().hex[:8]}")
    unfinished.mkdir()
    try:
        yield unfinished
        for each in (*unfinished.rglob("*"), unfinished):
            synced(each)
        unfinished.replace(place)
        synced(place.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _sealed(folder: Path, snapshot: Snapshot) -> None:
    """The checkpoint, its parts as openssl reads them, the keys; what to do with all this."""
    note = Note.read(snapshot.note)
    by = list(signers(note, snapshot.keys))
    if not by:
        raise NotSignedError("no key that the log announces signed this checkpoint")
    key = by[-1]
    files = {
        "checkpoint": str(note).encode(),
        "checkpoint.body": note.text.encode(),
        "checkpoint.sig": next(each.signature for each in note.signatures if each.is_by(key)),
        "vkey": "".join(f"{each}\n" for each in snapshot.keys).encode(),
        "key.pem": _pem(key),
        "README.md": _readme(Checkpoint.read(note.text), key).encode(),
        VERIFIER.name: VERIFIER.read_bytes(),
    }
    for name, told in files.items():
        (folder / name).write_bytes(told)


async def _tree(folder: Path, snapshot: Snapshot, told: Callable[[int], None]) -> None:
    """Entries, tiles and earlier checkpoints, each of which is held against the entries."""
    tree, published = TreeFiles(folder), snapshot.checkpoints()
    each = await anext(published)
    with (folder / "checkpoints").open("w", encoding="utf-8", newline="\n") as earlier:
        async for page in snapshot.bodies():
            for body in page:
                tree.append(body)
                if tree.size != each.size:
                    continue
                _held(tree, each.note, snapshot)
                lines = "".join(f"{line.strip()}\n" for line in each.cosignatures)
                if tree.size < snapshot.size:
                    earlier.write(f"{each.note}{lines}\n")
                    each = await anext(published)
                else:
                    (folder / "cosignatures").write_text(lines, encoding="utf-8")
            told(tree.size)
    if tree.size < snapshot.size:
        raise NotWhatWasSignedError(f"the log ends at {tree.size}; {snapshot.size} were signed")
    tree.finish()


def _held(tree: TreeFiles, note: str, snapshot: Snapshot) -> None:
    """A checkpoint against the entries it speaks of."""
    try:
        checkpoint = Checkpoint.read(opened(note, snapshot.keys))
    except (NoteBrokenError, NotSignedError) as error:
        said = f"the checkpoint of {tree.size} events is not the signer's: {error}"
        raise NotWhatWasSignedError(said) from error
    if (checkpoint.size, checkpoint.root) != (tree.size, tree.root()):
        raise NotWhatWasSignedError(f"the first {tree.size} events are not those that were signed")


async def _timestamps(folder: Path, snapshot: Snapshot) -> None:
    """Each token, and beside it the checkpoint that it is over."""
    async for each in snapshot.timestamps():
        (folder / "timestamps").mkdir(exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9.]+", "-", each.authority.rpartition("://")[2]).strip("-.")
        (folder / "timestamps" / f"{each.size}.checkpoint").write_text(each.note, encoding="utf-8")
        (folder / "timestamps" / f"{each.size}-{name}.tsr").write_bytes(each.token)


def _pem(key: VerifierKey) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _readme(checkpoint: Checkpoint, key: VerifierKey) -> str:
    return README.read_text(encoding="utf-8").format(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=b64encode(checkpoint.root).decode(),
        vkey=key,
    )

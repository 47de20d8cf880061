"""What may happen to a bundle on its way: a bit, the tail, the order, or all of it signed anew."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from events.seal.checkpoint import Checkpoint
from events.seal.note import Note, SigningKey, signed
from events.seal.tiles import WIDTH, entries_of
from events.seal.tree import HASH_BYTES
from service.takeaway.folder import TreeFiles

SEES: Final[Mapping[str, Sequence[str]]] = {
    "tile/entries": ("go", "sigstore", "file", "bare"),
    "tile/0": ("go", "sigstore", "file", "bare"),
    "tile/1": ("go", "sigstore", "file", "bare"),
    "checkpoint": ("go", "sigstore", "file", "bare"),
    "checkpoint.body": ("openssl", "file", "bare"),
    "checkpoint.sig": ("openssl", "file", "bare"),
    "checkpoints": ("file", "bare"),
    "cosignatures": ("file", "bare"),
    "vkey": ("file", "bare"),
    "key.pem": ("file", "bare"),
}
"""Which programs look at a part of a bundle; of keys, they have their own."""
FLIPS, SEED = 20, 20_261_128
SLACK = len("E=\n")
"""The last letter of a signature holds bits that mean nothing: some readers of base64 pass over."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of one file."""

    part: str
    nth: int
    """Seeds the choice of the file, the byte and the bit."""

    def __str__(self) -> str:
        return f"{self.part.replace('/', '-')}-{self.nth}"

    def on(self, bundle: Path) -> str:
        """Turn it over; what the bundle's own verifier must name."""
        random = Random(SEED + self.nth)
        path = bundle / self.part
        if path.is_dir():
            path = random.choice(sorted(each for each in path.rglob("*") if each.is_file()))
        told = bytearray(path.read_bytes())
        place = random.randrange(len(told) - (SLACK if self.part == "checkpoint" else 0))
        named = _named(self.part, path, bytes(told), place)
        told[place] ^= 1 << random.randrange(8)
        path.write_bytes(told)
        return named


def _named(part: str, path: Path, told: bytes, place: int) -> str:
    """The position of the event at a place of a file; elsewhere nothing in particular."""
    if part not in {"tile/0", "tile/entries"}:
        return "NOT VERIFIED"
    index = int(path.parent.stem if path.parent.suffix == ".p" else path.name)
    if part == "tile/0":
        return f"position {WIDTH * index + place // HASH_BYTES + 1}:"
    ends = accumulate(2 + len(body) for body in entries_of(told))
    nth = next(nth for nth, end in enumerate(ends) if place < end)
    return f"position {WIDTH * index + nth + 1}:"


def flips() -> list[Flip]:
    """Twenty, two of each part."""
    parts = list(SEES)
    return [Flip(parts[nth % len(parts)], nth) for nth in range(FLIPS)]


def bodies(bundle: Path) -> list[bytes]:
    """Every entry."""
    files = (bundle / "tile/entries").rglob("*")
    return [
        each for file in sorted(files) if file.is_file() for each in entries_of(file.read_bytes())
    ]


def laid(bundle: Path, told: Sequence[bytes]) -> Iterator[TreeFiles]:
    """Other entries in the place of the bundle's, with tiles that fit; the tree as it grows."""
    shutil.rmtree(bundle / "tile")
    tree = TreeFiles(bundle)
    for body in told:
        tree.append(body)
        yield tree
    tree.finish()


def signed_anew(bundle: Path, told: Sequence[bytes], key: SigningKey) -> None:
    """A rewritten log, with everything signed again that speaks of it: the best of forgeries."""
    origin = (bundle / "checkpoint.body").read_text().split("\n")[0]
    earlier = (bundle / "checkpoints").read_text(encoding="utf-8").split("\n")
    wanted = {len(told), *(int(line) for line in earlier if line.isdigit())}
    notes = {}
    for tree in laid(bundle, told):
        if tree.size in wanted:
            checkpoint = Checkpoint(origin=origin, size=tree.size, root=tree.root())
            notes[tree.size] = signed(str(checkpoint), [key])
    note = Note.read(notes.pop(len(told)))
    (bundle / "checkpoint").write_text(str(note), encoding="utf-8")
    (bundle / "checkpoint.body").write_text(note.text, encoding="utf-8")
    (bundle / "checkpoint.sig").write_bytes(note.signatures[0].signature)
    (bundle / "checkpoints").write_text("".join(f"{each}\n" for each in notes.values()), "utf-8")
    (bundle / "cosignatures").write_text("")
    (bundle / "vkey").write_text(f"{key.verifier}\n")
    pem = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (bundle / "key.pem").write_bytes(pem)

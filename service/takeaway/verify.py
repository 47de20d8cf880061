"""Verify a bundle of the ledger. One file, without a line of the ledger's own code: read it first.

    python3 verify.py [DIR] [--vkey LINE_OR_FILE]... [--kept CHECKPOINT]...

It wants Python 3.8 and, for the signatures, the package `cryptography` or the program `openssl`.
It hashes every entry, compares every tile, recomputes the root of every checkpoint (RFC 6962), and
checks every signature of the log (C2SP signed-note). `--vkey` is a key that you did not get from
the bundle: the log's, or a witness's whose cosignature you insist on. `--kept` is a checkpoint
that you kept from earlier: it alone notices a past that was rewritten and signed anew.

Exit code 0: verified; 1: not verified, and the first bad position is named; 2: it cannot be told.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import heapq
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

LOG, WITNESS = 1, 4
INTRODUCED, RETIRED = "SigningKeyIntroduced", "SigningKeyRetired"
WIDTH, HASH = 256, 32
SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in X.509 (RFC 8410)."""
Bad = ValueError
"""Something is not what was signed."""
MISFITS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Key(NamedTuple):
    """A verifier key, of which the line is NAME+ID+BASE64."""

    name: str
    id: bytes
    kind: int
    public: bytes

    def __str__(self) -> str:
        raw = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{raw}"

    @property
    def pem(self) -> bytes:
        told = base64.b64encode(SPKI + self.public)
        return b"-----BEGIN PUBLIC KEY-----\n" + told + b"\n-----END PUBLIC KEY-----\n"


class Note(NamedTuple):
    """A checkpoint: what it says, and the lines under it as name, ID and signature."""

    origin: str
    size: int
    root: bytes
    text: bytes
    lines: list[tuple[str, bytes, bytes]]
    where: str


def words(path: Path) -> str:
    return path.read_bytes().decode()


def decoded(text: str, where: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if not raw or base64.b64encode(raw).decode() != text:
        raise Bad(f"{where}: not base64: {text!r}")
    return raw


def keys_of(told: str, where: str) -> list[Key]:
    keys = []
    for line in told.splitlines():
        name, _, rest = line.partition("+")
        raw = decoded(rest.partition("+")[2], where)
        id_ = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        keys.append(Key(name, id_, raw[0], raw[1:]))
    if "".join(f"{key}\n" for key in keys) != told or {len(key.public) for key in keys} != {HASH}:
        raise Bad(f"{where}: not Ed25519 verifier keys, one a line: {told!r}")
    return keys


def note_of(told: str, where: str) -> Note:
    head, _, under = told.partition("\n\n")
    three = re.fullmatch(r"([^\n]+)\n([1-9][0-9]*)\n([^\n]+)", head)
    found = re.findall(r"\u2014 (\S+) (\S+)\n", under)
    if not found or "".join(f"\u2014 {name} {raw}\n" for name, raw in found) != under:
        raise Bad(f"{where}: not a text with signatures under it")
    if three is None:
        raise Bad(f"{where}: not a checkpoint: {head!r}")
    lines = [(name, decoded(raw, where)[:4], decoded(raw, where)[4:]) for name, raw in found]
    root, text = decoded(three[3], where), head.encode() + b"\n"
    return Note(three[1], int(three[2]), root, text, lines, f"{where} ({three[2]} events)")


def earlier(path: Path, below: int) -> Iterator[Note]:
    """The notes of `checkpoints`, smallest first; after each stands an empty line."""
    last, block = 0, ""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            if line != "\n" or "\n\n" not in block:
                block += line
                continue
            note = note_of(block, str(path))
            if not last < note.size < below:
                raise Bad(f"{note.where}: it stands after that of {last} events")
            yield note
            last, block = note.size, ""
    if block:
        raise Bad(f"{path}: it ends in the middle of a checkpoint")


def accepts(key: Key, told: bytes, signature: bytes) -> bool:
    """Whether the key made this signature over exactly these bytes."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        return openssl_accepts(key, told, signature)
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key.public).verify(signature, told)
    except InvalidSignature:
        return False
    return True


def openssl_accepts(key: Key, told: bytes, signature: bytes) -> bool:
    program = shutil.which("openssl")
    if program is None:
        raise OSError("neither the package cryptography nor the program openssl is here")
    with tempfile.TemporaryDirectory() as folder:
        pem, text, sig = (str(Path(folder, name)) for name in ("pem", "text", "sig"))
        for path, raw in ((pem, key.pem), (text, told), (sig, signature)):
            Path(path).write_bytes(raw)
        asked = [program, "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", pem]
        ran = subprocess.run(
            [*asked, "-in", text, "-sigfile", sig], capture_output=True, text=True, check=False
        )
    if ran.returncode and "Verification Failure" not in ran.stdout + ran.stderr:
        raise OSError(f"openssl: {ran.stderr.strip()}")
    return ran.returncode == 0


def signers(note: Note, keys: list[Key]) -> list[Key]:
    """Which of the keys signed; a line that claims to be of one and is not, is bad."""
    found = []
    for key in dict.fromkeys(keys):
        for raw in [raw for name, id_, raw in note.lines if (name, id_) == (key.name, key.id)]:
            told = note.text
            if key.kind == WITNESS:  # C2SP tlog-cosignature: eight bytes of time come first
                told = b"cosignature/v1\ntime %d\n" % int.from_bytes(raw[:8], "big") + told
            if not accepts(key, told, raw[8:] if key.kind == WITNESS else raw):
                raise Bad(f"{note.where}: the signature of {key.name} is not over this text")
            found.append(key)
    return found


class Tree:
    """The tree as it grows: its right edge, and the nodes that tiles above level 0 are made of."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []
        self.rows: dict[int, list[bytes]] = {}

    def append(self, leaf: bytes) -> None:
        level, index = 0, self.size
        while index & 1:
            leaf = hashlib.sha256(b"\x01" + self.edge.pop() + leaf).digest()
            level, index = level + 1, index >> 1
            if level % 8 == 0:
                self.rows.setdefault(level // 8, []).append(leaf)
        self.edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        found = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            found = hashlib.sha256(b"\x01" + left + found).digest()
        return found


def named(level: str, index: int, count: int) -> str:
    """The path of a tile, of which a level has `count` hashes or entries (C2SP tlog-tiles)."""
    told, rest, width = f"{index % 1000:03}", index // 1000, count - WIDTH * index
    while rest:
        told, rest = f"x{rest % 1000:03}/{told}", rest // 1000
    return f"tile/{level}/{told}" + (f".p/{width}" if width < WIDTH else "")


def entries(folder: Path, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each entry in its order, and its leaf, which the tile of level 0 must have too."""
    for index in range(len(range(0, size, WIDTH))):
        first, width = WIDTH * index + 1, min(WIDTH, size - WIDTH * index)
        paths = [folder / named(level, index, size) for level in ("entries", "0")]
        told, leaves = (path.read_bytes() if path.is_file() else b"" for path in paths)
        place = 0
        for nth in range(width):
            start = place + 2
            place = start + int.from_bytes(told[start - 2 : start], "big")
            body = told[start:place]
            leaf = hashlib.sha256(b"\x00" + body).digest()
            if place > len(told) or leaf != leaves[HASH * nth : HASH * (nth + 1)]:
                raise Bad(f"position {first + nth}: gone, or not what its leaf in tile/0 says")
            yield body, leaf
        if (place, HASH * width) != (len(told), len(leaves)):
            raise Bad(f"position {first + width - 1}: something unsigned stands after it")


def compare(folder: Path, tree: Tree, note: Note, key: Key) -> int:
    """All else that follows from the entries and the checkpoint; how many tiles there are."""
    count = 2 * len(range(0, tree.size, WIDTH))
    for level, row in tree.rows.items():
        for index in range(len(range(0, len(row), WIDTH))):
            path = folder / named(str(level), index, len(row))
            if path.read_bytes() != b"".join(row[WIDTH * index : WIDTH * (index + 1)]):
                raise Bad(f"{path}: not the hashes over these entries")
            count += 1
    if sum(len(files) for _, _, files in os.walk(folder / "tile")) != count:
        raise Bad(f"{folder / 'tile'}: something lies there that is not under the checkpoint")
    signature = next(raw for name, id_, raw in note.lines if (name, id_) == (key.name, key.id))
    wanted = {"checkpoint.body": note.text, "checkpoint.sig": signature, "key.pem": key.pem}
    for name, told in wanted.items():
        if (folder / name).read_bytes() != told:
            raise Bad(f"{folder / name}: not as `checkpoint` and `vkey` have it")
    return count


def verify(folder: Path, given: list[Key], kept: list[Note]) -> str:
    """What was verified, in a few lines."""
    known = keys_of(words(folder / "vkey"), "vkey")
    last = note_of(words(folder / "checkpoint") + words(folder / "cosignatures"), "checkpoint")
    fixed = sorted([*kept, last], key=lambda each: each.size)
    if fixed[-1].size > last.size:
        raise Bad(f"{fixed[-1].where}: the bundle ends at position {last.size}")
    held = heapq.merge(earlier(folder / "checkpoints", last.size), fixed, key=lambda x: x.size)
    trusted = {key for key in given if key.kind == LOG} or {known[0]}
    facts: dict[str, list[Key]] = {INTRODUCED: [], RETIRED: []}
    by = signers(last, known + given)
    tree, good, count, note = Tree(), 0, -1, next(held)
    for body, leaf in entries(folder, last.size):
        tree.append(leaf)
        event = json.loads(body) if b"SigningKey" in body else {}
        if event.get("type") in facts:
            facts[event["type"]] += keys_of(event["data"]["vkey"] + "\n", f"position {tree.size}")
        while note is not None and note.size == tree.size:
            if (note.origin, note.root) != (last.origin, tree.root()):
                raise Bad(f"position {good + 1} to {tree.size}: other entries than in {note.where}")
            by = [key for key in signers(note, known + given) if key not in facts[RETIRED]]
            if LOG not in [key.kind for key in by]:
                raise Bad(f"{note.where}: no key of the log signed it, or only a retired one")
            if not trusted.isdisjoint(by):  # whoever trusts one key learns of the next ones
                trusted.update(facts[INTRODUCED])
            good, count, note = tree.size, count + 1, next(held, None)
    if trusted.isdisjoint(by) or {key for key in given if key.kind == WITNESS} - set(by):
        raise Bad("checkpoint: a key that you insist on did not sign it")
    if facts[INTRODUCED] != known:
        raise Bad("vkey: other keys than the log announces")
    tiles = compare(folder, tree, last, [key for key in by if key.kind == LOG][-1])
    return (
        f"{last.origin}: {last.size} events, each hashed; {tiles} tiles; {count} other checkpoints"
        f"\nroot {last.root.hex()}\nsigned by " + "\n          ".join(map(str, by))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Verify a bundle.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--vkey", action="append", default=[], help="a key that you trust")
    parser.add_argument("--kept", action="append", default=[], help="a checkpoint that you kept")
    asked = parser.parse_args()
    for each in [asked.folder, *asked.kept, *(x for x in asked.vkey if "+" not in x)]:
        if not Path(each).exists():
            parser.error(f"{each} is not there")
    lines = [each + "\n" if "+" in each else words(Path(each)) for each in asked.vkey]
    given = [key for line in lines for key in keys_of(line, "--vkey")]
    print(verify(asked.folder, given, [note_of(words(Path(x)), x) for x in asked.kept]))
    print("VERIFIED" if given else "VERIFIED, by keys that came with it: compare them (--vkey)")


if __name__ == "__main__":
    try:
        main()
    except (*MISFITS, FileNotFoundError) as error:
        sys.exit(print(f"NOT VERIFIED: {error}") or 1)
    except OSError as error:
        sys.exit(print(f"It cannot be told: {error}") or 2)

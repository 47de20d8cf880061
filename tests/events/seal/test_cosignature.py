"""Cosignatures by C2SP tlog-cosignature, held against its own example and against openssl."""

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from events.seal.checkpoint import Checkpoint
from events.seal.cosignature import cosigned, message, witnessed_at
from events.seal.note import COSIGNATURE, Note, NotSignedError, SigningKey, VerifierKey, signed
from tests.events.seal.authority import openssl

LOG = SigningKey.generate("ledger.example/socai")
WITNESS = SigningKey.generate("witness.example/ktnn", COSIGNATURE)
TEXT = str(Checkpoint(origin=LOG.name, size=181, root=sha256(b"x").digest()))
NOTE = signed(TEXT, [LOG])
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b"
    "2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
"""Of the specification, which tells no key for it, but what was signed at which time."""


def test_the_time_and_the_message_are_those_of_the_specification() -> None:
    note = Note.read(EXAMPLE)
    (line,) = note.signatures
    seconds = int.from_bytes(line.signature[:8], "big")
    assert len(line.signature) == 8 + 64
    assert message(note.text, seconds) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_the_key_of_a_witness_has_the_id_of_the_specification() -> None:
    key = WITNESS.verifier
    assert key.id == sha256(key.name.encode() + b"\n\x04" + key.public).digest()[:4]
    assert VerifierKey.read(str(key)) == key


def test_a_cosignature_says_when_it_was_made() -> None:
    note = Note.read(NOTE + cosigned(TEXT, WITNESS, 1_700_000_000))
    assert witnessed_at(note, WITNESS.verifier) == 1_700_000_000
    later = Note.read(str(note) + cosigned(TEXT, WITNESS, 1_700_000_060))
    assert witnessed_at(later, WITNESS.verifier) == 1_700_000_060
    assert witnessed_at(Note.read(NOTE), WITNESS.verifier) is None
    assert witnessed_at(note, LOG.verifier) is None, "a log is no witness of itself"


def _line(signature: bytes) -> str:
    (line,) = Note.read(TEXT + "\n" + cosigned(TEXT, WITNESS, 1_700_000_000)).signatures
    return str(type(line)(name=line.name, id=line.id, signature=signature))


@pytest.mark.parametrize("fault", ["time", "text", "short", "zero", "plain"])
def test_a_false_cosignature_makes_the_note_false(fault: str) -> None:
    (line,) = Note.read(TEXT + "\n" + cosigned(TEXT, WITNESS, 1_700_000_000)).signatures
    told = {
        "time": _line((1_700_000_001).to_bytes(8, "big") + line.signature[8:]),
        "text": cosigned(TEXT.replace("181", "182"), WITNESS, 1_700_000_000),
        "short": _line(line.signature[:40]),
        "zero": cosigned(TEXT, WITNESS, 0),
        "plain": WITNESS.line(TEXT.encode()),
    }[fault]
    with pytest.raises(NotSignedError):
        witnessed_at(Note.read(NOTE + told), WITNESS.verifier)


def test_openssl_believes_a_cosignature(tmp_path: Path) -> None:
    (line,) = Note.read(TEXT + "\n" + cosigned(TEXT, WITNESS, 1_700_000_000)).signatures
    public = WITNESS.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "key").write_bytes(public)
    (tmp_path / "told").write_bytes(b"cosignature/v1\ntime 1700000000\n" + TEXT.encode())
    (tmp_path / "signature").write_bytes(line.signature[8:])
    said = openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key", "-rawin",
        "-in", tmp_path / "told", "-sigfile", tmp_path / "signature",
    )  # fmt: skip
    assert b"Verified Successfully" in said

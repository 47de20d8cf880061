"""Signed notes, verifier keys and checkpoints: read strictly, believed by signature alone."""

import pytest

from events.seal.checkpoint import Checkpoint
from events.seal.note import (
    NoteBrokenError,
    NotSignedError,
    SigningKey,
    VerifierKey,
    opened,
    signed,
)
from events.seal.tree import EMPTY

ORIGIN = "ledger.example/socai"
KEY = SigningKey.generate(ORIGIN)
OTHER = SigningKey.generate(ORIGIN)
TEXT = str(Checkpoint(origin=ORIGIN, size=181, root=EMPTY))
GO = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""The verifier key of the documentation of Go's `note`."""
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_the_go_documentation_is_read_and_believed() -> None:
    assert opened(GO_NOTE, [VerifierKey.read(GO)]).startswith("If you think cryptography")
    assert str(VerifierKey.read(GO)) == GO


def test_a_note_is_opened_by_any_key_that_signed_it() -> None:
    note = signed(TEXT, [OTHER, KEY])
    assert opened(note, [KEY.verifier]) == opened(note, [OTHER.verifier]) == TEXT
    assert Checkpoint.read(TEXT).size == 181


def test_a_key_read_from_its_file_is_the_same_key() -> None:
    assert SigningKey.read(ORIGIN, KEY.pem).verifier == KEY.verifier
    assert VerifierKey.read(str(KEY.verifier)) == KEY.verifier


def test_a_note_that_nobody_trusted_signed_is_refused() -> None:
    with pytest.raises(NotSignedError):
        opened(signed(TEXT, [KEY]), [OTHER.verifier])


def test_a_false_line_of_a_known_key_makes_the_note_false() -> None:
    told = signed(TEXT, [KEY, OTHER]).replace("\n181\n", "\n182\n")
    with pytest.raises(NotSignedError):
        opened(told, [KEY.verifier])
    mixed = signed(TEXT, [KEY]) + KEY.line(b"something else")
    with pytest.raises(NotSignedError):
        opened(mixed, [KEY.verifier])


@pytest.mark.parametrize(
    "told",
    [
        "",
        TEXT,
        TEXT + "\n",
        TEXT + "\n— a b\n",
        TEXT + "\n- ledger.example/socai AAAA\n",
        signed(TEXT, [KEY])[:-1],
        signed(TEXT, [KEY]).replace("\n", "\r\n"),
        "x" * 70_000 + "\n\n" + KEY.line(b""),
    ],
)
def test_what_is_no_note_is_refused(told: str) -> None:
    with pytest.raises(NoteBrokenError):
        opened(told, [KEY.verifier])


@pytest.mark.parametrize(
    "told",
    [
        "",
        "name",
        "na me+00000000+AAAA",
        GO.replace("c74f20a3", "c74f20a4"),
        GO.replace("AR", "Ag"),
        GO + "AAAA",
    ],
)
def test_what_is_no_verifier_key_is_refused(told: str) -> None:
    with pytest.raises(NoteBrokenError):
        VerifierKey.read(told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n181\n",
        TEXT + "extension\n",
        TEXT.replace("181", "0181"),
        TEXT.replace("181", "-1"),
        TEXT.replace("181", "١٨١"),
        TEXT.replace("=", ""),
        TEXT.replace(ORIGIN, ""),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteBrokenError):
        Checkpoint.read(text)

"""A bundle that was changed is refused by every program that can see it."""

import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from events.seal.note import SigningKey
from tests.service.takeaway.breaking import SEES, Flip, bodies, flips, laid, signed_anew
from tests.service.takeaway.conftest import ORIGIN, Sealed
from tests.service.takeaway.verifiers import Trusted, Verifiers, by_file

ALL = ("go", "sigstore", "openssl", "file", "bare")
OF_THE_LOG = ("go", "sigstore", "file", "bare")
ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
MARK = "— ".encode()
CHANGED = 450
"""The position of an event that somebody would rather have had otherwise."""


def accepting(verifiers: Verifiers, bundle: Path, trusted: Trusted, *who: str) -> list[str]:
    """Which of these programs accept the bundle."""
    return [each for each in who if verifiers.asked(each, bundle, trusted).accepts]


def otherwise(told: list[bytes], position: int = CHANGED) -> list[bytes]:
    """The entries, but for one that says something else."""
    assert b'"name":"x"' in told[position - 1]
    changed = told[position - 1].replace(b'"name":"x"', b'"name":"y"')
    return [*told[: position - 1], changed, *told[position:]]


@pytest.mark.parametrize("flip", flips(), ids=str)
def test_one_bit_is_seen_by_all_who_look_at_it(
    flip: Flip, bundle: Path, verifiers: Verifiers, trusted: Trusted
) -> None:
    named = flip.on(bundle)
    verdicts = {who: verifiers.asked(who, bundle, trusted) for who in SEES[flip.part]}
    assert [who for who, verdict in verdicts.items() if verdict.accepts] == []
    assert named in verdicts["file"].said


def test_a_dropped_tail_is_seen(bundle: Path, verifiers: Verifiers, trusted: Trusted) -> None:
    told = bodies(bundle)
    last = bundle / "tile/entries/002.p/88"
    last.write_bytes(last.read_bytes()[: -len(told[-1]) - 2])
    assert accepting(verifiers, bundle, trusted, *OF_THE_LOG) == []
    assert "position 600:" in by_file(bundle, trusted).said
    # ... and if the tiles fit what is left,
    list(laid(bundle, told[:-1]))
    assert accepting(verifiers, bundle, trusted, *OF_THE_LOG) == []


def test_two_events_that_changed_places_are_seen(
    bundle: Path, verifiers: Verifiers, trusted: Trusted
) -> None:
    told = bodies(bundle)
    told[400], told[401] = told[401], told[400]
    list(laid(bundle, told))
    assert accepting(verifiers, bundle, trusted, *OF_THE_LOG) == []
    assert "position 301 to 520: other entries" in by_file(bundle, trusted).said


def test_a_log_that_was_rewritten_is_seen_without_the_key(
    bundle: Path, verifiers: Verifiers, trusted: Trusted
) -> None:
    list(laid(bundle, otherwise(bodies(bundle))))
    assert accepting(verifiers, bundle, trusted, *OF_THE_LOG) == []
    assert "position 301 to 520: other entries" in by_file(bundle, trusted).said


def test_a_rewritten_log_with_a_key_of_its_own_is_seen_by_whoever_holds_the_true_one(
    bundle: Path, verifiers: Verifiers, trusted: Trusted
) -> None:
    other = SigningKey.generate(ORIGIN)
    told = otherwise(bodies(bundle))
    told[0] = told[0].replace(trusted.vkey.encode(), str(other.verifier).encode())
    signed_anew(bundle, told, other)
    assert accepting(verifiers, bundle, replace(trusted, witness=""), *ALL) == []
    assert by_file(bundle).accepts, "by itself it agrees with itself, and says what to compare"
    assert "compare them" in by_file(bundle).said


def test_a_log_rewritten_with_the_stolen_key_is_seen_by_whoever_kept_a_checkpoint(
    bundle: Path, made: Path, sealed: Sealed, verifiers: Verifiers, trusted: Trusted
) -> None:
    (stolen,) = sealed.memory.signing_keys()
    signed_anew(bundle, otherwise(bodies(bundle)), stolen)
    alone = replace(trusted, witness="")
    assert accepting(verifiers, bundle, alone, *ALL) == list(ALL)
    keeping = replace(alone, kept=(made / "checkpoint",))
    assert accepting(verifiers, bundle, keeping, "go", "file", "bare") == []
    assert "other entries than in" in by_file(bundle, keeping).said
    # A witness of the true log never cosigned this one.
    assert accepting(verifiers, bundle, trusted, "file", "bare") == []


def test_a_log_that_ends_before_what_was_kept_is_seen(
    bundle: Path, made: Path, sealed: Sealed, verifiers: Verifiers, trusted: Trusted
) -> None:
    (stolen,) = sealed.memory.signing_keys()
    signed_anew(bundle, bodies(bundle)[:-1], stolen)
    keeping = replace(trusted, witness="", kept=(made / "checkpoint",))
    assert accepting(verifiers, bundle, keeping, "go", "file", "bare") == []
    assert "the bundle ends at position 599" in by_file(bundle, keeping).said


def changed(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    """Other bytes at a place of a file."""

    def on(bundle: Path) -> None:
        told = (bundle / name).read_bytes()
        assert old in told
        (bundle / name).write_bytes(told.replace(old, new, 1))

    return on


def put(name: str, told: bytes) -> Callable[[Path], None]:
    """A file of other contents."""

    def on(bundle: Path) -> None:
        (bundle / name).write_bytes(told)

    return on


def gone(name: str) -> Callable[[Path], None]:
    """A file less."""
    return lambda bundle: (bundle / name).unlink()


def slack(bundle: Path) -> None:
    """A bit of base64 that means nothing to lenient readers."""
    told = (bundle / "checkpoint").read_text(encoding="utf-8")
    assert told.endswith("=\n")
    following = ALPHABET[ALPHABET.index(told[-3]) + 1]
    (bundle / "checkpoint").write_text(f"{told[:-3]}{following}=\n", encoding="utf-8")


def doubled(bundle: Path) -> None:
    """The earlier checkpoints, twice."""
    told = (bundle / "checkpoints").read_bytes()
    (bundle / "checkpoints").write_bytes(told + told)


def halved(bundle: Path) -> None:
    """The earlier checkpoints, but for the last line."""
    told = (bundle / "checkpoints").read_bytes()
    (bundle / "checkpoints").write_bytes(told[:-1])


def lengthened(bundle: Path) -> None:
    """A file of entries with one more."""
    path = bundle / "tile/entries/000"
    path.write_bytes(path.read_bytes() + b"\x00\x01x")


def announced(bundle: Path) -> None:
    """A key that the log does not announce."""
    with (bundle / "vkey").open("a") as file:
        file.write(f"{SigningKey.generate(ORIGIN).verifier}\n")


CHANGES = {
    "a file beside": (put("tile/entries/003", b"\x00\x01x"), "not under the checkpoint"),
    "an entry more": (lengthened, "position 256: something unsigned stands after it"),
    "a tile less": (gone("tile/0/001"), "position 257: gone"),
    "entries less": (gone("tile/entries/001"), "position 257: gone"),
    "an upper tile less": (gone("tile/1/000.p/2"), "No such file"),
    "no earlier checkpoints": (gone("checkpoints"), "No such file"),
    "checkpoints twice": (doubled, "it stands after that of 520 events"),
    "half a checkpoint": (halved, "it ends in the middle of a checkpoint"),
    "a key more": (announced, "other keys than the log announces"),
    "no key": (put("vkey", b""), "not Ed25519 verifier keys"),
    "spare bits": (slack, "not base64"),
    "another signer": (changed("checkpoints", MARK, MARK + b"not-"), "no key of the log signed it"),
    "a leading zero": (changed("checkpoint", b"\n600\n", b"\n0600\n"), "not a checkpoint"),
    "a smaller size": (changed("checkpoint", b"\n600\n", b"\n599\n"), "not over this text"),
    "no witness": (put("cosignatures", b""), "a key that you insist on did not sign it"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_file_says_what_differs(name: str, bundle: Path, trusted: Trusted) -> None:
    change, said = CHANGES[name]
    change(bundle)
    verdict = by_file(bundle, trusted)
    assert verdict.code == 1
    assert "NOT VERIFIED: " in verdict.said
    assert said in verdict.said

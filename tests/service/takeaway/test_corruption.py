"""A bundle that was changed is refused by every program that can see it."""

from dataclasses import replace
from pathlib import Path

import pytest

from events.seal.note import SigningKey
from tests.service.takeaway.breaking import SEES, Flip, bodies, flips, laid, signed_anew
from tests.service.takeaway.conftest import ORIGIN, Sealed
from tests.service.takeaway.verifiers import Trusted, Verifiers, by_file

ALL = ("go", "sigstore", "openssl", "file", "bare")
OF_THE_LOG = ("go", "sigstore", "file", "bare")
CHANGED = 450
"""The position of an event that somebody would rather have had otherwise."""


def accepting(
    verifiers: Verifiers, bundle: Path, trusted: Trusted, *who: str
) -> list[tuple[str, str]]:
    """Which of these programs accept the bundle, and what they say."""
    asked = [(each, verifiers.asked(each, bundle, trusted)) for each in who]
    return [(each, verdict.said) for each, verdict in asked if verdict.accepts]


def otherwise(told: list[bytes], position: int = CHANGED) -> list[bytes]:
    """The entries, but for one that says something else."""
    assert b'"name":"x"' in told[position - 1]
    changed = told[position - 1].replace(b'"name":"x"', b'"name":"y"')
    return [*told[: position - 1], changed, *told[position:]]


@pytest.mark.parametrize("flip", flips(), ids=str)
def test_one_bit_is_seen_by_all_who_look_at_it(
    flip: Flip, bundle: Path, verifiers: Verifiers, trusted: Trusted
) -> None:
    path, place = flip.on(bundle)
    assert accepting(verifiers, bundle, trusted, *SEES[flip.part]) == []
    said = by_file(bundle, trusted).said
    if flip.part == "tile/0":
        index = int(path.name if path.name.isdigit() and ".p" not in str(path) else "2")
        assert f"position {256 * index + place // 32 + 1}:" in said, said


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
    assert [who for who, _ in accepting(verifiers, bundle, alone, *ALL)] == list(ALL)
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


def test_what_was_put_beside_the_tiles_is_seen(bundle: Path, trusted: Trusted) -> None:
    (bundle / "tile/entries/003").write_bytes(b"\x00\x01x")
    said = by_file(bundle, trusted)
    assert not said.accepts
    assert "not under the checkpoint" in said.said

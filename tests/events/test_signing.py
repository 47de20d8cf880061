"""The keys that sign the ledger: introduced and retired once, and never none."""

from events.signing import (
    SIGNING,
    IntroduceSigningKey,
    LastSigningKey,
    RetireSigningKey,
    SigningKeyIntroduced,
    SigningKeyIsRetired,
    SigningKeyRetired,
    UnknownSigningKey,
)
from events.text import InvalidText
from tests.spec import Spec

check = Spec(SIGNING)
OLD, NEW = "ledger.example+00000001+AQ==", "ledger.example+00000002+AQ=="
INTRODUCED = SigningKeyIntroduced(vkey=OLD, reason="khoá đầu tiên")
SECOND = SigningKeyIntroduced(vkey=NEW, reason="thay khoá")
RETIRED = SigningKeyRetired(vkey=OLD, reason="thay khoá")


def test_a_key_is_introduced_once() -> None:
    asked = IntroduceSigningKey(vkey=OLD, reason="khoá đầu tiên")
    check(given=[], when=asked, then=[INTRODUCED])
    check(given=[INTRODUCED], when=asked, then=[])


def test_a_key_is_retired_once_another_signs() -> None:
    asked = RetireSigningKey(vkey=OLD, reason="thay khoá")
    check(given=[INTRODUCED, SECOND], when=asked, then=[RETIRED])
    check(given=[INTRODUCED, SECOND, RETIRED], when=asked, then=[])


def test_the_last_key_is_not_retired() -> None:
    asked = RetireSigningKey(vkey=OLD, reason="thay khoá")
    check(given=[INTRODUCED], when=asked, then=LastSigningKey(vkey=OLD))


def test_a_key_that_does_not_sign_is_not_retired() -> None:
    asked = RetireSigningKey(vkey=NEW, reason="thay khoá")
    check(given=[INTRODUCED], when=asked, then=UnknownSigningKey(vkey=NEW))


def test_a_retired_key_never_signs_again() -> None:
    asked = IntroduceSigningKey(vkey=OLD, reason="lại")
    check(given=[INTRODUCED, SECOND, RETIRED], when=asked, then=SigningKeyIsRetired(vkey=OLD))


def test_a_key_comes_with_a_reason() -> None:
    asked = IntroduceSigningKey(vkey=OLD, reason=" ")
    check(given=[], when=asked, then=InvalidText(field="reason"))

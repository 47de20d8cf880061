"""The keys that sign the ledger (khoá ký sổ): introduced and retired in the open.

Whoever has one key, and the log, has them all: each new one is introduced under signatures that he
can check already. Both sign for a while before the old one is retired.
"""

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from events.identity import stream_of
from events.rules import Aggregate, Occasion, Refusal, command, fact, refusal, value
from events.text import InvalidText, required


@fact
class SigningKeyIntroduced:
    """A key began to sign the ledger (đưa khoá ký vào sử dụng)."""

    vkey: str
    reason: str


@fact
class SigningKeyRetired:
    """A key signs the ledger no more (ngừng sử dụng khoá ký)."""

    vkey: str
    reason: str


@command
class IntroduceSigningKey:
    """Introduce a key (đưa khoá ký vào sử dụng), by its verifier key as C2SP notes spell it."""

    vkey: str
    reason: str


@command
class RetireSigningKey:
    """Retire a key (ngừng sử dụng khoá ký). What it signed stays signed."""

    vkey: str
    reason: str


@refusal(rule="a key that was retired never signs again")
class SigningKeyIsRetired(Refusal):
    """Key {vkey} was retired.

    Khoá {vkey} đã ngừng sử dụng.
    """

    vkey: str


@refusal(rule="only a key that signs is retired")
class UnknownSigningKey(Refusal):
    """Key {vkey} does not sign this ledger.

    Khoá {vkey} không ký sổ cái này.
    """

    vkey: str


@refusal(rule="a ledger always has a key that signs it")
class LastSigningKey(Refusal):
    """No other key signs this ledger: introduce one before {vkey} is retired.

    Không còn khoá nào khác ký sổ cái này: hãy đưa khoá mới vào sử dụng trước khi ngừng {vkey}.
    """

    vkey: str


SigningEvent: TypeAlias = SigningKeyIntroduced | SigningKeyRetired
SigningCommand: TypeAlias = IntroduceSigningKey | RetireSigningKey
SigningRefusal: TypeAlias = SigningKeyIsRetired | UnknownSigningKey | LastSigningKey | InvalidText


@value
class Signing:
    """The keys as the rules see them."""

    signs: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()


def stream() -> str:
    """The one stream of them: a ledger has one signer."""
    return stream_of("signing", "keys")


def decide(
    command: SigningCommand, signing: Signing | None, _occasion: Occasion
) -> Sequence[SigningEvent]:
    """Answer a command with the facts it causes; none if already so."""
    known = signing or Signing()
    vkey, reason = required("vkey", command.vkey), required("reason", command.reason)
    match command:
        case IntroduceSigningKey():
            if vkey in known.retired:
                raise SigningKeyIsRetired(vkey=vkey)
            if vkey in known.signs:
                return ()
            return (SigningKeyIntroduced(vkey=vkey, reason=reason),)
        case RetireSigningKey():
            if vkey in known.retired:
                return ()
            if vkey not in known.signs:
                raise UnknownSigningKey(vkey=vkey)
            if len(known.signs) == 1:
                raise LastSigningKey(vkey=vkey)
            return (SigningKeyRetired(vkey=vkey, reason=reason),)
        case _:
            assert_never(command)


def evolve(signing: Signing | None, event: SigningEvent) -> Signing:
    """Apply one recorded fact. Total: history is never refused."""
    known = signing or Signing()
    match event:
        case SigningKeyIntroduced():
            return Signing(signs=known.signs | {event.vkey}, retired=known.retired)
        case SigningKeyRetired():
            return Signing(signs=known.signs - {event.vkey}, retired=known.retired | {event.vkey})
        case _:
            assert_never(event)


SIGNING: Aggregate[SigningCommand, Signing, SigningEvent] = Aggregate(
    name="signing",
    stream=lambda _: stream(),
    decide=decide,
    evolve=evolve,
)

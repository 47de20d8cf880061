"""Separation of duties (kiêm nhiệm bị cấm): nobody checks or pays out their own work.

`APART` says of each step whose earlier steps bar its actor. `Hands` is who did what in one stream,
folded from recorded events and kept beside the state of its aggregate; `checked_hands` compares.
The steps compared are of one stream, so its version guards them: what an admitted command was
decided on is what stands in the log before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any

from events.envelope import Actor, Recorded
from events.identity import nfc
from events.mandate import MandateConfirmed, MandateProposed
from events.rules import Refusal, refusal, value
from events.scheme import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    CriteriaEvaluated,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)


@refusal(rule="INTOSAI GOV 9100: key duties are divided; no one checks their own work (bốn mắt)")
class WrongAuthority(Refusal):
    """{step} on {item} needs another person than {earlier}, version {earlier_version} of {stream}.

    {step} đối với {item} phải do người khác thực hiện, không phải người đã thực hiện {earlier}
    (phiên bản {earlier_version} của {stream}).
    """

    step: str
    item: str
    earlier: str
    stream: str
    earlier_version: int


@value
class Apart:
    """Whose earlier steps bar a step: anywhere in its stream, or on the same thing within it."""

    stream: tuple[type, ...] = ()
    commitment: tuple[type, ...] = ()
    payment: tuple[type, ...] = ()
    mandate: tuple[type, ...] = ()


_PROPOSAL = (SchemeProposed, BeneficiaryAssigned, CounterpartPledged)
_PROMISE = (SupportCommitted, CommitmentReduced)
_PAYMENT = (AdvancePaid, DisbursementPaid)

_CHANGE = Apart(stream=(SchemeApproved,), commitment=(AcceptanceRecorded, *_PAYMENT))
_PAYING = Apart(stream=(SchemeProposed, SchemeApproved), commitment=(*_PROMISE, AcceptanceRecorded))

APART: Mapping[type, Apart] = MappingProxyType(
    {
        # Makers: who has approved, accepted or paid does not go back to promising.
        SupportCommitted: Apart(stream=(SchemeApproved,)),
        CommitmentReduced: _CHANGE,
        CommitmentCancelled: _CHANGE,
        # Checkers: not of what they made or paid themselves.
        SchemeApproved: Apart(stream=_PROPOSAL),
        CriteriaEvaluated: Apart(stream=(SchemeProposed,)),
        AcceptanceRecorded: Apart(commitment=(*_PROMISE, *_PAYMENT, PaymentReversed)),
        SettlementApproved: Apart(
            stream=(SchemeProposed, *_PROMISE, CommitmentCancelled, *_PAYMENT, PaymentReversed),
            commitment=(AcceptanceRecorded,),
        ),
        # Payers: neither makers nor checkers; and a second person takes a payment back.
        AdvancePaid: _PAYING,
        DisbursementPaid: _PAYING,
        PaymentReversed: Apart(payment=_PAYMENT),
        # Nobody gives himself a role, nor gives one alone.
        MandateConfirmed: Apart(mandate=(MandateProposed,)),
    }
)
"""Step -> the steps whose actors may not take it. A step that is not here is anybody's."""

_LOOKED_AT = frozenset(
    each
    for apart in APART.values()
    for each in (*apart.stream, *apart.commitment, *apart.payment, *apart.mandate)
)


@value
class Hands:
    """Who had a hand in what, in one stream (người đã thực hiện)."""

    steps: Mapping[tuple[str, type, str], int] = field(default_factory=dict)
    """(item, kind of step, actor) -> the version of the first such step; item "": the stream."""

    def first(self, item: str, kinds: Iterable[type], actor: str) -> tuple[type, int] | None:
        """The first step of these kinds that this actor took on the item, or None."""
        found: tuple[type, int] | None = None
        for kind in kinds:
            version = self.steps.get((item, kind, actor))
            if version is not None and (found is None or version < found[1]):
                found = kind, version
        return found


NOBODY = Hands()


def joined(hands: Hands, event: Recorded[Any]) -> Hands:
    """Apply one recorded event. What no rule looks at leaves no trace."""
    kind = type(event.fact)
    if kind not in _LOOKED_AT:
        return hands
    actors = {nfc(event.actor.id)}
    if isinstance(event.fact, MandateProposed):
        actors.add(event.fact.principal)  # who is to have a role has a hand in it
    items = ("", *_items(event.fact))
    added = {(item, kind, actor): event.version for item in items for actor in actors}
    return Hands(steps={**added, **hands.steps})  # the earliest stays


def checked_hands(facts: Iterable[object], stream: str, hands: Hands, actor: Actor) -> None:
    """Refuse steps on work in which their actor had a hand that bars them."""
    # The log composes the ids of actors; an id in another spelling is the same person.
    who = nfc(actor.id)
    for fact in facts:
        for item, kinds in _barring(fact):
            before = hands.first(item, kinds, who)
            if before is not None:
                kind, version = before
                raise WrongAuthority(
                    step=type(fact).__name__,
                    item=item or stream,
                    earlier=kind.__name__,
                    stream=stream,
                    earlier_version=version,
                )


def _barring(fact: object) -> Iterator[tuple[str, tuple[type, ...]]]:
    """On which items which earlier steps bar the actor of this one."""
    apart = APART.get(type(fact))
    if apart is not None:
        for item in _items(fact):
            yield item, getattr(apart, item.partition(" ")[0])
        yield "", apart.stream


def _items(fact: object) -> Iterator[str]:
    """The things within its stream that a fact is about: they have no streams of their own."""
    for kind in ("commitment", "payment", "mandate"):
        code = getattr(fact, f"{kind}_id", None)
        if code is not None:
            yield f"{kind} {code}"

"""Acceptance and settlement: once, in their order, within what was promised and accepted."""

from dataclasses import replace

from events.money import Vnd
from events.scheme import AcceptanceDiffers, CommitmentEnded, CommitmentExceeded, NotAccepted
from tests.events.test_scheme_payments import (
    READY,
    accept,
    accepted,
    advance,
    check,
    disburse,
    settle,
    settled,
)
from tests.world import (
    COMMITMENT,
)


def test_work_is_accepted_once() -> None:
    check(given=READY, when=accept, then=[accepted])
    check(given=[*READY, accepted], when=accept, then=[])
    check(
        given=[*READY, accepted],
        when=replace(accept, accepted_value=Vnd(99)),
        then=AcceptanceDiffers(commitment_id=COMMITMENT),
    )


def test_a_settlement_follows_acceptance_and_stays_within_its_value() -> None:
    refused = NotAccepted(commitment_id=COMMITMENT, requested=Vnd(50))
    check(given=READY, when=settle(50), then=refused)
    little = replace(accepted, accepted_value=Vnd(49))
    check(given=[*READY, little], when=settle(50), then=refused)
    check(given=[*READY, accepted], when=settle(50), then=[settled(50)])


def test_a_settlement_stays_within_the_commitment() -> None:
    check(
        given=[*READY, accepted],
        when=settle(51),
        then=CommitmentExceeded(commitment_id=COMMITMENT, requested=Vnd(51), available=Vnd(50)),
    )


def test_a_settled_commitment_takes_no_further_entry() -> None:
    given = [*READY, accepted, settled(50)]
    ended = CommitmentEnded(commitment_id=COMMITMENT)
    check(given=given, when=settle(50), then=[])
    check(given=given, when=settle(49), then=ended)
    check(given=given, when=advance(5), then=ended)
    check(given=given, when=disburse(5), then=ended)

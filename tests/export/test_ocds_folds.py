"""OCDS: what a read model forgets is seen, and so is who was chosen, released, chosen again."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, starmap
from random import Random

import pytest

from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.balance import UnspentBalanceReturned
from events.scheme.contract import ImplementationContractAmended, ImplementationContractLiquidated
from events.scheme.facts import (
    AcceptanceRecorded,
    CommitmentCancelled,
    CommitmentReduced,
    PaymentReversed,
    SettlementApproved,
)
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryReceived
from events.scheme.release import BeneficiaryReleased
from projections.balance import balance
from projections.beneficiary import beneficiary
from projections.ceiling import ceiling
from projections.commitment import commitment
from projections.contract import contract
from projections.entry import entry
from projections.projection import Arm, Projection
from projections.scheme import scheme
from tests import histories
from tests.export import eventful
from tests.export.ocds_checks import merged
from tests.export.test_ocds import EVENTFUL, agree
from tests.export.told import told
from tests.projections import facts

FORGETS: tuple[tuple[Projection, type], ...] = (
    *(
        (commitment, fact)
        for fact in (
            CommitmentReduced,
            CommitmentCancelled,
            CommitmentReallocated,
            ReallocationReceived,
            SettlementApproved,
            AcceptanceRecorded,
        )
    ),
    (scheme, SchemeAdjusted),
    (scheme, SchemeSupplemented),
    (ceiling, SchemeAdjusted),
    (ceiling, SchemeSupplemented),
    (contract, ImplementationContractAmended),
    (contract, ImplementationContractLiquidated),
    (balance, UnspentBalanceReturned),
    (entry, RecoveryReceived),
    (entry, PriorPeriodAdjusted),
    (entry, PaymentReversed),
    (beneficiary, BeneficiaryReleased),
)


def forgetful(arm: Arm) -> Arm:
    """The same fact, and the read model stays as it was."""
    if arm.changes is not None:
        return replace(arm, changes=as_before)
    return replace(arm, opens=None, spreads=nothing, keys=nothing)


def as_before(row: object, *_: object) -> object:
    return row


def nothing(*_: object) -> tuple[()]:
    return ()


@pytest.mark.parametrize(("of", "fact"), FORGETS)
def test_a_fold_that_forgets_is_seen(
    monkeypatch: pytest.MonkeyPatch, of: Projection, fact: type
) -> None:
    """The oracle is worth something: a read model with a wrong arm does not agree with it.

    Where what it forgets was decided again in one history, in one of some more it was not.
    """
    forgets = {**of.arms, fact: forgetful(of.arms[fact])}
    monkeypatch.setitem(of.__dict__, "arms", forgets)
    more = (histories.tell(Random(seed), eventful.STEPS, eventful.MOVES) for seed in range(20))
    told_of = chain((EVENTFUL,), (each.recorded for each in more))
    with pytest.raises(AssertionError):
        sum(agree(recorded, len(recorded)) for recorded in told_of)


def test_whoever_is_chosen_again_under_another_name_has_it_in_what_was_paid_before() -> None:
    named = "May Ý Yên Mới"
    story = (
        *facts.BEFORE,
        facts.COMMITTED,
        facts.ADVANCED,
        replace(facts.REVERSED, amount=facts.ADVANCED.amount),
        replace(facts.CANCELLED, amount=facts.COMMITTED.amount),
        BeneficiaryReleased(scheme_id=facts.SCHEME, facility_id=facts.FACILITY, reason="thôi"),
        replace(facts.ASSIGNED, name=named),
    )
    recorded = [
        replace(event, recorded_at=event.recorded_at + timedelta(seconds=event.position))
        for event in starmap(facts.recorded, enumerate(story, 1))
    ]
    released, chosen_again = len(recorded) - 1, len(recorded)
    assert agree(recorded, released) == agree(recorded, chosen_again) == 1
    for position, name, has_role in (
        (released, facts.ASSIGNED.name, False),
        (chosen_again, named, True),
    ):
        (each,) = told(recorded, position)
        compiled = merged(each.releases)
        (party,) = (one for one in compiled["parties"] if one["id"].endswith(facts.FACILITY))
        assert (party["name"], "roles" in party) == (name, has_role)
        (paid, back) = compiled["contracts"][0]["implementation"]["transactions"]
        assert paid["payee"] == back["payee"] == {"id": party["id"], "name": name}
        assert compiled["awards"][0]["suppliers"] == [paid["payee"]]

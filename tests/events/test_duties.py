"""Nobody checks or pays out their own work: which earlier step bars which, and for whom."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings

from events.duties import APART, NOBODY, Hands, WrongAuthority, checked_hands, joined
from events.envelope import Actor, Recorded
from events.identity import CommitmentId, PaymentId
from events.money import Vnd
from events.scheme import (
    CommitmentCancelled,
    CommitmentReduced,
    CriteriaEvaluated,
    PaymentReversed,
    SchemeEvent,
    SettlementApproved,
)
from events.vocabulary import Criterion, FundingSource, Verdict
from tests.actors import HOA, MINH
from tests.events.test_scheme_adjustment import handed_over
from tests.events.test_scheme_appraisal import (
    grassroots,
    ministry,
    rejected,
    resubmitted,
    returned,
)
from tests.events.test_scheme_contract import amended, liquidated, signed
from tests.events.test_scheme_halt import (
    completed,
    released,
    resumed,
    stopped,
    suspended,
)
from tests.events.test_scheme_payments import accepted, advanced, disbursed, reversed_, settled
from tests.events.test_scheme_supplement import supplemented
from tests.histories import UNHURRIED, History, histories
from tests.spec import ON
from tests.world import (
    ARTICLE,
    COMMITMENT,
    PAYMENT,
    SCHEME_ID,
    approved,
    assigned,
    committed,
    pledged,
    proposed,
)

STREAM = "scheme-textiles"
reduced = CommitmentReduced(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    amount=Vnd(5),
    reason="Điều chỉnh",
    source=FundingSource.NATIONAL_GRANT,
    budget_year=2019,
)
cancelled = CommitmentCancelled(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    amount=Vnd(45),
    reason="Thôi đầu tư",
    source=FundingSource.NATIONAL_GRANT,
    budget_year=2019,
)
judged = CriteriaEvaluated(
    scheme_id=SCHEME_ID,
    criterion=Criterion.SCALE,
    verdict=Verdict.MET,
    rule_version="TT 17/2018/TT-BCT",
    evidence="Biên bản",
    source=ARTICLE,
)
STEPS: dict[str, SchemeEvent] = {
    "propose": proposed,
    "assign": assigned,
    "pledge": pledged(50),
    "approve": approved,
    "judge": judged,
    "grassroots": grassroots,
    "ministry": ministry,
    "return": returned,
    "resubmit": resubmitted,
    "reject": rejected,
    "suspend": suspended,
    "resume": resumed,
    "stop": stopped,
    "complete": completed,
    "adjust": handed_over,
    "supplement": supplemented,
    "sign": signed,
    "amend": amended,
    "liquidate": liquidated,
    "release": released,
    "commit": committed(50),
    "reduce": reduced,
    "cancel": cancelled,
    "accept": accepted,
    "advance": advanced(10),
    "disburse": disbursed(10, id=PAYMENT),
    "reverse": reversed_(10),
    "settle": settled(50),
}
BARRED = {
    "approve": {"propose", "resubmit", "assign", "pledge"},
    "grassroots": {"propose", "resubmit"},
    "ministry": {"propose", "resubmit", "grassroots"},
    "return": {"propose", "resubmit"},
    "reject": {"propose", "resubmit"},
    "stop": {"propose", "resubmit"},
    "complete": {"propose", "resubmit"},
    "adjust": {"propose", "resubmit"},
    "supplement": {"propose", "resubmit"},
    "liquidate": {"sign", "amend"},
    "judge": {"propose"},
    "commit": {"approve"},
    "reduce": {"approve", "accept", "advance", "disburse"},
    "cancel": {"approve", "accept", "advance", "disburse"},
    "accept": {"commit", "reduce", "advance", "disburse", "reverse"},
    "advance": {"propose", "approve", "commit", "reduce", "accept"},
    "disburse": {"propose", "approve", "commit", "reduce", "accept"},
    "reverse": {"advance", "disburse"},
    "settle": {
        "propose", "commit", "reduce", "cancel", "accept", "advance", "disburse", "reverse"
    },
}  # fmt: skip
"""Step -> the steps of the same commitment or payment that bar their actor from it."""


def by(actor: Actor, *facts: object, after: Hands = NOBODY, version: int = 1) -> Hands:
    """The hands of a stream in which this actor took these steps."""
    hands = after
    for each in facts:
        hands = joined(hands, _recorded(each, version, actor))
        version += 1
    return hands


def refused(step: object, hands: Hands, actor: Actor = HOA) -> WrongAuthority | None:
    try:
        checked_hands([step], STREAM, hands, actor)
    except WrongAuthority as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("step", "earlier"), list(product(STEPS, STEPS)))
def test_a_step_bars_its_actor_from_exactly_these_later_ones(step: str, earlier: str) -> None:
    hands = by(HOA, STEPS[earlier])
    found = refused(STEPS[step], hands)
    assert (found is not None) is (earlier in BARRED.get(step, ()))
    assert refused(STEPS[step], hands, MINH) is None


@pytest.mark.parametrize("step", STEPS)
def test_who_has_done_nothing_yet_may_do_anything(step: str) -> None:
    assert refused(STEPS[step], by(MINH, *STEPS.values())) is None


def test_the_refusal_says_which_earlier_step_it_was_and_names_nobody() -> None:
    hands = by(HOA, reduced, committed(50), reduced, version=7)
    found = refused(advanced(10), hands)
    assert found == WrongAuthority(
        step="AdvancePaid",
        item="commitment c1",
        earlier="CommitmentReduced",
        stream=STREAM,
        earlier_version=7,
    )
    assert HOA.id not in f"{found} {found.message_vi if found else ''}"


def test_money_of_another_commitment_is_another_matter() -> None:
    hands = by(HOA, committed(50, id="c2"))
    assert refused(advanced(10), hands) is None
    assert refused(accepted, hands) is None
    assert refused(replace(advanced(10), commitment_id=CommitmentId("c2")), hands) is not None


def test_who_settles_took_no_part_in_any_money_of_the_scheme() -> None:
    assert refused(settled(50), by(HOA, committed(50, id="c2"))) is not None


def test_a_reversal_looks_at_the_payment_that_it_reverses() -> None:
    hands = by(HOA, advanced(10, id="p9"))
    assert refused(reversed_(10), hands) is None
    assert refused(replace(reversed_(10), payment_id=PaymentId("p9")), hands) is not None


def test_one_spelling_of_an_id_is_as_good_as_another() -> None:
    """The log composes ids; a decomposed one is no second person."""
    composed, decomposed = replace(HOA, id="Hưng"), replace(HOA, id="Hu\u031bng")
    assert refused(advanced(10), by(composed, committed(50)), decomposed) is not None
    assert refused(advanced(10), by(decomposed, committed(50)), composed) is not None


def test_another_role_or_organisation_does_not_make_another_person() -> None:
    disguised = replace(HOA, role="ACCOUNTANT", organisation="cuc")
    assert refused(advanced(10), by(HOA, committed(50)), disguised) is not None


def test_steps_that_no_rule_looks_at_are_not_remembered() -> None:
    assert by(HOA, judged, settled(50)) == NOBODY
    assert {CriteriaEvaluated, SettlementApproved} <= APART.keys()


@settings(UNHURRIED, max_examples=40)
@given(histories())
def test_in_a_recorded_history_nobody_ever_checked_their_own_work(history: History) -> None:
    """Told anew, without the hands that the ledger keeps: by looking at every earlier event."""
    names: dict[type, str] = {type(fact): name for name, fact in STEPS.items()}
    for place, later in enumerate(history.recorded):
        barred = BARRED.get(names.get(type(later.fact), ""), set())
        for earlier in history.recorded[:place]:
            if earlier.stream != later.stream or earlier.actor != later.actor:
                continue
            name = names.get(type(earlier.fact), "")
            assert name not in barred or not _concerns(earlier.fact, later.fact), (earlier, later)


def _concerns(earlier: Any, later: Any) -> bool:
    """Whether two steps of a scheme are about the same money, or one is about all of it."""
    if isinstance(later, PaymentReversed):
        return bool(earlier.payment_id == later.payment_id)
    codes = [getattr(each, "commitment_id", None) for each in (earlier, later)]
    return None in codes or codes[0] == codes[1]


def _recorded(fact: Any, version: int, actor: Actor) -> Recorded[Any]:
    return Recorded(
        position=version,
        id=UUID(int=version),
        stream=STREAM,
        version=version,
        type=type(fact).__name__,
        recorded_at=datetime(2020, 11, 5, tzinfo=UTC),
        effective_on=ON,
        budget_year=None,
        actor=actor,
        authority=None,
        command_id=UUID(int=version),
        causation=None,
        correlation=None,
        synthetic=False,
        fact=fact,
    )

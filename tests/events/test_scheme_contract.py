"""The contract to carry out a scheme: signed with its implementer, amended, liquidated."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import FutureEffectiveDate, InvalidYear
from events.identity import InvalidCode, OrganisationId
from events.money import Figure, InvalidAmount, Vnd
from events.organisation import UnknownOrganisation
from events.scheme import (
    SCHEME,
    BudgetExceeded,
    CommitmentCancelled,
    NotAccepted,
    SchemeNotApproved,
)
from events.scheme.contract import (
    AmendContract,
    ContractDiffers,
    ContractEnded,
    ContractId,
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
    LiquidateContract,
    NotTheImplementer,
    SignContract,
    UnknownContract,
)
from events.vocabulary import FundingSource
from tests.events.test_scheme_halt import (
    BODIES,
    CUC,
    FREEZE,
    NEIGHBOURS,
    RUNNING,
    STOPPED,
    stopped,
)
from tests.events.test_scheme_payments import accepted
from tests.spec import TODAY, Spec
from tests.world import CENTRE, COMMITMENT, SCHEME_ID, committed, pledged, proposed

check = Spec(SCHEME, {**NEIGHBOURS, **BODIES})
GRANT = FundingSource.NATIONAL_GRANT
CONTRACT = ContractId("hd-1")
BILLION = 1_000_000_000
sign = SignContract(
    scheme_id=SCHEME_ID,
    contract_id=CONTRACT,
    number="12/HĐ-KC",
    signed_on=date(2019, 2, 1),
    client=CUC,
    contractor=CENTRE,
    amount=Vnd(400),
    source=GRANT,
    budget_year=2019,
)
amend = AmendContract(
    scheme_id=SCHEME_ID,
    contract_id=CONTRACT,
    number="12A/PL-KC",
    signed_on=date(2019, 2, 20),
    amount=Vnd(500),
)
liquidate = LiquidateContract(
    scheme_id=SCHEME_ID, contract_id=CONTRACT, number="12/TL-KC", signed_on=date(2019, 2, 28)
)
signed = ImplementationContractSigned(
    scheme_id=SCHEME_ID,
    contract_id=CONTRACT,
    number="12/HĐ-KC",
    signed_on=date(2019, 2, 1),
    client=CUC,
    contractor=CENTRE,
    amount=Vnd(400),
    source=GRANT,
    budget_year=2019,
)
amended = ImplementationContractAmended(
    scheme_id=SCHEME_ID,
    contract_id=CONTRACT,
    number="12A/PL-KC",
    signed_on=date(2019, 2, 20),
    amount=Vnd(500),
    source=GRANT,
    budget_year=2019,
)
liquidated = ImplementationContractLiquidated(
    scheme_id=SCHEME_ID, contract_id=CONTRACT, number="12/TL-KC", signed_on=date(2019, 2, 28)
)


def test_a_contract_is_signed_once_with_whoever_carries_out_the_scheme() -> None:
    check(given=[proposed], when=sign, then=SchemeNotApproved(scheme_id=SCHEME_ID))
    check(given=RUNNING, when=sign, then=[signed])
    check(given=[*RUNNING, signed], when=sign, then=[])
    other = replace(sign, number="13/HĐ-KC")
    check(given=[*RUNNING, signed], when=other, then=ContractDiffers(contract_id=CONTRACT))
    stranger = NotTheImplementer(scheme_id=SCHEME_ID, implementer=CENTRE, contractor=CUC)
    check(given=RUNNING, when=replace(sign, contractor=CUC), then=stranger)
    nobody = OrganisationId("nobody")
    unknown = UnknownOrganisation(organisation_id=nobody)
    check(given=RUNNING, when=replace(sign, client=nobody), then=unknown)


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        (replace(sign, amount=Vnd(0)), InvalidAmount(field="amount", amount=Figure(0))),
        (replace(sign, budget_year=1954), InvalidYear(field="budget_year", year=1954)),
        (
            replace(sign, contract_id=ContractId("a b")),
            InvalidCode(field="contract_id", text="a b"),
        ),
    ],
)
def test_a_contract_has_a_code_a_value_and_a_year(
    wrong: SignContract, refused: InvalidAmount | InvalidYear | InvalidCode
) -> None:
    check(given=RUNNING, when=wrong, then=refused)


def test_contracts_of_a_source_and_year_keep_within_its_ceiling() -> None:
    too_much = replace(sign, contract_id=ContractId("hd-2"), amount=Vnd(BILLION - 399))
    over = BudgetExceeded(
        source=GRANT,
        budget_year=2019,
        requested=Vnd(BILLION - 399),
        headroom=Vnd(BILLION - 400),
    )
    check(given=[*RUNNING, signed], when=too_much, then=over)
    second = replace(signed, contract_id=ContractId("hd-2"), amount=Vnd(BILLION - 500))
    check(given=[*RUNNING, signed, second], when=amend, then=[amended])
    more = BudgetExceeded(source=GRANT, budget_year=2019, requested=Vnd(501), headroom=Vnd(500))
    check(given=[*RUNNING, signed, second], when=replace(amend, amount=Vnd(501)), then=more)


def test_an_annex_changes_the_value_until_the_contract_is_liquidated() -> None:
    check(given=RUNNING, when=amend, then=UnknownContract(contract_id=CONTRACT))
    check(given=[*RUNNING, signed], when=amend, then=[amended])
    check(given=[*RUNNING, signed, amended], when=amend, then=[])
    done = [*RUNNING, signed, accepted, liquidated]
    check(given=done, when=amend, then=ContractEnded(contract_id=CONTRACT))


def test_a_contract_is_liquidated_when_all_work_under_it_is_accepted() -> None:
    unaccepted = NotAccepted(commitment_id=COMMITMENT, requested=Vnd(50))
    check(given=RUNNING, when=liquidate, then=UnknownContract(contract_id=CONTRACT))
    check(given=[*RUNNING, signed], when=liquidate, then=unaccepted)
    check(given=[*RUNNING, signed, accepted], when=liquidate, then=[liquidated])
    check(given=[*RUNNING, signed, accepted, liquidated], when=liquidate, then=[])
    again = replace(liquidate, number="13/TL-KC")
    ended = ContractEnded(contract_id=CONTRACT)
    check(given=[*RUNNING, signed, accepted, liquidated], when=again, then=ended)
    cancelled = CommitmentCancelled(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        amount=Vnd(50),
        reason="Thôi đầu tư",
        source=GRANT,
        budget_year=2019,
    )
    check(given=[*RUNNING, signed, cancelled], when=liquidate, then=[liquidated])


def test_work_of_another_year_is_under_another_contract() -> None:
    later = replace(committed(60, id="c2"), budget_year=2020)
    given = [*RUNNING, pledged(100), later, signed, accepted]
    check(given=given, when=liquidate, then=[liquidated])


def test_a_stopped_scheme_signs_nothing_and_puts_its_contracts_in_order() -> None:
    given = [*RUNNING, signed, accepted, stopped]
    check(given=given, when=replace(sign, contract_id=ContractId("hd-2")), then=STOPPED, on=FREEZE)
    check(given=given, when=amend, then=STOPPED, on=FREEZE)
    check(given=given, when=liquidate, then=[liquidated], on=FREEZE)


@pytest.mark.parametrize("ask", [sign, amend, liquidate])
def test_nothing_is_signed_tomorrow(ask: object) -> None:
    tomorrow = date(2020, 11, 6)
    future = FutureEffectiveDate(effective_on=tomorrow, today=TODAY)
    check(given=[*RUNNING, signed], when=ask, then=future, on=tomorrow)

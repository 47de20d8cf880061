"""Work that is wanting is shown again; an account is handed in before it is approved."""

from dataclasses import replace

from events.dates import FutureEffectiveDate
from events.facility import FACILITY
from events.money import Vnd
from events.scheme import (
    SCHEME,
    AcceptanceDiffers,
    AcceptanceRefused,
    CommitmentEnded,
    CommitmentExceeded,
    CounterpartInvested,
    InvestCounterpart,
    NotABeneficiary,
    NotAccepted,
    RefuseAcceptance,
    SettlementAboveSubmission,
    SettlementSubmitted,
    SubmitSettlement,
)
from events.text import InvalidText
from events.vocabulary import FundingSource
from tests.events.test_scheme_payments import (
    READY,
    TOMORROW,
    accept,
    accepted,
    closed,
    disburse,
    disbursed,
    settle,
    settled,
)
from tests.events.test_scheme_recovery import ordered, received
from tests.spec import TODAY, Spec, fold
from tests.world import COMMITMENT, SCHEME_ID, SMITH, WEAVER, weaver

check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})

refuse = RefuseAcceptance(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    shortfall=Vnd(30),
    reason="Thiếu một máy",
    council="Hội đồng cơ sở",
)
refused = AcceptanceRefused(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    shortfall=Vnd(30),
    reason="Thiếu một máy",
    council="Hội đồng cơ sở",
)


def submit(eligible: int) -> SubmitSettlement:
    return SubmitSettlement(scheme_id=SCHEME_ID, commitment_id=COMMITMENT, eligible=Vnd(eligible))


def submitted(eligible: int, paid: int, payable: int, recoverable: int) -> SettlementSubmitted:
    return SettlementSubmitted(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        eligible=Vnd(eligible),
        paid=Vnd(paid),
        payable=Vnd(payable),
        recoverable=Vnd(recoverable),
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )


def test_work_that_was_refused_is_shown_again_until_it_is_accepted() -> None:
    check(given=READY, when=refuse, then=[refused])
    check(given=[*READY, refused], when=refuse, then=[refused])
    check(given=[*READY, refused], when=accept, then=[accepted])
    differs = AcceptanceDiffers(commitment_id=COMMITMENT)
    check(given=[*READY, refused, accepted], when=refuse, then=differs)


def test_a_refusal_accepts_nothing() -> None:
    final = disburse(10, final=True)
    check(
        given=[*READY, refused],
        when=final,
        then=NotAccepted(commitment_id=COMMITMENT, requested=Vnd(10)),
    )
    check(
        given=[*READY, refused],
        when=settle(10),
        then=NotAccepted(commitment_id=COMMITMENT, requested=Vnd(10)),
    )


def test_a_refusal_says_why_and_has_happened() -> None:
    check(given=READY, when=replace(refuse, reason=""), then=InvalidText(field="reason"))
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=READY, when=refuse, then=future, on=TOMORROW)
    ended = [*READY, accepted, settled(50)]
    check(given=ended, when=refuse, then=CommitmentEnded(commitment_id=COMMITMENT))


def test_an_account_says_what_is_still_to_be_paid_or_to_come_back() -> None:
    given = [*READY, accepted, disbursed(30)]
    check(given=given, when=submit(45), then=[submitted(45, 30, 15, 0)])
    check(given=given, when=submit(20), then=[submitted(20, 30, 0, 10)])
    back = [*given, ordered(10), received(10)]
    check(given=back, when=submit(20), then=[submitted(20, 20, 0, 0)])


def test_an_account_stays_within_what_was_accepted_and_promised() -> None:
    unseen = NotAccepted(commitment_id=COMMITMENT, requested=Vnd(45))
    check(given=READY, when=submit(45), then=unseen)
    little = replace(accepted, accepted_value=Vnd(44))
    check(given=[*READY, little], when=submit(45), then=unseen)
    above = CommitmentExceeded(commitment_id=COMMITMENT, requested=Vnd(51), available=Vnd(50))
    check(given=[*READY, accepted], when=submit(51), then=above)
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=[*READY, accepted], when=submit(45), then=future, on=TOMORROW)
    ended = [*READY, accepted, settled(50)]
    check(given=ended, when=submit(45), then=CommitmentEnded(commitment_id=COMMITMENT))


def test_an_account_is_handed_in_once_and_again_when_it_changed() -> None:
    given = [*READY, accepted, submitted(45, 0, 45, 0)]
    check(given=given, when=submit(45), then=[])
    check(given=given, when=submit(40), then=[submitted(40, 0, 40, 0)])


def test_no_more_is_approved_than_was_handed_in_where_something_was() -> None:
    given = [*READY, accepted, submitted(50, 0, 50, 0), submitted(45, 0, 45, 0)]
    above = SettlementAboveSubmission(
        commitment_id=COMMITMENT, requested=Vnd(46), submitted=Vnd(45)
    )
    check(given=given, when=settle(46), then=above)
    check(given=given, when=settle(45), then=[settled(45)])
    check(given=given, when=settle(40), then=[settled(40)])
    check(given=[*READY, accepted], when=settle(46), then=[settled(46)])


invest = InvestCounterpart(
    scheme_id=SCHEME_ID,
    facility_id=WEAVER,
    amount=Vnd(900),
    evidence="Hoá đơn 12",
    budget_year=2019,
)
invested = CounterpartInvested(
    scheme_id=SCHEME_ID,
    facility_id=WEAVER,
    amount=Vnd(900),
    evidence="Hoá đơn 12",
    budget_year=2019,
)


def test_a_beneficiary_may_spend_more_than_it_pledged_and_be_closed_since() -> None:
    check(given=READY, when=invest, then=[invested])
    check(given=[*READY, invested], when=invest, then=[invested])
    check(given=READY, when=invest, then=[invested], neighbours=closed)


def test_who_is_no_beneficiary_or_shows_nothing_has_invested_nothing() -> None:
    stranger = replace(invest, facility_id=SMITH)
    check(given=READY, when=stranger, then=NotABeneficiary(facility_id=SMITH))
    silent = replace(invest, evidence=" ")
    check(given=READY, when=silent, then=InvalidText(field="evidence"))
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=READY, when=invest, then=future, on=TOMORROW)

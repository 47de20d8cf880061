"""The money of the evaluation's three schemes: ceilings, commitments and payments. All synthetic.

Most supports run their whole way: pledge, commitment, advance, acceptance, final payment,
settlement. Those of late 2020 stop half-way, as they would have on the day of the conference. One
advance went to a wrong account and was reversed; one commitment was reduced, its facility pledging
the difference, so that the sum stays what it was.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from events.catalogue import Command
from events.envelope import Authority, Order
from events.identity import CommitmentId, OrganisationId, PaymentId, PeriodCode
from events.money import Vnd
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    AssignBeneficiary,
    Ceiling,
    CommitSupport,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
)
from events.vocabulary import Activity, FundingSource, SchemeClass
from service.seed.story import step
from service.seed.support import CONSULTANCY_COST, Support, Trade

PROPOSED, APPROVED = date(2018, 1, 15), date(2018, 3, 15)
ENDS = date(2020, 12, 31)
REGIME = ("NĐ 45/2012/NĐ-CP", "TT 36/2013/TT-BCT", "TTLT 26/2014/TTLT-BTC-BCT")
CONTENTS = (
    Activity.ADVANCED_MACHINERY,
    Activity.TECHNOLOGY_LINE,
    Activity.DEMO_MODEL_NEW_TECH,
    Activity.CONSULTANCY,
)
CONFERENCE = date(2020, 11, 5)
ACCEPTED_UNTIL = date(2020, 6, 12)
"""Of the supports committed in 2020, those until this day were delivered before the conference."""
ADVANCED_UNTIL = date(2020, 6, 20)
REVERSED, REDUCED = 17, 41
"""The numbers of the two facilities with something to put right."""
REDUCTION = Vnd(20_000_000)
CEILING_STEP = 500_000_000
MACHINES, CONSULTANT = "may", "tu-van"
"""The cost items of a support; a commitment is named after its facility and item."""
COUNCIL = "Hội đồng nghiệm thu cơ sở (minh họa)"


def scheme(
    trade: Trade, period: PeriodCode, implementer: OrganisationId, supports: tuple[Support, ...]
) -> Iterator[Order[Command]]:
    """One scheme's whole way."""
    name = trade.scheme_id
    yield step(
        f"{name} proposed",
        ProposeScheme(
            scheme_id=trade.scheme_id,
            period=period,
            title=f"Đề án khuyến công quốc gia điểm minh họa: {trade.name}",
            scheme_class=SchemeClass.FOCAL,
            contents=CONTENTS,
            starts_on=APPROVED,
            ends_on=ENDS,
            implementer=implementer,
        ),
        PROPOSED,
        synthetic=True,
    )
    yield step(
        f"{name} approved",
        ApproveScheme(scheme_id=trade.scheme_id, ceilings=_ceilings(supports), legal_regime=REGIME),
        APPROVED,
        synthetic=True,
        authority=Authority(instrument="Quyết định minh họa", date=APPROVED),
    )
    for support in sorted(supports, key=lambda each: (each.committed_on, each.number)):
        yield from _support(support)


def _ceilings(supports: tuple[Support, ...]) -> tuple[Ceiling, ...]:
    """What is committed in each year from each source, rounded up: there is always some room."""
    sums: Counter[tuple[int, FundingSource]] = Counter()
    for each in supports:
        sums[each.budget_year, FundingSource.NATIONAL_GRANT] += each.grant
        if each.local_grant:
            sums[each.budget_year, FundingSource.LOCAL_GRANT] += each.local_grant
    return tuple(
        Ceiling(
            source=source,
            budget_year=year,
            amount=Vnd((amount // CEILING_STEP + 1) * CEILING_STEP),
        )
        for (year, source), amount in sorted(
            sums.items(), key=lambda each: (each[0][0], each[0][1].name)
        )
    )


def _support(support: Support) -> Iterator[Order[Command]]:
    """Assignment and promises, then payments as far as they went."""
    scheme_id, facility_id = support.trade.scheme_id, support.facility_id
    day = support.committed_on
    yield step(
        f"{facility_id} assigned",
        AssignBeneficiary(scheme_id=scheme_id, facility_id=facility_id),
        day - timedelta(days=10),
        synthetic=True,
    )
    yield _pledge(support, "pledge", support.counterpart, day)
    yield _commit(support, MACHINES, support.activity, support.grant, FundingSource.NATIONAL_GRANT)
    if support.local_grant:
        yield _commit(
            support,
            CONSULTANT,
            Activity.CONSULTANCY,
            support.local_grant,
            FundingSource.LOCAL_GRANT,
        )
    net = support.grant
    if support.number == REDUCED:
        yield from _reduction(support)
        net = Vnd(net - REDUCTION)
    if day <= ADVANCED_UNTIL:
        yield from _payments(support, MACHINES, net)
        if support.local_grant:
            yield from _payments(support, CONSULTANT, support.local_grant)


def _pledge(support: Support, name: str, amount: Vnd, day: date) -> Order[Command]:
    return step(
        f"{support.facility_id} {name}",
        PledgeCounterpart(
            scheme_id=support.trade.scheme_id,
            facility_id=support.facility_id,
            amount=amount,
            budget_year=support.budget_year,
        ),
        day,
        synthetic=True,
    )


def _commit(
    support: Support, item: str, activity: Activity, amount: Vnd, source: FundingSource
) -> Order[Command]:
    what = "thuê tư vấn" if activity is Activity.CONSULTANCY else support.trade.machine
    return step(
        f"{support.facility_id} committed {item}",
        CommitSupport(
            scheme_id=support.trade.scheme_id,
            commitment_id=commitment(support, item),
            facility_id=support.facility_id,
            activity=activity,
            cost_item=what,
            total_cost=CONSULTANCY_COST
            if activity is Activity.CONSULTANCY
            else support.machine_cost,
            amount=amount,
            source=source,
            budget_year=support.budget_year,
        ),
        support.committed_on,
        synthetic=True,
    )


def commitment(support: Support, item: str) -> CommitmentId:
    """The commitment for one cost item of a facility."""
    return CommitmentId(f"{support.facility_id}-{item}")


def _cost(support: Support, commitment_id: CommitmentId) -> Vnd:
    """What the cost item of this commitment costs as a whole."""
    if commitment_id == commitment(support, CONSULTANT):
        return CONSULTANCY_COST
    return support.machine_cost


def _reduction(support: Support) -> Iterator[Order[Command]]:
    """The machine was cheaper to the fund by what the facility took over."""
    day = support.committed_on + timedelta(days=7)
    yield _pledge(support, "pledge more", REDUCTION, day)
    yield step(
        f"{support.facility_id} reduced",
        ReduceCommitment(
            scheme_id=support.trade.scheme_id,
            commitment_id=commitment(support, MACHINES),
            amount=REDUCTION,
            reason="Cơ sở tự đầu tư thêm (minh họa)",
        ),
        day,
        synthetic=True,
    )


def _payments(support: Support, item: str, amount: Vnd) -> Iterator[Order[Command]]:
    """Half ahead; the rest after acceptance, if it came to that before the conference."""
    day = support.committed_on
    half = Vnd(amount // 2)
    yield _advance(support, item, half, 1, day + timedelta(days=20))
    if support.number == REVERSED and item == MACHINES:
        yield _reversal(support, item, half, day + timedelta(days=23))
        yield _advance(support, item, half, 2, day + timedelta(days=24))
    if support.budget_year == ENDS.year and day > ACCEPTED_UNTIL:
        return
    for days, command in _closing(support, commitment(support, item), amount, Vnd(amount - half)):
        name = f"{commitment(support, item)} {type(command).__name__}"
        yield step(name, command, day + timedelta(days=days), synthetic=True)


def _closing(
    support: Support, commitment_id: CommitmentId, amount: Vnd, rest: Vnd
) -> Iterator[tuple[int, Command]]:
    """What follows delivery, each so many days after the commitment."""
    scheme_id = support.trade.scheme_id
    accept = RecordAcceptance(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        accepted_value=_cost(support, commitment_id),
        council=COUNCIL,
    )
    pay = PayDisbursement(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        facility_id=support.facility_id,
        payment_id=PaymentId(f"{commitment_id}-tt"),
        amount=rest,
        voucher=f"TT-{commitment_id}",
        final=True,
        budget_year=support.budget_year,
    )
    yield 90, accept
    yield 105, pay
    yield 120, ApproveSettlement(scheme_id=scheme_id, commitment_id=commitment_id, amount=amount)


def _advance(support: Support, item: str, amount: Vnd, nth: int, day: date) -> Order[Command]:
    commitment_id = commitment(support, item)
    return step(
        f"{commitment_id} advance {nth}",
        PayAdvance(
            scheme_id=support.trade.scheme_id,
            commitment_id=commitment_id,
            facility_id=support.facility_id,
            payment_id=PaymentId(f"{commitment_id}-tu{nth}"),
            amount=amount,
            voucher=f"TU-{commitment_id}-{nth}",
            budget_year=support.budget_year,
        ),
        day,
        synthetic=True,
    )


def _reversal(support: Support, item: str, amount: Vnd, day: date) -> Order[Command]:
    commitment_id = commitment(support, item)
    return step(
        f"{commitment_id} advance 1 reversed",
        ReversePayment(
            scheme_id=support.trade.scheme_id,
            payment_id=PaymentId(f"{commitment_id}-tu1"),
            amount=amount,
            reason="Chuyển nhầm tài khoản (minh họa)",
        ),
        day,
        synthetic=True,
    )

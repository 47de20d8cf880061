"""The rule of counterpart that was spent (đã chi đối ứng)."""

from collections.abc import Sequence

from events.dates import checked_year, happened
from events.money import checked_amount
from events.rules import Occasion
from events.scheme.investment import CounterpartInvested, InvestCounterpart
from events.scheme.money_refusals import NotABeneficiary
from events.scheme.state import Scheme
from events.text import required


def invest(
    command: InvestCounterpart, scheme: Scheme, occasion: Occasion
) -> Sequence[CounterpartInvested]:
    """Of a facility that closed since as well, and above its pledge: nothing forbids either.

    Recorded each time it is asked for: two equal amounts are two amounts.
    """
    happened(occasion)
    checked_amount("amount", command.amount)
    checked_year("budget_year", command.budget_year)
    if command.facility_id not in scheme.beneficiaries:
        raise NotABeneficiary(facility_id=command.facility_id)
    return (
        CounterpartInvested(
            scheme_id=command.scheme_id,
            facility_id=command.facility_id,
            amount=command.amount,
            evidence=required("evidence", command.evidence),
            budget_year=command.budget_year,
        ),
    )

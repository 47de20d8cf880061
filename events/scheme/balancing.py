"""Give back and carry over (nộp trả, chuyển nguồn): never more than is free under the ceiling."""

from collections.abc import Sequence

from events.books import checked_open_year
from events.dates import checked_year, happened
from events.money import checked_amount
from events.plan import BudgetExceeded
from events.rules import Occasion
from events.scheme.balance import (
    BalanceCarriedOver,
    CarryOverBalance,
    ReturnUnspentBalance,
    UnspentBalanceReturned,
)
from events.scheme.facts import SchemeEvent
from events.scheme.refusals import SchemeNotApproved
from events.scheme.state import Scheme
from events.text import required


def balance(
    command: ReturnUnspentBalance | CarryOverBalance, scheme: Scheme, occasion: Occasion
) -> Sequence[SchemeEvent]:
    """Recorded each time it is asked for: two equal returns are two returns."""
    happened(occasion)
    checked_amount("amount", command.amount)
    checked_year("budget_year", command.budget_year)
    if scheme.approval is None:
        raise SchemeNotApproved(scheme_id=command.scheme_id)
    free = scheme.headroom(command.source, command.budget_year)
    if command.amount > free:
        raise BudgetExceeded(
            source=command.source,
            budget_year=command.budget_year,
            requested=command.amount,
            headroom=free,
        )
    if isinstance(command, ReturnUnspentBalance):
        return (
            UnspentBalanceReturned(
                scheme_id=command.scheme_id,
                amount=command.amount,
                reason=required("reason", command.reason),
                source=command.source,
                budget_year=command.budget_year,
            ),
        )
    into_year = command.budget_year + 1
    checked_year("into_year", into_year)
    checked_open_year(occasion, into_year)
    return (
        BalanceCarriedOver(
            scheme_id=command.scheme_id,
            amount=command.amount,
            decision=required("decision", command.decision),
            source=command.source,
            budget_year=command.budget_year,
            into_year=into_year,
        ),
    )

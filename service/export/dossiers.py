"""The published fund scheme by scheme (hồ sơ đề án): what every open-data standard is made of.

    async for each in dossiers(fund):      # in the order of their codes
        each.scheme, each.commitments, each.entries

Rows come through cursors that are all ordered by scheme, side by side: one scheme is in memory.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from events.dates import VIETNAM
from events.identity import FacilityId
from projections.balance import Balance, balance
from projections.beneficiary import Beneficiary, beneficiary
from projections.ceiling import Ceiling, ceiling
from projections.commitment import Commitment, commitment
from projections.contract import Contract, contract
from projections.criterion import Criterion, criterion
from projections.entry import Entry, entry
from projections.organisation import Organisation, organisation
from projections.payment import Payment, payment
from projections.scheme import Scheme, scheme
from service.export.fund import CannotHoldError, Fund
from service.export.moment import Moment


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One scheme with all that hangs on it."""

    scheme: Scheme
    ceilings: Sequence[Ceiling]
    balances: Sequence[Balance]
    """By how much closed years changed what the ceilings leave to be committed."""
    contracts: Sequence[Contract]
    beneficiaries: Sequence[Beneficiary]
    commitments: Sequence[Commitment]
    payments: Sequence[Payment]
    entries: Sequence[Entry]
    """In the order in which they were recorded."""
    criteria: Sequence[Criterion]

    @cached_property
    def chosen(self) -> Mapping[FacilityId, Beneficiary]:
        """Its beneficiaries by their codes."""
        return {each.facility_id: each for each in self.beneficiaries}


class _Beside:
    """Rows in the order of their schemes, handed out a scheme at a time."""

    def __init__(self, rows: AsyncIterator[Any]) -> None:
        self._rows = rows
        self._waiting: Any = None

    async def of(self, scheme_id: str) -> list[Any]:
        found = []
        while (row := self._waiting or await anext(self._rows, None)) is not None:
            self._waiting = row
            if row.scheme_id > scheme_id:
                break
            if row.scheme_id == scheme_id:
                found.append(row)
            self._waiting = None
        return found


async def dossiers(fund: Fund) -> AsyncIterator[Dossier]:
    """Every scheme that is published, in the order of its code."""
    beside = {
        "ceilings": _Beside(fund.rows(ceiling)),
        "balances": _Beside(fund.rows(balance)),
        "contracts": _Beside(fund.rows(contract)),
        "beneficiaries": _Beside(fund.rows(beneficiary)),
        "commitments": _Beside(fund.rows(commitment)),
        "payments": _Beside(fund.rows(payment)),
        "entries": _Beside(fund.rows(entry, ("scheme_id", "position"))),
        "criteria": _Beside(fund.rows(criterion)),
    }
    async for row in fund.rows(scheme):
        found = {name: await each.of(row.scheme_id) for name, each in beside.items()}
        yield Dossier(scheme=row, **found)


async def organisations(fund: Fund) -> Mapping[str, Organisation]:
    """Every body by its code: some hundreds, however large the fund."""
    return {each.organisation_id: each async for each in fund.rows(organisation)}


def day_of(moment: Moment) -> date | None:
    """The day that the file speaks of; None: of the empty ledger."""
    if moment.effective is not None or moment.recorded_at is None:
        return moment.effective
    return moment.recorded_at.astimezone(VIETNAM).date()


async def refuse_nothing(fund: Fund, form: str) -> None:
    """A standard knows no file without anything in it."""
    if not await fund.count(scheme):
        raise CannotHoldError(f"no scheme is published at this moment, and {form} wants one")

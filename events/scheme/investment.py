"""Counterpart that was really spent (đã chi đối ứng)."""

from events.identity import FacilityId, SchemeId
from events.money import Vnd
from events.rules import command, fact


@fact
class CounterpartInvested:
    """A beneficiary has spent money of its own on the supported work (đã chi vốn đối ứng)."""

    scheme_id: SchemeId
    facility_id: FacilityId
    amount: Vnd
    evidence: str
    """Contracts, invoices, payment orders that show it (hồ sơ, chứng từ)."""
    budget_year: int


@command
class InvestCounterpart:
    """Record that a beneficiary has spent money of its own (đã chi vốn đối ứng)."""

    scheme_id: SchemeId
    facility_id: FacilityId
    amount: Vnd
    evidence: str
    """Contracts, invoices, payment orders that show it (hồ sơ, chứng từ)."""
    budget_year: int

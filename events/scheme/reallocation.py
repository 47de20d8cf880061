"""Promised money that moves from one facility to another within a scheme (điều chuyển)."""

from typing import TypeAlias

from events.identity import CommitmentId, FacilityId, OrganisationId, SchemeId
from events.money import Vnd
from events.rules import Refusal, command, fact, refusal, value
from events.vocabulary import FundingSource


@value
class ReallocationPart:
    """What one commitment gives or gets (phần điều chuyển)."""

    commitment_id: CommitmentId
    facility_id: FacilityId
    """To whom it is promised; the commitment's own (đơn vị thụ hưởng)."""
    amount: Vnd


@fact
class CommitmentReallocated:
    """Part of a commitment went to other commitments of the scheme (điều chuyển đi)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd
    reason: str
    approver: OrganisationId | None
    source: FundingSource
    budget_year: int


@fact
class ReallocationReceived:
    """A commitment grew by what others of the scheme gave up (điều chuyển đến)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd
    reason: str
    approver: OrganisationId | None
    source: FundingSource
    budget_year: int


@command
class ReallocateSupport:
    """Move promised money between facilities, all in one step (điều chuyển giữa các cơ sở)."""

    scheme_id: SchemeId
    taken: tuple[ReallocationPart, ...]
    given: tuple[ReallocationPart, ...]
    reason: str
    approver: OrganisationId | None = None


@refusal(rule="TT 36/2013/TT-BCT Đ11: what leaves comes in; across sources and years, the Ministry")
class ReallocationUnbalanced(Refusal):
    """{taken} đồng would leave {source} {budget_year} and {given} đồng would come to it.

    Nguồn {source} năm {budget_year} bị chuyển đi {taken} đồng nhưng được chuyển đến {given} đồng.
    """

    source: FundingSource
    budget_year: int
    taken: Vnd
    """What commitments of this source and year give up, in đồng (tổng chuyển đi)."""
    given: Vnd
    """What commitments of this source and year get, in đồng (tổng chuyển đến)."""


ReallocationEvent: TypeAlias = CommitmentReallocated | ReallocationReceived
ReallocationRefusal: TypeAlias = ReallocationUnbalanced

"""What follows delivery (nghiệm thu, quyết toán): an acceptance refused, a final account submitted.

That work was accepted and that an account was approved are facts of `facts.py`; they were first.
"""

from typing import TypeAlias

from events.identity import CommitmentId, SchemeId
from events.money import Vnd
from events.rules import Refusal, command, fact, refusal
from events.vocabulary import FundingSource


@fact
class AcceptanceRefused:
    """The supported work was looked at and not accepted (nghiệm thu không đạt)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    shortfall: Vnd
    reason: str
    council: str


@fact
class SettlementSubmitted:
    """A final account of a commitment was handed in (đề nghị quyết toán)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    eligible: Vnd
    paid: Vnd
    payable: Vnd
    recoverable: Vnd
    source: FundingSource
    budget_year: int


@command
class RefuseAcceptance:
    """Record that the work was looked at and not accepted (nghiệm thu không đạt)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    shortfall: Vnd
    reason: str
    council: str


@command
class SubmitSettlement:
    """Hand in the final account of a commitment (đề nghị quyết toán)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    eligible: Vnd


@refusal(rule="TT 36/2013/TT-BCT: a settlement is approved out of what was handed in (quyết toán)")
class SettlementAboveSubmission(Refusal):
    """{submitted} đồng was handed in for commitment {commitment_id}: {requested} đồng is above it.

    Cam kết {commitment_id} chỉ đề nghị quyết toán {submitted} đồng, thấp hơn {requested} đồng.
    """

    commitment_id: CommitmentId
    requested: Vnd
    submitted: Vnd


SettlingEvent: TypeAlias = AcceptanceRefused | SettlementSubmitted
SettlingCommand: TypeAlias = RefuseAcceptance | SubmitSettlement
SettlingRefusal: TypeAlias = SettlementAboveSubmission

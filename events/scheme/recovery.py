"""Money that has to come back (thu hồi): ordered, received, written off.

A reversal says that a payment was booked wrongly; a recovery leaves the payment as it was made, and
claims it back. What is claimed is a debt until it is received or given up.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TypeAlias, assert_never

from events.identity import CommitmentId, RecoveryId, SchemeId
from events.money import Vnd
from events.rules import Refusal, command, fact, refusal, value
from events.vocabulary import FundingSource, RecoveryBasis


@fact
class RecoveryOrdered:
    """Money paid on a commitment is claimed back (quyết định thu hồi)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    recovery_id: RecoveryId
    amount: Vnd
    basis: RecoveryBasis
    reason: str
    source: FundingSource
    budget_year: int


@fact
class RecoveryReceived:
    """Money that was claimed back has come in (đã thu hồi)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    recovery_id: RecoveryId
    amount: Vnd
    voucher: str
    source: FundingSource
    budget_year: int


@fact
class RecoveryWrittenOff:
    """A claim was given up, wholly or in part: no money comes (xoá nợ thu hồi)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    recovery_id: RecoveryId
    amount: Vnd
    reason: str
    source: FundingSource
    budget_year: int


@command
class OrderRecovery:
    """Claim money back that was paid on a commitment (quyết định thu hồi)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    recovery_id: RecoveryId
    amount: Vnd
    basis: RecoveryBasis
    reason: str


@command
class ReceiveRecovery:
    """Record that claimed money has come in (đã thu hồi)."""

    scheme_id: SchemeId
    recovery_id: RecoveryId
    amount: Vnd
    voucher: str
    budget_year: int


@command
class WriteOffRecovery:
    """Give up a claim, wholly or in part (xoá nợ thu hồi)."""

    scheme_id: SchemeId
    recovery_id: RecoveryId
    amount: Vnd
    reason: str


@refusal(rule="TT 36/2013/TT-BCT: no more comes back than was paid and claimed (thu hồi)")
class RecoveryExceeded(Refusal):
    """{requested} đồng was to be recovered on commitment {commitment_id}; {available} đồng may be.

    Đề nghị thu hồi {requested} đồng của cam kết {commitment_id} trong khi chỉ có thể thu hồi
    {available} đồng.
    """

    commitment_id: CommitmentId
    requested: Vnd
    available: Vnd
    """What was paid and not claimed, or claimed and not yet received (số còn có thể thu hồi)."""


@refusal(rule="money is received under an order that claims it")
class UnknownRecovery(Refusal):
    """There is no recovery {recovery_id} in this scheme.

    Đề án không có quyết định thu hồi {recovery_id}.
    """

    recovery_id: RecoveryId


@refusal(rule="a recovery is ordered once")
class RecoveryDiffers(Refusal):
    """Recovery {recovery_id} was ordered already, with other content.

    Đã có quyết định thu hồi {recovery_id} với nội dung khác.
    """

    recovery_id: RecoveryId


RecoveryEvent: TypeAlias = RecoveryOrdered | RecoveryReceived | RecoveryWrittenOff
RecoveryCommand: TypeAlias = OrderRecovery | ReceiveRecovery | WriteOffRecovery
RecoveryRefusal: TypeAlias = RecoveryExceeded | UnknownRecovery | RecoveryDiffers


@value
class Recovery:
    """A claim, and what became of it."""

    order: RecoveryOrdered
    received: Vnd = Vnd(0)
    written_off: Vnd = Vnd(0)

    @property
    def outstanding(self) -> Vnd:
        """What is still to come in."""
        return Vnd(self.order.amount - self.received - self.written_off)


@value
class Recoveries:
    """The claims of a scheme."""

    orders: Mapping[RecoveryId, Recovery] = field(default_factory=dict)

    def claimed(self, commitment_id: CommitmentId) -> Vnd:
        """What was claimed back of a commitment, in all."""
        return Vnd(sum(each.order.amount for each in self._of(commitment_id)))

    def received(self, commitment_id: CommitmentId) -> Vnd:
        """What came back of a commitment, in all."""
        return Vnd(sum(each.received for each in self._of(commitment_id)))

    def after(self, event: RecoveryEvent) -> "Recoveries":
        """Apply one recorded fact."""
        match event:
            case RecoveryOrdered():
                changed = Recovery(order=event)
            case RecoveryReceived(amount=amount):
                known = self.orders[event.recovery_id]
                changed = replace(known, received=Vnd(known.received + amount))
            case RecoveryWrittenOff(amount=amount):
                known = self.orders[event.recovery_id]
                changed = replace(known, written_off=Vnd(known.written_off + amount))
            case _:
                assert_never(event)
        return Recoveries(orders={**self.orders, event.recovery_id: changed})

    def _of(self, commitment_id: CommitmentId) -> list[Recovery]:
        return [each for each in self.orders.values() if each.order.commitment_id == commitment_id]

"""Why the ledger says no to a commitment or a payment (cam kết, khoản chi) of a scheme."""

from datetime import date

from events.identity import CommitmentId, FacilityId, PaymentId
from events.money import Vnd
from events.rules import Refusal, refusal
from events.vocabulary import Activity, FundingSource


@refusal(rule="TT 28/2018/TT-BTC: support goes to the beneficiaries of the scheme")
class NotABeneficiary(Refusal):
    """Facility {facility_id} is not a beneficiary here.

    Cơ sở {facility_id} không phải là đơn vị thụ hưởng trong trường hợp này.
    """

    facility_id: FacilityId


@refusal(rule="TT 36/2013/TT-BCT Đ11: a change of content is an adjustment")
class ActivityNotInScheme(Refusal):
    """{activity} is not among the contents of the scheme.

    Nội dung "{activity}" không thuộc đề án.
    """

    activity: Activity


@refusal(rule="support is grant money; a beneficiary's own money is pledged")
class NotAGrant(Refusal):
    """Support cannot be committed from {source}.

    Không thể cam kết hỗ trợ từ nguồn {source}.
    """

    source: FundingSource


@refusal(rule="support covers at most the whole cost")
class AmountAboveCost(Refusal):
    """{amount} đồng is more than the whole cost of {total_cost} đồng.

    {amount} đồng vượt quá tổng chi phí {total_cost} đồng.
    """

    amount: Vnd
    total_cost: Vnd


@refusal(rule="TT 36/2013/TT-BCT: commitments stay within the approved ceiling")
class BudgetExceeded(Refusal):
    """Only {headroom} đồng of {source} {budget_year} is still free; {requested} đồng was asked for.

    Nguồn {source} năm {budget_year} chỉ còn {headroom} đồng; đề nghị {requested} đồng.
    """

    source: FundingSource
    budget_year: int
    requested: Vnd
    headroom: Vnd


@refusal(rule="TTLT 26/2014/TTLT-BTC-BCT until 2018-05-10; TT 28/2018/TT-BTC Đ8 from 2018-05-11")
class CapExceeded(Refusal):
    """{legal_basis} leaves {allowed} đồng for {activity} on {effective_on}, not {requested} đồng.

    {legal_basis} cho phép tối đa {allowed} đồng cho nội dung "{activity}" ngày {effective_on};
    đề nghị {requested} đồng.
    """

    activity: Activity
    effective_on: date
    legal_basis: str
    requested: Vnd
    allowed: Vnd
    """What is still free for this facility under the cap, in đồng (mức còn được hỗ trợ)."""


@refusal(rule="TT 28/2018/TT-BTC: what the grant does not cover, the beneficiary pledges")
class CounterpartShort(Refusal):
    """Facility {facility_id} has {funded} đồng of grant and pledge for {total_cost} đồng of cost.

    Cơ sở {facility_id} mới có {funded} đồng hỗ trợ và đối ứng cho tổng chi phí {total_cost} đồng.
    """

    facility_id: FacilityId
    funded: Vnd
    total_cost: Vnd


@refusal(rule="a commitment is made once")
class CommitmentDiffers(Refusal):
    """Commitment {commitment_id} exists already, with other content.

    Cam kết {commitment_id} đã có với nội dung khác.
    """

    commitment_id: CommitmentId


@refusal(rule="money moves under a commitment")
class UnknownCommitment(Refusal):
    """There is no commitment {commitment_id} in this scheme.

    Đề án không có cam kết {commitment_id}.
    """

    commitment_id: CommitmentId


@refusal(rule="a settled or cancelled commitment takes no further entry")
class CommitmentEnded(Refusal):
    """Commitment {commitment_id} is settled or cancelled.

    Cam kết {commitment_id} đã quyết toán hoặc đã huỷ.
    """

    commitment_id: CommitmentId


@refusal(rule="taking back all of a commitment is a cancellation, which says so")
class ReductionLeavesNothing(Refusal):
    """A reduction by {amount} đồng would leave nothing of commitment {commitment_id}: cancel it.

    Giảm {amount} đồng thì cam kết {commitment_id} không còn gì: hãy huỷ cam kết.
    """

    commitment_id: CommitmentId
    amount: Vnd


@refusal(rule="net payments stay within the commitment")
class CommitmentExceeded(Refusal):
    """{requested} đồng was asked for where commitment {commitment_id} allows {available} đồng.

    Đề nghị {requested} đồng trong khi cam kết {commitment_id} chỉ cho phép {available} đồng.
    """

    commitment_id: CommitmentId
    requested: Vnd
    available: Vnd


@refusal(rule="a payment is made once")
class PaymentDiffers(Refusal):
    """Payment {payment_id} exists already, with other content.

    Khoản chi {payment_id} đã có với nội dung khác.
    """

    payment_id: PaymentId


@refusal(rule="a reversal names the payment it takes back")
class UnknownPayment(Refusal):
    """There is no payment {payment_id} in this scheme.

    Đề án không có khoản chi {payment_id}.
    """

    payment_id: PaymentId


@refusal(rule="TT 36/2013/TT-BCT: the last payment and the settlement follow acceptance")
class NotAccepted(Refusal):
    """No accepted work of commitment {commitment_id} covers {requested} đồng.

    Cam kết {commitment_id} chưa có giá trị nghiệm thu đủ cho {requested} đồng.
    """

    commitment_id: CommitmentId
    requested: Vnd


@refusal(rule="the work of a commitment is accepted once")
class AcceptanceDiffers(Refusal):
    """The work of commitment {commitment_id} was accepted already, with other content.

    Cam kết {commitment_id} đã được nghiệm thu với nội dung khác.
    """

    commitment_id: CommitmentId

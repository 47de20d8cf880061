"""A beneficiary that leaves a scheme before any money is bound to it (rút đơn vị thụ hưởng)."""

from typing import TypeAlias

from events.identity import FacilityId, SchemeId
from events.money import Vnd
from events.rules import Refusal, command, fact, refusal


@fact
class BeneficiaryReleased:
    """A facility is no longer a beneficiary of a scheme (rút đơn vị thụ hưởng)."""

    scheme_id: SchemeId
    facility_id: FacilityId
    reason: str


@command
class ReleaseBeneficiary:
    """Take a facility out of a scheme that has no money for it (rút đơn vị thụ hưởng)."""

    scheme_id: SchemeId
    facility_id: FacilityId
    reason: str


@refusal(rule="TT 36/2013/TT-BCT Đ11: a beneficiary with money in the scheme is not released")
class BeneficiaryHasMoney(Refusal):
    """Facility {facility_id} has {amount} đồng in scheme {scheme_id}, promised, paid or pledged.

    Cơ sở {facility_id} còn {amount} đồng trong đề án {scheme_id}: hỗ trợ, đối ứng đã cam kết.
    """

    scheme_id: SchemeId
    facility_id: FacilityId
    amount: Vnd


ReleaseEvent: TypeAlias = BeneficiaryReleased
ReleaseCommand: TypeAlias = ReleaseBeneficiary

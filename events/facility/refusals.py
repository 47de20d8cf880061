"""Why the register of facilities (cơ sở công nghiệp nông thôn) says no."""

from typing import TypeAlias

from events.dates import FutureEffectiveDate, InvalidYear
from events.geography import UnknownUnitAtDate
from events.identity import FacilityId, InvalidCode
from events.money import InvalidAmount
from events.rules import AlreadyReserved, Refusal, refusal
from events.sectors import UnknownSector
from events.text import InvalidText


@refusal(rule="a facility is registered once")
class FacilityDiffers(Refusal):
    """Facility {facility_id} is registered already, with other content.

    Cơ sở {facility_id} đã được đăng ký với nội dung khác.
    """

    facility_id: FacilityId


@refusal(rule="NĐ 45/2012/NĐ-CP: support goes to a registered rural industrial facility")
class UnknownFacility(Refusal):
    """No facility {facility_id} is registered.

    Chưa đăng ký cơ sở {facility_id}.
    """

    facility_id: FacilityId


# The fact FacilityClosed has the name that the code would come from.
@refusal(rule="a closed facility takes no new support", code="FACILITY_CLOSED")
class FacilityIsClosed(Refusal):
    """Facility {facility_id} is closed: no new commitment, payment or equipment.

    Cơ sở {facility_id} đã ngừng hoạt động: không cam kết, thanh toán hay lắp đặt mới.
    """

    facility_id: FacilityId


@refusal(rule="a tax code has 10 or 12 digits, a branch three more")
class InvalidTaxCode(Refusal):
    """Not a tax code: "{tax_code}".

    "{tax_code}" không phải là mã số thuế.
    """

    tax_code: str


FacilityRefusal: TypeAlias = (
    FacilityDiffers
    | UnknownFacility
    | FacilityIsClosed
    | InvalidTaxCode
    | AlreadyReserved
    | UnknownUnitAtDate
    | UnknownSector
    | FutureEffectiveDate
    | InvalidYear
    | InvalidAmount
    | InvalidText
    | InvalidCode
)

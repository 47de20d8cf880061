"""Why the register of facilities (cơ sở công nghiệp nông thôn) says no."""

from typing import TypeAlias

from events.dates import FutureEffectiveDate, InvalidYear
from events.geography import UnknownUnitAtDate
from events.identity import FacilityId, InvalidCode, PersonId
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


# It does not say the id again: somebody may have put a name there.
@refusal(rule="who stands in the log stands there by an id that says nothing")
class PersonIdSpeaks(Refusal):
    """The id of a person is a random UUID, in small letters, and nothing else.

    Mã cá nhân phải là UUID ngẫu nhiên viết thường, không chứa thông tin nào khác.
    """


@refusal(rule="a contact is recorded once; another phone number is another record")
class ContactIsRecorded(Refusal):
    """Contact {person_id} is recorded already: record what changed under a new id.

    Người liên hệ {person_id} đã được ghi nhận: thay đổi được ghi với mã mới.
    """

    person_id: PersonId


@refusal(rule="Luật 91/2025/QH15 Đ14: what was erased stays erased")
class ContactIsErased(Refusal):
    """What was known of contact {person_id} has been erased.

    Dữ liệu của người liên hệ {person_id} đã được xoá.
    """

    person_id: PersonId


@refusal(rule="only who was recorded can be shown or erased")
class UnknownContact(Refusal):
    """Facility {facility_id} never had a contact {person_id}.

    Cơ sở {facility_id} chưa từng có người liên hệ {person_id}.
    """

    facility_id: FacilityId
    person_id: PersonId


FacilityRefusal: TypeAlias = (
    FacilityDiffers
    | UnknownFacility
    | FacilityIsClosed
    | InvalidTaxCode
    | PersonIdSpeaks
    | ContactIsRecorded
    | ContactIsErased
    | UnknownContact
    | AlreadyReserved
    | UnknownUnitAtDate
    | UnknownSector
    | FutureEffectiveDate
    | InvalidYear
    | InvalidAmount
    | InvalidText
    | InvalidCode
)

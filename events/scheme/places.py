"""Where a scheme is carried out (địa điểm thực hiện), where the ledger was told."""

from datetime import date

from events.geography import Atlas
from events.identity import FacilityId, ProvinceRef
from events.scheme.adjustment import PlaceNotInScheme
from events.scheme.state import Scheme


def check_place(
    scheme: Scheme, facility_id: FacilityId, province: ProvinceRef, on: date, atlas: Atlas
) -> None:
    """Refuse a beneficiary outside the provinces of the scheme; without any, it is for all."""
    provinces = {atlas.at(each, on) for each in scheme.terms.provinces}
    if provinces and atlas.at(province, on) not in provinces:
        raise PlaceNotInScheme(scheme_id=scheme.proposal.scheme_id, facility_id=facility_id)

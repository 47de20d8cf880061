"""When a beneficiary may leave a scheme (rút đơn vị thụ hưởng)."""

from collections.abc import Sequence

from events.money import Vnd
from events.scheme.halting import check_not_ended
from events.scheme.money_refusals import NotABeneficiary
from events.scheme.release import (
    BeneficiaryHasMoney,
    BeneficiaryReleased,
    ReleaseBeneficiary,
    ReleaseEvent,
)
from events.scheme.state import Scheme
from events.text import required


def release(command: ReleaseBeneficiary, scheme: Scheme) -> Sequence[ReleaseEvent]:
    """Whoever has or had money of the scheme stays its beneficiary: sums by place rest on it.

    What it pledged counts as well: it is a part of what the scheme invests.
    """
    check_not_ended(scheme)
    released = BeneficiaryReleased(
        scheme_id=command.scheme_id,
        facility_id=command.facility_id,
        reason=required("reason", command.reason),
    )
    if command.facility_id not in scheme.beneficiaries:
        raise NotABeneficiary(facility_id=command.facility_id)
    promised = sum(each.left for each in scheme.standing(command.facility_id))
    bound = promised + scheme.pledged.get(command.facility_id, 0)
    if bound:
        raise BeneficiaryHasMoney(
            scheme_id=command.scheme_id, facility_id=command.facility_id, amount=Vnd(bound)
        )
    return (released,)

"""Jurisdiction (thẩm quyền theo địa bàn): an office acts on what lies within its own reach.

    facilities   the province where the facility stands; for a new one, where it is to stand
    schemes      the centre that implements the scheme
    acceptance   either: the work is looked at on site, in the province of the beneficiary
    the rest     periods, organisations, documents are the nation's: outside every jurisdiction

What does not exist and what lies elsewhere get one answer, so that nobody learns of a neighbour's
affairs by asking. A facility that moves is handed over by the province that it leaves.
"""

from collections.abc import Iterable
from datetime import date

from events.envelope import Jurisdiction
from events.facility import (
    CloseFacility,
    EraseContact,
    Facility,
    InstallEquipment,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.facility import stream as facility_stream
from events.geography import at
from events.identity import ProvinceRef
from events.rules import Occasion, Refusal, refusal
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    AssignBeneficiary,
    CancelCommitment,
    CommitSupport,
    EvaluateCriteria,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
    Scheme,
)


@refusal(rule="NĐ 45/2012/NĐ-CP: a province promotes industry on its own territory (địa bàn)")
class OutsideJurisdiction(Refusal):
    """What this command acts on does not exist, or lies outside the jurisdiction of the caller.

    Đối tượng của lệnh không tồn tại, hoặc không thuộc địa bàn, thẩm quyền của người yêu cầu.
    """


def looks(command: object, state: object) -> Iterable[str]:
    """The streams that tell where a command acts, beyond those that its own rule reads."""
    if isinstance(command, RecordAcceptance) and isinstance(state, Scheme):
        commitment = state.commitments.get(command.commitment_id)
        if commitment is not None:
            yield facility_stream(commitment.promise.facility_id)


def checked_within(
    within: Jurisdiction | None, command: object, state: object, occasion: Occasion
) -> None:
    """Refuse a command on what lies outside; a caller who is not limited reaches everything."""
    if within is not None and not _lies(within, command, state, occasion):
        raise OutsideJurisdiction


def checked_to_stand(within: Jurisdiction | None, facility: object, today: date) -> None:
    """Refuse to look into a facility that stands elsewhere."""
    if within is not None and not _stands(within, facility, today):
        raise OutsideJurisdiction


def _lies(within: Jurisdiction, command: object, state: object, occasion: Occasion) -> bool:
    match command:
        case RegisterFacility():
            wanted = _has(within, command.province, occasion.today)
            return wanted and (state is None or _stands(within, state, occasion.today))
        case (
            UpdateFacility()
            | RelocateFacility()
            | InstallEquipment()
            | CloseFacility()
            | RecordContact()
            | EraseContact()
        ):
            return _stands(within, state, occasion.today)
        case ProposeScheme():
            wanted = command.implementer == within.organisation
            return wanted and (state is None or _implements(within, state))
        case RecordAcceptance():
            return _implements(within, state) or any(
                _stands(within, occasion.neighbours.get(name), occasion.today)
                for name in looks(command, state)
            )
        case (
            ApproveScheme()
            | AssignBeneficiary()
            | PledgeCounterpart()
            | CommitSupport()
            | ReduceCommitment()
            | CancelCommitment()
            | PayAdvance()
            | PayDisbursement()
            | ReversePayment()
            | ApproveSettlement()
            | EvaluateCriteria()
        ):
            return _implements(within, state)
        case _:
            return False


def _implements(within: Jurisdiction, scheme: object) -> bool:
    return isinstance(scheme, Scheme) and scheme.proposal.implementer == within.organisation


def _stands(within: Jurisdiction, facility: object, today: date) -> bool:
    return isinstance(facility, Facility) and _has(within, facility.province, today)


def _has(within: Jurisdiction, province: ProvinceRef, today: date) -> bool:
    """Both as they are today: who answers now, answers for what was registered before a merger."""
    return at(province, today) in {at(each, today) for each in within.provinces}

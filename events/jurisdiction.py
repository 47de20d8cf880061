"""Jurisdiction (thẩm quyền theo địa bàn): an office acts on what lies within its own reach.

    facilities   the province where the facility stands; for a new one, where it is to stand
    schemes      the centre that implements the scheme
    acceptance   either: the work is looked at on site, in the province of the beneficiary;
                 and so is a proposal at the first level of its appraisal
    the rest     periods, organisations, documents are the nation's: outside every jurisdiction

What does not exist and what lies elsewhere get one answer, so that nobody learns of a neighbour's
affairs by asking. A facility that moves is handed over by the province that it leaves.
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from events.envelope import Jurisdiction
from events.facility import (
    CloseFacility,
    DisposeEquipment,
    EraseContact,
    Facility,
    InstallEquipment,
    MergeDuplicate,
    MoveEquipment,
    PlaceFacility,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    ReopenFacility,
    UpdateFacility,
)
from events.facility import stream as facility_stream
from events.geography import SHIPPED, Atlas
from events.identity import ProvinceRef
from events.mergers import GEOGRAPHY, atlas_in
from events.organisation import Organisation
from events.organisation import stream as organisation_stream
from events.rules import Occasion, Refusal, refusal
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    ApproveStep,
    AssignBeneficiary,
    CancelCommitment,
    CommitSupport,
    CorrectEntry,
    DeclineStep,
    DeliveryCommand,
    EvaluateCriteria,
    HoldInspection,
    InvestCounterpart,
    OrderRecovery,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    ProposeStep,
    ReallocateSupport,
    ReceiveRecovery,
    RecordAcceptance,
    ReduceCommitment,
    RefuseAcceptance,
    ReportProgress,
    ReversePayment,
    Scheme,
    SubmitSettlement,
    WithdrawStep,
    WriteOffRecovery,
)
from events.scheme.appraisal import AppraiseSchemeAtGrassroots
from events.scheme.balance import CarryOverBalance, ReturnUnspentBalance
from events.scheme.course import CourseCommand
from events.scheme.prior_period import AdjustPriorPeriod

InFacility: TypeAlias = (
    UpdateFacility
    | RelocateFacility
    | PlaceFacility
    | InstallEquipment
    | CloseFacility
    | ReopenFacility
    | RecordContact
    | EraseContact
)
"""What is done to a facility that is there."""
OfTwo: TypeAlias = MoveEquipment | DisposeEquipment | MergeDuplicate
"""What another facility may have a part in."""


@refusal(rule="NĐ 45/2012/NĐ-CP: a province promotes industry on its own territory (địa bàn)")
class OutsideJurisdiction(Refusal):
    """What this command acts on does not exist, or lies outside the jurisdiction of the caller.

    Đối tượng của lệnh không tồn tại, hoặc không thuộc địa bàn, thẩm quyền của người yêu cầu.
    """


OnSite: TypeAlias = RecordAcceptance | RefuseAcceptance | ReportProgress | HoldInspection
"""What is seen where the work is: an office of that province may tell of it as well."""


OfCentre: TypeAlias = (
    ApproveScheme
    | AssignBeneficiary
    | PledgeCounterpart
    | CommitSupport
    | ReduceCommitment
    | CancelCommitment
    | PayAdvance
    | PayDisbursement
    | ReversePayment
    | AdjustPriorPeriod
    | ReturnUnspentBalance
    | CarryOverBalance
    | ApproveSettlement
    | EvaluateCriteria
    | InvestCounterpart
    | SubmitSettlement
    | OrderRecovery
    | ReceiveRecovery
    | WriteOffRecovery
    | ReallocateSupport
    | DeliveryCommand
    | CourseCommand
    | CorrectEntry
    | ProposeStep
    | ApproveStep
    | DeclineStep
    | WithdrawStep
)
"""What the centre that implements the scheme answers for."""


def looks(command: object, state: object) -> Iterable[str]:
    """The streams that tell where a command acts, beyond those that its own rule reads."""
    if isinstance(command, MoveEquipment | DisposeEquipment) and isinstance(state, Facility):
        yield from _held_by(command, state)
    yield GEOGRAPHY
    if isinstance(command, OnSite) and isinstance(state, Scheme):
        commitment = state.commitments.get(command.commitment_id)
        if commitment is not None:
            yield facility_stream(commitment.promise.facility_id)
    if isinstance(command, AppraiseSchemeAtGrassroots) and isinstance(state, Scheme):
        yield organisation_stream(state.implementer)


def _held_by(command: MoveEquipment | DisposeEquipment, facility: Facility) -> Iterable[str]:
    """Who has the machines now answers for them, if it is another than where they came to."""
    lot = facility.machines.lots.get(command.lot)
    if lot is not None and lot.holder != command.facility_id:
        yield facility_stream(lot.holder)


def checked_within(
    within: Jurisdiction | None, command: object, state: object, occasion: Occasion
) -> None:
    """Refuse a command on what lies outside; a caller who is not limited reaches everything."""
    if within is not None and not _lies(within, command, state, occasion):
        raise OutsideJurisdiction


def checked_to_stand(
    within: Jurisdiction | None, facility: object, today: date, atlas: Atlas = SHIPPED
) -> None:
    """Refuse to look into a facility that stands elsewhere."""
    if within is not None and not _stands(within, facility, today, atlas):
        raise OutsideJurisdiction


def _lies(within: Jurisdiction, command: object, state: object, occasion: Occasion) -> bool:
    today, atlas = occasion.today, atlas_in(occasion)
    match command:
        case RegisterFacility():
            wanted = _has(within, command.province, today, atlas)
            return wanted and (state is None or _stands(within, state, today, atlas))
        case _ if isinstance(command, InFacility):
            return _stands(within, state, today, atlas)
        case _ if isinstance(command, OfTwo):
            answering = _answering(command, state, occasion)
            return all(_stands(within, each, today, atlas) for each in answering)
        case ProposeScheme():
            wanted = command.implementer == within.organisation
            return wanted and (state is None or _implements(within, state))
        case _ if isinstance(command, OnSite):
            return _implements(within, state) or any(
                _stands(within, occasion.neighbours.get(name), today, atlas)
                for name in looks(command, state)
            )
        case AppraiseSchemeAtGrassroots():
            return _implements(within, state) or _served(within, state, occasion)
        case _:
            return isinstance(command, OfCentre) and _implements(within, state)


def _answering(command: OfTwo, state: object, occasion: Occasion) -> Iterable[object]:
    """The facilities within whose province it is done: who has the machines, or both duplicates."""
    if isinstance(command, MergeDuplicate):
        return state, occasion.neighbours.get(facility_stream(command.survivor))
    held = _held_by(command, state) if isinstance(state, Facility) else ()
    return [occasion.neighbours.get(name) for name in held] or [state]


def _implements(within: Jurisdiction, scheme: object) -> bool:
    return isinstance(scheme, Scheme) and scheme.implementer == within.organisation


def _served(within: Jurisdiction, scheme: object, occasion: Occasion) -> bool:
    """Whether the centre that is to carry it out serves there, or a beneficiary stood there."""
    if not isinstance(scheme, Scheme):
        return False
    centre = occasion.neighbours.get(organisation_stream(scheme.implementer))
    territory = centre.territory if isinstance(centre, Organisation) else ()
    chosen = (each.province for each in scheme.beneficiaries.values())
    today, atlas = occasion.today, atlas_in(occasion)
    return any(_has(within, each, today, atlas) for each in (*territory, *chosen))


def _stands(within: Jurisdiction, facility: object, today: date, atlas: Atlas) -> bool:
    return isinstance(facility, Facility) and _has(within, facility.province, today, atlas)


def _has(within: Jurisdiction, province: ProvinceRef, today: date, atlas: Atlas) -> bool:
    """Both as they are today: who answers now, answers for what was registered before a merger."""
    return atlas.at(province, today) in {atlas.at(each, today) for each in within.provinces}

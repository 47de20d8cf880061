"""The law of the fund, recorded (chính sách hỗ trợ): each kind of line in a stream of its own.

What is recorded comes on top of what the ledger ships with, so that nothing needs to be recorded
before the first step of a scheme. A line holds from the effective date of its command; rules ask
for what held on the effective date of theirs.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias, assert_never

from events.dates import EndsBeforeStart
from events.geography import UnknownUnitAtDate
from events.identity import InvalidCode
from events.mergers import GEOGRAPHY
from events.money import InvalidAmount
from events.policy.advances import (
    ADVANCE_LIMITS,
    AdvanceLimits,
    AdvanceLimitSet,
    AdvanceShareOutOfRange,
    SetAdvanceLimit,
    evolve_limits,
    set_limit,
)
from events.policy.caps import (
    SUPPORT_CAPS,
    CapOutOfPlace,
    CapWithoutLimit,
    Policy,
    SetSupportCap,
    SupportCapSet,
    evolve_caps,
    set_cap,
)
from events.policy.places import (
    ELIGIBLE_PLACES,
    EligiblePlaces,
    EligiblePlaceSet,
    SetEligiblePlace,
    WardsAlone,
    YearsOutOfRange,
    evolve_places,
    set_place,
)
from events.policy.sectors import (
    SECTOR_CODES,
    ClassificationDiffers,
    IssueSectorCodes,
    IssueUnfit,
    SectorCodesIssued,
    SectorLineDiffers,
    UnknownSectorGroup,
    evolve_codes,
    issue,
)
from events.rules import Aggregate, Occasion
from events.sectors import Codes
from events.text import InvalidText
from events.validity import ValidityGap, ValidityOverlaps

PolicyEvent: TypeAlias = SupportCapSet | AdvanceLimitSet | EligiblePlaceSet | SectorCodesIssued
PolicyCommand: TypeAlias = SetSupportCap | SetAdvanceLimit | SetEligiblePlace | IssueSectorCodes
PolicyRefusal: TypeAlias = (
    ValidityOverlaps
    | ValidityGap
    | CapOutOfPlace
    | CapWithoutLimit
    | AdvanceShareOutOfRange
    | WardsAlone
    | YearsOutOfRange
    | ClassificationDiffers
    | SectorLineDiffers
    | UnknownSectorGroup
    | IssueUnfit
    | EndsBeforeStart
    | UnknownUnitAtDate
    | InvalidAmount
    | InvalidText
    | InvalidCode
)
Lines: TypeAlias = Policy | AdvanceLimits | EligiblePlaces | Codes
"""What one of the streams holds: the lines of its kind."""


def stream(command: PolicyCommand) -> str:
    """The stream of all lines of this kind."""
    match command:
        case SetSupportCap():
            return SUPPORT_CAPS
        case SetAdvanceLimit():
            return ADVANCE_LIMITS
        case SetEligiblePlace():
            return ELIGIBLE_PLACES
        case IssueSectorCodes():
            return SECTOR_CODES
        case _:
            assert_never(command)


def reads(command: PolicyCommand) -> Iterable[str]:
    """The map, where a line is of one province."""
    is_local = isinstance(command, SetSupportCap) and command.province is not None
    return (GEOGRAPHY,) if is_local else ()


def decide(
    command: PolicyCommand, lines: Lines | None, occasion: Occasion
) -> Sequence[PolicyEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case SetSupportCap():
            return set_cap(command, lines if isinstance(lines, Policy) else None, occasion)
        case SetAdvanceLimit():
            return set_limit(command, lines if isinstance(lines, AdvanceLimits) else None, occasion)
        case SetEligiblePlace():
            known = lines if isinstance(lines, EligiblePlaces) else None
            return set_place(command, known, occasion)
        case IssueSectorCodes():
            return issue(command, lines if isinstance(lines, Codes) else None, occasion)
        case _:
            assert_never(command)


def evolve(lines: Lines | None, event: PolicyEvent) -> Lines:
    """Apply one recorded fact. Total: history is never refused, and any fact may begin it."""
    match event:
        case SupportCapSet():
            return evolve_caps(lines if isinstance(lines, Policy) else None, event)
        case AdvanceLimitSet():
            return evolve_limits(lines if isinstance(lines, AdvanceLimits) else None, event)
        case EligiblePlaceSet():
            return evolve_places(lines if isinstance(lines, EligiblePlaces) else None, event)
        case SectorCodesIssued():
            return evolve_codes(lines if isinstance(lines, Codes) else None, event)
        case _:
            assert_never(event)


POLICY: Aggregate[PolicyCommand, Lines, PolicyEvent] = Aggregate(
    name="policy",
    stream=stream,
    decide=decide,
    evolve=evolve,
    reads=reads,
)

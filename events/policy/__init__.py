"""The law of the fund, recorded (chính sách hỗ trợ): caps on support, limits on advances."""

from events.policy.advances import (
    ADVANCE_LIMITS,
    AdvanceLimits,
    AdvanceLimitSet,
    AdvanceShareOutOfRange,
    SetAdvanceLimit,
    advance_limit_of,
    evolve_limits,
    limits_in,
)
from events.policy.caps import (
    SUPPORT_CAPS,
    CapOutOfPlace,
    CapWithoutLimit,
    Policy,
    SetSupportCap,
    SupportCapSet,
    caps_in,
    evolve_caps,
)
from events.policy.decide import (
    POLICY,
    Lines,
    PolicyCommand,
    PolicyEvent,
    PolicyRefusal,
    decide,
    evolve,
    stream,
)
from events.validity import ValidityGap, ValidityOverlaps

__all__ = [
    "ADVANCE_LIMITS",
    "POLICY",
    "SUPPORT_CAPS",
    "AdvanceLimitSet",
    "AdvanceLimits",
    "AdvanceShareOutOfRange",
    "CapOutOfPlace",
    "CapWithoutLimit",
    "Lines",
    "Policy",
    "PolicyCommand",
    "PolicyEvent",
    "PolicyRefusal",
    "SetAdvanceLimit",
    "SetSupportCap",
    "SupportCapSet",
    "ValidityGap",
    "ValidityOverlaps",
    "advance_limit_of",
    "caps_in",
    "decide",
    "evolve",
    "evolve_caps",
    "evolve_limits",
    "limits_in",
    "stream",
]

"""An evaluation (đánh giá) of the programme: what was said of it at conferences, and by auditors.

Claims are not money. Where two sources disagree, both stand: the ledger shows it and resolves
nothing. Read `facts`, `commands`, `refusals`, then `decide`.
"""

from events.evaluation.commands import (
    EvaluationCommand,
    RecordAuditFinding,
    RecordConference,
    RecordNarrativeClaim,
    ResolveAuditFinding,
)
from events.evaluation.decide import (
    EVALUATION,
    Evaluation,
    decide,
    evolve,
    stream,
)
from events.evaluation.facts import (
    AuditFindingRecorded,
    AuditFindingResolved,
    EvaluationConferenceHeld,
    EvaluationEvent,
    NarrativeClaimRecorded,
)
from events.evaluation.refusals import (
    ClaimDiffers,
    ConferenceDiffers,
    EvaluationDiffers,
    EvaluationRefusal,
    FindingDiffers,
    FindingIsResolved,
    UnknownEvaluation,
    UnknownFinding,
)

__all__ = [
    "EVALUATION",
    "AuditFindingRecorded",
    "AuditFindingResolved",
    "ClaimDiffers",
    "ConferenceDiffers",
    "Evaluation",
    "EvaluationCommand",
    "EvaluationConferenceHeld",
    "EvaluationDiffers",
    "EvaluationEvent",
    "EvaluationRefusal",
    "FindingDiffers",
    "FindingIsResolved",
    "NarrativeClaimRecorded",
    "RecordAuditFinding",
    "RecordConference",
    "RecordNarrativeClaim",
    "ResolveAuditFinding",
    "UnknownEvaluation",
    "UnknownFinding",
    "decide",
    "evolve",
    "stream",
]

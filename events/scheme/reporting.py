"""The rules of progress (tiến độ): report it, look at it on site."""

from collections.abc import Sequence

from events.dates import happened
from events.rules import Occasion
from events.scheme.commitments import known_commitment
from events.scheme.progress import (
    HoldInspection,
    InspectionHeld,
    InvalidPercent,
    ProgressCommand,
    ProgressEvent,
    ProgressReported,
    ReportProgress,
)
from events.scheme.state import Scheme
from events.text import required

PERCENT_MAX = 100


def report(command: ProgressCommand, scheme: Scheme, occasion: Occasion) -> Sequence[ProgressEvent]:
    """Recorded each time: work may come less far than was thought, and nothing is told twice."""
    happened(occasion)
    known_commitment(command.commitment_id, scheme)
    if command.percent is not None and not 0 <= command.percent <= PERCENT_MAX:
        raise InvalidPercent(percent=command.percent)
    findings = required("findings", command.findings)
    match command:
        case ReportProgress():
            return (
                ProgressReported(
                    scheme_id=command.scheme_id,
                    commitment_id=command.commitment_id,
                    percent=command.percent,
                    findings=findings,
                ),
            )
        case HoldInspection():
            return (
                InspectionHeld(
                    scheme_id=command.scheme_id,
                    commitment_id=command.commitment_id,
                    inspector=required("inspector", command.inspector),
                    percent=command.percent,
                    findings=findings,
                ),
            )

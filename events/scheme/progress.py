"""How far the supported work has come (tiến độ): what was reported, and what was seen on site."""

from typing import TypeAlias

from events.identity import CommitmentId, SchemeId
from events.rules import Refusal, command, fact, refusal


@fact
class ProgressReported:
    """Whoever does the work reported how far it has come (báo cáo tiến độ)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    percent: int
    findings: str


@fact
class InspectionHeld:
    """The work was looked at on site (kiểm tra)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    inspector: str
    percent: int | None
    """How far the work had come, in hundredths; null: nobody measured it (tỷ lệ hoàn thành)."""
    findings: str


@command
class ReportProgress:
    """Report how far the work has come (báo cáo tiến độ)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    percent: int
    findings: str


@command
class HoldInspection:
    """Record that the work was looked at on site (kiểm tra)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    inspector: str
    percent: int | None = None
    """How far the work had come, in hundredths; null: nobody measured it (tỷ lệ hoàn thành)."""
    findings: str


@refusal(rule="a part of a whole is 0 to 100 hundredths")
class InvalidPercent(Refusal):
    """{percent} is no part of a whole: 0 to 100 per cent.

    {percent} không phải là tỷ lệ: phải từ 0 đến 100 phần trăm.
    """

    percent: int


ProgressEvent: TypeAlias = ProgressReported | InspectionHeld
ProgressCommand: TypeAlias = ReportProgress | HoldInspection
ProgressRefusal: TypeAlias = InvalidPercent

"""Corrections (đính chính): what an event should have said, recorded beside what it did say.

    Correction(field="amount", before="90", after="80")
    amended(facts)              # what the stream says by all corrections in it

Nothing is edited. Amounts and descriptions are corrected; who, whose and which are not: those are
taken back and recorded anew.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any, NewType, TypeVar, get_type_hints

from events.dates import NotThatDay
from events.identity import CommitmentId, FacilityId, PaymentId, SchemeId
from events.money import Vnd
from events.rules import HistoryBrokenError, Refusal, command, fact, refusal, value
from events.vocabulary import FundingSource, NoCorrection

F = TypeVar("F")

EventId = NewType("EventId", str)
"""The identity of an event, a UUID in its usual spelling (mã sự kiện)."""


@value
class Correction:
    """One field of a corrected event: what it said, and what it says from now on."""

    field: str
    """Its name in the recorded event: `amount`, `costItem` (trường được đính chính)."""
    before: str
    """What the event said (nội dung đã ghi); an amount in whole đồng."""
    after: str
    """What it should have said (nội dung đúng); an amount in whole đồng."""


@value
class FieldCorrection:
    """What one field of an event should have said (nội dung đúng)."""

    field: str
    """Its name in the recorded event: `amount`, `costItem` (trường được đính chính)."""
    after: str
    """What it should have said (nội dung đúng); an amount in whole đồng."""


@fact
class EntryCorrected:
    """An event of this scheme should have said something else (đính chính).

    It takes effect on the day of the event that it corrects: the event stays in the log as it was.
    """

    scheme_id: SchemeId
    corrects_event: EventId
    corrects_version: int
    corrects_type: str
    changes: tuple[Correction, ...]
    reason: str
    commitment_id: CommitmentId | None
    payment_id: PaymentId | None
    facility_id: FacilityId | None
    """Whose money the event moved; null where it moved none (đơn vị thụ hưởng)."""
    source: FundingSource | None
    budget_year: int | None


@command
class CorrectEntry:
    """Say what an event of this scheme should have said (đính chính)."""

    scheme_id: SchemeId
    corrects_version: int
    changes: tuple[FieldCorrection, ...]
    reason: str


@refusal(rule="the log is never edited (đính chính là một sự kiện mới)")
class EditForbidden(Refusal):
    """Version {corrects_version} of this scheme takes no correction: {why} {field}.

    Phiên bản {corrects_version} của đề án không nhận đính chính: {why} {field}.
    """

    corrects_version: int
    field: str
    """The field that was to be corrected; empty: the event itself (trường dữ liệu)."""
    why: NoCorrection


@refusal(rule="an event is corrected at most once")
class AlreadyCorrected(Refusal):
    """Version {corrects_version} of this scheme was corrected already, by version {by_version}.

    Phiên bản {corrects_version} của đề án đã được đính chính, tại phiên bản {by_version}.
    """

    corrects_version: int
    by_version: int


@refusal(rule="a correction says something else than the event")
class NothingToCorrect(Refusal):
    """Version {corrects_version} of this scheme says so already.

    Phiên bản {corrects_version} của đề án đã ghi đúng như vậy.
    """

    corrects_version: int


CORRECTABLE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "SchemeProposed": frozenset({"title"}),
        "CounterpartPledged": frozenset({"amount"}),
        "SupportCommitted": frozenset({"amount", "totalCost", "costItem"}),
        "CommitmentReduced": frozenset({"amount", "reason"}),
        "CommitmentCancelled": frozenset({"reason"}),
        "AdvancePaid": frozenset({"amount", "voucher"}),
        "DisbursementPaid": frozenset({"amount", "voucher"}),
        "PaymentReversed": frozenset({"amount", "reason"}),
        "AcceptanceRecorded": frozenset({"acceptedValue", "council"}),
        "SettlementApproved": frozenset({"amount"}),
    }
)
"""Kind of event -> what of it may be corrected. A new line here needs an arm in the read models
that hold the value; `tests/projections/test_corrections.py` says which."""


def amended(facts: Sequence[F]) -> list[F]:
    """What these facts of one stream, from its first, say by the corrections among them."""
    said = list(facts)
    for each in facts:
        if isinstance(each, EntryCorrected):
            at = each.corrects_version - 1
            if not 0 <= at < len(said):
                raise HistoryBrokenError(f"nothing stands at version {each.corrects_version}")
            said[at] = restated(said[at], each.changes)
    return said


def restated(told: F, changes: Iterable[Correction]) -> F:
    """The fact with these changes in it."""
    fields = {field_of(each.field): each.after for each in changes}
    read: dict[str, Any] = {
        name: int(text) if is_amount(type(told), name) else text for name, text in fields.items()
    }
    return replace(told, **read)  # type: ignore[type-var]


def is_amount(kind: type, name: str) -> bool:
    """Whether a field of this class of facts is an amount of money; else it is a text."""
    return _hints(kind)[name] is Vnd


def field_of(name: str) -> str:
    """`costItem` as the fact has it: `cost_item`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def difference(correction: EntryCorrected, kind: str, field: str = "amount") -> Vnd:
    """By how much more an amount of that kind of event is than it was said to be."""
    moved = sum(
        int(each.after) - int(each.before)
        for each in correction.changes
        if correction.corrects_type == kind and each.field == field
    )
    return Vnd(moved)


def instead(correction: EntryCorrected, kind: str, field: str, said: str) -> str:
    """What a text reads now that an event of that kind said; what said otherwise stays."""
    for each in correction.changes:
        if correction.corrects_type == kind and each.field == field and each.before == said:
            return each.after
    return said


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


CorrectionRefusal = EditForbidden | AlreadyCorrected | NothingToCorrect | NotThatDay

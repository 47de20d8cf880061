"""What the money brought (kết quả thực hiện): work delivered, workers trained, outcomes measured.

    OutcomeMeasured(…, value=None, quote="năng suất tăng lên", source_id="bai-bao")     # no number

Null is not 0: what has no number is a quotation, and names the document that it stands in.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from events.identity import FacilityId, OutcomeId, ProvinceRef, SchemeId, SourceId
from events.money import Figure
from events.rules import HistoryBrokenError, Refusal, command, fact, refusal, value
from events.vocabulary import DeliveryKind, Indicator, IndicatorUnit


@fact
class ActivityDelivered:
    """Something other than machines was delivered: advice, a seminar (thực hiện hoạt động)."""

    scheme_id: SchemeId
    facility_id: FacilityId | None
    """Whom it was for; null: for the whole scheme (cơ sở)."""
    delivery: DeliveryKind
    what: str
    persons: int | None
    """How many took part; null: nobody says (số người)."""
    quote: str | None
    source_id: SourceId | None


@fact
class WorkersTrained:
    """Workers learnt a trade (đào tạo nghề, truyền nghề)."""

    scheme_id: SchemeId
    facility_id: FacilityId | None
    """Whose workers; null: of the whole scheme (cơ sở)."""
    occupation: str
    persons: int | None
    """How many were trained; null: nobody says, see the quotation (số người)."""
    women: int | None
    months: int | None
    quote: str | None
    source_id: SourceId | None


@fact
class OutcomeMeasured:
    """What a scheme brought was measured (đo chỉ tiêu kết quả), or is told without a number."""

    scheme_id: SchemeId
    outcome_id: OutcomeId
    facility_id: FacilityId | None
    """Where it was measured; null: not at one facility (cơ sở)."""
    province: ProvinceRef | None
    """Of which province it tells; null: of no single one (tỉnh, thành phố)."""
    indicator: Indicator
    baseline: Figure | None
    value: Figure | None
    """In `unit`; null: told without a number, see the quotation (giá trị)."""
    unit: IndicatorUnit
    """What the value is counted in (đơn vị tính)."""
    method: str
    quote: str | None
    source_id: SourceId | None


@fact
class OutcomeRevised:
    """What had been measured was put right, in the same unit (sửa chỉ tiêu kết quả)."""

    scheme_id: SchemeId
    outcome_id: OutcomeId
    baseline: Figure | None
    value: Figure | None
    """In the unit of the outcome; null: told without a number (giá trị)."""
    method: str
    quote: str | None
    source_id: SourceId | None
    reason: str


@command
class RecordActivity:
    """Record that advice, a seminar or the like was delivered (thực hiện hoạt động)."""

    scheme_id: SchemeId
    facility_id: FacilityId | None = None
    """Whom it was for; null: for the whole scheme (cơ sở)."""
    delivery: DeliveryKind
    what: str
    persons: int | None = None
    """How many took part; null: nobody says (số người)."""
    quote: str | None = None
    source_id: SourceId | None = None


@command
class RecordTraining:
    """Record that workers learnt a trade (đào tạo nghề, truyền nghề)."""

    scheme_id: SchemeId
    facility_id: FacilityId | None = None
    """Whose workers; null: of the whole scheme (cơ sở)."""
    occupation: str
    persons: int | None = None
    """How many were trained; null: nobody says, see the quotation (số người)."""
    women: int | None = None
    months: int | None = None
    quote: str | None = None
    source_id: SourceId | None = None


@command
class RecordOutcome:
    """Record what a scheme brought (đo chỉ tiêu kết quả): a number, or a quotation."""

    scheme_id: SchemeId
    outcome_id: OutcomeId
    facility_id: FacilityId | None = None
    """Where it was measured; null: not at one facility (cơ sở)."""
    province: ProvinceRef | None = None
    """Of which province it tells; left out with a facility, which says it (tỉnh, thành phố)."""
    indicator: Indicator
    baseline: Figure | None = None
    value: Figure | None = None
    """In `unit`; null: told without a number, see the quotation (giá trị)."""
    unit: IndicatorUnit
    """What the value is counted in (đơn vị tính)."""
    method: str
    quote: str | None = None
    source_id: SourceId | None = None


@command
class ReviseOutcome:
    """Put right what had been measured, in the same unit (sửa chỉ tiêu kết quả)."""

    scheme_id: SchemeId
    outcome_id: OutcomeId
    baseline: Figure | None = None
    value: Figure | None = None
    """In the unit of the outcome; null: told without a number (giá trị)."""
    method: str
    quote: str | None = None
    source_id: SourceId | None = None
    reason: str


@refusal(rule="QĐ 07/2008/QĐ-BCT: each indicator is counted in a unit of its own")
class UnitUnfit(Refusal):
    """{indicator} is not counted in {unit}.

    Chỉ tiêu "{indicator}" không tính bằng {unit}.
    """

    indicator: Indicator
    unit: IndicatorUnit
    """The unit that does not fit (đơn vị tính)."""


@refusal(rule="QĐ 07/2008/QĐ-BCT: the women trained are some of the persons trained")
class WomenAbovePersons(Refusal):
    """{women} women are no part of {persons} persons.

    {women} lao động nữ không thể nhiều hơn tổng số {persons} người.
    """

    women: int
    persons: int
    """How many there were in all (số người)."""


@refusal(rule="a count of persons or months is 1 or more; of women it may be 0")
class InvalidCount(Refusal):
    """{field} cannot be {count}.

    {field} không thể là {count}.
    """

    field: str
    count: int


@refusal(rule="null is not 0: what has no number is a quotation, and a quotation has its document")
class QuoteMissing(Refusal):
    """Without {field}, the words that tell of it and the document they stand in are needed.

    Không có {field} thì phải có trích dẫn và tài liệu nguồn.
    """

    field: str


@refusal(rule="what is measured at a facility is told of the province where it was chosen")
class PlaceSaidTwice(Refusal):
    """The outcome names facility {facility_id}, and a province beside it.

    Chỉ tiêu đã gắn với cơ sở {facility_id} thì không ghi thêm tỉnh, thành phố.
    """

    facility_id: FacilityId


@refusal(rule="an outcome is measured once; what changes it is a revision")
class OutcomeDiffers(Refusal):
    """Outcome {outcome_id} was recorded already, with other content.

    Kết quả {outcome_id} đã được ghi nhận với nội dung khác.
    """

    outcome_id: OutcomeId


@refusal(rule="what is revised was measured before")
class UnknownOutcome(Refusal):
    """No outcome {outcome_id} was recorded in this scheme.

    Đề án này chưa ghi nhận kết quả {outcome_id}.
    """

    outcome_id: OutcomeId


DeliveryEvent: TypeAlias = ActivityDelivered | WorkersTrained | OutcomeMeasured | OutcomeRevised
DeliveryCommand: TypeAlias = RecordActivity | RecordTraining | RecordOutcome | ReviseOutcome
DeliveryRefusal: TypeAlias = (
    UnitUnfit
    | WomenAbovePersons
    | InvalidCount
    | QuoteMissing
    | PlaceSaidTwice
    | OutcomeDiffers
    | UnknownOutcome
)


@value
class Outcome:
    """What was measured, and the last that was said of it."""

    measured: OutcomeMeasured
    last: OutcomeMeasured | OutcomeRevised


Outcomes: TypeAlias = Mapping[OutcomeId, Outcome]


def told(outcomes: Outcomes, event: DeliveryEvent) -> Outcomes:
    """Apply one recorded fact. No rule looks back at activities and trainings."""
    match event:
        case OutcomeMeasured(outcome_id=key):
            return {**outcomes, key: Outcome(measured=event, last=event)}
        case OutcomeRevised(outcome_id=key):
            if key not in outcomes:
                raise HistoryBrokenError("an outcome begins with its measurement")
            return {**outcomes, key: replace(outcomes[key], last=event)}
        case _:
            return outcomes

"""What may be asked: the fund at its head, or as of another moment."""

from datetime import date, datetime
from typing import Annotated, ClassVar

import strawberry

from schema.attempt import ATTEMPTS_DEFAULT, Attempt, bounded, shown
from schema.commitment import Commitment, Payment
from schema.conference import Evaluation
from schema.contract.kinds import EventKind, kinds
from schema.contract.told import told
from schema.delivery import DeliveredActivity, MeasuredOutcome, Training
from schema.diff import DIFF, Diff
from schema.entry import Entry
from schema.event import Event
from schema.facility import Facility
from schema.mandate import Mandate, Me
from schema.organisation import Organisation
from schema.period import Period
from schema.place import Province, Sector
from schema.plan import Plan
from schema.planner.declare import argument, expression, many, one, planned
from schema.planner.source import AsOf, ByNodeId, ByNodeIds, Table, Time
from schema.posting import Posting
from schema.preview import Preview
from schema.recovery import Recovery
from schema.reference import LawInForce
from schema.relay import Connection, Node
from schema.scalars import Position
from schema.scheme import Beneficiary, Scheme
from schema.seal import (
    CHECKPOINT,
    CONSISTENCY,
    PROOF_BY_ID,
    SIZE,
    Checkpoint,
    ConsistencyProof,
    InclusionProof,
)
from schema.source import Source
from schema.step import ProposedStep
from schema.totals import GroupTotals, SeriesPoint, grouped, series
from schema.trial import TrialBalance, trial_balance
from schema.webhooks.listing import one_webhook, some_webhooks
from schema.webhooks.types import Webhook

CODE = argument("code", str, "Its code.")


@strawberry.type(description="Where an answer stands in the ledger (vị trí sổ cái).")
class LedgerHead:
    """The last event that the answer takes into account."""

    table: ClassVar = Table(rows="model.moment", key=("position::bigint",), time=Time.NONE)

    position: Position = expression("{position}", "The position this answer is computed at.")


@strawberry.type(description="The fund. Every answer is the fund at one position of the ledger.")
class Query(LawInForce):
    """Reads. Each becomes one SQL statement."""

    ledger: LedgerHead = one("true", "Where this answer stands (vị trí sổ cái).")
    as_of: "Query" = planned(
        AsOf(),
        "The fund at another moment: as the ledger knew it at a position or a recorded time, "
        "restricted, if wished, to what was in force on a date (tại thời điểm).",
        arguments=(
            argument("position", Position | None, "A position of the ledger."),
            argument("recordedAt", datetime | None, "As recorded by this instant."),
            argument("effectiveOn", date | None, "Only what was true on this day."),
            argument(
                "minPosition",
                Position | None,
                "Answer only once the ledger's read models have reached this position: give the "
                "`position` that a mutation was recorded at, to read what it did.",
            ),
        ),
    )
    node: Node | None = planned(
        ByNodeId("{arg:id::text}"),
        "Anything by its global identity (tra theo mã).",
        arguments=(argument("id", strawberry.ID, "Global identity (mã toàn cục)."),),
    )
    nodes: list[Node | None] = planned(
        ByNodeIds(),
        "Things by their global identities, in that order; null where there is none.",
        arguments=(argument("ids", list[strawberry.ID], "Global identities, up to 100."),),
    )
    period: Period | None = one(
        "{other}.code = {arg:code::text}", "A funding period (giai đoạn).", arguments=(CODE,)
    )
    periods: Connection[Period] = many("true", "Funding periods, by code (giai đoạn).")
    plan: Plan | None = one(
        "{other}.budget_year = {arg:year::bigint}",
        "The plan of a year (kế hoạch năm); null where the ledger holds none.",
        arguments=(argument("year", int, "The budget year."),),
    )
    plans: Connection[Plan] = many("true", "Annual plans, by year (kế hoạch năm).")
    scheme: Scheme | None = one(
        "{other}.scheme_id = {arg:code::text}", "A scheme (đề án).", arguments=(CODE,)
    )
    schemes: Connection[Scheme] = many("true", "Schemes, by code (đề án).")
    facility: Facility | None = one(
        "{other}.facility_id = {arg:code::text}", "A facility (cơ sở).", arguments=(CODE,)
    )
    facilities: Connection[Facility] = many(
        "true", "Facilities in Vietnamese alphabetical order (cơ sở)."
    )
    commitment: Commitment | None = one(
        "{other}.scheme_id = {arg:scheme::text} AND {other}.commitment_id = {arg:code::text}",
        "A commitment (cam kết hỗ trợ).",
        arguments=(argument("scheme", str, "Code of its scheme."), CODE),
    )
    commitments: Connection[Commitment] = many(
        "true", "Commitments, by scheme and code (cam kết hỗ trợ)."
    )
    payments: Connection[Payment] = many("true", "Payments, by day (khoản chi).")
    recoveries: Connection[Recovery] = many(
        "true", "What was claimed back, by scheme and code (thu hồi)."
    )
    beneficiaries: Connection[Beneficiary] = many(
        "true", "Beneficiaries, by scheme and facility (đơn vị thụ hưởng)."
    )
    totals: list[GroupTotals] = grouped(
        "true", "Sums of entries by what you ask: province, sector, year … (tổng hợp)."
    )
    series: list[SeriesPoint] = series(
        "true", "Money by month, quarter or year, for charts (chuỗi thời gian)."
    )
    diff: Diff = one(
        "true",
        "What changed between two positions of the ledger (so sánh).",
        rows=DIFF,
        asks=("from", "to"),
        arguments=(
            argument("from", Position, "The earlier position; at most that of this answer."),
            argument("to", Position | None, "The later position; that of this answer if null."),
            argument(
                "recordedAfter",
                datetime | None,
                "Only what was recorded after this instant, wherever `from` is.",
            ),
        ),
    )
    entries: Connection[Entry] = many(
        "true", "Every line of the account, in order of recording (bút toán)."
    )
    trial_balance: list[TrialBalance] = trial_balance(
        "What every account comes to, by source and budget year; all of it together is 0"
        " (bảng cân đối tài khoản)."
    )
    postings: Connection[Posting] = many(
        "true", "Every line of the journal, in order of recording (định khoản)."
    )
    organisation: Organisation | None = one(
        "{other}.organisation_id = {arg:code::text}", "A body (đơn vị).", arguments=(CODE,)
    )
    organisations: Connection[Organisation] = many("true", "Bodies, by name (đơn vị).")
    source: Source | None = one(
        "{other}.source_id = {arg:code::text}", "A published document (nguồn).", arguments=(CODE,)
    )
    sources: Connection[Source] = many("true", "Published documents (nguồn).")
    evaluation: Evaluation | None = one(
        "{other}.evaluation_id = {arg:code::text}",
        "An evaluation of the programme (đợt đánh giá).",
        arguments=(CODE,),
    )
    evaluations: Connection[Evaluation] = many("true", "Evaluations, by code (đợt đánh giá).")
    outcomes: Connection[MeasuredOutcome] = many(
        "true", "What schemes brought, by scheme and code (kết quả)."
    )
    training: Connection[Training] = many("true", "Whom schemes trained (đào tạo nghề).")
    activities: Connection[DeliveredActivity] = many(
        "true", "What schemes delivered but machines (hoạt động)."
    )
    sectors: list[Sector] = many("true", "Groups of industries, by code (nhóm ngành).")
    provinces: list[Province] = many(
        "{other}.valid_from <= coalesce({arg:at::date}, {today})"
        " AND {other}.valid_to > coalesce({arg:at::date}, {today})",
        "Provinces as they stood on a day; today if none is given (tỉnh, thành phố).",
        arguments=(argument("at", date | None, "The day."),),
    )
    event: Event | None = one(
        "{other}.position = {arg:position::bigint}",
        "The event at a position (sự kiện).",
        arguments=(argument("position", Position, "Its place in the ledger."),),
    )
    checkpoint: Checkpoint | None = one(
        "true",
        "The newest checkpoint, or the first of at least some size; null if there is none"
        " (điểm niêm phong).",
        rows=CHECKPOINT,
        arguments=(SIZE,),
    )
    checkpoints: Connection[Checkpoint] = many(
        "true", "Every checkpoint, by size: ask for the `last` ones (điểm niêm phong)."
    )
    inclusion_proof: InclusionProof | None = one(
        "true",
        "That an event is under a signed root, as the event's own `proof`; null until it is"
        " sealed, and of an event that is not there (bằng chứng có trong sổ).",
        rows=PROOF_BY_ID,
        weight=1,
        arguments=(argument("event", strawberry.ID, "Global identity of the event."), SIZE),
    )
    consistency_proof: ConsistencyProof | None = one(
        "true",
        "That the ledger only grew from one size to another, whether they were signed or not;"
        " null beyond the newest checkpoint (bằng chứng chỉ ghi thêm).",
        rows=CONSISTENCY,
        rising=("from", "to"),
        arguments=(
            argument("from", Position, "The earlier size, such as one that you kept."),
            argument("to", Position | None, "The later size; that of the newest if null."),
        ),
    )
    me: Me | None = one(
        "true",
        "You, by the key or token that you sent (người đang gọi); null if you sent none.",
        rows="""(
            SELECT {scope:principal::text} AS principal
            WHERE {scope:principal::text} IS NOT NULL
        )""",
    )
    pending: Connection[ProposedStep] = many(
        "{other}.status = 'WAITING'", "What waits for a second person: for whom (việc chờ duyệt)."
    )
    mandates: Connection[Mandate] = many("true", "Who has which role (phân quyền).")
    events: Connection[Event] = many("true", "Recorded events, oldest first (sự kiện).")
    history: Connection[Event] = many(
        "{other}.stream = {arg:stream::text}",
        "Everything recorded in one stream, oldest first (lịch sử).",
        arguments=(argument("stream", str, "Name of the stream, which is a node's id."),),
    )

    @strawberry.field(
        description="Who was refused what, the last first: for auditors (các lần bị từ chối)."
    )
    async def attempts(
        self,
        info: strawberry.Info,
        first: Annotated[
            int, strawberry.argument(description="How many at most (số dòng).")
        ] = ATTEMPTS_DEFAULT,
        before: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those before it.")
        ] = None,
    ) -> list[Attempt]:
        """No part of the fund: it has no position, and no answer of it is kept."""
        context = info.context
        await context.see("Query", "attempts")
        return shown(await context.caller.door.noted(*bounded(first, before)))

    @strawberry.field(
        description="What a command would record now, or why it would be refused; records nothing"
        " (xem trước)."
    )
    async def preview(self, info: strawberry.Info) -> Preview:
        """Decided on the ledger as it stands: it has no other moment."""
        await info.context.see("Query", "preview")
        return Preview()

    @strawberry.field(
        description="Every kind of event, with its shape, an example and who reads what: the"
        " catalogue, which changes with a release and never with the fund (danh mục sự kiện)."
    )
    async def event_types(self, info: strawberry.Info) -> list[EventKind]:
        """What may be recorded, not what is."""
        await info.context.see("Query", "eventTypes")
        return told(info, list(kinds().values()))

    @strawberry.field(description="One kind of event; null if there is none (loại sự kiện).")
    async def event_type(
        self,
        info: strawberry.Info,
        name: Annotated[str, strawberry.argument(description="Its name, as in `Event.type`.")],
    ) -> EventKind | None:
        """By the name that events carry."""
        await info.context.see("Query", "eventType")
        return told(info, kinds().get(name))

    webhooks: list[Webhook] = strawberry.field(
        resolver=some_webhooks,
        description="Your webhooks, by id; administrators and auditors see everybody's (webhook).",
    )
    webhook: Webhook | None = strawberry.field(
        resolver=one_webhook, description="A webhook of yours; null if there is none (webhook)."
    )

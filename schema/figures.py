"""What changed between two positions, figure by figure, and the events that changed it.

Money is summed from entries: of the whole fund, of each scheme, of each commitment. Counts and
statuses are read from the versions of rows that stood in between, so that a row is counted where
the caller sees it, and the event that began or ended its version is the one that changed the count.
"""

from datetime import date, datetime
from typing import ClassVar, LiteralString

import strawberry

from events.money import Figure
from schema.event import Event
from schema.planner.declare import column, many, one, planned
from schema.planner.source import ByNodeId, Table, Time
from schema.relay import Connection, Node
from schema.scalars import FundMeasure, Position

_SPAN: LiteralString = "{self}.from_position, {self}.to_position, {self}.from_day"
_MARKED: LiteralString = """(
    SELECT e.position, e.type, e.effective_on, e.recorded_at,
        coalesce(e.effective_on <= {self}.from_day, false) AS is_late,
        CASE
            WHEN e.type = 'PaymentReversed' THEN (
                SELECT min(p.since)
                FROM model.payment AS p
                WHERE p.scheme_id = substring(e.stream FROM 8)
                  AND p.payment_id = convert_from(e.body, 'UTF8')::jsonb -> 'data' ->> 'paymentId'
            )
            WHEN e.type IN ('CommitmentReduced', 'CommitmentCancelled') THEN (
                SELECT min(c.position)
                FROM model.entry AS i
                JOIN model.entry AS c ON c.scheme_id = i.scheme_id
                    AND c.commitment_id = i.commitment_id AND c.kind = 'COMMITMENT'
                WHERE i.position = e.position
            )
        END AS corrected
    FROM ledger.event AS e
    WHERE """
MARKED_BETWEEN: LiteralString = (
    _MARKED + "e.position > {self}.from_position AND e.position <= {self}.to_position AND {at:e})"
)
_MARKED_AT: LiteralString = _MARKED + "e.position = ANY({self}.positions) AND {at:e})"

_KINDS: LiteralString = """(VALUES
    ('PLEDGE', 1, 'COUNTERPART', 1), ('COMMITMENT', 2, 'COMMITTED', 1),
    ('REDUCTION', 3, 'TAKEN_BACK', -1), ('CANCELLATION', 3, 'TAKEN_BACK', -1),
    ('COMMITMENT', 4, 'GRANT', 1), ('REDUCTION', 4, 'GRANT', 1), ('CANCELLATION', 4, 'GRANT', 1),
    ('ADVANCE', 5, 'ADVANCED', 1), ('DISBURSEMENT', 6, 'DISBURSED', 1),
    ('REVERSAL', 7, 'REVERSED', -1), ('ADVANCE', 8, 'PAID', 1), ('DISBURSEMENT', 8, 'PAID', 1),
    ('REVERSAL', 8, 'PAID', 1), ('SETTLEMENT', 9, 'SETTLED', 1)
) AS k (kind, place, measure, sign)"""
_MONEY: LiteralString = (
    """
    SELECT k.place, k.measure, l.about, min(l.subject_id) AS subject_id,
        coalesce(
            sum(k.sign * e.amount) FILTER (WHERE e.position <= {self}.from_position), 0
        )::bigint AS before,
        sum(k.sign * e.amount)::bigint AS after,
        array_agg(e.position ORDER BY e.position)
            FILTER (WHERE e.position > {self}.from_position) AS positions
    FROM model.entry AS e
    JOIN """
    + _KINDS
    + """ ON k.kind = e.kind
    CROSS JOIN LATERAL (VALUES
        ('' COLLATE "C", NULL), (e.scheme_id, 'scheme-' || e.scheme_id),
        (e.scheme_id || '/' || e.commitment_id,
            'commitment-' || e.scheme_id || '/' || e.commitment_id)
    ) AS l (about, subject_id)
    WHERE e.position <= {self}.to_position AND l.about IS NOT NULL AND {at:e}
    GROUP BY k.place, k.measure, l.about"""
)
_STEPS: LiteralString = """, since, until,
        lag(until) OVER one IS DISTINCT FROM since AS begins,
        lead(since) OVER one IS DISTINCT FROM until AS ends"""
_THINGS: LiteralString = (
    "SELECT 10 AS place, 'FACILITIES' AS measure, NULL AS scheme_id"
    + _STEPS
    + " FROM model.facility AS a WHERE {between:a}"
    " WINDOW one AS (PARTITION BY facility_id ORDER BY since)"
    " UNION ALL SELECT 11, 'SCHEMES', NULL" + _STEPS + " FROM model.scheme AS b WHERE {between:b}"
    " WINDOW one AS (PARTITION BY scheme_id ORDER BY since)"
    " UNION ALL SELECT 12, 'BENEFICIARIES', scheme_id"
    + _STEPS
    + " FROM model.beneficiary AS c WHERE {between:c}"
    " WINDOW one AS (PARTITION BY scheme_id, facility_id ORDER BY since)"
    " UNION ALL SELECT 13, 'COMMITMENTS', scheme_id"
    + _STEPS
    + " FROM model.commitment AS d WHERE {between:d}"
    " WINDOW one AS (PARTITION BY scheme_id, commitment_id ORDER BY since)"
    " UNION ALL SELECT 14, 'PAYMENTS', scheme_id"
    + _STEPS
    + " FROM model.payment AS f WHERE {between:f}"
    " WINDOW one AS (PARTITION BY scheme_id, payment_id ORDER BY since)"
)
_COUNTS: LiteralString = (
    """
    SELECT t.place, t.measure, l.about, min(l.subject_id) AS subject_id,
        count(*) FILTER (WHERE t.since <= {self}.from_position) AS before,
        count(*) FILTER (WHERE t.until > {self}.to_position) AS after,
        array_agg(t.since) FILTER (WHERE t.begins AND t.since > {self}.from_position)
        || array_agg(t.until) FILTER (WHERE t.ends AND t.until <= {self}.to_position) AS positions
    FROM ("""
    + _THINGS
    + """) AS t
    CROSS JOIN LATERAL (VALUES
        ('' COLLATE "C", NULL), (t.scheme_id, 'scheme-' || t.scheme_id)
    ) AS l (about, subject_id)
    WHERE l.about IS NOT NULL
    GROUP BY t.place, t.measure, l.about"""
)
FIGURES: LiteralString = (
    "(SELECT f.*, f.after - f.before AS change, "
    + _SPAN
    + " FROM ("
    + _MONEY
    + " UNION ALL "
    + _COUNTS
    + ") AS f WHERE f.before <> f.after)"
)
_STATED: LiteralString = (
    "SELECT 'scheme-' || scheme_id AS subject_id, status, since, until,"
    " lag(status) OVER one AS was FROM model.scheme AS a WHERE {between:a}"
    " WINDOW one AS (PARTITION BY scheme_id ORDER BY since)"
    " UNION ALL SELECT 'commitment-' || scheme_id || '/' || commitment_id, status, since, until,"
    " lag(status) OVER one FROM model.commitment AS b WHERE {between:b}"
    " WINDOW one AS (PARTITION BY scheme_id, commitment_id ORDER BY since)"
    " UNION ALL SELECT 'facility-' || facility_id, status, since, until,"
    " lag(status) OVER one FROM model.facility AS c WHERE {between:c}"
    " WINDOW one AS (PARTITION BY facility_id ORDER BY since)"
)
STATUSES: LiteralString = (
    "(SELECT s.*, "
    + _SPAN
    + """ FROM (
    SELECT t.subject_id, min(t.status) FILTER (WHERE t.since <= {self}.from_position) AS before,
        min(t.status) FILTER (WHERE t.until > {self}.to_position) AS after,
        array_agg(t.since) FILTER (
            WHERE t.since > {self}.from_position AND t.status IS DISTINCT FROM t.was
        ) AS positions
    FROM ("""
    + _STATED
    + """) AS t
    GROUP BY t.subject_id
) AS s WHERE s.before IS DISTINCT FROM s.after)"""
)


@strawberry.type(description="An event of a diff, with its marks (sự kiện trong so sánh).")
class DiffEvent:
    """What was recorded between two positions, and how it stands to what was there before."""

    table: ClassVar = Table(rows="ledger.event", key=("position::bigint",), time=Time.NONE)

    position: Position = column("Its place in the ledger (vị trí).")
    type: str = column("Kind of event: the name of its fact's type (loại sự kiện).")
    effective_on: date = column("When it is true in law (ngày hiệu lực).")
    recorded_at: datetime = column("When the ledger learned it (thời điểm ghi sổ).")
    is_late: bool = column(
        "Whether it took effect by the day on which the earlier position was recorded, so that it"
        " was missing there (ghi muộn)."
    )
    corrects: Event | None = one(
        "{other}.position = {self}.corrected",
        "The payment or commitment that it takes back, in part or whole (đính chính).",
    )
    event: Event | None = one("{other}.position = {self}.position", "The event (sự kiện).")


@strawberry.type(description="A figure that changed: before, after, and by what (số liệu).")
class FigureChange:
    """Money in đồng, or a count; of the whole fund, of a scheme, of a commitment."""

    table: ClassVar = Table(
        rows="ledger.event", key=("about::text", "place::bigint"), time=Time.NONE
    )

    measure: FundMeasure = column("What is measured (chỉ tiêu).")
    subject_id: strawberry.ID | None = column(
        "Identity of what it is a figure of; null: of the whole fund (đối tượng)."
    )
    subject: Node | None = planned(
        ByNodeId("{self}.subject_id", "{self}.to_position"),
        "What it is a figure of, as it was at the later position; null: the whole fund.",
    )
    before: Figure = column("At the earlier position (trước): đồng, or a number.")
    after: Figure = column("At the later position (sau): đồng, or a number.")
    change: Figure = column("After less before (chênh lệch).")
    events: Connection[DiffEvent] = many(
        "true", "The events that changed it, oldest first (sự kiện).", rows=_MARKED_AT
    )


@strawberry.type(description="A status that changed (thay đổi trạng thái).")
class StatusChange:
    """Of a scheme, a commitment or a facility; names of the members of their statuses."""

    table: ClassVar = Table(rows="ledger.event", key=("subject_id::text",), time=Time.NONE)

    subject_id: strawberry.ID = column("Identity of what changed (đối tượng).")
    subject: Node | None = planned(
        ByNodeId("{self}.subject_id", "{self}.to_position"),
        "What changed, as it was at the later position.",
    )
    before: str | None = column("Before (trước); null: it was not there.")
    after: str | None = column("Afterwards (sau); null: it is not there any more.")
    events: Connection[DiffEvent] = many(
        "true", "The events that changed it, oldest first (sự kiện).", rows=_MARKED_AT
    )

"""The restatement list (danh sách điều chỉnh số liệu): what is known now and was not known then.

Two trial balances of one day, as the ledger knew it at two positions, differ by what was recorded
in between: entries that came late, corrections, reversals. Every balance that differs is a line:
what it was, what it is, and the events that restated it; the lines add up to the whole difference.
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.money import Vnd
from events.vocabulary import FundingSource
from schema.enums import Account
from schema.figures import MARKED_AT, DiffEvent
from schema.planner.declare import column, many, one
from schema.planner.source import Table, Time
from schema.posting import Posting
from schema.relay import Connection

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.scheme import Scheme

RESTATED: LiteralString = """(
    SELECT r.*, r.after - r.before AS change,
        concat_ws('/', r.account, r.source, r.budget_year, r.scheme_id, r.commitment_id)
            COLLATE "C" AS about,
        {self}.from_position, {self}.to_position, {self}.from_day
    FROM (
        SELECT p.account, p.source, p.budget_year, p.scheme_id, p.commitment_id,
            coalesce(
                sum(p.debit - p.credit) FILTER (WHERE p.position <= {self}.from_position), 0
            )::bigint AS before,
            sum(p.debit - p.credit)::bigint AS after,
            array_agg(DISTINCT p.position ORDER BY p.position)
                FILTER (WHERE p.position > {self}.from_position) AS positions
        FROM model.posting AS p
        WHERE p.position <= {self}.to_position AND {at:p}
        GROUP BY p.account, p.source, p.budget_year, p.scheme_id, p.commitment_id
    ) AS r
    WHERE r.before <> r.after
)"""
_POSTED: LiteralString = """(
    SELECT p.*
    FROM model.posting AS p
    WHERE p.position = ANY({self}.positions) AND p.account = {self}.account
      AND p.source = {self}.source AND p.budget_year = {self}.budget_year
      AND p.scheme_id IS NOT DISTINCT FROM {self}.scheme_id
      AND p.commitment_id IS NOT DISTINCT FROM {self}.commitment_id AND {at:p}
)"""


@strawberry.type(
    description="A balance restated (số liệu điều chỉnh): what was known, what is, in đồng."
)
class Restatement:
    """Of one account, source, budget year, scheme and commitment. Stocks; `change` is a flow."""

    table: ClassVar = Table(rows="ledger.event", key=("about::text",), time=Time.NONE)

    account: Account = column("The account (tài khoản).")
    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    before: Vnd = column("Its balance as it was known at the earlier position (đã biết khi đó).")
    after: Vnd = column("Its balance as it was known at the later position (nay biết).")
    change: Vnd = column("After less before: what was restated (chênh lệch).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "The scheme; null for what is of none (đề án)."
    )
    commitment: Annotated["Commitment", strawberry.lazy("schema.commitment")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "The commitment; null for what is of none (cam kết).",
    )
    postings: Connection[Posting] = many(
        "true", "The lines of the journal that restated it, in order (định khoản).", rows=_POSTED
    )
    events: Connection[DiffEvent] = many(
        "true",
        "The events that restated it: late, or correcting what was there (sự kiện).",
        rows=MARKED_AT,
    )

"""Bodies that take part in the fund."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.vocabulary import OrganisationKind
from schema.place import Province
from schema.planner.declare import column, expression, many
from schema.planner.source import Table
from schema.relay import Connection, Node
from schema.totals import Totals, summed

if TYPE_CHECKING:
    from schema.event import Event
    from schema.scheme import Scheme


@strawberry.type(description="A body that takes part in the fund (cơ quan, đơn vị).")
class Organisation(Node):
    """A ministry, a department, a centre."""

    table: ClassVar = Table(
        rows="model.organisation", key=("name_sort::text", "organisation_id::text")
    )
    by_id: ClassVar = "{other}.organisation_id = substr({id}, length('organisation-') + 1)"

    id: strawberry.ID = expression(
        "'organisation-' || {self}.organisation_id", "Global identity (mã toàn cục)."
    )
    code: str = column("Its code (mã).", "organisation_id")
    name: str = column("Official name (tên chính thức).", sort="name_sort", fold="name_fold")
    kind: OrganisationKind = column("What kind of body (loại đơn vị).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    territory: list[Province] = many(
        "true",
        "Provinces it serves, as they were named then (địa bàn phụ trách).",
        rows="""(
            SELECT p.*
            FROM model.territory AS x
            JOIN model.province AS p
              ON p.code = x.province_code AND p.valid_from = x.province_from
            WHERE x.organisation_id = {self}.organisation_id AND {at:x}
        )""",
    )
    schemes: Connection[Annotated["Scheme", strawberry.lazy("schema.scheme")]] = many(
        "{other}.implementer = {self}.organisation_id", "Schemes it carries out (đề án)."
    )
    totals: Totals = summed(
        """{other}.scheme_id IN (
            SELECT s.scheme_id
            FROM model.scheme AS s
            WHERE s.implementer = {self}.organisation_id AND {at:s}
        )""",
        "Sums of all entries of those schemes (tổng hợp).",
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'organisation-' || {self}.organisation_id",
        "Everything recorded of it, oldest first (lịch sử).",
    )

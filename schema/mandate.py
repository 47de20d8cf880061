"""Mandates, and the caller as the ledger knows him."""

from datetime import date
from typing import ClassVar

import strawberry

from schema.enums import MandateStatus, Role
from schema.place import Province
from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table, Time
from schema.relay import Connection


@strawberry.type(description="A role that somebody has (phân quyền), over what and until when.")
class Mandate:
    """Proposed by one, confirmed by another."""

    table: ClassVar = Table(rows="model.mandate", key=("principal::text", "mandate_id::text"))

    id: strawberry.ID = expression(
        "{self}.principal || '/' || {self}.mandate_id", "Its principal's code and its own (mã)."
    )
    principal: str = column("Whose it is: whoever holds a key or token (mã chủ thể).")
    role: Role = column("The role (vai trò).")
    organisation: str = column("Code of the body that is acted for (đơn vị công tác).")
    centre: str | None = column("The centre whose schemes are meant (trung tâm); null if none.")
    last_day: date | None = column("Last day on which it counts (ngày cuối); null: no end is set.")
    status: MandateStatus = column("Whether it counts (trạng thái).")
    reason: str | None = column("Why it was revoked (lý do thu hồi); null if it was not.")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "The province that it is held over (tỉnh, thành phố); null if none.",
    )


@strawberry.type(description="The caller (người đang gọi), as the ledger knows them.")
class Me:
    """An identity, and what it may."""

    table: ClassVar = Table(rows="model.moment", key=("principal::text",), time=Time.NONE)

    principal: str = column("What a mandate for you has to name (mã chủ thể).")
    mandates: Connection[Mandate] = many(
        "{other}.principal = {self}.principal", "Mandates of yours, counting or not (phân quyền)."
    )

"""The contract to carry out a scheme, as it is worth now."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import FundingSource
from schema.enums import ContractStatus
from schema.planner.declare import column, one
from schema.planner.source import Table

if TYPE_CHECKING:
    from schema.organisation import Organisation
    from schema.scheme import Scheme


@strawberry.type(description="A contract to carry out a scheme (hợp đồng thực hiện đề án).")
class SchemeContract:
    """Between the Department and the implementer, for one source and budget year."""

    table: ClassVar = Table(rows="model.contract", key=("scheme_id::text", "contract_id::text"))

    code: str = column("Its code within the scheme (mã hợp đồng).", "contract_id")
    number: str = column("Number of the paper (số hợp đồng).")
    signed_on: date = column("When it was signed (ngày ký).")
    amount: Vnd = column("Its value after its annexes (giá trị hợp đồng). A stock.")
    annexes: int = column("How many annexes it has (số phụ lục).")
    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    status: ContractStatus = column("Whether it is liquidated (trạng thái).")
    liquidated_on: date | None = column("When it was liquidated (ngày thanh lý); null before.")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    client: Annotated["Organisation", strawberry.lazy("schema.organisation")] | None = one(
        "{other}.organisation_id = {self}.client", "Who has it carried out (bên giao)."
    )
    contractor: Annotated["Organisation", strawberry.lazy("schema.organisation")] | None = one(
        "{other}.organisation_id = {self}.contractor", "Who carries it out (bên nhận)."
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )

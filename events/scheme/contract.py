"""The implementation contract (hợp đồng thực hiện) of a scheme, for one source and budget year.

Signed between the Department and the implementer (TT 36/2013/TT-BCT): the commitments of its source
and year are those under it. The contract with a beneficiary is the commitment itself.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from typing import NewType, TypeAlias, assert_never

from events.identity import OrganisationId, SchemeId
from events.money import Vnd
from events.rules import Refusal, command, fact, refusal, value
from events.vocabulary import FundingSource

ContractId = NewType("ContractId", str)


@fact
class ImplementationContractSigned:
    """A contract to carry out a scheme was signed (ký hợp đồng thực hiện đề án)."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date
    client: OrganisationId
    contractor: OrganisationId
    amount: Vnd
    """Value of the contract, in đồng (giá trị hợp đồng). A stock."""
    source: FundingSource
    budget_year: int


@fact
class ImplementationContractAmended:
    """The value of a contract was changed by an annex (phụ lục hợp đồng)."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date
    amount: Vnd
    """Value of the contract from now on, in đồng (giá trị hợp đồng mới). A stock."""
    source: FundingSource
    budget_year: int


@fact
class ImplementationContractLiquidated:
    """A contract was liquidated: all work under it is accepted (thanh lý hợp đồng)."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date


@command
class SignContract:
    """Sign a contract to carry out a scheme (ký hợp đồng thực hiện đề án)."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date
    client: OrganisationId
    contractor: OrganisationId
    amount: Vnd
    source: FundingSource
    budget_year: int


@command
class AmendContract:
    """Change the value of a contract by an annex (phụ lục hợp đồng)."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date
    amount: Vnd


@command
class LiquidateContract:
    """Liquidate a contract, once all work under it is accepted (thanh lý hợp đồng)."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date


@refusal(rule="a contract is signed once; what changes in it is an annex")
class ContractDiffers(Refusal):
    """Contract {contract_id} was signed already, with other content.

    Hợp đồng {contract_id} đã được ký với nội dung khác.
    """

    contract_id: ContractId


@refusal(rule="an annex or a liquidation names the contract that it belongs to")
class UnknownContract(Refusal):
    """There is no contract {contract_id} in this scheme.

    Đề án không có hợp đồng {contract_id}.
    """

    contract_id: ContractId


@refusal(rule="a liquidated contract takes no further entry")
class ContractEnded(Refusal):
    """Contract {contract_id} is liquidated.

    Hợp đồng {contract_id} đã thanh lý.
    """

    contract_id: ContractId


@refusal(rule="TT 36/2013/TT-BCT: the contract is signed with whoever carries out the scheme")
class NotTheImplementer(Refusal):
    """Scheme {scheme_id} is carried out by {implementer}, not by {contractor}.

    Đơn vị thực hiện đề án {scheme_id} là {implementer}, không phải {contractor}.
    """

    scheme_id: SchemeId
    implementer: OrganisationId
    contractor: OrganisationId


ContractEvent: TypeAlias = (
    ImplementationContractSigned | ImplementationContractAmended | ImplementationContractLiquidated
)
ContractCommand: TypeAlias = SignContract | AmendContract | LiquidateContract
ContractRefusal: TypeAlias = ContractDiffers | UnknownContract | ContractEnded | NotTheImplementer


@value
class Contract:
    """A contract, its annexes and its end, as the rules see it."""

    signature: ImplementationContractSigned
    annexes: tuple[ImplementationContractAmended, ...] = ()
    liquidation: ImplementationContractLiquidated | None = None

    @property
    def amount(self) -> Vnd:
        """What it is worth after its annexes."""
        return self.annexes[-1].amount if self.annexes else self.signature.amount


@value
class Contracts:
    """The contracts of a scheme."""

    signed: Mapping[ContractId, Contract] = field(default_factory=dict)

    def worth(self, source: FundingSource, budget_year: int, but: ContractId) -> Vnd:
        """What the others of this source and year are worth."""
        return Vnd(
            sum(
                each.amount
                for key, each in self.signed.items()
                if key != but
                and (each.signature.source, each.signature.budget_year) == (source, budget_year)
            )
        )


def contracted(contracts: Contracts, event: ContractEvent) -> Contracts:
    """Apply one recorded fact."""
    match event:
        case ImplementationContractSigned():
            now = Contract(signature=event)
        case ImplementationContractAmended():
            known = contracts.signed[event.contract_id]
            now = replace(known, annexes=(*known.annexes, event))
        case ImplementationContractLiquidated():
            now = replace(contracts.signed[event.contract_id], liquidation=event)
        case _:
            assert_never(event)
    return Contracts(signed={**contracts.signed, event.contract_id: now})

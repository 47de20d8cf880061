"""Sign, amend and liquidate the contract of a scheme (ký, phụ lục, thanh lý hợp đồng)."""

from collections.abc import Sequence
from typing import assert_never

from events.dates import checked_year, happened
from events.identity import OrganisationId, checked_code
from events.money import Vnd, checked_amount
from events.organisation import Organisation, UnknownOrganisation
from events.organisation import stream as organisation_stream
from events.plan import BudgetExceeded
from events.rules import Occasion
from events.scheme.contract import (
    AmendContract,
    Contract,
    ContractCommand,
    ContractDiffers,
    ContractEnded,
    ContractEvent,
    ContractId,
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
    LiquidateContract,
    NotTheImplementer,
    SignContract,
    UnknownContract,
)
from events.scheme.halting import check_goes_on
from events.scheme.money_refusals import NotAccepted
from events.scheme.refusals import SchemeNotApproved
from events.scheme.state import Scheme
from events.text import required
from events.vocabulary import FundingSource


def contract(
    command: ContractCommand, scheme: Scheme, occasion: Occasion
) -> Sequence[ContractEvent]:
    """Answer a command on a contract of the scheme."""
    happened(occasion)
    match command:
        case SignContract():
            return _sign(command, scheme, occasion)
        case AmendContract():
            return _amend(command, scheme, occasion)
        case LiquidateContract():
            return _liquidate(command, scheme)
        case _:
            assert_never(command)


def _sign(command: SignContract, scheme: Scheme, occasion: Occasion) -> Sequence[ContractEvent]:
    checked_code("contract_id", command.contract_id)
    checked_amount("amount", command.amount)
    checked_year("budget_year", command.budget_year)
    signature = ImplementationContractSigned(
        scheme_id=command.scheme_id,
        contract_id=command.contract_id,
        number=required("number", command.number),
        signed_on=command.signed_on,
        client=command.client,
        contractor=command.contractor,
        amount=command.amount,
        source=command.source,
        budget_year=command.budget_year,
    )
    known = scheme.contracts.signed.get(command.contract_id)
    if known is not None:
        if known.signature == signature:
            return ()
        raise ContractDiffers(contract_id=command.contract_id)
    if scheme.approval is None:
        raise SchemeNotApproved(scheme_id=command.scheme_id)
    check_goes_on(scheme, occasion.effective_on)
    _check_known(command.client, occasion)
    implementer = scheme.implementer
    if command.contractor != implementer:
        raise NotTheImplementer(
            scheme_id=command.scheme_id, implementer=implementer, contractor=command.contractor
        )
    _check_worth(command.contract_id, command.amount, signature.source, command.budget_year, scheme)
    return (signature,)


def _amend(command: AmendContract, scheme: Scheme, occasion: Occasion) -> Sequence[ContractEvent]:
    checked_amount("amount", command.amount)
    known = _known(command.contract_id, scheme)
    annex = ImplementationContractAmended(
        scheme_id=command.scheme_id,
        contract_id=command.contract_id,
        number=required("number", command.number),
        signed_on=command.signed_on,
        amount=command.amount,
        source=known.signature.source,
        budget_year=known.signature.budget_year,
    )
    if annex in known.annexes:
        return ()
    _check_open(known)
    check_goes_on(scheme, occasion.effective_on)
    _check_worth(command.contract_id, command.amount, annex.source, annex.budget_year, scheme)
    return (annex,)


def _liquidate(command: LiquidateContract, scheme: Scheme) -> Sequence[ContractEvent]:
    """Stays possible when the scheme stands still: what was done is put in order."""
    known = _known(command.contract_id, scheme)
    liquidation = ImplementationContractLiquidated(
        scheme_id=command.scheme_id,
        contract_id=command.contract_id,
        number=required("number", command.number),
        signed_on=command.signed_on,
    )
    if known.liquidation == liquidation:
        return ()
    _check_open(known)
    under = (known.signature.source, known.signature.budget_year)
    for key, each in scheme.commitments.items():
        is_under = (each.promise.source, each.promise.budget_year) == under
        if is_under and each.cancellation is None and each.acceptance is None:
            raise NotAccepted(commitment_id=key, requested=each.left)
    return (liquidation,)


def _known(contract_id: ContractId, scheme: Scheme) -> Contract:
    known = scheme.contracts.signed.get(contract_id)
    if known is None:
        raise UnknownContract(contract_id=contract_id)
    return known


def _check_open(known: Contract) -> None:
    if known.liquidation is not None:
        raise ContractEnded(contract_id=known.signature.contract_id)


def _check_known(organisation_id: OrganisationId, occasion: Occasion) -> None:
    if occasion.neighbour(organisation_stream(organisation_id), Organisation) is None:
        raise UnknownOrganisation(organisation_id=organisation_id)


def _check_worth(
    contract_id: ContractId, amount: Vnd, source: FundingSource, year: int, scheme: Scheme
) -> None:
    """Contracts of one source and year are worth no more than its ceiling."""
    others = scheme.contracts.worth(source, year, contract_id)
    free = Vnd(scheme.allowed(source, year) - others)
    if amount > free:
        raise BudgetExceeded(source=source, budget_year=year, requested=amount, headroom=free)

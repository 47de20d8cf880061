"""The plan of a scheme in OCDS 1.1, as decisions change it: contents, body, ceilings, contracts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from events.envelope import Recorded
from events.identity import SchemeId
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import SchemeResubmitted
from events.scheme.balance import BalanceCarriedOver, BalanceEvent, UnspentBalanceReturned, moved
from events.scheme.ceiling import Ceiling
from events.scheme.contract import (
    ContractId,
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
)
from events.scheme.facts import SchemeApproved, SchemeProposed
from events.vocabulary import FundingSource
from service.export import ocds_parts as parts
from service.export.ocds_parts import Json, Said


class Plan:
    """A scheme as it was proposed, with everything that was decided of it since."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._stands: dict[SchemeId, SchemeProposed] = {}
        self._synthetic = False
        self._ceilings: dict[tuple[FundingSource, int], int] = {}
        self._balances = 0
        self._contracts: dict[ContractId, tuple[ImplementationContractSigned, int]] = {}

    def said(self, event: Recorded[Any]) -> Said | None:
        """What is so of the plan from this event on; None: it says nothing of the plan."""
        tell = _TELLS.get(type(event.fact))
        return tell(self, event) if tell else None

    def span(self, of: SchemeId) -> Json:
        """From when to when the scheme is carried out; of one that is not known: nothing."""
        known = self._stands.get(of)
        return parts.period(known.starts_on, known.ends_on) if known else {}

    def retitled(self, fact: SchemeProposed) -> Said:
        """The title was corrected; what was decided of the rest since stays as it is."""
        return self._anew(replace(self._stands[fact.scheme_id], title=fact.title))

    def proposed(self, event: Recorded[SchemeProposed]) -> Said:
        fact = event.fact
        self._synthetic = event.synthetic
        _, told = self._anew(fact)
        carries = parts.implementer(fact.implementer, self._names.get(fact.implementer))
        parties = {"parties": [parts.funder(), carries], "buyer": parts.buyer()}
        return ["planning"], parties | told

    def resubmitted(self, event: Recorded[SchemeResubmitted]) -> Said | None:
        fact = event.fact
        known = self._stands.get(fact.scheme_id)
        if known is None:
            return None
        return self._anew(
            replace(
                known,
                title=fact.title,
                contents=fact.contents,
                starts_on=fact.starts_on,
                ends_on=fact.ends_on,
            )
        )

    def adjusted(self, event: Recorded[SchemeAdjusted]) -> Said | None:
        """What its kind changes alone (điều chỉnh đề án)."""
        after, known = event.fact.after, self._stands.get(event.fact.scheme_id)
        if known is None:
            return None
        now = replace(
            known,
            contents=after.contents or known.contents,
            starts_on=after.starts_on or known.starts_on,
            ends_on=after.ends_on or known.ends_on,
            implementer=after.implementer or known.implementer,
        )
        tags, told = self._anew(now)
        if now.implementer != known.implementer:
            told["parties"] = [
                parts.implementer(known.implementer, None) | parts.NO_ROLE,
                parts.implementer(now.implementer, self._names.get(now.implementer)),
            ]
        if after.ceilings:
            told["planning"]["budget"] |= self._ceiled(after.ceilings)
        return tags, told

    def supplemented(self, event: Recorded[SchemeSupplemented]) -> Said | None:
        fact = event.fact
        known = self._stands.get(fact.scheme_id)
        if known is None:
            return None
        tags, told = self._anew(replace(known, contents=(*known.contents, *fact.contents)))
        if fact.ceilings:
            told["planning"]["budget"] |= self._ceiled(fact.ceilings)
        return tags, told

    def approved(self, event: Recorded[SchemeApproved]) -> Said:
        return ["planningUpdate"], {"planning": {"budget": self._ceiled(event.fact.ceilings)}}

    def balanced(self, event: Recorded[BalanceEvent]) -> Said:
        """What is carried into another year stays in the whole; what is returned does not."""
        self._balances += sum(amount for _, amount in moved(event.fact))
        return ["planningUpdate"], {"planning": {"budget": self._ceiled(())}}

    def signed(self, event: Recorded[ImplementationContractSigned]) -> Said:
        fact = event.fact
        self._contracts[fact.contract_id] = (fact, 0)
        return _contracted(parts.implementation_contract(fact, self._names))

    def amended(self, event: Recorded[ImplementationContractAmended]) -> Said | None:
        fact = event.fact
        if (known := self._contracts.get(fact.contract_id)) is None:
            return None
        signed, annexes = known[0], known[1] + 1
        self._contracts[fact.contract_id] = (signed, annexes)
        value = {"value": parts.money(fact.amount), "annexes": annexes}
        return _contracted({"id": fact.contract_id} | value)

    def liquidated(self, event: Recorded[ImplementationContractLiquidated]) -> Said | None:
        fact = event.fact
        if fact.contract_id not in self._contracts:
            return None
        return _contracted({"id": fact.contract_id} | parts.liquidation(fact.signed_on))

    def _ceiled(self, new: tuple[Ceiling, ...]) -> Json:
        """The whole that may be committed, of all sources and years."""
        self._ceilings |= {(each.source, each.budget_year): each.amount for each in new}
        return {"amount": parts.money(sum(self._ceilings.values()) + self._balances)}

    def _anew(self, now: SchemeProposed) -> Said:
        self._stands[now.scheme_id] = now
        budget = parts.budget(now, synthetic=self._synthetic)
        return ["planningUpdate"], {
            "planning": {"rationale": parts.rationale(now), "budget": budget}
        }


def _contracted(told: Json) -> Said:
    return ["planningUpdate"], {"planning": {parts.CONTRACTS: [told]}}


_TELLS: Mapping[type, Callable[[Plan, Any], Said | None]] = {
    SchemeProposed: Plan.proposed,
    SchemeResubmitted: Plan.resubmitted,
    SchemeApproved: Plan.approved,
    SchemeAdjusted: Plan.adjusted,
    SchemeSupplemented: Plan.supplemented,
    UnspentBalanceReturned: Plan.balanced,
    BalanceCarriedOver: Plan.balanced,
    ImplementationContractSigned: Plan.signed,
    ImplementationContractAmended: Plan.amended,
    ImplementationContractLiquidated: Plan.liquidated,
}

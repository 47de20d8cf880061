"""OCDS 1.1 releases out of events: each says what is so from then on, as a merge wants it.

    told = Telling(scheme, names)
    release = told.release(event)       # None: the event is of no interest to a contract

A merge of all releases of a scheme is its state: the standard's own fold, beside the read models.
So nothing here is read from a read model but names; amounts are added up event by event.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from events.envelope import Recorded
from events.identity import CommitmentId
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    CriteriaEvaluated,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from service.export import identifiers as ids
from service.export import ocds_parts as parts
from service.export.ocds_parts import Json

Said: TypeAlias = tuple[list[str], Json]
"""Tags, and what the release holds beside them."""


class Telling:
    """A scheme as it goes on: what a release says of a sum is the sum, not the difference."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._promised: dict[CommitmentId, int] = {}
        self._pledged: dict[str, int] = {}
        self._payees: dict[CommitmentId, Json] = {}
        self._chosen: dict[str, Json] = {}
        self._paid: set[CommitmentId] = set()
        self._span: Json = {}

    def release(self, event: Recorded[Any]) -> Json | None:
        """What is so from this event on."""
        tell = _TELLS.get(type(event.fact))
        said = tell(self, event) if tell else None
        if said is None:
            return None
        tags, told = said
        release: Json = {
            "ocid": ids.ocid(event.fact.scheme_id),
            "id": str(event.id),
            "date": ids.at(event.recorded_at),
            "tag": tags,
            "initiationType": "tender",
            "language": "vi",
        }
        if event.synthetic:
            release["socai:synthetic"] = True
        return release | told

    def proposed(self, event: Recorded[SchemeProposed]) -> Said:
        fact = event.fact
        self._span = parts.period(fact.starts_on, fact.ends_on)
        budget = parts.budget(fact, synthetic=event.synthetic)
        named = self._names.get(fact.implementer)
        told: Json = {
            "parties": [parts.funder(), parts.implementer(fact.implementer, named)],
            "buyer": parts.buyer(),
            "planning": {"rationale": parts.rationale(fact), "budget": budget},
        }
        return ["planning"], told

    def approved(self, event: Recorded[SchemeApproved]) -> Said:
        whole = sum(each.amount for each in event.fact.ceilings)
        return ["planningUpdate"], {"planning": {"budget": {"amount": parts.money(whole)}}}

    def assigned(self, event: Recorded[BeneficiaryAssigned]) -> Said:
        fact = event.fact
        party = parts.beneficiary(fact.facility_id, fact.name, fact.province, fact.sector)
        self._chosen[fact.facility_id] = parts.referred(party)
        return ["planningUpdate"], {"parties": [party]}

    def pledged(self, event: Recorded[CounterpartPledged]) -> Said | None:
        fact = event.fact
        if fact.facility_id not in self._chosen:
            return None
        whole = self._pledged.get(fact.facility_id, 0) + fact.amount
        self._pledged[fact.facility_id] = whole
        party = {"id": ids.facility_ref(fact.facility_id), "details": parts.pledge(whole)}
        return ["planningUpdate"], {"parties": [party]}

    def committed(self, event: Recorded[SupportCommitted]) -> Said:
        fact = event.fact
        self._promised[fact.commitment_id] = fact.amount
        payee = self._chosen.get(fact.facility_id)
        if payee:
            self._payees[fact.commitment_id] = payee
        title = ids.marked(fact.cost_item, synthetic=event.synthetic)
        award = parts.award(fact, title, event.effective_on, payee, fact.amount)
        contract = parts.contract(fact.commitment_id, title, fact.amount, event.effective_on)
        told = {"awards": [award], "contracts": [contract | {"period": self._span}]}
        return ["award", "contract"], told

    def reduced(self, event: Recorded[CommitmentReduced]) -> Said | None:
        return self._amended(event, ["contractAmendment"], {})

    def cancelled(self, event: Recorded[CommitmentCancelled]) -> Said | None:
        found = self._amended(event, ["awardCancellation", "contractTermination"], parts.TERMINATED)
        if found is not None:
            found[1]["awards"] = [{"id": event.fact.commitment_id, "status": "cancelled"}]
        return found

    def _amended(
        self, event: Recorded[CommitmentReduced | CommitmentCancelled], tags: list[str], more: Json
    ) -> Said | None:
        identity = event.fact.commitment_id
        if identity not in self._promised:
            return None
        self._promised[identity] -= event.fact.amount
        amended = parts.amendment(event.id, event.effective_on, event.fact.amount)
        value = {"value": parts.money(self._promised[identity]), "amendments": [amended]}
        return tags, _contracts(identity, value | more)

    def paid(self, event: Recorded[AdvancePaid | DisbursementPaid]) -> Said | None:
        return self._moved(event, event.fact.payment_id, event.fact.amount)

    def reversed(self, event: Recorded[PaymentReversed]) -> Said | None:
        return self._moved(event, str(event.id), -event.fact.amount)

    def _moved(
        self,
        event: Recorded[AdvancePaid | DisbursementPaid | PaymentReversed],
        identity: str,
        amount: int,
    ) -> Said | None:
        of = event.fact.commitment_id
        if of not in self._promised:
            return None
        tag = "implementationUpdate" if of in self._paid else "implementation"
        self._paid.add(of)
        moved = parts.transaction(identity, event.effective_on, amount, self._payees.get(of))
        return [tag], _contracts(of, {"implementation": {"transactions": [moved]}})

    def accepted(self, event: Recorded[AcceptanceRecorded]) -> Said | None:
        fact = event.fact
        return self._later(
            fact.commitment_id,
            ["implementationUpdate"],
            {"implementation": parts.acceptance(fact.accepted_value)},
        )

    def settled(self, event: Recorded[SettlementApproved]) -> Said | None:
        fact = event.fact
        told = parts.TERMINATED | parts.settlement(fact.amount)
        return self._later(fact.commitment_id, ["contractTermination"], told)

    def _later(self, identity: CommitmentId, tags: list[str], told: Json) -> Said | None:
        return (tags, _contracts(identity, told)) if identity in self._promised else None

    def judged(self, event: Recorded[CriteriaEvaluated]) -> Said:
        fact = event.fact
        verdict = parts.verdict(fact.criterion, fact.verdict, fact.evidence)
        return ["planningUpdate"], {"planning": {"milestones": [verdict]}}


def _contracts(identity: CommitmentId, told: Json) -> Json:
    return {"contracts": [{"id": identity, "awardID": identity} | told]}


_TELLS: Mapping[type, Callable[[Telling, Any], Said | None]] = {
    SchemeProposed: Telling.proposed,
    SchemeApproved: Telling.approved,
    BeneficiaryAssigned: Telling.assigned,
    CounterpartPledged: Telling.pledged,
    SupportCommitted: Telling.committed,
    CommitmentReduced: Telling.reduced,
    CommitmentCancelled: Telling.cancelled,
    AdvancePaid: Telling.paid,
    DisbursementPaid: Telling.paid,
    PaymentReversed: Telling.reversed,
    AcceptanceRecorded: Telling.accepted,
    SettlementApproved: Telling.settled,
    CriteriaEvaluated: Telling.judged,
}

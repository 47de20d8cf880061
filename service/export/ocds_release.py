"""OCDS 1.1 releases out of events: each says what is so from then on, as a merge wants it.

    told = Telling(scheme, names)
    release = told.release(event)       # None: the event is of no interest to a contract

A merge of all releases of a scheme is its state: the standard's own fold, beside the read models.
So nothing here is read from a read model but names; amounts are added up event by event.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from events.envelope import Recorded
from events.identity import CommitmentId, SchemeId
from events.scheme.correction import EntryCorrected, difference, restated
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
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryReceived
from events.scheme.release import BeneficiaryReleased
from service.export import identifiers as ids
from service.export import ocds_parts as parts
from service.export.ocds_parts import Json, Said
from service.export.ocds_plan import Plan


class Telling:
    """A scheme as it goes on: what a release says of a sum is the sum, not the difference."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._plan = Plan(names)
        self._awarded: dict[CommitmentId, int] = {}
        self._promised: dict[CommitmentId, int] = {}
        self._pledged: dict[str, int] = {}
        self._payees: dict[CommitmentId, Json] = {}
        self._chosen: dict[str, Json] = {}
        self._paid: dict[CommitmentId, list[str]] = {}
        self._events: dict[int, Recorded[Any]] = {}

    def release(self, event: Recorded[Any]) -> Json | None:
        """What is so from this event on."""
        self._events[event.version] = event
        tell = _TELLS.get(type(event.fact))
        said = tell(self, event) if tell else self._planned(event)
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

    def _planned(self, event: Recorded[Any]) -> Said | None:
        """A new span of the scheme is one of each contract."""
        of: SchemeId = event.fact.scheme_id
        before = self._plan.span(of)
        said = self._plan.said(event)
        if said is None or self._plan.span(of) == before or not self._promised:
            return said
        tags, told = said
        span = {"period": self._plan.span(of)}
        contracts = [{"id": each, "awardID": each} | span for each in self._promised]
        return tags, told | {"contracts": contracts}

    def assigned(self, event: Recorded[BeneficiaryAssigned]) -> Said:
        fact = event.fact
        party = parts.beneficiary(fact.facility_id, fact.name, fact.province, fact.sector)
        self._chosen[fact.facility_id] = payee = parts.referred(party)
        renamed = [of for of, known in self._payees.items() if known["id"] == payee["id"]]
        told: Json = {"parties": [party]}
        if renamed:
            self._payees |= dict.fromkeys(renamed, payee)
            told["awards"] = [{"id": of, "suppliers": [payee]} for of in renamed]
            told["contracts"] = [
                parts.paid_to(of, self._paid[of], payee) for of in renamed if of in self._paid
            ]
        return ["planningUpdate"], parts.without_nothing(told)

    def released(self, event: Recorded[BeneficiaryReleased]) -> Said | None:
        """Whom a contract named stays a party: a merge forgets nobody. It has no role any more."""
        if (known := self._chosen.get(event.fact.facility_id)) is None:
            return None
        return ["planningUpdate"], {"parties": [{"id": known["id"]} | parts.NO_ROLE]}

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
        self._awarded[fact.commitment_id] = fact.amount
        self._promised[fact.commitment_id] = fact.amount
        payee = self._chosen.get(fact.facility_id)
        if payee:
            self._payees[fact.commitment_id] = payee
        title = ids.marked(fact.cost_item, synthetic=event.synthetic)
        award = parts.award(fact, title, event.effective_on, payee, fact.amount)
        contract = parts.contract(fact.commitment_id, title, fact.amount, event.effective_on)
        span = {"period": self._plan.span(fact.scheme_id)}
        told = {"awards": [award], "contracts": [contract | span]}
        return ["award", "contract"], told

    def reduced(self, event: Recorded[CommitmentReduced | CommitmentReallocated]) -> Said | None:
        return self._amended(event, -event.fact.amount, ["contractAmendment"], {})

    def grown(self, event: Recorded[ReallocationReceived]) -> Said | None:
        identity, amount = event.fact.commitment_id, event.fact.amount
        found = self._amended(event, amount, ["awardUpdate", "contractAmendment"], {})
        if found is not None:
            self._awarded[identity] += amount
            value = parts.money(self._awarded[identity])
            found[1]["awards"] = [{"id": identity, "value": value}]
        return found

    def cancelled(self, event: Recorded[CommitmentCancelled]) -> Said | None:
        tags = ["awardCancellation", "contractTermination"]
        found = self._amended(event, -event.fact.amount, tags, parts.TERMINATED)
        if found is not None:
            found[1]["awards"] = [{"id": event.fact.commitment_id, "status": "cancelled"}]
        return found

    def _amended(
        self,
        event: Recorded[
            CommitmentReduced | CommitmentCancelled | CommitmentReallocated | ReallocationReceived
        ],
        change: int,
        tags: list[str],
        more: Json,
    ) -> Said | None:
        identity = event.fact.commitment_id
        if identity not in self._promised:
            return None
        self._promised[identity] += change
        amended = parts.amendment(event.id, event.effective_on, change)
        value = {"value": parts.money(self._promised[identity]), "amendments": [amended]}
        return tags, _contracts(identity, value | more)

    def paid(self, event: Recorded[AdvancePaid | DisbursementPaid]) -> Said | None:
        return self._moved(event, event.fact.payment_id, event.fact.amount)

    def reversed(self, event: Recorded[PaymentReversed | RecoveryReceived]) -> Said | None:
        return self._moved(event, str(event.id), -event.fact.amount)

    def adjusted(self, event: Recorded[PriorPeriodAdjusted]) -> Said | None:
        return self._moved(event, str(event.id), event.fact.moved)

    def _moved(
        self,
        event: Recorded[
            AdvancePaid
            | DisbursementPaid
            | PaymentReversed
            | PriorPeriodAdjusted
            | RecoveryReceived
        ],
        identity: str,
        amount: int,
    ) -> Said | None:
        of = event.fact.commitment_id
        if of not in self._promised:
            return None
        tag = "implementationUpdate" if of in self._paid else "implementation"
        self._paid.setdefault(of, []).append(identity)
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

    def corrected(self, event: Recorded[EntryCorrected]) -> Said | None:
        """The corrected event once more, as it should have been; a sum of lines has one more."""
        fact = event.fact
        original = self._events.get(fact.corrects_version)
        if original is None:
            return None
        now = replace(original, fact=restated(original.fact, fact.changes))
        match now.fact:
            case SchemeProposed():
                return self._plan.retitled(now.fact)
            case CounterpartPledged(facility_id=facility_id, amount=amount):
                more = difference(fact, "CounterpartPledged")
                self._pledged[facility_id] = self._pledged.get(facility_id, 0) + more - amount
                return self.pledged(now)
            case SupportCommitted():
                return self._promised_anew(now, difference(fact, "SupportCommitted"))
            case CommitmentReduced() | PaymentReversed():
                less = difference(fact, type(now.fact).__name__)
                line: Recorded[Any] = replace(
                    original, id=event.id, fact=replace(now.fact, amount=less)
                )
                return _TELLS[type(now.fact)](self, line) if less else None
            case CommitmentCancelled():
                return None
            case _:
                return _TELLS[type(now.fact)](self, now)

    def _promised_anew(self, event: Recorded[SupportCommitted], more: int) -> Said:
        """What became of the promise since stays as it is."""
        of = event.fact.commitment_id
        left, awarded = self._promised[of] + more, self._awarded[of] + more
        tags, told = self.committed(event)
        self._promised[of], self._awarded[of] = left, awarded
        told["awards"][0]["value"] = parts.money(awarded)
        for part in (*told["awards"], *told["contracts"]):
            del part["status"]
        told["contracts"][0]["value"] = parts.money(left)
        return tags, told

    def judged(self, event: Recorded[CriteriaEvaluated]) -> Said:
        fact = event.fact
        verdict = parts.verdict(fact.criterion, fact.verdict, fact.evidence)
        return ["planningUpdate"], {"planning": {"milestones": [verdict]}}


def _contracts(identity: CommitmentId, told: Json) -> Json:
    return {"contracts": [{"id": identity, "awardID": identity} | told]}


_TELLS: Mapping[type, Callable[[Telling, Any], Said | None]] = {
    BeneficiaryAssigned: Telling.assigned,
    BeneficiaryReleased: Telling.released,
    CounterpartPledged: Telling.pledged,
    SupportCommitted: Telling.committed,
    CommitmentReduced: Telling.reduced,
    CommitmentCancelled: Telling.cancelled,
    AdvancePaid: Telling.paid,
    DisbursementPaid: Telling.paid,
    PaymentReversed: Telling.reversed,
    RecoveryReceived: Telling.reversed,
    CommitmentReallocated: Telling.reduced,
    ReallocationReceived: Telling.grown,
    PriorPeriodAdjusted: Telling.adjusted,
    AcceptanceRecorded: Telling.accepted,
    SettlementApproved: Telling.settled,
    CriteriaEvaluated: Telling.judged,
    EntryCorrected: Telling.corrected,
}

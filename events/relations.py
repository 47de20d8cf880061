"""What a fact rests on: the one before it in its stream that it could not be without.

    rests_on(PaymentReversed(…, payment_id="tt-1", …))      # the payment tt-1
    corrects(PaymentReversed(…))                            # True: it takes back what it rests on

Within one stream, where all of it was decided. A new fact without an arm here is a type error.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, assert_never

from events.catalogue import Fact
from events.envelope import Recorded
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentInstalled,
    FacilityClosed,
    FacilityRegistered,
    FacilityRelocated,
    FacilityUpdated,
)
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.mandate import MandateConfirmed, MandateProposed, MandateRevoked
from events.organisation import CentreTerritorySet, OrganisationRegistered
from events.period import PeriodClosed, PeriodOpened
from events.rules import value
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
from events.signing import SigningKeyIntroduced, SigningKeyRetired
from events.source import ReportedFigureRecorded, SourceDocumentRegistered

Thing: TypeAlias = tuple[str, str]
"""What a fact brings about within its stream: a kind of thing, and which."""

OWN = ""
"""The one that the stream itself is about."""


@value
class Links:
    """Between the events of one stream, by position."""

    causes: Mapping[int, int]
    """Of an event: the one that it rests on."""
    corrected: frozenset[int]
    """Events that take back, in part or whole, what they rest on."""

    def effects(self, position: int) -> list[int]:
        """What rests on an event, directly, in the order of recording."""
        return sorted(effect for effect, cause in self.causes.items() if cause == position)


def links(events: Iterable[Recorded[Any]]) -> Links:
    """How the events of one stream, in their order, hang together."""
    brought: dict[Thing, int] = {}
    causes: dict[int, int] = {}
    corrected: set[int] = set()
    for event in events:
        thing = rests_on(event.fact)
        if thing is not None and thing in brought:
            causes[event.position] = brought[thing]
            if corrects(event.fact):
                corrected.add(event.position)
        made = brings(event.fact)
        if made is not None:
            brought[made] = event.position
    return Links(causes=causes, corrected=frozenset(corrected))


def brings(fact: Fact) -> Thing | None:
    """What later facts of the stream may rest on; None: nothing does."""
    match fact:
        case PeriodOpened() | OrganisationRegistered() | FacilityRegistered() | SchemeProposed():
            return "stream", OWN
        case SourceDocumentRegistered():
            return "stream", OWN
        case SchemeApproved():
            return "approval", OWN
        case BeneficiaryAssigned():
            return "beneficiary", fact.facility_id
        case SupportCommitted():
            return "commitment", fact.commitment_id
        case AdvancePaid() | DisbursementPaid():
            return "payment", fact.payment_id
        case AcceptanceRecorded():
            return "acceptance", fact.commitment_id
        case ContactRecorded():
            return "person", fact.person_id
        case MandateProposed():
            return "mandate", fact.mandate_id
        case MaintenanceOpened():
            return "window", OWN
        case SigningKeyIntroduced():
            return "key", fact.vkey
        case _:
            return None


def rests_on(fact: Fact) -> Thing | None:
    """What it could not be without; None: it begins something."""
    match fact:
        case PeriodOpened() | OrganisationRegistered() | FacilityRegistered() | SchemeProposed():
            return None
        case SourceDocumentRegistered() | MandateProposed() | MaintenanceOpened():
            return None
        case SigningKeyIntroduced():
            return None
        case PeriodClosed() | CentreTerritorySet() | ReportedFigureRecorded() | SchemeApproved():
            return "stream", OWN
        case FacilityUpdated() | FacilityRelocated() | FacilityClosed() | EquipmentInstalled():
            return "stream", OWN
        case ContactRecorded() | CriteriaEvaluated():
            return "stream", OWN
        case BeneficiaryAssigned():
            return "approval", OWN
        case CounterpartPledged() | SupportCommitted():
            return "beneficiary", fact.facility_id
        case CommitmentReduced() | CommitmentCancelled() | AdvancePaid() | DisbursementPaid():
            return "commitment", fact.commitment_id
        case AcceptanceRecorded():
            return "commitment", fact.commitment_id
        case SettlementApproved():
            return "acceptance", fact.commitment_id
        case PaymentReversed():
            return "payment", fact.payment_id
        case ContactErased():
            return "person", fact.person_id
        case MandateConfirmed() | MandateRevoked():
            return "mandate", fact.mandate_id
        case MaintenanceClosed():
            return "window", OWN
        case SigningKeyRetired():
            return "key", fact.vkey
        case _:
            assert_never(fact)


def corrects(fact: Fact) -> bool:
    """Whether it takes back, in part or whole, what it rests on (bút toán đảo, giảm trừ)."""
    return isinstance(fact, PaymentReversed | CommitmentReduced | CommitmentCancelled)

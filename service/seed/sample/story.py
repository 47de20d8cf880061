"""What must be told before what: for each fact, the command that causes it and those it needs.

`leading_to` is the shortest way to a fact; the rules refuse it with any part left out, which a test
shows. `orders` tells it of a cast.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from events.catalogue import Command
from events.envelope import Order
from events.facility import (
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
from events.scheme import (
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
from service.seed.sample import facility, frame, scheme
from service.seed.sample.cast import Cast
from service.seed.story import step


@value
class Scene:
    """How a fact comes about."""

    command: Callable[[Cast], Command]
    after: tuple[type, ...] = ()
    """The facts without which the rules refuse the command."""
    ends_with: type | None = None
    """What must not be left as it is: the fact that ends it."""


STORY: Mapping[type, Scene] = MappingProxyType(
    {
        PeriodOpened: Scene(command=frame.open_period),
        PeriodClosed: Scene(command=frame.close_period, after=(PeriodOpened,)),
        OrganisationRegistered: Scene(command=frame.register_organisation),
        CentreTerritorySet: Scene(command=frame.set_territory, after=(OrganisationRegistered,)),
        FacilityRegistered: Scene(command=facility.register),
        FacilityUpdated: Scene(command=facility.update, after=(FacilityRegistered,)),
        FacilityRelocated: Scene(command=facility.relocate, after=(FacilityRegistered,)),
        EquipmentInstalled: Scene(command=facility.install, after=(FacilityRegistered,)),
        FacilityClosed: Scene(command=facility.close, after=(FacilityRegistered,)),
        ContactRecorded: Scene(command=facility.record_contact, after=(FacilityRegistered,)),
        ContactErased: Scene(command=facility.erase_contact, after=(ContactRecorded,)),
        SchemeProposed: Scene(command=scheme.propose, after=(PeriodOpened, OrganisationRegistered)),
        SchemeApproved: Scene(command=scheme.approve, after=(SchemeProposed,)),
        BeneficiaryAssigned: Scene(
            command=scheme.assign, after=(SchemeProposed, FacilityRegistered)
        ),
        CounterpartPledged: Scene(command=scheme.pledge, after=(BeneficiaryAssigned,)),
        SupportCommitted: Scene(command=scheme.commit, after=(SchemeApproved, CounterpartPledged)),
        CommitmentReduced: Scene(command=scheme.reduce, after=(SupportCommitted,)),
        CommitmentCancelled: Scene(command=scheme.cancel, after=(SupportCommitted,)),
        AdvancePaid: Scene(command=scheme.pay_advance, after=(SupportCommitted,)),
        DisbursementPaid: Scene(command=scheme.disburse, after=(SupportCommitted,)),
        PaymentReversed: Scene(command=scheme.reverse, after=(AdvancePaid,)),
        AcceptanceRecorded: Scene(command=scheme.accept, after=(SupportCommitted,)),
        SettlementApproved: Scene(command=scheme.settle, after=(AcceptanceRecorded,)),
        CriteriaEvaluated: Scene(
            command=scheme.evaluate, after=(SchemeProposed, SourceDocumentRegistered)
        ),
        SourceDocumentRegistered: Scene(command=frame.register_document),
        ReportedFigureRecorded: Scene(
            command=frame.record_figure, after=(PeriodOpened, SourceDocumentRegistered)
        ),
        MandateProposed: Scene(command=frame.propose_mandate),
        MandateConfirmed: Scene(command=frame.confirm_mandate, after=(MandateProposed,)),
        MandateRevoked: Scene(command=frame.revoke_mandate, after=(MandateProposed,)),
        # A ledger has one window: left open, it would refuse the next.
        MaintenanceOpened: Scene(command=frame.open_maintenance, ends_with=MaintenanceClosed),
        MaintenanceClosed: Scene(command=frame.close_maintenance, after=(MaintenanceOpened,)),
        SigningKeyIntroduced: Scene(command=frame.introduce_key),
        SigningKeyRetired: Scene(command=frame.retire_key, after=(SigningKeyIntroduced,)),
    }
)
"""Fact -> how it comes about. Every fact of the catalogue is here."""


def leading_to(fact: type) -> Sequence[type]:
    """The facts to be told, in their order; the last of them is the one that is wanted."""
    told: dict[type, None] = {}
    for needed in STORY[fact].after:
        told |= dict.fromkeys(leading_to(needed))
    return (*told, fact)


def orders(fact: type, cast: Cast) -> Iterator[tuple[type, Order[Command]]]:
    """Each fact on the way to this one with the order that causes it, and what ends it after."""
    ending = STORY[fact].ends_with
    for each in (*leading_to(fact), *((ending,) if ending else ())):
        name = f"sample {cast.tag} {each.__name__}"
        yield each, step(name, STORY[each].command(cast), cast.today, synthetic=True)

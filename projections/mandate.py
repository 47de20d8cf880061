"""Mandates (phân quyền): who has which role, over what, until when."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import OrganisationId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateConfirmed, MandateId, MandateProposed, MandateRevoked, PrincipalId
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import Role
from projections.projection import Projection


class MandateStatus(Enum):
    """Trạng thái phân quyền."""

    PROPOSED = "chờ phê duyệt"
    CONFIRMED = "đã phê duyệt"
    REVOKED = "đã thu hồi"


class Mandate(NamedTuple):
    """One mandate as it stands."""

    principal: PrincipalId
    mandate_id: MandateId
    role: Role
    organisation: OrganisationId
    province_code: str | None
    province_from: date | None
    centre: OrganisationId | None
    last_day: date | None
    status: MandateStatus
    reason: str | None
    synthetic: bool


def _proposed(event: Recorded[MandateProposed]) -> Mandate:
    fact = event.fact
    province = fact.bounds.province
    return Mandate(
        principal=fact.principal,
        mandate_id=fact.mandate_id,
        role=fact.role,
        organisation=fact.organisation,
        province_code=province.code if province else None,
        province_from=province.valid_from if province else None,
        centre=fact.bounds.centre,
        last_day=fact.last_day,
        status=MandateStatus.PROPOSED,
        reason=None,
        synthetic=event.synthetic,
    )


def _confirmed(row: Mandate, _: Recorded[MandateConfirmed]) -> Mandate:
    return row._replace(status=MandateStatus.CONFIRMED)


def _revoked(row: Mandate, event: Recorded[MandateRevoked]) -> Mandate:
    return row._replace(status=MandateStatus.REVOKED, reason=event.fact.reason)


mandate = Projection(
    row=Mandate,
    version=1,
    key=("principal", "mandate_id"),
    is_fresh=True,
    opens={MandateProposed: _proposed},
    changes={MandateConfirmed: _confirmed, MandateRevoked: _revoked},
    ignores=(
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)

"""What is not of a facility or a scheme: period, organisation, document, mandate, housekeeping."""

from datetime import date, datetime, time
from hashlib import sha256

from events.catalogue import Command
from events.dates import VIETNAM
from events.maintenance import CloseMaintenance, OpenMaintenance
from events.mandate import ConfirmMandate, ProposeMandate, RevokeMandate
from events.money import Figure
from events.organisation import RegisterOrganisation, SetCentreTerritory
from events.period import ClosePeriod, OpenPeriod
from events.signing import IntroduceSigningKey, RetireSigningKey
from events.source import RecordReportedFigure, RegisterSourceDocument
from events.vocabulary import Measure, OrganisationKind, Role
from service.seed.sample.cast import Cast

TERRITORY = 3
"""Provinces of a centre: enough to be several."""


def open_period(cast: Cast) -> Command:
    return OpenPeriod(
        code=cast.period,
        name=f"Giai đoạn minh họa {cast.year}",
        starts_on=date(cast.year, 1, 1),
        ends_on=date(cast.year, 12, 31),
    )


def close_period(cast: Cast) -> Command:
    return ClosePeriod(code=cast.period)


def register_organisation(cast: Cast) -> Command:
    return RegisterOrganisation(
        organisation_id=cast.centre, name="Trung tâm minh họa", kind=OrganisationKind.CENTRE
    )


def set_territory(cast: Cast) -> Command:
    return SetCentreTerritory(organisation_id=cast.centre, provinces=cast.provinces[:TERRITORY])


def register_document(cast: Cast) -> Command:
    return RegisterSourceDocument(
        source_id=cast.source_id,
        title="Báo cáo minh họa",
        publisher="Báo minh họa",
        published_at=datetime.combine(cast.today, time(), VIETNAM),
        sha256=sha256(cast.tag.encode()).hexdigest(),
    )


def record_figure(cast: Cast) -> Command:
    return RecordReportedFigure(
        source_id=cast.source_id,
        period=cast.period,
        measure=Measure.FACILITIES,
        value=Figure(63),
        quote="63 cơ sở (minh họa)",
    )


def propose_mandate(cast: Cast) -> Command:
    return ProposeMandate(
        principal=cast.principal,
        mandate_id=cast.mandate_id,
        role=Role.AUDITOR,
        organisation=cast.centre,
    )


def confirm_mandate(cast: Cast) -> Command:
    return ConfirmMandate(principal=cast.principal, mandate_id=cast.mandate_id)


def revoke_mandate(cast: Cast) -> Command:
    return RevokeMandate(
        principal=cast.principal, mandate_id=cast.mandate_id, reason="hết nhiệm vụ, minh họa"
    )


def open_maintenance(cast: Cast) -> Command:
    return OpenMaintenance(reason=f"minh họa {cast.tag}", minutes=1)


def close_maintenance(_cast: Cast) -> Command:
    return CloseMaintenance()


def introduce_key(cast: Cast) -> Command:
    return IntroduceSigningKey(vkey=cast.vkey, reason="khoá minh họa, không ký gì")


def retire_key(cast: Cast) -> Command:
    return RetireSigningKey(vkey=cast.vkey, reason="thôi minh họa")

"""A ledger with texts that the public must not read, and some that a spreadsheet would run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from events.envelope import Recorded
from events.facility.facts import ContactRecorded, EquipmentInstalled, FacilityRegistered
from events.identity import FacilityId, OrganisationId, PersonId, SchemeId, SourceId
from events.mandate import Bounds, MandateId, MandateProposed, PrincipalId
from events.money import Figure
from events.organisation import OrganisationRegistered
from events.personal import Imprint
from events.scheme.appraisal import SchemeRejected
from events.scheme.facts import AdvancePaid, SchemeProposed
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from events.vocabulary import Measure, OrganisationKind, Role
from tests.projections import facts

TAX_CODE, VOUCHER, UNCHOSEN, ADDRESS = "001184000777", "UNC-canary-1", "Cơ sở chim", "Ngõ chim 7"
UNAPPROVED, IMPRINT, PRINCIPAL = "Đề án chim chưa duyệt", "c" * 64, "chim-yen"
REMARKS = "Hồ sơ chim không đạt"
CANARIES = (TAX_CODE, VOUCHER, UNCHOSEN, ADDRESS, UNAPPROVED, IMPRINT, PRINCIPAL, REMARKS)
FORMULA = "=cmd|' /C calc'!A0"
APOSTROPHE = "'tis a title"
PAPER = SourceId("bao")
HUGE = 10**16 + 1
"""More digits than Excel keeps."""


def planted() -> Iterator[Recorded[Any]]:
    """Every event, the nth of them at position n."""
    for position, (stream, fact) in enumerate(_told(), 1):
        told = facts.recorded(position, fact)
        yield replace(
            told,
            id=UUID(int=(7 << 76) | (2 << 62) | position),
            command_id=UUID(int=(7 << 76) | (2 << 62) | position),
            stream=stream,
            version=sum(1 for name, _ in list(_told())[:position] if name == stream),
            recorded_at=datetime(2026, 11, 1, 0, 0, position, tzinfo=UTC),
            budget_year=getattr(fact, "budget_year", None),
        )


def _told() -> Iterator[tuple[str, Any]]:
    registered: FacilityRegistered = replace(facts.REGISTERED, tax_code=TAX_CODE)
    scheme: SchemeProposed = replace(facts.PROPOSED, title=APOSTROPHE)
    facility, of_scheme = f"facility-{facts.FACILITY}", f"scheme-{facts.SCHEME}"
    yield "period-2018-2020", facts.OPENED
    yield (
        "organisation-centre-1",
        OrganisationRegistered(
            organisation_id=OrganisationId("centre-1"), name=FORMULA, kind=OrganisationKind.CENTRE
        ),
    )
    yield facility, registered
    yield (
        "facility-cs-2",
        replace(
            registered,
            facility_id=FacilityId("cs-2"),
            name=UNCHOSEN,
            address=ADDRESS,
            tax_code=None,
        ),
    )
    yield (
        facility,
        ContactRecorded(
            facility_id=facts.FACILITY,
            person_id=PersonId(UUID(int=(4 << 76) | (2 << 62)).hex),
            imprints=(Imprint(field="name", hmac=IMPRINT),),
        ),
    )
    yield facility, EquipmentInstalled(
        facility_id=facts.FACILITY, name="Máy may", origin=None, made_in=None, quantity=2,
        value=None,
    )  # fmt: skip
    yield of_scheme, scheme
    yield "scheme-da-2", replace(scheme, scheme_id=SchemeId("da-2"), title=UNAPPROVED)
    yield of_scheme, facts.APPROVED
    yield of_scheme, facts.ASSIGNED
    yield of_scheme, facts.PLEDGED
    yield of_scheme, facts.COMMITTED
    paid: AdvancePaid = replace(facts.ADVANCED, voucher=VOUCHER)
    yield of_scheme, paid
    yield "source-bao", SourceDocumentRegistered(
        source_id=PAPER, title="Báo", publisher="Báo", author=None,
        published_at=datetime(2020, 11, 5, tzinfo=UTC), sha256="5" * 64,
    )  # fmt: skip
    yield "source-bao", ReportedFigureRecorded(
        source_id=PAPER, period=facts.OPENED.code, measure=Measure.TOTAL_FUNDING,
        value=Figure(HUGE), quote="+84 tỷ",
    )  # fmt: skip
    yield f"mandate-{PRINCIPAL}", MandateProposed(
        principal=PrincipalId(PRINCIPAL), mandate_id=MandateId("m-1"), role=Role.AUDITOR,
        organisation=OrganisationId("centre-1"), bounds=Bounds(province=None, centre=None),
        last_day=date(2030, 1, 1),
    )  # fmt: skip
    yield "scheme-da-2", SchemeRejected(scheme_id=SchemeId("da-2"), reason=REMARKS)

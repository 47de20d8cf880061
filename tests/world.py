"""Ordinary values for tests: one period, one centre, two facilities, one focal scheme."""

from datetime import UTC, date, datetime

from events.facility import FacilityClosed, FacilityRegistered
from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    ProvinceRef,
    SchemeId,
    SectorRef,
    SourceId,
)
from events.money import Vnd
from events.organisation import OrganisationRegistered
from events.period import PeriodOpened
from events.scheme import (
    BeneficiaryAssigned,
    Ceiling,
    CommitSupport,
    CounterpartPledged,
    SchemeApproved,
    SchemeProposed,
    SupportCommitted,
)
from events.sectors import VSIC_2018
from events.source import SourceDocumentRegistered
from events.vocabulary import (
    Activity,
    FundingSource,
    LegalForm,
    OrganisationKind,
    Ownership,
    SchemeClass,
)

PERIOD_CODE = PeriodCode("2018-2020")
CENTRE = OrganisationId("centre-1")
SCHEME_ID = SchemeId("textiles")
WEAVER = FacilityId("weaver")
SMITH = FacilityId("smith")
ARTICLE = SourceId("article")
COMMITMENT = CommitmentId("c1")
PAYMENT = PaymentId("p1")

OLD = date(2008, 8, 1)
MERGED = date(2025, 7, 1)
NAM_DINH = ProvinceRef(code="36", valid_from=OLD)
YEN_BAI = ProvinceRef(code="15", valid_from=OLD)
LAO_CAI_THEN = ProvinceRef(code="10", valid_from=OLD)
LAO_CAI_NOW = ProvinceRef(code="15", valid_from=MERGED)
APPAREL = SectorRef(version=VSIC_2018, code="14100")
MACHINING = SectorRef(version=VSIC_2018, code="25920")
LAW = "TT 28/2018/TT-BTC Đ8k4"

opened = PeriodOpened(
    code=PERIOD_CODE,
    name="Giai đoạn 2018–2020",
    starts_on=date(2018, 1, 1),
    ends_on=date(2020, 12, 31),
)
centre = OrganisationRegistered(
    organisation_id=CENTRE,
    name="Trung tâm Khuyến công và Tư vấn phát triển công nghiệp 1",
    kind=OrganisationKind.CENTRE,
)
weaver = FacilityRegistered(
    facility_id=WEAVER,
    name="Cơ sở dệt may Hải Hậu",
    tax_code="0600000001",
    legal_form=LegalForm.COOPERATIVE,
    ownership=Ownership.COLLECTIVE,
    province=NAM_DINH,
    address=None,
    sector=APPAREL,
    capacity=None,
)
smith = FacilityRegistered(
    facility_id=SMITH,
    name="Cơ sở cơ khí Văn Chấn",
    tax_code=None,
    legal_form=LegalForm.HOUSEHOLD,
    ownership=Ownership.PRIVATE,
    province=YEN_BAI,
    address="Văn Chấn",
    sector=MACHINING,
    capacity="40 tấn/năm",
)
weaver_closed = FacilityClosed(facility_id=WEAVER, reason="Giải thể")
article = SourceDocumentRegistered(
    source_id=ARTICLE,
    title="Đánh giá kết quả thực hiện Đề án Khuyến công Quốc gia điểm",
    publisher="Báo Nam Định điện tử",
    author="Thanh Thúy",
    published_at=datetime(2020, 11, 5, 0, 11, tzinfo=UTC),
    sha256="55" * 32,
)
proposed = SchemeProposed(
    scheme_id=SCHEME_ID,
    period=PERIOD_CODE,
    title="Hỗ trợ máy móc ngành dệt may",
    scheme_class=SchemeClass.FOCAL,
    contents=(Activity.ADVANCED_MACHINERY, Activity.CONSULTANCY, Activity.VOCATIONAL_TRAINING),
    starts_on=date(2018, 1, 1),
    ends_on=date(2020, 12, 31),
    implementer=CENTRE,
)
approved = SchemeApproved(
    scheme_id=SCHEME_ID,
    ceilings=(
        Ceiling(source=FundingSource.NATIONAL_GRANT, budget_year=2019, amount=Vnd(1_000_000_000)),
    ),
    legal_regime=("NĐ 45/2012/NĐ-CP", "TT 28/2018/TT-BTC"),
)
assigned = BeneficiaryAssigned(
    scheme_id=SCHEME_ID,
    facility_id=WEAVER,
    name=weaver.name,
    province=NAM_DINH,
    sector=APPAREL,
)


def pledged(amount: int, facility_id: FacilityId = WEAVER) -> CounterpartPledged:
    return CounterpartPledged(
        scheme_id=SCHEME_ID, facility_id=facility_id, amount=Vnd(amount), budget_year=2019
    )


def committed(
    amount: int, total_cost: int | None = None, *, id: str = COMMITMENT, cap_basis: str | None = LAW
) -> SupportCommitted:
    return SupportCommitted(
        scheme_id=SCHEME_ID,
        commitment_id=CommitmentId(id),
        facility_id=WEAVER,
        activity=Activity.ADVANCED_MACHINERY,
        cost_item="Máy dệt kim",
        total_cost=Vnd(total_cost or 2 * amount),
        amount=Vnd(amount),
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
        cap_basis=cap_basis,
    )


def commit(
    amount: int,
    total_cost: int | None = None,
    *,
    id: str = COMMITMENT,
    activity: Activity = Activity.ADVANCED_MACHINERY,
    facility_id: FacilityId = WEAVER,
    source: FundingSource = FundingSource.NATIONAL_GRANT,
) -> CommitSupport:
    return CommitSupport(
        scheme_id=SCHEME_ID,
        commitment_id=CommitmentId(id),
        facility_id=facility_id,
        activity=activity,
        cost_item="Máy dệt kim",
        total_cost=Vnd(total_cost or 2 * amount),
        amount=Vnd(amount),
        source=source,
        budget_year=2019,
    )

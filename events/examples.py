"""One event of each kind, invented by rule: what a page, a client's test or a mock server shows.

    examples()["SchemeProposed"]          # the canonical bytes, `"synthetic":true` in them

Nobody writes an example. Each is made of the types of its fields, sealed by the codec that seals
real ones, and is the same on every machine. A text or a number says too little by its type, so it
goes by the name of its field in `GIVEN`; a fact with a new name of that kind needs a line there,
and a test says which.
"""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from events.catalogue import (
    AGGREGATES,
    COMMANDS,
    AnyAggregate,
    Command,
    aggregate_of,
    facts_of,
)
from events.codec import seal
from events.envelope import Actor, Authority, Order
from events.identity import (
    ClaimId,
    CommitmentId,
    EvaluationId,
    FacilityId,
    FindingId,
    OrganisationId,
    OutcomeId,
    PaymentId,
    PeriodCode,
    PersonId,
    ProvinceRef,
    RecoveryId,
    SchemeId,
    SectorRef,
    SourceId,
)
from events.mandate import MandateId, PrincipalId
from events.money import Figure, Vnd
from events.personal import Personal
from events.places import CommuneRef
from events.rules import LedgerError
from events.scheme import StepId
from events.scheme.contract import ContractId
from events.scheme.terms import NO_TERMS
from events.sectors import VSIC_2018
from events.vocabulary import OrganisationKind, Role, UnitKind

_Kind: TypeAlias = Any
"""A class, a NewType or a union: Python has no type that says so."""

DAY: Final = date(2026, 3, 2)
MOMENT: Final = datetime(2026, 3, 2, 3, 4, 5, 678901, tzinfo=UTC)
"""When they were recorded, all of them."""

GIVEN: Final[Mapping[str, object]] = {
    "after": "180000000",
    "accepted_value": Vnd(412_500_000),
    "adjusted_year": 2025,
    "action": "Thu hồi và nộp ngân sách",
    "address": "Xã Minh Hoạ",
    "applied": "0009_feed",
    "AuditFindingRecorded.findings": "Chi vượt định mức hỗ trợ",
    "AuditFindingResolved.action": "Đã nộp ngân sách",
    "author": "Ban biên tập",
    "Bounds.centre": None,
    "budget_year": 2026,
    "cap_basis": "28/2018/TT-BTC",
    "capacity": "120.000 sản phẩm/năm",
    "convenor": "Cục Công Thương địa phương",
    "commune": CommuneRef(code="02845", name="Xã Minh Hoạ", unit_kind=UnitKind.COMMUNE),
    "cost_item": "Máy cắt vải tự động",
    "Correction.field": "amount",
    "FieldCorrection.field": "amount",
    "council": "Hội đồng nghiệm thu cơ sở",
    "before": "108000000",
    "corrects_event": "019cac90-1f2e-7c3d-8a4b-5c6d7e8f9a0b",
    "corrects_type": "SupportCommitted",
    "corrects_version": 7,
    "district": None,
    "decision": "2646/QĐ-BCT",
    "ends_on": date(2028, 12, 31),
    "EquipmentInstalled.name": "Máy cắt vải tự động",
    "EstablishProvince.code": "15",
    "evidence": "Tổng kinh phí 2.150.000.000 đồng",
    "findings": "Đã lắp đặt, đang chạy thử",
    "Imprint.field": "phone",
    "Imprint.hmac": sha256(b"Socai").hexdigest(),
    "inspector": "Đoàn kiểm tra liên ngành",
    "into_year": 2027,
    "kind": OrganisationKind.CENTRE,
    "lot": 2,
    "last_day": date(2027, 12, 31),
    "legal_basis": "28/2018/TT-BTC",
    "legal_regime": "45/2012/NĐ-CP",
    "made_in": 2025,
    "method": "Báo cáo thuế hai năm liền kề",
    "MergeProvinces.code": "15",
    "minutes": 30,
    "months": 3,
    "name": "Cơ sở may Minh Hoạ",
    "CommitmentReallocated.approver": None,
    "ReallocationReceived.approver": None,
    "ReallocateSupport.approver": None,
    "occupation": "May công nghiệp",
    "OrganisationRegistered.name": "Trung tâm Khuyến công Minh Hoạ",
    "origin": "Việt Nam",
    "percent": 60,
    "PeriodOpened.name": "Giai đoạn 2026–2028",
    "persons": 25,
    "place": "Thành phố Nam Định",
    "published_at": datetime(2026, 2, 1, 1, tzinfo=UTC),
    "ProvinceEstablished.name": "Minh Hoạ",
    "ProvinceMerged.name": "Minh Hoạ",
    "ProvinceRenamed.name": "Minh Hoạ",
    "publisher": "Báo Minh Hoạ",
    "quantity": 2,
    "quote": "tổng kinh phí hơn 46 tỷ đồng",
    "reason": "Ví dụ minh hoạ",
    "region": "Northeast",
    "role": Role.OPERATOR,
    "number": "12/HĐ-KC",
    "SchemeAdjusted.after": dataclasses.replace(NO_TERMS, ends_on=date(2029, 6, 30)),
    "SchemeAdjusted.before": dataclasses.replace(NO_TERMS, ends_on=date(2028, 12, 31)),
    "remarks": "Đủ điều kiện trình phê duyệt",
    "step_version": 1,
    "takes_effect_on": date(2026, 3, 2),
    "rule_version": "17/2018/TT-BCT",
    "sha256": sha256(b"Socai").hexdigest(),
    "name_en": "Weaving of textiles",
    "sector_group": "TEXTILES",
    "IssueSectorCodes.name": "Hệ thống ngành kinh tế Minh Hoạ",
    "IssueSectorCodes.version": "VSIC_MINH_HOA",
    "SectorCodesIssued.name": "Hệ thống ngành kinh tế Minh Hoạ",
    "SectorCodesIssued.version": "VSIC_MINH_HOA",
    "SectorLine.code": "1312",
    "SectorLine.name": "Sản xuất vải dệt thoi",
    "share_pct": 50,
    "SourceDocumentRegistered.title": "Khuyến công giai đoạn 2026–2028",
    "subject": "Trung tâm Khuyến công Minh Hoạ",
    "tax_code": "0100000000",
    "title": "Ứng dụng máy móc tiên tiến trong ngành may",
    "total_cost": Vnd(412_500_000),
    "ReviseTarget.unit": "tỉnh, thành phố",
    "SetTarget.unit": "tỉnh, thành phố",
    "TargetRevised.unit": "tỉnh, thành phố",
    "TargetSet.unit": "tỉnh, thành phố",
    "tranche": 1,
    "vkey": "so-cai.example/2026+82af5c23+ARthING/IOGeBTChDJpAXf6Tud/0miKdNIxJzdDAgiVN",
    "voucher": "UNC-2026-014",
    "what": "Tư vấn tổ chức sản xuất",
    "women": 18,
    "years_since_commune": 5,
}
"""By `field`, or by `Type.field` where one name means two things."""

_BY_TYPE: Final[Mapping[_Kind, object]] = {
    Vnd: Vnd(180_000_000),
    Figure: Figure(46_150_000_000),
    date: date(2026, 1, 1),
    bool: False,
    Personal: Personal("Nguyễn Văn A"),
    ClaimId: ClaimId("nhan-dinh-1"),
    ContractId: ContractId("hd-1"),
    CommitmentId: CommitmentId("ho-tro-1"),
    EvaluationId: EvaluationId("hoi-nghi-2028"),
    FacilityId: FacilityId("may-minh-hoa"),
    FindingId: FindingId("kl-12"),
    MandateId: MandateId("2026-1"),
    OrganisationId: OrganisationId("trung-tam-minh-hoa"),
    OutcomeId: OutcomeId("ket-qua-1"),
    PaymentId: PaymentId("chi-1"),
    PeriodCode: PeriodCode("2026-2028"),
    PersonId: PersonId("5f0a1d4e-7c3b-4a29-9e86-0b2d4c6e8f10"),
    PrincipalId: PrincipalId("can-bo-minh-hoa"),
    ProvinceRef: ProvinceRef(code="15", valid_from=date(2025, 7, 1)),
    RecoveryId: RecoveryId("thu-hoi-1"),
    SchemeId: SchemeId("may-2026"),
    SectorRef: SectorRef(version=VSIC_2018, code="14100"),
    SourceId: SourceId("bao-minh-hoa"),
    StepId: StepId("dinh-chinh-1"),
}
_ACTOR: Final = Actor(
    id="lanh-dao-minh-hoa", role=Role.APPROVER.name, organisation="trung-tam-minh-hoa"
)
_PAPER: Final = Authority(instrument="46/QĐ-CTĐP", date=DAY, signer="Cục trưởng")


class NoExampleError(LedgerError):
    """A field says too little by its type: `GIVEN` needs a line for its name."""


@cache
def examples() -> Mapping[str, bytes]:
    """Kind of event -> the canonical body of one. Each stands alone: none changes with another."""
    return {
        fact.__name__: _recorded(fact, command, version)
        for kind, command in _commands().items()
        for version, fact in enumerate(facts_of(kind), 1)
    }


def example(cls: type) -> Any:  # noqa: ANN401 - an instance of the class that is given
    """A value of a dataclass of the domain: a fact, a command, or what stands in one."""
    hints = get_type_hints(cls)
    fields = (each.name for each in dataclasses.fields(cls))
    return cls(**{name: _field(cls, name, hints[name]) for name in fields})


def _field(cls: type, name: str, kind: _Kind) -> object:
    for key in (f"{cls.__name__}.{name}", name):
        if key in GIVEN:
            given = GIVEN[key]
            return (given,) if get_origin(kind) is tuple else given
    try:
        return _value(kind)
    except NoExampleError as error:
        raise NoExampleError(f"{cls.__name__}.{name}: events/examples.py has no {error}") from None


def _value(kind: _Kind) -> object:
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _value(next(each for each in get_args(kind) if each is not NoneType))
    if origin is tuple:
        return (_value(get_args(kind)[0]),)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return example(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    raise NoExampleError(getattr(kind, "__name__", kind))


def _commands() -> Mapping[AnyAggregate, Command]:
    """A command for each aggregate: its rule says which stream it goes to."""
    given = [example(each) for each in COMMANDS.values()]
    return {kind: next(each for each in given if aggregate_of(each) is kind) for kind in AGGREGATES}


def _recorded(fact: type, command: Command, version: int) -> bytes:
    order = Order(
        command=command,
        command_id=_id(f"command of {fact.__name__}"),
        effective_on=DAY,
        actor=_ACTOR,
        authority=_PAPER,
        synthetic=True,
    )
    sealed = seal(
        example(fact),
        id=_id(fact.__name__),
        stream=aggregate_of(command).stream(command),
        version=version,
        order=order,
    )
    recorded_at = MOMENT.isoformat().replace("+00:00", "Z")
    return sealed.before + f'"{recorded_at}"'.encode() + sealed.after


def _id(name: str) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7) whose random bits follow from a name."""
    millis = int(MOMENT.timestamp() * 1000)
    drawn = int.from_bytes(sha256(name.encode()).digest()[:10], "big")
    high = millis << 16 | 7 << 12 | drawn >> 68 & 0xFFF
    return UUID(int=high << 64 | 0b10 << 62 | drawn & (1 << 62) - 1)

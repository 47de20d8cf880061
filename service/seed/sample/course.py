"""What becomes of the scheme of a sample besides its money (quá trình thực hiện đề án)."""

from datetime import date

from events.catalogue import Command
from events.money import Vnd
from events.organisation import RegisterOrganisation
from events.scheme import Ceiling
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.appraisal import (
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ResubmitScheme,
    ReturnScheme,
)
from events.scheme.contract import AmendContract, LiquidateContract, SignContract
from events.scheme.halt import CompleteScheme, ResumeScheme, StopScheme, SuspendScheme
from events.scheme.release import ReleaseBeneficiary
from events.vocabulary import Activity, AdjustmentKind, FundingSource, OrganisationKind, Verdict
from service.seed.sample.cast import Cast


def register_ministry(cast: Cast) -> Command:
    return RegisterOrganisation(
        organisation_id=cast.ministry, name="Bộ minh họa", kind=OrganisationKind.MINISTRY
    )


def at_grassroots(cast: Cast) -> Command:
    return AppraiseSchemeAtGrassroots(
        scheme_id=cast.scheme_id, verdict=Verdict.MET, council="Hội đồng cơ sở minh họa"
    )


def at_ministry(cast: Cast) -> Command:
    return AppraiseSchemeAtMinistry(
        scheme_id=cast.scheme_id, verdict=Verdict.MET, council="Hội đồng cấp Bộ minh họa"
    )


def send_back(cast: Cast) -> Command:
    return ReturnScheme(scheme_id=cast.scheme_id, reason="thiếu báo giá, minh họa")


def resubmit(cast: Cast) -> Command:
    return ResubmitScheme(
        scheme_id=cast.scheme_id,
        title=f"Đề án minh họa {cast.tag}, bổ sung",
        contents=(Activity.ADVANCED_MACHINERY, Activity.CONSULTANCY),
        starts_on=date(cast.year, 1, 1),
        ends_on=date(cast.year, 12, 31),
    )


def reject(cast: Cast) -> Command:
    return RejectScheme(scheme_id=cast.scheme_id, reason="không thuộc ngành ưu tiên, minh họa")


def suspend(cast: Cast) -> Command:
    return SuspendScheme(
        scheme_id=cast.scheme_id, reason="chờ mặt bằng, minh họa", freeze_date=cast.today
    )


def resume(cast: Cast) -> Command:
    return ResumeScheme(
        scheme_id=cast.scheme_id, reason="đã có mặt bằng, minh họa", resumes_on=cast.today
    )


def stop(cast: Cast) -> Command:
    return StopScheme(
        scheme_id=cast.scheme_id,
        approver=cast.ministry,
        reason="thôi thực hiện, minh họa",
        freeze_date=cast.today,
    )


def complete(cast: Cast) -> Command:
    return CompleteScheme(scheme_id=cast.scheme_id)


def register_department(cast: Cast) -> Command:
    return RegisterOrganisation(
        organisation_id=cast.department, name="Cục minh họa", kind=OrganisationKind.DEPARTMENT
    )


def adjust(cast: Cast) -> Command:
    return AdjustScheme(
        scheme_id=cast.scheme_id,
        adjustment=AdjustmentKind.CONTENT,
        approver=cast.ministry,
        reason="thêm tư vấn, minh họa",
        contents=(Activity.ADVANCED_MACHINERY, Activity.CONSULTANCY),
    )


def supplement(cast: Cast) -> Command:
    ceiling = Ceiling(
        source=FundingSource.LOCAL_GRANT, budget_year=cast.year, amount=Vnd(100_000_000)
    )
    return SupplementScheme(
        scheme_id=cast.scheme_id,
        approver=cast.ministry,
        reason="thêm vốn địa phương, minh họa",
        contents=(Activity.TRADEMARK,),
        ceilings=(ceiling,),
    )


def sign(cast: Cast) -> Command:
    return SignContract(
        scheme_id=cast.scheme_id,
        contract_id=cast.contract_id,
        number=f"{cast.tag}/HĐ-KC",
        signed_on=cast.today,
        client=cast.department,
        contractor=cast.centre,
        amount=Vnd(200_000_000),
        source=FundingSource.NATIONAL_GRANT,
        budget_year=cast.year,
    )


def amend(cast: Cast) -> Command:
    return AmendContract(
        scheme_id=cast.scheme_id,
        contract_id=cast.contract_id,
        number=f"{cast.tag}/PL-KC",
        signed_on=cast.today,
        amount=Vnd(150_000_000),
    )


def liquidate(cast: Cast) -> Command:
    return LiquidateContract(
        scheme_id=cast.scheme_id,
        contract_id=cast.contract_id,
        number=f"{cast.tag}/TL-KC",
        signed_on=cast.today,
    )


def release(cast: Cast) -> Command:
    return ReleaseBeneficiary(
        scheme_id=cast.scheme_id, facility_id=cast.facility_id, reason="xin rút, minh họa"
    )

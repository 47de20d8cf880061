"""The doors to what a scheme stands in: periods, plans, books, bodies, places, caps, facilities."""

from typing import Any

import strawberry

from events import books, facility, mergers, organisation, period, plan, policy
from events.duties import WrongAuthority
from events.rules import AlreadyReserved
from schema.errands import Errands
from schema.outcome import ANY, outcome, records

PeriodOutcome: Any = outcome("PeriodOutcome", period.PeriodRefusal, *ANY)
BooksOutcome: Any = outcome("BooksOutcome", books.BooksRefusal, *ANY)
PlanOutcome: Any = outcome("PlanOutcome", plan.PlanRefusal, WrongAuthority, *ANY)
OrganisationOutcome: Any = outcome("OrganisationOutcome", organisation.OrganisationRefusal, *ANY)
GeographyOutcome: Any = outcome("GeographyOutcome", mergers.GeographyRefusal, *ANY)
PolicyOutcome: Any = outcome("PolicyOutcome", policy.PolicyRefusal, *ANY)
FacilityOutcome: Any = outcome("FacilityOutcome", facility.FacilityRefusal, AlreadyReserved, *ANY)


@strawberry.type(description="Registers. Each command is recorded once, or refused by name.")
class Registers(Errands):
    """Writes about what schemes need before there are any."""

    open_period = records(period.OpenPeriod, PeriodOutcome, "Open a period (mở giai đoạn).")
    close_period = records(
        period.ClosePeriod, PeriodOutcome, "Close a period, and seal the ledger (khép giai đoạn)."
    )
    set_target = records(
        period.SetTarget, PeriodOutcome, "Set a target of a period (giao chỉ tiêu giai đoạn)."
    )
    revise_target = records(
        period.ReviseTarget, PeriodOutcome, "Say a target anew (điều chỉnh chỉ tiêu giai đoạn)."
    )
    approve_plan_budget = records(
        plan.ApprovePlanBudget, PlanOutcome, "Approve a year's budget (phê duyệt dự toán năm)."
    )
    revise_plan_budget = records(
        plan.RevisePlanBudget, PlanOutcome, "Say a year's budget anew (điều chỉnh dự toán năm)."
    )
    assign_tranche = records(
        plan.AssignTranche, PlanOutcome, "Assign a tranche to schemes (giao kế hoạch đợt n)."
    )
    close_budget_year = records(
        books.CloseBudgetYear, BooksOutcome, "Close a year's books for ever (khoá sổ niên độ)."
    )
    register_organisation = records(
        organisation.RegisterOrganisation, OrganisationOutcome, "Register a body (đăng ký đơn vị)."
    )
    set_centre_territory = records(
        organisation.SetCentreTerritory,
        OrganisationOutcome,
        "Set the provinces a centre serves (giao địa bàn).",
    )
    rename_organisation = records(
        organisation.RenameOrganisation, OrganisationOutcome, "Rename a body (đổi tên đơn vị)."
    )
    establish_province = records(
        mergers.EstablishProvince, GeographyOutcome, "Establish a province (lập tỉnh)."
    )
    merge_provinces = records(
        mergers.MergeProvinces, GeographyOutcome, "Merge provinces into one (sáp nhập tỉnh)."
    )
    rename_province = records(
        mergers.RenameProvince, GeographyOutcome, "Rename a province (đổi tên tỉnh)."
    )
    set_support_cap = records(
        policy.SetSupportCap, PolicyOutcome, "Set the most that may be given (định mức hỗ trợ)."
    )
    set_advance_limit = records(
        policy.SetAdvanceLimit, PolicyOutcome, "Set the most that may be paid ahead (mức tạm ứng)."
    )
    set_eligible_place = records(
        policy.SetEligiblePlace, PolicyOutcome, "Set a kind of place to support (địa bàn)."
    )
    issue_sector_codes = records(
        policy.IssueSectorCodes, PolicyOutcome, "Issue codes of sectors (ban hành mã ngành)."
    )
    register_facility = records(
        facility.RegisterFacility, FacilityOutcome, "Register a facility (đăng ký cơ sở)."
    )
    update_facility = records(
        facility.UpdateFacility, FacilityOutcome, "Update what the register says (cập nhật cơ sở)."
    )
    relocate_facility = records(
        facility.RelocateFacility, FacilityOutcome, "Move a facility (di dời)."
    )
    place_facility = records(
        facility.PlaceFacility, FacilityOutcome, "Say in which commune it lies (địa bàn cấp xã)."
    )
    install_equipment = records(
        facility.InstallEquipment, FacilityOutcome, "Record installed machines (lắp đặt thiết bị)."
    )
    move_equipment = records(
        facility.MoveEquipment, FacilityOutcome, "Move a lot of machines (điều chuyển thiết bị)."
    )
    dispose_equipment = records(
        facility.DisposeEquipment, FacilityOutcome, "Sell off or scrap machines (thanh lý)."
    )
    close_facility = records(
        facility.CloseFacility, FacilityOutcome, "Close a facility (ngừng hoạt động)."
    )
    reopen_facility = records(
        facility.ReopenFacility, FacilityOutcome, "Reopen a facility (hoạt động trở lại)."
    )
    merge_duplicate = records(
        facility.MergeDuplicate, FacilityOutcome, "Merge a duplicate into another (gộp trùng)."
    )
    record_contact = records(
        facility.RecordContact, FacilityOutcome, "Name who is to be spoken to (người liên hệ)."
    )
    erase_contact = records(
        facility.EraseContact, FacilityOutcome, "Erase personal data for ever (xoá dữ liệu)."
    )

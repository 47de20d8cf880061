"""The doors: one mutation for each command, in the order of a scheme's life."""

from typing import Any

import strawberry

from events import facility, mandate, organisation, period, scheme, source
from events.duties import WrongAuthority
from events.jurisdiction import OutsideJurisdiction
from events.log import IdempotencyMismatch, VersionConflict
from events.rules import AlreadyReserved
from events.seal.kept import LedgerHalted
from schema.outcome import outcome, records
from schema.reveal import reveals
from schema.webhooks import managing

_ANY = (OutsideJurisdiction, VersionConflict, IdempotencyMismatch, LedgerHalted)

PeriodOutcome: Any = outcome("PeriodOutcome", period.PeriodRefusal, *_ANY)
OrganisationOutcome: Any = outcome("OrganisationOutcome", organisation.OrganisationRefusal, *_ANY)
FacilityOutcome: Any = outcome("FacilityOutcome", facility.FacilityRefusal, AlreadyReserved, *_ANY)
SchemeOutcome: Any = outcome("SchemeOutcome", scheme.SchemeRefusal, WrongAuthority, *_ANY)
MandateOutcome: Any = outcome("MandateOutcome", mandate.MandateRefusal, WrongAuthority, *_ANY)
SourceOutcome: Any = outcome("SourceOutcome", source.SourceRefusal, *_ANY)


@strawberry.type(description="Commands. Each is recorded once, or refused by name.")
class Mutation:
    """Writes."""

    open_period = records(period.OpenPeriod, PeriodOutcome, "Open a period (mở giai đoạn).")
    close_period = records(
        period.ClosePeriod, PeriodOutcome, "Close a period, and seal the ledger (khép giai đoạn)."
    )
    register_organisation = records(
        organisation.RegisterOrganisation, OrganisationOutcome, "Register a body (đăng ký đơn vị)."
    )
    set_centre_territory = records(
        organisation.SetCentreTerritory,
        OrganisationOutcome,
        "Set the provinces a centre serves (giao địa bàn).",
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
    install_equipment = records(
        facility.InstallEquipment, FacilityOutcome, "Record installed machines (lắp đặt thiết bị)."
    )
    close_facility = records(
        facility.CloseFacility, FacilityOutcome, "Close a facility (ngừng hoạt động)."
    )
    record_contact = records(
        facility.RecordContact, FacilityOutcome, "Name who is to be spoken to (người liên hệ)."
    )
    erase_contact = records(
        facility.EraseContact, FacilityOutcome, "Erase personal data for ever (xoá dữ liệu)."
    )
    reveal_contact = reveals()
    propose_scheme = records(
        scheme.ProposeScheme, SchemeOutcome, "Propose a scheme (đăng ký đề án)."
    )
    approve_scheme = records(
        scheme.ApproveScheme, SchemeOutcome, "Approve a scheme and its ceilings (phê duyệt)."
    )
    assign_beneficiary = records(
        scheme.AssignBeneficiary, SchemeOutcome, "Choose a beneficiary (chọn đơn vị thụ hưởng)."
    )
    pledge_counterpart = records(
        scheme.PledgeCounterpart, SchemeOutcome, "Pledge own money (cam kết vốn đối ứng)."
    )
    commit_support = records(
        scheme.CommitSupport, SchemeOutcome, "Promise grant money (cam kết hỗ trợ)."
    )
    reduce_commitment = records(
        scheme.ReduceCommitment, SchemeOutcome, "Take part of a promise back (giảm cam kết)."
    )
    cancel_commitment = records(
        scheme.CancelCommitment, SchemeOutcome, "Take a promise back (huỷ cam kết)."
    )
    pay_advance = records(scheme.PayAdvance, SchemeOutcome, "Pay ahead (tạm ứng).")
    pay_disbursement = records(
        scheme.PayDisbursement, SchemeOutcome, "Pay for work done (thanh toán)."
    )
    reverse_payment = records(
        scheme.ReversePayment, SchemeOutcome, "Take a payment back (huỷ, hoàn bút toán)."
    )
    record_acceptance = records(
        scheme.RecordAcceptance, SchemeOutcome, "Record acceptance on site (nghiệm thu cơ sở)."
    )
    approve_settlement = records(
        scheme.ApproveSettlement, SchemeOutcome, "Approve the final account (duyệt quyết toán)."
    )
    evaluate_criteria = records(
        scheme.EvaluateCriteria, SchemeOutcome, "Judge a scheme by a criterion (đánh giá tiêu chí)."
    )
    register_source_document = records(
        source.RegisterSourceDocument, SourceOutcome, "Register a document (đăng ký tài liệu)."
    )
    record_reported_figure = records(
        source.RecordReportedFigure, SourceOutcome, "Record a published figure (số liệu công bố)."
    )
    propose_mandate = records(
        mandate.ProposeMandate, MandateOutcome, "Propose a role for somebody (đề nghị phân quyền)."
    )
    confirm_mandate = records(
        mandate.ConfirmMandate,
        MandateOutcome,
        "Agree to a role that somebody else proposed (phê duyệt phân quyền).",
    )
    revoke_mandate = records(
        mandate.RevokeMandate, MandateOutcome, "Take a role back (thu hồi phân quyền)."
    )
    register_webhook = managing.door(
        managing.register_webhook,
        "Have events sent to an address of yours, each once it is recorded (đăng ký webhook).",
    )
    update_webhook = managing.door(
        managing.update_webhook,
        "Say anew where a webhook is sent and what; it goes on from where it stands (cập nhật"
        " webhook).",
    )
    pause_webhook = managing.door(
        managing.pause_webhook, "Send it nothing until it is resumed (tạm dừng webhook)."
    )
    resume_webhook = managing.door(
        managing.resume_webhook,
        "Send on, at once, from where it stands: also after it was given up on (tiếp tục webhook).",
    )
    rotate_webhook_secret = managing.door(
        managing.rotate_webhook_secret,
        "Another secret, each time; deliveries are signed with both for a while (đổi khoá ký).",
    )
    rewind_webhook = managing.door(
        managing.rewind_webhook,
        "Send once more all that was recorded after a position (đặt lại vị trí webhook).",
    )
    redeliver = managing.door(
        managing.redeliver, "Send one event once more; the cursor stays (gửi lại sự kiện)."
    )
    remove_webhook = managing.door(
        managing.remove_webhook, "Send it nothing any more, for ever (gỡ bỏ webhook)."
    )

"""The doors: one mutation for each command, in the order of a scheme's life.

Those to what a scheme stands in come from `registers`.
"""

from typing import Any

import strawberry

from events import evaluation, mandate, scheme, source
from events.duties import NotYours, WrongAuthority
from events.scheme import adjustment, appraisal, balance, contract, halt, prior_period, release
from schema.outcome import ANY, outcome, records
from schema.registers import Registers

SchemeOutcome: Any = outcome("SchemeOutcome", scheme.SchemeRefusal, WrongAuthority, NotYours, *ANY)
MandateOutcome: Any = outcome("MandateOutcome", mandate.MandateRefusal, WrongAuthority, *ANY)
EvaluationOutcome: Any = outcome("EvaluationOutcome", evaluation.EvaluationRefusal, *ANY)
SourceOutcome: Any = outcome("SourceOutcome", source.SourceRefusal, *ANY)


@strawberry.type(description="Commands. Each is recorded once, or refused by name.")
class Commands(Registers):
    """Writes, one by one; `schema/batch.py` adds the one for many."""

    propose_scheme = records(
        scheme.ProposeScheme, SchemeOutcome, "Propose a scheme (đăng ký đề án)."
    )
    approve_scheme = records(
        scheme.ApproveScheme, SchemeOutcome, "Approve a scheme and its ceilings (phê duyệt)."
    )
    appraise_scheme_at_grassroots = records(
        appraisal.AppraiseSchemeAtGrassroots, SchemeOutcome, "Appraise first (thẩm định cơ sở)."
    )
    appraise_scheme_at_ministry = records(
        appraisal.AppraiseSchemeAtMinistry, SchemeOutcome, "Appraise then (thẩm định cấp Bộ)."
    )
    return_scheme = records(
        appraisal.ReturnScheme, SchemeOutcome, "Send a proposal back (yêu cầu bổ sung hồ sơ)."
    )
    resubmit_scheme = records(
        appraisal.ResubmitScheme, SchemeOutcome, "Propose it again, changed (đăng ký lại)."
    )
    reject_scheme = records(
        appraisal.RejectScheme, SchemeOutcome, "Turn a proposal down for good (từ chối)."
    )
    suspend_scheme = records(
        halt.SuspendScheme, SchemeOutcome, "Let no new money in for a time (tạm dừng)."
    )
    resume_scheme = records(
        halt.ResumeScheme, SchemeOutcome, "Let a suspended scheme go on (tiếp tục)."
    )
    stop_scheme = records(halt.StopScheme, SchemeOutcome, "Stop a scheme for good (ngừng).")
    complete_scheme = records(
        halt.CompleteScheme, SchemeOutcome, "Complete a scheme that is settled (hoàn thành)."
    )
    adjust_scheme = records(
        adjustment.AdjustScheme, SchemeOutcome, "Adjust an approved scheme (điều chỉnh)."
    )
    supplement_scheme = records(
        adjustment.SupplementScheme, SchemeOutcome, "Add contents, sources or years (bổ sung)."
    )
    sign_contract = records(
        contract.SignContract, SchemeOutcome, "Sign a contract to carry it out (ký hợp đồng)."
    )
    amend_contract = records(
        contract.AmendContract, SchemeOutcome, "Change its value by an annex (phụ lục hợp đồng)."
    )
    liquidate_contract = records(
        contract.LiquidateContract, SchemeOutcome, "End it, all work accepted (thanh lý hợp đồng)."
    )
    release_beneficiary = records(
        release.ReleaseBeneficiary, SchemeOutcome, "Let it go (rút đơn vị thụ hưởng)."
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
    reallocate_support = records(
        scheme.ReallocateSupport,
        SchemeOutcome,
        "Move promised money between facilities (điều chuyển giữa các cơ sở).",
    )
    invest_counterpart = records(
        scheme.InvestCounterpart, SchemeOutcome, "Record own money spent (đã chi vốn đối ứng)."
    )
    pay_advance = records(scheme.PayAdvance, SchemeOutcome, "Pay ahead (tạm ứng).")
    pay_disbursement = records(
        scheme.PayDisbursement, SchemeOutcome, "Pay for work done (thanh toán)."
    )
    reverse_payment = records(
        scheme.ReversePayment, SchemeOutcome, "Take a payment back (huỷ, hoàn bút toán)."
    )
    report_progress = records(
        scheme.ReportProgress, SchemeOutcome, "Report how far work has come (báo cáo tiến độ)."
    )
    hold_inspection = records(
        scheme.HoldInspection, SchemeOutcome, "Record a look at the work on site (kiểm tra)."
    )
    return_unspent_balance = records(
        balance.ReturnUnspentBalance, SchemeOutcome, "Give back what is left over (nộp trả số dư)."
    )
    carry_over_balance = records(
        balance.CarryOverBalance,
        SchemeOutcome,
        "Pass what is left into the next (chuyển nguồn).",
    )
    adjust_prior_period = records(
        prior_period.AdjustPriorPeriod,
        SchemeOutcome,
        "Adjust a payment of a closed year in an open one (điều chỉnh niên độ trước).",
    )
    record_acceptance = records(
        scheme.RecordAcceptance, SchemeOutcome, "Record acceptance on site (nghiệm thu cơ sở)."
    )
    refuse_acceptance = records(
        scheme.RefuseAcceptance,
        SchemeOutcome,
        "Find the work wanting (nghiệm thu không đạt).",
    )
    submit_settlement = records(
        scheme.SubmitSettlement, SchemeOutcome, "Hand in the final account (đề nghị quyết toán)."
    )
    approve_settlement = records(
        scheme.ApproveSettlement, SchemeOutcome, "Approve the final account (duyệt quyết toán)."
    )
    order_recovery = records(
        scheme.OrderRecovery, SchemeOutcome, "Claim paid money back (quyết định thu hồi)."
    )
    receive_recovery = records(
        scheme.ReceiveRecovery, SchemeOutcome, "Record claimed money as come in (đã thu hồi)."
    )
    write_off_recovery = records(
        scheme.WriteOffRecovery, SchemeOutcome, "Give a claim up (xoá nợ thu hồi)."
    )
    evaluate_criteria = records(
        scheme.EvaluateCriteria, SchemeOutcome, "Judge a scheme by a criterion (đánh giá tiêu chí)."
    )
    propose_step = records(
        scheme.ProposeStep,
        SchemeOutcome,
        "Propose what needs a second person, such as a correction (đề nghị, đính chính).",
    )
    approve_step = records(
        scheme.ApproveStep,
        SchemeOutcome,
        "Agree to what another proposed, at the version seen, and have it done (duyệt đề nghị).",
    )
    decline_step = records(
        scheme.DeclineStep, SchemeOutcome, "Do not agree to what another proposed (không duyệt)."
    )
    withdraw_step = records(
        scheme.WithdrawStep, SchemeOutcome, "Take back one's own proposal (rút đề nghị)."
    )
    record_activity = records(
        scheme.RecordActivity, SchemeOutcome, "Record what was delivered (thực hiện hoạt động)."
    )
    record_training = records(
        scheme.RecordTraining, SchemeOutcome, "Record who learnt a trade (đào tạo nghề)."
    )
    record_outcome = records(
        scheme.RecordOutcome, SchemeOutcome, "Record what a scheme brought (đo kết quả)."
    )
    revise_outcome = records(
        scheme.ReviseOutcome, SchemeOutcome, "Put right what was measured (sửa kết quả)."
    )
    record_conference = records(
        evaluation.RecordConference,
        EvaluationOutcome,
        "Record a conference, as one source tells it (hội nghị đánh giá).",
    )
    record_narrative_claim = records(
        evaluation.RecordNarrativeClaim,
        EvaluationOutcome,
        "Record what a source claims without a number (ghi nhận định).",
    )
    record_audit_finding = records(
        evaluation.RecordAuditFinding,
        EvaluationOutcome,
        "Record what auditors found (kết luận kiểm toán).",
    )
    resolve_audit_finding = records(
        evaluation.ResolveAuditFinding,
        EvaluationOutcome,
        "Record that a finding was put right (khắc phục kết luận).",
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

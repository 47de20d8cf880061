"""What columns and tables are called: the official Vietnamese term (thuật ngữ) beside each name.

    heading("amount")     # "Số tiền": from events/terms.py, where it is a field of a fact too

Only what no fact has is said here. A test asks for a heading of every column of every read model.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from events.terms import TERMS
from service.export.view import ADVANCE_PCT, PROVINCE_NAME, SECTOR_NAME

_VIETNAMESE = re.compile(r"\(([^()]*[À-ỹ][^()]*)\)")

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "period": "Giai đoạn",
        "organisation": "Đơn vị",
        "organisationname": "Tên đơn vị",
        "territory": "Địa bàn phụ trách",
        "facility": "Cơ sở",
        "equipment": "Thiết bị",
        "contact": "Người liên hệ",
        "scheme": "Đề án",
        "ceiling": "Dự toán được duyệt",
        "balance": "Số dư dự toán",
        "contract": "Hợp đồng thực hiện",
        "decision": "Quyết định về đề án",
        "target": "Chỉ tiêu giai đoạn",
        "beneficiary": "Đơn vị thụ hưởng",
        "commitment": "Cam kết hỗ trợ",
        "payment": "Khoản chi",
        "progress": "Tiến độ",
        "recovery": "Thu hồi",
        "plan": "Kế hoạch năm",
        "budget": "Dự toán năm",
        "tranche": "Đợt giao kế hoạch",
        "allocation": "Phân bổ kế hoạch",
        "posting": "Định khoản",
        "step": "Đề nghị chờ duyệt",
        "delivery": "Hoạt động",
        "training": "Đào tạo nghề",
        "outcome": "Kết quả",
        "entry": "Bút toán",
        "criterion": "Đánh giá tiêu chí",
        "source": "Nguồn công bố",
        "figure": "Số liệu công bố",
        "evaluation": "Đợt đánh giá",
        "conference": "Hội nghị đánh giá",
        "claim": "Nhận định",
        "finding": "Kết luận kiểm toán",
        "sectorcode": "Mã ngành ban hành",
        "subject": "Phạm vi công khai",
        "mandate": "Phân quyền",
    }
)
"""Read model to what its rows are."""

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        PROVINCE_NAME: "tên tỉnh, thành phố",
        SECTOR_NAME: "tên nhóm ngành",
        "account": "tài khoản",
        "assigned": "đã giao",
        "change": "thay đổi",
        "command": "việc được đề nghị",
        "credit": "có",
        "debit": "nợ",
        "decided_at": "thời điểm quyết định",
        "decided_by": "người quyết định",
        "decided_on": "ngày quyết định",
        "decided_position": "vị trí quyết định",
        "annexes": "số phụ lục",
        "holds_from": "có hiệu lực từ ngày",
        "line": "dòng",
        "liquidated_on": "ngày thanh lý",
        "original": "mức ban đầu",
        "persons": "số người",
        "planned": "mức kế hoạch",
        "progress": "tiến độ",
        "proposed_at": "thời điểm đề nghị",
        "proposed_by": "người đề nghị",
        ADVANCE_PCT: "mức tạm ứng (phần trăm)",
        "advanced": "tạm ứng",
        "approved_on": "ngày phê duyệt",
        "assigned_on": "ngày chọn",
        "cap_basis": "định mức áp dụng",
        "centre": "trung tâm",
        "claimed": "đã quyết định thu hồi",
        "checkpoint_root": "gốc của điểm niêm phong",
        "checkpoint_size": "số sự kiện được niêm phong",
        "closed_on": "ngày đóng",
        "committed": "cam kết ban đầu",
        "committed_on": "ngày cam kết",
        "commune_code": "mã cấp xã",
        "commune_kind": "loại đơn vị cấp xã",
        "commune_name": "cấp xã",
        "delivered_on": "ngày thực hiện",
        "disbursed": "thanh toán",
        "disposed": "số lượng đã thanh lý",
        "district_name": "cấp huyện",
        "email_imprint": "dấu niêm của thư điện tử",
        "erased_on": "ngày xoá",
        "evaluated_on": "ngày đánh giá",
        "event_id": "mã sự kiện",
        "found_on": "ngày kết luận",
        "installed_at": "nơi lắp đặt ban đầu",
        "installed_on": "ngày lắp đặt",
        "ledger_effective_on": "ngày hiệu lực của tệp",
        "ledger_position": "vị trí sổ cái của tệp",
        "measured_on": "ngày đo",
        "merged_into": "cơ sở được giữ lại",
        "moved_on": "ngày điều chuyển",
        "name_fold": "tên không dấu",
        "name_imprint": "dấu niêm của họ tên",
        "name_sort": "khoá sắp xếp tên",
        "ordered_on": "ngày quyết định thu hồi",
        "named_on": "mang tên từ ngày",
        "paid_on": "ngày chi",
        "phone_imprint": "dấu niêm của điện thoại",
        "position": "vị trí trong sổ cái",
        "province_from": "ngày thành lập tỉnh",
        "published": "đã công khai",
        "received": "đã thu về",
        "recovered": "đã thu hồi",
        "qualitative": "định tính",
        "recorded_at": "thời điểm ghi sổ",
        "recorded_on": "ngày ghi nhận",
        "registered_on": "ngày đăng ký",
        "resolution": "kết quả khắc phục",
        "resolution_source_id": "nguồn về kết quả khắc phục",
        "resolved_on": "ngày khắc phục",
        "reversed": "hoàn trả",
        "revisions": "số lần sửa",
        "sector_group": "nhóm ngành",
        "sector_version": "phiên bản bảng phân ngành",
        "seen_on": "ngày báo cáo, kiểm tra",
        "settled": "quyết toán",
        "status": "trạng thái",
        "synthetic": "dữ liệu minh hoạ",
        "taken_back": "giảm, huỷ, chuyển đi",
        "title_fold": "tên gọi không dấu",
        "title_sort": "khoá sắp xếp tên gọi",
        "written_off": "đã xoá nợ",
        "trained_on": "ngày hoàn thành đào tạo",
    }
)


def heading(column: str) -> str:
    """The term for a column, with a capital letter. KeyError: it has none."""
    found = _VIETNAMESE.search(TERMS.get(column, ""))
    term = found[1] if found else _COLUMNS[column]
    return term[0].upper() + term[1:]

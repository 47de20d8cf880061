"""What columns and tables are called: the official Vietnamese term (thuật ngữ) beside each name.

    heading("amount")     # "Số tiền": from events/terms.py, where it is a field of a fact too

Only what no fact has is said here. A test asks for a heading of every column of every read model.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from events.terms import TERMS
from service.export.view import PROVINCE_NAME, SECTOR_NAME

_VIETNAMESE = re.compile(r"\(([^()]*[À-ỹ][^()]*)\)")

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "period": "Giai đoạn",
        "organisation": "Đơn vị",
        "territory": "Địa bàn phụ trách",
        "facility": "Cơ sở",
        "equipment": "Thiết bị",
        "contact": "Người liên hệ",
        "scheme": "Đề án",
        "ceiling": "Dự toán được duyệt",
        "beneficiary": "Đơn vị thụ hưởng",
        "commitment": "Cam kết hỗ trợ",
        "payment": "Khoản chi",
        "entry": "Bút toán",
        "criterion": "Đánh giá tiêu chí",
        "source": "Nguồn công bố",
        "figure": "Số liệu công bố",
        "subject": "Phạm vi công khai",
        "mandate": "Phân quyền",
    }
)
"""Read model to what its rows are."""

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        PROVINCE_NAME: "tên tỉnh, thành phố",
        SECTOR_NAME: "tên nhóm ngành",
        "advanced": "tạm ứng",
        "approved_on": "ngày phê duyệt",
        "assigned_on": "ngày chọn",
        "cap_basis": "định mức áp dụng",
        "centre": "trung tâm",
        "checkpoint_root": "gốc của điểm niêm phong",
        "checkpoint_size": "số sự kiện được niêm phong",
        "closed_on": "ngày đóng",
        "committed": "cam kết ban đầu",
        "committed_on": "ngày cam kết",
        "disbursed": "thanh toán",
        "email_imprint": "dấu niêm của thư điện tử",
        "erased_on": "ngày xoá",
        "evaluated_on": "ngày đánh giá",
        "event_id": "mã sự kiện",
        "installed_on": "ngày lắp đặt",
        "ledger_effective_on": "ngày hiệu lực của tệp",
        "ledger_position": "vị trí sổ cái của tệp",
        "name_fold": "tên không dấu",
        "name_imprint": "dấu niêm của họ tên",
        "name_sort": "khoá sắp xếp tên",
        "paid_on": "ngày chi",
        "phone_imprint": "dấu niêm của điện thoại",
        "position": "vị trí trong sổ cái",
        "province_from": "ngày thành lập tỉnh",
        "published": "đã công khai",
        "recorded_at": "thời điểm ghi sổ",
        "recorded_on": "ngày ghi nhận",
        "registered_on": "ngày đăng ký",
        "reversed": "hoàn trả",
        "sector_group": "nhóm ngành",
        "sector_version": "phiên bản bảng phân ngành",
        "settled": "quyết toán",
        "status": "trạng thái",
        "synthetic": "dữ liệu minh hoạ",
        "taken_back": "giảm, huỷ",
        "title_fold": "tên gọi không dấu",
        "title_sort": "khoá sắp xếp tên gọi",
    }
)


def heading(column: str) -> str:
    """The term for a column, with a capital letter. KeyError: it has none."""
    found = _VIETNAMESE.search(TERMS.get(column, ""))
    term = found[1] if found else _COLUMNS[column]
    return term[0].upper() + term[1:]

"""The closed lists of the domain. Each member's value is the official Vietnamese term."""

from enum import Enum


class FundingSource(Enum):
    """Nguồn vốn: where an amount of money comes from."""

    NATIONAL_GRANT = "kinh phí khuyến công quốc gia"
    LOCAL_GRANT = "kinh phí khuyến công địa phương"
    COUNTERPART = "vốn đối ứng"


class SchemeClass(Enum):
    """Loại đề án (TT 36/2013/TT-BCT Đ2, as amended by TT 17/2018/TT-BCT Đ1k1)."""

    NORMAL = "đề án thông thường"
    FOCAL = "đề án điểm"
    GROUP = "đề án nhóm"


class Activity(Enum):
    """Nội dung hỗ trợ: what a scheme may support; caps are dated data under these names."""

    ADVANCED_MACHINERY = "ứng dụng máy móc thiết bị tiên tiến"
    TECHNOLOGY_LINE = "dây chuyền công nghệ"
    DEMO_MODEL_NEW_TECH = "mô hình trình diễn công nghệ mới, sản phẩm mới"
    DEMO_MODEL_REPLICATION = "mô hình đang hiệu quả cần nhân rộng"
    ENTERPRISE_FOUNDING = "thành lập doanh nghiệp tại địa bàn khó khăn"
    PRODUCT_CONTEST_REGIONAL = "bình chọn sản phẩm tiêu biểu cấp khu vực"
    PRODUCT_CONTEST_NATIONAL = "bình chọn sản phẩm tiêu biểu cấp quốc gia"
    CLUSTER_INFRASTRUCTURE = "hạ tầng kỹ thuật cụm công nghiệp"
    CLEANER_PRODUCTION_MODEL = "mô hình sản xuất sạch hơn"
    TRADEMARK = "xây dựng và đăng ký nhãn hiệu"
    CONSULTANCY = "thuê tư vấn"
    FACILITY_POLLUTION_TREATMENT = "xử lý ô nhiễm tại cơ sở"
    CLUSTER_POLLUTION_TREATMENT = "xử lý ô nhiễm tại cụm công nghiệp"
    TRADE_FAIR_DOMESTIC = "thuê gian hàng hội chợ trong nước"
    VOCATIONAL_TRAINING = "đào tạo nghề, truyền nghề"


class Criterion(Enum):
    """Tiêu chí đánh giá đề án điểm."""

    SCALE = "quy mô kinh phí"
    CONTENT = "nội dung"
    LOCALITY = "địa bàn"
    TIME = "thời gian"


class Verdict(Enum):
    """Kết luận đánh giá."""

    MET = "đạt"
    NOT_MET = "không đạt"


class Measure(Enum):
    """Số liệu công bố: what a published figure counts."""

    TOTAL_FUNDING = "tổng kinh phí"
    SCHEMES = "số đề án điểm"
    FACILITIES = "số cơ sở công nghiệp nông thôn"
    PROVINCES = "số tỉnh, thành phố có đề án"
    TERRITORY = "số tỉnh, thành phố của địa bàn"


class OrganisationKind(Enum):
    """Loại cơ quan, đơn vị."""

    MINISTRY = "bộ"
    DEPARTMENT = "cục"
    CENTRE = "trung tâm khuyến công quốc gia"
    PROVINCIAL_DEPARTMENT = "sở công thương"
    PROVINCIAL_CENTRE = "trung tâm khuyến công tỉnh"


class ErasureGround(Enum):
    """Căn cứ xoá dữ liệu cá nhân (Luật 91/2025/QH15 Đ14)."""

    REQUEST = "chủ thể dữ liệu yêu cầu"
    PURPOSE_REACHED = "đã hoàn thành mục đích xử lý"
    RETENTION_OVER = "hết thời hạn lưu trữ"
    AUTHORITY = "cơ quan có thẩm quyền yêu cầu"


class LegalForm(Enum):
    """Loại hình pháp lý của cơ sở công nghiệp nông thôn (NĐ 45/2012/NĐ-CP Đ2)."""

    ENTERPRISE = "doanh nghiệp"
    COOPERATIVE = "hợp tác xã"
    COOPERATIVE_GROUP = "tổ hợp tác"
    HOUSEHOLD = "hộ kinh doanh"


class Ownership(Enum):
    """Hình thức sở hữu."""

    PRIVATE = "tư nhân"
    COLLECTIVE = "tập thể"
    STATE = "nhà nước"
    FOREIGN = "có vốn đầu tư nước ngoài"


class Role(Enum):
    """Vai trò: what a principal is to the fund. Everybody is PUBLIC without being told so."""

    PUBLIC = "công chúng"
    OPERATOR = "cán bộ khuyến công tỉnh"
    CENTRE_MANAGER = "cán bộ trung tâm khuyến công"
    APPROVER = "người phê duyệt"
    ACCOUNTANT = "kế toán"
    AUDITOR = "kiểm toán viên"
    INTEGRATOR = "hệ thống tích hợp"
    ADMIN = "quản trị viên"

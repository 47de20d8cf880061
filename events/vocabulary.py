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


class TargetIndicator(Enum):
    """Chỉ tiêu giai đoạn: what the programme of a period is to reach."""

    COVERAGE = "mở rộng địa bàn: số tỉnh, thành phố có cơ sở thụ hưởng"
    SECTORS = "mở rộng ngành: số nhóm ngành có cơ sở thụ hưởng"
    TECHNOLOGY_TRANSFER = "chuyển giao công nghệ: số mô hình trình diễn"
    DIGITAL_TRANSFORMATION = "chuyển đổi số"


class Adjustment(Enum):
    """Hướng điều chỉnh: what an adjustment of a closed year does to what was paid."""

    DECREASE = "ghi giảm"
    INCREASE = "ghi tăng"


class Verdict(Enum):
    """Kết luận đánh giá."""

    MET = "đạt"
    NOT_MET = "không đạt"


class RecoveryBasis(Enum):
    """Căn cứ thu hồi."""

    AUDIT = "kết luận kiểm toán, thanh tra"
    MISUSE = "sử dụng sai mục đích"
    STOP = "ngừng thực hiện đề án"
    SETTLEMENT = "quyết toán thấp hơn số đã chi"


class AppraisalLevel(Enum):
    """Cấp thẩm định đề án."""

    GRASSROOTS = "cấp cơ sở"
    MINISTRY = "cấp Bộ"


class AdjustmentKind(Enum):
    """Loại điều chỉnh đề án (TT 36/2013/TT-BCT Đ11)."""

    INCREASE = "tăng kinh phí"
    CONTENT = "thay đổi nội dung"
    EXTEND_YEAR = "kéo dài sang năm sau"
    PLACE = "thay đổi địa điểm"
    BENEFICIARY = "thay đổi đơn vị thụ hưởng"
    PARTNER = "thay đổi đơn vị thực hiện"
    DATES = "thay đổi thời gian trong năm"
    DECREASE = "giảm kinh phí"


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


class NoCorrection(Enum):
    """Vì sao không đính chính được."""

    NO_SUCH_EVENT = "không có sự kiện này"
    A_CORRECTION = "đây là một đính chính"
    TAKE_IT_BACK = "phải huỷ hoặc hoàn rồi ghi lại"
    FIELD_REPEATED = "nêu hai lần trường"


class UnitKind(Enum):
    """Loại đơn vị hành chính cấp xã. Thị trấn: đến 2025-06-30; đặc khu: từ 2025-07-01."""

    COMMUNE = "xã"
    WARD = "phường"
    TOWNSHIP = "thị trấn"
    SPECIAL_ZONE = "đặc khu"


class UrbanClass(Enum):
    """Loại đô thị của thành phố, thị xã mà phường thuộc về."""

    SPECIAL = "loại đặc biệt"
    FIRST = "loại I"
    SECOND = "loại II"
    THIRD = "loại III"
    FOURTH = "loại IV"


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


class ProvinceKind(Enum):
    """Loại đơn vị hành chính cấp tỉnh."""

    PROVINCE = "tỉnh"
    MUNICIPALITY = "thành phố trực thuộc trung ương"


class CapUnit(Enum):
    """Đơn vị tính của định mức: what the amount of a cap is for."""

    FACILITY = "cơ sở"
    ENTERPRISE = "doanh nghiệp"
    MODEL = "mô hình"
    CONTEST = "cuộc bình chọn"
    CLUSTER = "cụm công nghiệp"
    TRADEMARK = "nhãn hiệu"
    BOOTH = "gian hàng"


class Certainty(Enum):
    """Độ tin cậy: where a line of reference data comes from."""

    SOURCED = "theo văn bản"
    MEMORY = "chưa đối chiếu văn bản"
    UNCERTAIN = "chưa chắc chắn"
    INFERENCE = "suy luận từ văn bản"


class DeliveryKind(Enum):
    """Loại hoạt động đã thực hiện, ngoài máy móc thiết bị (NĐ 45/2012/NĐ-CP Đ4)."""

    CONSULTING = "tư vấn"
    MANAGEMENT_TRAINING = "tập huấn quản lý"
    SEMINAR = "hội thảo"
    STUDY_TOUR = "tham quan, khảo sát"
    DEMONSTRATION = "trình diễn kỹ thuật"
    FAIR = "hội chợ, triển lãm"
    BRANDING = "xây dựng thương hiệu"
    INFORMATION = "thông tin, tuyên truyền"


class Indicator(Enum):
    """Chỉ tiêu theo dõi, đánh giá kết quả (QĐ 07/2008/QĐ-BCT)."""

    PRODUCTION_VALUE = "giá trị sản xuất"
    REVENUE = "doanh thu"
    PRODUCTIVITY = "năng suất lao động"
    QUALITY = "chất lượng sản phẩm"
    JOBS_NEW = "việc làm mới"
    JOBS_KEPT = "việc làm được duy trì"
    WORKERS_TRAINED = "lao động được đào tạo"
    LABOUR_SHIFT = "chuyển dịch cơ cấu lao động"
    INCOME_RISE = "mức tăng thu nhập bình quân"
    TAX_PAID = "nộp ngân sách"
    EXPORT = "kim ngạch xuất khẩu"
    MACHINES = "máy móc thiết bị lắp đặt"


class IndicatorUnit(Enum):
    """Đơn vị tính của chỉ tiêu."""

    VND_PER_YEAR = "đồng/năm"
    VND_PER_MONTH = "đồng/người/tháng"
    VND_PER_PERSON_YEAR = "đồng/người/năm"
    USD_PER_YEAR = "đô la Mỹ/năm"
    PERSON = "người"
    MACHINE = "máy"
    BASIS_POINT = "phần vạn (0,01 %)"


class ClaimTopic(Enum):
    """Nội dung của một nhận định."""

    INVESTMENT = "đầu tư, máy móc hiện đại"
    MANAGEMENT = "kinh nghiệm quản lý"
    PRODUCTIVITY = "năng suất, chất lượng"
    SKILLS = "đào tạo, tay nghề"
    PRODUCTION = "thế mạnh địa phương, giá trị sản xuất công nghiệp"
    EMPLOYMENT = "lao động, việc làm, thu nhập"
    CAPACITY = "năng lực của các trung tâm"
    EXPANSION = "mở rộng địa bàn, ngành nghề"
    TECHNOLOGY = "công nghệ, đổi mới, chuyển đổi số"
    COORDINATION = "phối hợp giữa các trung tâm"

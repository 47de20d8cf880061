"""How the standards call what we call by codes (mã định danh), and how they say what is invented.

    activity("scheme-da-1")          # VN-SOCAI-KCQG-scheme-da-1

Vietnam has no agency in the registers of the standards that would give out identifiers of fund or
facilities, so that every prefix here is declared by ourselves: docs/reference/open-data.md.
"""

from datetime import date, datetime, time
from enum import Enum
from typing import Final

from events.dates import VIETNAM
from service.export.cells import instant

PUBLISHER: Final = "VN-SOCAI-KCQG"
PUBLISHER_NAME: Final = "Chương trình khuyến công quốc gia"
PUBLISHER_NAME_EN: Final = "National industrial-promotion programme of Vietnam"
LOCAL_NAME: Final = "Kinh phí khuyến công địa phương"
LOCAL_NAME_EN: Final = "Local industrial-promotion funds"
OCID_PREFIX: Final = "ocds-socai0"
GRANT_PREFIX: Final = "360G-socai"
SYNTHETIC: Final = "[dữ liệu minh hoạ · synthetic data]"
CURRENCY: Final = "VND"


def activity(stream: str) -> str:
    """An IATI activity: a period or a scheme, by its stream."""
    return f"{PUBLISHER}-{stream}"


def facility_ref(code: str) -> str:
    """A facility, in every standard."""
    return f"VN-SOCAI-facility-{code}"


def organisation_ref(code: str) -> str:
    """A body that takes part, in every standard."""
    return f"VN-SOCAI-organisation-{code}"


def ocid(scheme: str) -> str:
    """An OCDS contracting process: a scheme."""
    return f"{OCID_PREFIX}-{scheme}"


def grant_id(scheme: str, commitment: str) -> str:
    """A 360Giving grant: a commitment. No code has a colon, so that no two are called alike."""
    return f"{GRANT_PREFIX}-{scheme}:{commitment}"


def marked(text: str, *, synthetic: bool) -> str:
    """A text that people read, saying so if it is invented."""
    return f"{text} {SYNTHETIC}" if synthetic else text


def midnight(day: date) -> str:
    """The beginning of a day in Vietnam: the standards that want an instant get that one."""
    return datetime.combine(day, time(), VIETNAM).isoformat()


def at(moment: datetime | None) -> str:
    """An instant; of the empty ledger, the first there is."""
    return "1970-01-01T00:00:00Z" if moment is None else instant(moment)


def english(term: Enum) -> str:
    """A member of a closed list as an English reader says it: `advanced machinery`."""
    return term.name.replace("_", " ").lower()

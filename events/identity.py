"""Typed identities and the codes they are made of. All text is Unicode NFC."""

import re
import unicodedata
from datetime import date
from typing import NewType

from events.rules import Refusal, refusal, value

PeriodCode = NewType("PeriodCode", str)
"""Giai đoạn: `2018-2020`."""
OrganisationId = NewType("OrganisationId", str)
FacilityId = NewType("FacilityId", str)
SchemeId = NewType("SchemeId", str)
CommitmentId = NewType("CommitmentId", str)
"""Unique within its scheme."""
PaymentId = NewType("PaymentId", str)
"""Unique within its scheme."""
SourceId = NewType("SourceId", str)
PersonId = NewType("PersonId", str)
"""A random UUID: an identity that says nothing of whom it stands for."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


@refusal(rule="a code may stand in the name of a stream")
class InvalidCode(Refusal):
    """{field} "{text}" is no code of at most 63 ASCII letters, digits, dots, hyphens, underscores.

    {field} "{text}" không phải là mã: chỉ gồm 1 đến 63 chữ cái không dấu, chữ số, dấu chấm,
    gạch dưới hoặc gạch nối.
    """

    field: str
    text: str


@value
class ProvinceRef:
    """A province as it stood from a day on. Codes return: 15 was Yên Bái and is Lào Cai now."""

    code: str
    valid_from: date

    def __str__(self) -> str:
        return f"{self.code}@{self.valid_from.isoformat()}"


@value
class SectorRef:
    """A class of economic activity. In another version of VSIC the same digits mean others."""

    version: str
    code: str

    def __str__(self) -> str:
        return f"{self.version}:{self.code}"


def is_code(text: str) -> bool:
    """Whether `text` may stand in a stream's name: ASCII letters, digits, `.`, `_`, `-`."""
    return _CODE.fullmatch(text) is not None


def checked_code(field: str, text: str) -> None:
    """Refuse a code that may not stand in a stream's name."""
    if not is_code(text):
        raise InvalidCode(field=field, text=text)


def stream_of(kind: str, code: str) -> str:
    """The name of a stream: its kind, a hyphen, its code."""
    checked_code(kind, code)
    return f"{kind}-{code}"


def nfc(text: str) -> str:
    """The one spelling of a Vietnamese text: composed, so that equal text has equal bytes."""
    return unicodedata.normalize("NFC", text)

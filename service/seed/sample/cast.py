"""Who and what a sample tells of: codes that no telling before it used."""

import secrets
from datetime import date
from uuid import uuid4

from events.geography import live
from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    PersonId,
    ProvinceRef,
    SchemeId,
    SourceId,
)
from events.mandate import MandateId, PrincipalId
from events.rules import value
from events.seal.note import SigningKey

TAG_BYTES = 5
NOBODYS_KEY = "socai.invalid/sample"
"""The name of a key that signs nothing: its private half is forgotten at once (RFC 2606)."""


@value
class Cast:
    """The codes of one telling (một lần thử). They differ from those of every other."""

    tag: str
    """Stands in each of them: `thu-` (thử, to try) and 10 hexadecimal digits."""
    person_id: PersonId
    vkey: str
    today: date
    """The day on which all of it takes effect."""

    @property
    def year(self) -> int:
        """The budget year of all money."""
        return self.today.year

    @property
    def period(self) -> PeriodCode:
        """The period of this year (giai đoạn)."""
        return PeriodCode(self.tag)

    @property
    def centre(self) -> OrganisationId:
        """The centre that implements the scheme (trung tâm)."""
        return OrganisationId(self.tag)

    @property
    def facility_id(self) -> FacilityId:
        """The facility that is supported (cơ sở)."""
        return FacilityId(self.tag)

    @property
    def scheme_id(self) -> SchemeId:
        """The scheme that supports it (đề án)."""
        return SchemeId(self.tag)

    @property
    def commitment_id(self) -> CommitmentId:
        """What is promised (cam kết)."""
        return CommitmentId(f"{self.tag}-ck")

    @property
    def advance_id(self) -> PaymentId:
        """The payment ahead of acceptance (tạm ứng)."""
        return PaymentId(f"{self.tag}-tu")

    @property
    def disbursement_id(self) -> PaymentId:
        """The payment for work done (thanh toán)."""
        return PaymentId(f"{self.tag}-tt")

    @property
    def source_id(self) -> SourceId:
        """The document that is quoted (tài liệu)."""
        return SourceId(self.tag)

    @property
    def principal(self) -> PrincipalId:
        """Who is to have a role (chủ thể)."""
        return PrincipalId(self.tag)

    @property
    def mandate_id(self) -> MandateId:
        """The role that he is to have (phân quyền)."""
        return MandateId("1")

    @property
    def provinces(self) -> tuple[ProvinceRef, ...]:
        """The provinces that stand on the day (tỉnh, thành phố)."""
        return tuple(each.ref for each in live(self.today))


def fresh(today: date) -> Cast:
    """A cast of which nothing was ever told, by the operating system's chance."""
    return Cast(
        tag=f"thu-{secrets.token_hex(TAG_BYTES)}",
        person_id=PersonId(str(uuid4())),
        vkey=str(SigningKey.generate(NOBODYS_KEY).verifier),
        today=today,
    )

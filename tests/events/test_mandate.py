"""Who may be given which role, over what, until when."""

from datetime import date

import pytest

from events.geography import UnknownUnitAtDate
from events.identity import OrganisationId
from events.mandate import (
    MANDATE,
    Bounds,
    ConfirmMandate,
    MandateConfirmed,
    MandateDiffers,
    MandateId,
    MandateIsRevoked,
    MandateOver,
    MandateProposed,
    MandateRevoked,
    MandateUnbounded,
    PrincipalId,
    ProposeMandate,
    RevokeMandate,
    UnknownMandate,
)
from events.text import InvalidText
from events.vocabulary import Role
from tests.spec import Spec
from tests.world import CENTRE, LAO_CAI_NOW, NAM_DINH

check = Spec(MANDATE)
WHO, ONE = PrincipalId("o-1"), MandateId("g1")
BODY = OrganisationId("so-ct-36")


def propose(
    role: Role, bounds: Bounds | None = None, last_day: date | None = None
) -> ProposeMandate:
    return ProposeMandate(
        principal=WHO,
        mandate_id=ONE,
        role=role,
        organisation=BODY,
        bounds=bounds or Bounds(),
        last_day=last_day,
    )


def proposed(role: Role, bounds: Bounds | None = None) -> MandateProposed:
    return MandateProposed(
        principal=WHO,
        mandate_id=ONE,
        role=role,
        organisation=BODY,
        bounds=bounds or Bounds(),
        last_day=None,
    )


confirm = ConfirmMandate(principal=WHO, mandate_id=ONE)
confirmed = MandateConfirmed(principal=WHO, mandate_id=ONE)
revoke = RevokeMandate(principal=WHO, mandate_id=ONE, reason="chuyển công tác")
revoked = MandateRevoked(principal=WHO, mandate_id=ONE, reason="chuyển công tác")
AUDITOR = proposed(Role.AUDITOR)


def test_a_grant_is_proposed_and_confirmed() -> None:
    check(given=[], when=propose(Role.AUDITOR), then=[AUDITOR])
    check(given=[AUDITOR], when=confirm, then=[confirmed])
    check(given=[AUDITOR, confirmed], when=confirm, then=[])


def test_the_same_proposal_is_already_so_and_another_is_refused() -> None:
    check(given=[AUDITOR], when=propose(Role.AUDITOR), then=[])
    check(
        given=[AUDITOR],
        when=propose(Role.ACCOUNTANT),
        then=MandateDiffers(principal=WHO, mandate_id=ONE),
    )


def test_what_nobody_proposed_is_not_confirmed() -> None:
    check(given=[], when=confirm, then=UnknownMandate(principal=WHO, mandate_id=ONE))
    check(given=[], when=revoke, then=UnknownMandate(principal=WHO, mandate_id=ONE))


def test_what_was_revoked_does_not_come_back() -> None:
    check(given=[AUDITOR, confirmed], when=revoke, then=[revoked])
    check(given=[AUDITOR, revoked], when=revoke, then=[])
    check(
        given=[AUDITOR, revoked], when=confirm, then=MandateIsRevoked(principal=WHO, mandate_id=ONE)
    )


def test_a_revocation_says_why() -> None:
    command = RevokeMandate(principal=WHO, mandate_id=ONE, reason=" ")
    check(given=[AUDITOR], when=command, then=InvalidText(field="reason"))


IN_PROVINCE, OF_CENTRE = Bounds(province=NAM_DINH), Bounds(centre=CENTRE)


@pytest.mark.parametrize(
    ("role", "bounds"),
    [
        (Role.OPERATOR, IN_PROVINCE),
        (Role.CENTRE_MANAGER, OF_CENTRE),
        (Role.APPROVER, Bounds()),
        (Role.APPROVER, OF_CENTRE),
        (Role.INTEGRATOR, IN_PROVINCE),
    ],
)
def test_a_role_has_its_bounds(role: Role, bounds: Bounds) -> None:
    then = [proposed(role, bounds)]
    check(given=[], when=propose(role, bounds), then=then, on=date(2019, 1, 1))


@pytest.mark.parametrize(
    ("role", "bounds", "wanted"),
    [
        (Role.PUBLIC, Bounds(), "never"),
        (Role.OPERATOR, Bounds(), "a province"),
        (Role.OPERATOR, OF_CENTRE, "a province"),
        (Role.CENTRE_MANAGER, IN_PROVINCE, "a centre"),
        (Role.AUDITOR, IN_PROVINCE, "none"),
        (Role.ADMIN, OF_CENTRE, "none"),
        (
            Role.INTEGRATOR,
            Bounds(province=NAM_DINH, centre=CENTRE),
            "a centre or a province or none",
        ),
    ],
)
def test_other_bounds_are_refused(role: Role, bounds: Bounds, wanted: str) -> None:
    check(
        given=[],
        when=propose(role, bounds),
        then=MandateUnbounded(role=role, wanted=wanted),
    )


def test_a_province_stands_on_the_day_of_the_grant() -> None:
    check(
        given=[],
        when=propose(Role.OPERATOR, Bounds(province=LAO_CAI_NOW)),
        then=UnknownUnitAtDate(
            province_code="15", valid_from=date(2025, 7, 1), on=date(2019, 1, 1)
        ),
        on=date(2019, 1, 1),
    )


def test_a_grant_does_not_end_before_it_begins() -> None:
    day = date(2018, 1, 1)
    check(given=[], when=propose(Role.AUDITOR, last_day=day), then=MandateOver(last_day=day))

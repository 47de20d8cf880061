"""Whose it is to say what becomes of a scheme: its centre; a province appraises for its own."""

from typing import Any

from events.envelope import Jurisdiction
from events.identity import OrganisationId, ProvinceRef
from events.jurisdiction import OutsideJurisdiction, checked_within
from events.organisation import ORGANISATION, Organisation
from events.organisation import stream as organisation_stream
from events.rules import Occasion
from events.scheme import SCHEME
from events.vocabulary import AdjustmentKind
from tests.events.test_organisation import served
from tests.events.test_scheme_adjustment import adjust
from tests.events.test_scheme_appraisal import (
    at_grassroots,
    at_ministry,
    reject,
    resubmit,
    send_back,
)
from tests.events.test_scheme_contract import amend, liquidate, sign
from tests.events.test_scheme_halt import CUC, complete, release, resume, stop, suspend
from tests.events.test_scheme_supplement import SUPPLEMENT
from tests.spec import ON, TODAY, fold
from tests.world import CENTRE, NAM_DINH, YEN_BAI, assigned, centre, proposed

ON_COURSE: list[Any] = [
    adjust(AdjustmentKind.PARTNER, CUC, implementer=CENTRE),
    SUPPLEMENT,
    sign,
    amend,
    liquidate,
    at_ministry,
    send_back,
    resubmit,
    reject,
    suspend,
    resume,
    stop,
    complete,
    release,
]


def reaches(
    state: object,
    *provinces: ProvinceRef,
    centre: OrganisationId | None = None,
    serving: Organisation | None = None,
) -> bool:
    within = Jurisdiction(provinces=frozenset(provinces), organisation=centre)
    neighbours = {organisation_stream(CENTRE): serving}
    occasion = Occasion(effective_on=ON, today=TODAY, neighbours=neighbours)
    try:
        checked_within(within, at_grassroots, state, occasion)
    except OutsideJurisdiction:
        return False
    return True


def test_a_province_appraises_a_proposal_for_its_own_facilities_first() -> None:
    chosen = fold(SCHEME, [proposed, assigned])
    assert reaches(chosen, NAM_DINH)
    assert reaches(chosen, centre=CENTRE)
    assert not reaches(chosen, YEN_BAI, centre=OrganisationId("centre-2"))
    assert not reaches(fold(SCHEME, [proposed]), NAM_DINH)
    assert not reaches(None, NAM_DINH)


def test_a_province_appraises_first_what_the_centre_that_serves_it_is_to_carry_out() -> None:
    serving = fold(ORGANISATION, [centre, served(NAM_DINH)])
    before = fold(SCHEME, [proposed])
    assert reaches(before, NAM_DINH, serving=serving)
    assert not reaches(before, YEN_BAI, serving=serving)

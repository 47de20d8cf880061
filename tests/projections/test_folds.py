"""What each fact does to each read model: pure, no database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentInstalled,
    FacilityClosed,
    FacilityRelocated,
    FacilityUpdated,
)
from events.identity import (
    OrganisationId,
    PeriodCode,
    PersonId,
    ProvinceRef,
    SourceId,
)
from events.money import Figure
from events.organisation import CentreTerritorySet, OrganisationRegistered
from events.personal import Imprint
from events.scheme.facts import (
    CriteriaEvaluated,
)
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from events.vocabulary import (
    Criterion,
    ErasureGround,
    FundingSource,
    Measure,
    OrganisationKind,
    SchemeClass,
    Verdict,
)
from projections.beneficiary import beneficiary
from projections.commitment import CommitmentStatus, commitment
from projections.contact import ContactStatus, contact
from projections.criterion import criterion
from projections.entry import EntryKind, entry
from projections.equipment import equipment
from projections.facility import FacilityStatus, facility
from projections.organisation import organisation, territory
from projections.payment import PaymentKind, payment
from projections.period import period
from projections.projection import MissingRowError, Projection, Row
from projections.replay import Replay
from projections.scheme import SchemeStatus, ceiling, scheme
from projections.source import figure, source
from tests.projections.facts import (
    ACCEPTED,
    ADVANCED,
    APPROVED,
    BEFORE,
    CANCELLED,
    COMMITTED,
    DAY,
    DISBURSED,
    FACILITY,
    HA_NOI,
    OPENED,
    PLEDGED,
    PROPOSED,
    REDUCED,
    REGISTERED,
    REVERSED,
    SCHEME,
    SETTLED,
    YEN_BAI,
    played,
)


def only(replay: Replay, projection: Projection) -> Any:
    (row,) = replay.table(projection).values()
    return row


def rows(replay: Replay, projection: Projection) -> list[Row]:
    return list(replay.table(projection).values())


def test_a_period_is_as_it_was_opened() -> None:
    row = only(played(OPENED), period)
    assert (row.code, row.ends_on, row.synthetic) == ("2018-2020", date(2020, 12, 31), True)


def test_a_body_is_found_without_diacritics_and_sorted_as_vietnamese_sorts() -> None:
    kind = OrganisationKind.CENTRE
    name = "Trung tâm Đông"
    registered = OrganisationRegistered(organisation_id=OrganisationId("o"), name=name, kind=kind)
    row = only(played(registered), organisation)
    assert row.name_fold == "trung tam dong"
    assert row.name_sort


def test_a_territory_set_again_replaces_the_one_before() -> None:
    def serves(*provinces: ProvinceRef) -> CentreTerritorySet:
        return CentreTerritorySet(organisation_id=OrganisationId("o"), provinces=provinces)

    replay = played(serves(YEN_BAI), serves(HA_NOI))
    assert only(replay, territory).province_code == "01"
    assert rows(played(serves(YEN_BAI), serves()), territory) == []


def test_a_facility_keeps_what_an_update_does_not_mention() -> None:
    update = FacilityUpdated(
        facility_id=FACILITY, name="May Ý Yên 2", sector=None, capacity=None, ownership=None
    )
    row = only(played(REGISTERED, update), facility)
    assert (row.name, row.sector_code, row.status) == ("May Ý Yên 2", "1410", FacilityStatus.OPEN)


def test_a_facility_that_moved_and_closed_says_where_and_when() -> None:
    moved = FacilityRelocated(facility_id=FACILITY, province=HA_NOI, address=None)
    closed = FacilityClosed(facility_id=FACILITY, reason="giải thể")
    row = only(played(REGISTERED, moved, closed), facility)
    assert (row.province_code, row.address) == ("01", None)
    assert (row.status, row.closed_on) == (FacilityStatus.CLOSED, DAY)


def test_machines_are_lots_by_the_event_that_tells_of_them() -> None:
    lot = EquipmentInstalled(
        facility_id=FACILITY, name="máy may", origin=None, made_in=2018, quantity=5, value=None
    )
    assert [row[1] for row in rows(played(REGISTERED, lot, lot), equipment)] == [2, 3]


def test_a_contact_is_an_id_with_imprints_and_stays_when_it_is_erased() -> None:
    person = PersonId("0f9c2b1e-6c1d-4b7a-9d61-0a3f5c9e7b21")
    recorded = ContactRecorded(
        facility_id=FACILITY, person_id=person, imprints=(Imprint(field="name", hmac="ab"),)
    )
    erased = ContactErased(facility_id=FACILITY, person_id=person, ground=ErasureGround.REQUEST)
    before = only(played(REGISTERED, recorded), contact)
    assert (before.name_imprint, before.phone_imprint) == ("ab", None)
    assert (before.status, before.position, before.erased_on) == (ContactStatus.KEPT, 2, None)
    after = only(played(REGISTERED, recorded, erased), contact)
    assert after == before._replace(status=ContactStatus.ERASED, erased_on=DAY)


def test_a_scheme_is_approved_with_its_ceilings() -> None:
    replay = played(PROPOSED, APPROVED)
    row = only(replay, scheme)
    assert (row.status, row.approved_on) == (SchemeStatus.APPROVED, DAY)
    assert row.legal_regime == ("TT 28/2018/TT-BTC",)
    assert [each.amount for each in replay.table(ceiling).values()] == [900, 800]


def test_a_beneficiary_stays_as_it_was_chosen_wherever_the_facility_moves() -> None:
    moved = FacilityRelocated(facility_id=FACILITY, province=HA_NOI, address=None)
    row = only(played(*BEFORE, moved), beneficiary)
    assert (row.province_code, row.scheme_class) == ("15", SchemeClass.FOCAL)


def test_a_commitment_adds_up_what_becomes_of_it() -> None:
    replay = played(*BEFORE, COMMITTED, ADVANCED, REVERSED, REDUCED, ACCEPTED, DISBURSED, SETTLED)
    row = only(replay, commitment)
    assert (row.committed, row.taken_back) == (300, 20)
    assert (row.advanced, row.disbursed, row.reversed) == (100, 150, 40)
    assert (row.accepted_value, row.settled) == (990, 210)
    assert row.status is CommitmentStatus.SETTLED
    assert (row.province_code, row.period) == ("15", "2018-2020")


def test_what_is_not_known_yet_is_null_and_not_nothing() -> None:
    row = only(played(*BEFORE, COMMITTED), commitment)
    assert (row.accepted_value, row.settled) == (None, None)


def test_a_cancelled_commitment_has_nothing_left() -> None:
    row = only(played(*BEFORE, COMMITTED, REDUCED, CANCELLED), commitment)
    assert (row.committed - row.taken_back, row.status) == (0, CommitmentStatus.CANCELLED)


def test_a_payment_stays_and_says_what_was_taken_back() -> None:
    replay = played(*BEFORE, COMMITTED, ADVANCED, DISBURSED, REVERSED)
    advance, disbursement = (each for each in replay.table(payment).values())
    assert (advance.kind, advance.amount, advance.reversed) == (PaymentKind.ADVANCE, 100, 40)
    assert (disbursement.final, disbursement.reversed) == (True, 0)


@pytest.mark.parametrize(
    ("fact", "kind", "amount"),
    [
        (COMMITTED, EntryKind.COMMITMENT, 300),
        (REDUCED, EntryKind.REDUCTION, -20),
        (CANCELLED, EntryKind.CANCELLATION, -280),
        (ADVANCED, EntryKind.ADVANCE, 100),
        (DISBURSED, EntryKind.DISBURSEMENT, 150),
        (REVERSED, EntryKind.REVERSAL, -40),
        (SETTLED, EntryKind.SETTLEMENT, 210),
    ],
)
def test_every_posting_is_a_line_with_its_sign(fact: Any, kind: EntryKind, amount: int) -> None:
    before = () if fact is COMMITTED else (COMMITTED, ADVANCED)[: 1 if fact is ADVANCED else 2]
    replay = played(*BEFORE, *before, fact)
    line: Any = rows(replay, entry)[-1]
    assert (line.kind, line.amount, line.position) == (kind, amount, replay.position)
    assert (line.facility_id, line.province_code) == (FACILITY, "15")


def test_a_pledge_is_counterpart_and_belongs_to_no_commitment() -> None:
    line = only(played(*BEFORE, PLEDGED), entry)
    assert (line.kind, line.source) == (EntryKind.PLEDGE, FundingSource.COUNTERPART)
    assert (line.commitment_id, line.amount) == (None, 700)


def test_acceptance_is_no_money() -> None:
    assert len(rows(played(*BEFORE, COMMITTED, ACCEPTED), entry)) == 1


def test_a_criterion_shows_the_last_verdict() -> None:
    judged = CriteriaEvaluated(
        scheme_id=SCHEME,
        criterion=Criterion.SCALE,
        verdict=Verdict.NOT_MET,
        rule_version="TT 17/2018",
        evidence="báo cáo",
        source=SourceId("bai-bao"),
    )
    replay = played(*BEFORE, judged, replace(judged, verdict=Verdict.MET))
    assert only(replay, criterion).verdict is Verdict.MET


def test_a_document_and_its_figures_are_kept_apart_from_money() -> None:
    document = SourceDocumentRegistered(
        source_id=SourceId("bai-bao"),
        title="Bài báo",
        publisher="Báo",
        author=None,
        published_at=datetime(2020, 11, 6, tzinfo=UTC),
        sha256="0" * 64,
    )
    reported = ReportedFigureRecorded(
        source_id=SourceId("bai-bao"),
        period=PeriodCode("2018-2020"),
        measure=Measure.TOTAL_FUNDING,
        value=Figure(181_946_900_000),
        quote="181 tỷ 946,9 triệu đồng",
    )
    replay = played(document, reported)
    assert only(replay, source).author is None
    assert only(replay, figure).value == 181_946_900_000
    assert rows(replay, entry) == []


def test_a_payment_on_a_commitment_that_was_never_made_is_no_line() -> None:
    """The rules do not let it happen; if it did, it would not be passed over."""
    with pytest.raises(MissingRowError):
        played(*BEFORE, ADVANCED)

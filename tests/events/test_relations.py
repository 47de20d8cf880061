"""Relations between facts: what an event rests on, what followed, what takes it back."""

from collections.abc import Mapping
from random import Random
from typing import Any

from events.envelope import Recorded
from events.relations import Links, links
from tests import histories


def streams(seed: int) -> Mapping[str, list[Recorded[Any]]]:
    """A random history, by stream."""
    found: dict[str, list[Recorded[Any]]] = {}
    for each in histories.tell(Random(seed), 400).recorded:
        found.setdefault(each.stream, []).append(each)
    return found


def linked(seed: int) -> list[tuple[list[Recorded[Any]], Links]]:
    return [(events, links(events)) for events in streams(seed).values()]


def test_what_an_event_rests_on_was_recorded_before_it_in_its_stream() -> None:
    for events, found in linked(1):
        there = {each.position for each in events}
        for effect, cause in found.causes.items():
            assert cause < effect
            assert {cause, effect} <= there


BEGIN_ANYWHERE = {
    "AuditFindingRecorded",
    "BudgetYearClosed",
    "EvaluationConferenceHeld",
    "MandateProposed",
    "SupportCapSet",
    "AdvanceLimitSet",
    "EligiblePlaceSet",
    "SectorCodesIssued",
    "ProvinceEstablished",
    "ProvinceMerged",
    "ProvinceRenamed",
}
"""What rests on nothing, wherever in its stream it stands."""


def test_every_event_but_the_first_rests_on_another() -> None:
    """By following causes one always comes to the first of the stream, or to a proposed role."""
    for events, found in linked(2):
        kinds = {each.position: each.type for each in events}
        for each in events[1:]:
            at = each.position
            while at in found.causes:
                at = found.causes[at]
            begins = at == events[0].position or kinds[at] in BEGIN_ANYWHERE
            assert begins, (each.stream, each.type)


def test_effects_are_causes_the_other_way_round() -> None:
    for events, found in linked(3):
        for each in events:
            for effect in found.effects(each.position):
                assert found.causes[effect] == each.position


TAKING_BACK = (
    "PaymentReversed",
    "PriorPeriodAdjusted",
    "CommitmentReduced",
    "CommitmentCancelled",
)


def test_a_reversal_corrects_the_payment_that_it_names() -> None:
    seen = 0
    for events, found in linked(4):
        by_position = {each.position: each for each in events}
        for position in found.corrected:
            correction, corrected = by_position[position], by_position[found.causes[position]]
            match correction.type:
                case "PaymentReversed" | "PriorPeriodAdjusted":
                    assert corrected.type in {"AdvancePaid", "DisbursementPaid"}
                    assert correction.fact.payment_id == corrected.fact.payment_id
                case "EntryCorrected":
                    assert correction.fact.corrects_version == corrected.version
                case _:
                    assert corrected.type == "SupportCommitted"
                    assert correction.fact.commitment_id == corrected.fact.commitment_id
            seen += 1
        kinds = {*TAKING_BACK, "EntryCorrected"}
        assert {e.position for e in events if e.type in kinds} == found.corrected
    assert seen > 5

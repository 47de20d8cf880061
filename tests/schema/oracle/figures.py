"""Figures of a diff once more, the long way: the rows at one end beside the rows at the other.

The SQL walks the versions in between; here every position in between is looked at by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tests.schema.oracle.rows import ENTRY, EVENT, Moment, Row, Values, World

MEASURES: Sequence[tuple[str, dict[str, int]]] = (
    ("COUNTERPART", {"PLEDGE": 1}),
    ("COMMITTED", {"COMMITMENT": 1}),
    ("TAKEN_BACK", {"REDUCTION": -1, "CANCELLATION": -1}),
    ("GRANT", {"COMMITMENT": 1, "REDUCTION": 1, "CANCELLATION": 1}),
    ("ADVANCED", {"ADVANCE": 1}),
    ("DISBURSED", {"DISBURSEMENT": 1}),
    ("REVERSED", {"REVERSAL": -1}),
    ("PAID", {"ADVANCE": 1, "DISBURSEMENT": 1, "REVERSAL": 1}),
    ("SETTLED", {"SETTLEMENT": 1}),
)
COUNTED: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("FACILITIES", "model.facility", ("facility_id",)),
    ("SCHEMES", "model.scheme", ("scheme_id",)),
    ("BENEFICIARIES", "model.beneficiary", ("scheme_id", "facility_id")),
    ("COMMITMENTS", "model.commitment", ("scheme_id", "commitment_id")),
    ("PAYMENTS", "model.payment", ("scheme_id", "payment_id")),
)
STATED = (COUNTED[0], COUNTED[1], COUNTED[3])


def figures_between(world: World, row: Row, _args: Values) -> list[Values]:
    """Every measure of everything, if it differs."""
    found = [*_money(world, row), *_counts(world, row)]
    return [{**_span(row), **each} for each in found if each["before"] != each["after"]]


def statuses_between(world: World, row: Row, _args: Values) -> list[Values]:
    """Everything with a status, if it differs."""
    found: list[Values] = []
    for _, table, key in STATED:
        walked = _walked(world, row, table, key, lambda each: each["status"])
        for name, states in walked.items():
            steps = [at for at, (was, now) in states[1:] if was != now and now is not None]
            before, after = states[0][1][1], states[-1][1][1]
            if before != after:
                subject = f"{table.removeprefix('model.')}-{'/'.join(name)}"
                found.append(
                    {
                        **_span(row),
                        "subject_id": subject,
                        "before": before,
                        "after": after,
                        "positions": steps,
                    }
                )
    return found


def recorded_between(world: World, row: Row, _args: Values) -> list[Values]:
    """Everything that was recorded, with its marks."""
    first, last = row.values["from_position"], row.values["to_position"]
    events = world.at(EVENT, row.moment)
    return [_marked(world, row, e) for e in events if first < e["position"] <= last]


def events_of(world: World, row: Row, _args: Values) -> list[Values]:
    """The events of one figure."""
    wanted = set(row.values["positions"])
    return [_marked(world, row, e) for e in world.at(EVENT, row.moment) if e["position"] in wanted]


def _money(world: World, row: Row) -> Iterator[Values]:
    first, last = row.values["from_position"], row.values["to_position"]
    entries = [e for e in world.at(ENTRY, row.moment) if e["position"] <= last]
    for place, (measure, signs) in enumerate(MEASURES, 1):
        for about, its in _by_subject(e for e in entries if e["kind"] in signs):
            amounts = [(e["position"], signs[e["kind"]] * e["amount"]) for e in its]
            before = sum(amount for at, amount in amounts if at <= first)
            after = sum(amount for _, amount in amounts)
            moved = [at for at, _ in amounts if at > first]
            yield _figure(place, measure, about, before, after, moved)


def _counts(world: World, row: Row) -> Iterator[Values]:
    for place, (measure, table, key) in enumerate(COUNTED, len(MEASURES) + 1):
        walked = _walked(world, row, table, key, lambda _: True)
        of_scheme = key[0] == "scheme_id" and len(key) > 1
        abouts = {"", *(name[0] for name in walked if of_scheme)}
        for about in abouts:
            its = [states for name, states in walked.items() if about in {"", name[0]}]
            before = sum(bool(states[0][1][1]) for states in its)
            after = sum(bool(states[-1][1][1]) for states in its)
            moved = [at for states in its for at, (was, now) in states[1:] if was != now]
            yield _figure(place, measure, about, before, after, moved)


def _walked(
    world: World, row: Row, table: str, key: tuple[str, ...], of: Callable[[Values], Any]
) -> dict[tuple[str, ...], list[tuple[int, tuple[Any, Any]]]]:
    """What is said of each row at the first position, and at each later one: then and now."""
    first = row.values["from_position"]
    last = max(row.values["to_position"], first)
    names: set[tuple[str, ...]] = set()
    told: list[tuple[int, dict[tuple[str, ...], Any]]] = []
    for at in range(first, last + 1):
        rows = world.at(table, Moment(at, row.moment.effective))
        said = {tuple(each[name] for name in key): of(each) for each in rows}
        names |= said.keys()
        told.append((at, said))
    walked: dict[tuple[str, ...], list[tuple[int, tuple[Any, Any]]]] = {}
    for name in names:
        states: list[tuple[int, tuple[Any, Any]]] = []
        was = None
        for at, said in told:
            states.append((at, (was, said.get(name))))
            was = said.get(name)
        walked[name] = states
    return walked


def _by_subject(entries: Iterable[Values]) -> Iterator[tuple[str, list[Values]]]:
    found: dict[str, list[Values]] = {}
    for each in entries:
        scheme, commitment = each["scheme_id"], each["commitment_id"]
        for about in ("", scheme, *([f"{scheme}/{commitment}"] if commitment else [])):
            found.setdefault(about, []).append(each)
    yield from found.items()


def _figure(
    place: int, measure: str, about: str, before: int, after: int, positions: list[int]
) -> Values:
    kind = "commitment" if "/" in about else "scheme"
    return {
        "place": place,
        "measure": measure,
        "about": about,
        "subject_id": f"{kind}-{about}" if about else None,
        "before": before,
        "after": after,
        "change": after - before,
        "positions": positions,
    }


def _marked(world: World, row: Row, event: Values) -> Values:
    day = row.values["from_day"]
    is_late = day is not None and event["effective_on"] <= day
    return {**event, "is_late": is_late, "corrected": _corrected(world, event)}


def _corrected(world: World, event: Values) -> int | None:
    said = event["document"]["data"]
    match event["type"]:
        case "PaymentReversed":
            types, name = {"AdvancePaid", "DisbursementPaid"}, "paymentId"
        case "CommitmentReduced" | "CommitmentCancelled":
            types, name = {"SupportCommitted"}, "commitmentId"
        case _:
            return None
    return next(
        each["position"]
        for each in world.tables[EVENT]
        if each["stream"] == event["stream"]
        and each["type"] in types
        and each["document"]["data"][name] == said[name]
    )


def _span(row: Row) -> Values:
    return {name: row.values[name] for name in ("from_position", "to_position", "from_day")}

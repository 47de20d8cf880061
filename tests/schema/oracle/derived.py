"""Everything that the schema says in SQL of its own, written here once more in Python.

`VALUES` are the expressions, `ROWS` the sub-selects that relations read instead of a table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from events.dates import VIETNAM
from tests.schema.oracle import judged, plan, reference, sealed
from tests.schema.oracle.figures import (
    events_of,
    figures_between,
    posted,
    recorded_between,
    restated_between,
    statuses_between,
    vietnams_day,
)
from tests.schema.oracle.rows import (
    ENTRY,
    EVENT,
    FOREVER,
    Moment,
    Row,
    Values,
    World,
    today,
)

GRANTED = {"COMMITMENT", "REDUCTION", "CANCELLATION", "REALLOCATION_OUT", "REALLOCATION_IN"}
PAID = {"ADVANCE", "DISBURSEMENT", "REVERSAL"}


def flows(entries: Sequence[Values]) -> dict[str, int]:
    """The money of entries."""

    def of(kinds: Iterable[str]) -> int:
        return sum(each["amount"] for each in entries if each["kind"] in kinds)

    return {
        "total": of({"PLEDGE", *GRANTED}),
        "grant": of(GRANTED),
        "counterpart": of({"PLEDGE"}),
        "disbursed": of(PAID),
        "settled": of({"SETTLEMENT"}),
        "entry_count": len(entries),
    }


def survivors(world: World, moment: Moment, ids: Iterable[str | None]) -> int:
    """How many facilities stand behind these ids: what was merged into another is that other."""
    merged = {
        each["facility_id"]: each["merged_into"]
        for each in world.at("model.facility", moment)
        if each["merged_into"] is not None
    }
    found: set[str] = set()
    for each in set(ids) - {None}:
        assert each is not None
        there = each
        while there in merged:
            there = merged[there]
        found.add(there)
    return len(found)


def sums(world: World, moment: Moment, entries: Sequence[Values]) -> dict[str, Any]:
    """All that is said of entries together."""
    promised = {(each["scheme_id"], each["commitment_id"]) for each in entries}
    return {
        **flows(entries),
        "facilities": survivors(world, moment, (each["facility_id"] for each in entries)),
        "schemes": len({each["scheme_id"] for each in entries} - {None}),
        "recovered": -sum(each["amount"] for each in entries if each["kind"] == "RECOVERY"),
        "invested": sum(each["amount"] for each in entries if each["kind"] == "INVESTMENT"),
        "commitments": sum(commitment is not None for _, commitment in promised),
    }


def _ratio(part: str, whole: str) -> Callable[[World, Row, Values], Fraction | None]:
    def ratio(_world: World, row: Row, _args: Values) -> Fraction | None:
        return Fraction(row.values[part], row.values[whole]) if row.values[whole] else None

    return ratio


def _text(pattern: str) -> Callable[[World, Row, Values], str]:
    return lambda _world, row, _args: pattern.format(**row.values)


def _number(of: Callable[[Values], Any]) -> Callable[[World, Row, Values], Any]:
    return lambda _world, row, _args: of(row.values)


def _scheme_count(world: World, row: Row, args: Values) -> int:
    wanted = getattr(args.get("class"), "name", None)
    return sum(
        each["approved_on"] is not None and wanted in {None, each["scheme_class"]}
        for each in world.find("model.scheme", row.moment, {"period": row.values["code"]})
    )


def _facility_count(world: World, row: Row, _args: Values) -> int:
    found = world.find("model.beneficiary", row.moment, {"period": row.values["code"]})
    return survivors(world, row.moment, (each["facility_id"] for each in found))


VALUES: Mapping[str, Callable[[World, Row, Values], Any]] = {
    "ProposedStep.waitsFor": _number(
        lambda row: ["APPROVER"] if row["status"] == "WAITING" else []
    ),
    "Event.id": _text("event-{position}"),
    "Event.leaf": _number(lambda row: row["leaf"].hex()),
    "Event.body": _number(lambda row: row["body"].decode()),
    "Entry.id": _text("entry-{position}"),
    "Period.id": _text("period-{code}"),
    "Period.schemeCount": _scheme_count,
    "Period.facilityCount": _facility_count,
    "Scheme.id": _text("scheme-{scheme_id}"),
    "Organisation.id": _text("organisation-{organisation_id}"),
    "Province.id": _text("province-{code}-{valid_from}"),
    "Province.validTo": _number(
        lambda row: None if row["valid_to"] == FOREVER else row["valid_to"]
    ),
    "Facility.id": _text("facility-{facility_id}"),
    "Facility.vsic": _text("{sector_version}:{sector_code}"),
    "Sector.id": _text("sector-{code}"),
    "Source.id": _text("source-{source_id}"),
    "Evaluation.id": _text("evaluation-{evaluation_id}"),
    "Beneficiary.id": _text("beneficiary-{scheme_id}/{facility_id}"),
    "Commitment.id": _text("commitment-{scheme_id}/{commitment_id}"),
    "Commitment.amount": _number(lambda row: row["committed"] - row["taken_back"]),
    "Commitment.paid": _number(lambda row: row["advanced"] + row["disbursed"] - row["reversed"]),
    "Commitment.undisbursed": _number(
        lambda row: (
            (row["committed"] - row["taken_back"])
            - (row["advanced"] + row["disbursed"] - row["reversed"])
        )
    ),
    "Commitment.recoverable": _number(
        lambda row: row["claimed"] - row["recovered"] - row["written_off"]
    ),
    "Recovery.id": _text("recovery-{scheme_id}/{recovery_id}"),
    "Recovery.outstanding": _number(
        lambda row: row["amount"] - row["received"] - row["written_off"]
    ),
    "TrialBalance.balance": _number(lambda row: row["debit"] - row["credit"]),
    "Mandate.id": _text("{principal}/{mandate_id}"),
    "Payment.id": _text("payment-{scheme_id}/{payment_id}"),
    **sealed.VALUES,
    **reference.VALUES,
    **plan.VALUES,
    "LedgerHead.position": lambda _world, row, _args: row.moment.position,
    **{
        f"{type_}.{name}": compute
        for type_ in ("Totals", "GroupTotals")
        for name, compute in {
            "undisbursed": _number(lambda row: row["grant"] - row["disbursed"]),
            "leverage": _ratio("counterpart", "grant"),
            "leverageInvested": _ratio("invested", "grant"),
            "disbursementRate": _ratio("disbursed", "grant"),
            "shareOfTotal": _ratio("total", "whole_total"),
            "shareOfGrant": _ratio("grant", "whole_grant"),
        }.items()
    },
}


def _mapped(
    world: World, found: Iterable[Values], day: date | None, moment: Moment
) -> dict[Any, Values]:
    """The distinct provinces of some rows, on a map."""
    became = (world.became(each, day, moment) for each in found)
    return {(each["code"], each["valid_from"]): each for each in became if each}


def _served(world: World, row: Row, period: str) -> list[Values]:
    schemes = world.find("model.scheme", row.moment, {"period": period})
    centres = {each["implementer"] for each in schemes}
    territory = world.at("model.territory", row.moment)
    return [each for each in territory if each["organisation_id"] in centres]


def _coverage(world: World, row: Row, args: Values) -> list[Values]:
    map_ = getattr(args.get("geography"), "name", "AT_EVENT")
    day = today() if map_ == "TODAY" else None
    period = row.values["code"]
    chosen = world.find("model.beneficiary", row.moment, {"period": period})
    covered = _mapped(world, chosen, day, row.moment).values()
    names = [each["name"] for each in sorted(covered, key=lambda each: each["name_sort"])]
    of = len(_mapped(world, _served(world, row, period), day, row.moment))
    return [{"provinces": len(covered), "names": names, "of": of}]


def _derived(world: World, row: Row, figure: Values) -> int:
    of_period = {"period": figure["period"]}
    beneficiaries = world.find("model.beneficiary", row.moment, of_period)
    match figure["measure"]:
        case "TOTAL_FUNDING":
            return flows(world.find(ENTRY, row.moment, of_period))["total"]
        case "SCHEMES":
            schemes = world.find("model.scheme", row.moment, of_period)
            return sum(s["scheme_class"] == "FOCAL" and bool(s["approved_on"]) for s in schemes)
        case "FACILITIES":
            return survivors(world, row.moment, (each["facility_id"] for each in beneficiaries))
        case "PROVINCES":
            return len(_mapped(world, beneficiaries, None, row.moment))
        case _:
            return len(_mapped(world, _served(world, row, figure["period"]), None, row.moment))


def _figures(column: str, own: str) -> Callable[[World, Row, Values], list[Values]]:
    def figures(world: World, row: Row, _args: Values) -> list[Values]:
        found = world.find("model.figure", row.moment, {column: row.values[own]})
        derived = [_derived(world, row, each) for each in found]
        return [
            {**each, "derived": count, "gap": each["value"] - count}
            for each, count in zip(found, derived, strict=True)
        ]

    return figures


def _territory(world: World, row: Row, _args: Values) -> list[Values]:
    same = {"organisation_id": row.values["organisation_id"]}
    found = world.find("model.territory", row.moment, same)
    return list(_mapped(world, found, None, row.moment).values())


def _between(found: Iterable[Values], row: Row) -> list[Values]:
    first, last = row.values["from_position"], row.values["to_position"]
    return [each for each in found if first < each["position"] <= last]


def _diff(world: World, row: Row, args: Values) -> list[Values]:
    head, to, after = row.moment.position, args.get("to"), args.get("recordedAfter")
    known = max((last for at, last in world.commits if after and at <= after), default=0)
    first, last = min(max(args["from"], known), head), head if to is None else min(to, head)
    found = (each for each in world.tables[EVENT] if each["position"] == first)
    days = [each["recorded_at"].astimezone(VIETNAM).date() for each in found]
    days += [vietnams_day(after)] if after else []
    return [{"from_position": first, "to_position": last, "from_day": max(days, default=None)}]


def _flow(world: World, row: Row, _args: Values) -> list[Values]:
    moved = flows(_between(world.at(ENTRY, row.moment), row))
    return [{f"flow_{name}": value for name, value in moved.items()}]


def _changes(world: World, row: Row, _args: Values) -> list[Values]:
    written = defaultdict(list)
    for each in _between(world.tables[EVENT], row):
        written[each["stream"]].append(each["type"])
    return [
        {**row.values, "stream": stream, "events": len(types), "types": sorted(set(types))}
        for stream, types in written.items()
    ]


ROWS: Mapping[str, Callable[[World, Row, Values], list[Values]]] = {
    "Period.coverage": _coverage,
    "Period.criteria": judged.criteria("code"),
    "Evaluation.scorecard": judged.criteria("period"),
    "Evaluation.reconciliation": _figures("period", "period"),
    "Period.reportedFigures": _figures("period", "code"),
    "Source.figures": _figures("source_id", "source_id"),
    "Organisation.territory": _territory,
    "Query.ledger": lambda _world, _row, _args: [{}],
    "Query.diff": _diff,
    "Diff.flow": _flow,
    "Diff.changes": _changes,
    **sealed.ROWS,
    **reference.ROWS,
    "Diff.figures": figures_between,
    "Diff.restatements": restated_between,
    "Restatement.events": events_of,
    "Restatement.postings": posted,
    "Diff.statuses": statuses_between,
    "Diff.recorded": recorded_between,
    "FigureChange.events": events_of,
    "StatusChange.events": events_of,
}

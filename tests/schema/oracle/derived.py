"""Everything that the schema says in SQL of its own, written here once more in Python.

`VALUES` are the expressions, `ROWS` the sub-selects that relations read instead of a table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from events.dates import VIETNAM
from tests.schema.oracle import sealed
from tests.schema.oracle.figures import (
    events_of,
    figures_between,
    recorded_between,
    statuses_between,
)
from tests.schema.oracle.rows import ENTRY, EVENT, FOREVER, PROVINCE_AT, Row, Values, World, today

GRANTED = {"COMMITMENT", "REDUCTION", "CANCELLATION"}
PAID = {"ADVANCE", "DISBURSEMENT", "REVERSAL"}
CRITERIA = ("SCALE", "CONTENT", "LOCALITY", "TIME")


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


def sums(entries: Sequence[Values]) -> dict[str, Any]:
    """All that is said of entries together."""
    promised = {(each["scheme_id"], each["commitment_id"]) for each in entries}
    return {
        **flows(entries),
        "facilities": len({each["facility_id"] for each in entries} - {None}),
        "schemes": len({each["scheme_id"] for each in entries} - {None}),
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
        each["status"] != "PROPOSED" and wanted in {None, each["scheme_class"]}
        for each in world.find("model.scheme", row.moment, {"period": row.values["code"]})
    )


def _facility_count(world: World, row: Row, _args: Values) -> int:
    found = world.find("model.beneficiary", row.moment, {"period": row.values["code"]})
    return len({each["facility_id"] for each in found})


VALUES: Mapping[str, Callable[[World, Row, Values], Any]] = {
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
    "Mandate.id": _text("{principal}/{mandate_id}"),
    "Payment.id": _text("payment-{scheme_id}/{payment_id}"),
    **sealed.VALUES,
    "LedgerHead.position": lambda _world, row, _args: row.moment.position,
    **{
        f"{type_}.{name}": compute
        for type_ in ("Totals", "GroupTotals")
        for name, compute in {
            "undisbursed": _number(lambda row: row["grant"] - row["disbursed"]),
            "leverage": _ratio("counterpart", "grant"),
            "disbursementRate": _ratio("disbursed", "grant"),
            "shareOfTotal": _ratio("total", "whole_total"),
            "shareOfGrant": _ratio("grant", "whole_grant"),
        }.items()
    },
}


def _mapped(world: World, found: Iterable[Values], day: date | None) -> dict[Any, Values]:
    """The distinct provinces of some rows, on a map."""
    became = (world.became(each, day) for each in found)
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
    covered = sorted(_mapped(world, chosen, day).values(), key=lambda each: each["name_sort"])
    names = [each["name"] for each in covered]
    of = len(_mapped(world, _served(world, row, period), day))
    return [{"provinces": len(covered), "names": names, "of": of}]


def _criteria(world: World, row: Row, _args: Values) -> list[Values]:
    found = world.find("model.criterion", row.moment, {"period": row.values["code"]})
    judged = defaultdict(list)
    for each in found:
        judged[each["criterion"]].append(each["verdict"])
    return [
        {
            "period": row.values["code"],
            "criterion": criterion,
            "schemes": len(verdicts),
            "verdict": "MET" if set(verdicts) == {"MET"} else "NOT_MET",
            "place": CRITERIA.index(criterion),
        }
        for criterion, verdicts in judged.items()
    ]


def _derived(world: World, row: Row, figure: Values) -> int:
    of_period = {"period": figure["period"]}
    beneficiaries = world.find("model.beneficiary", row.moment, of_period)
    match figure["measure"]:
        case "TOTAL_FUNDING":
            return flows(world.find(ENTRY, row.moment, of_period))["total"]
        case "SCHEMES":
            schemes = world.find("model.scheme", row.moment, of_period)
            return sum(s["scheme_class"] == "FOCAL" and s["status"] != "PROPOSED" for s in schemes)
        case "FACILITIES":
            return len({each["facility_id"] for each in beneficiaries})
        case "PROVINCES":
            return len(_mapped(world, beneficiaries, None))
        case _:
            return len(_mapped(world, _served(world, row, figure["period"]), None))


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
    return list(_mapped(world, found, None).values())


def _today(world: World, row: Row, _args: Values) -> list[Values]:
    own = {"province_code": row.values["code"], "province_from": row.values["valid_from"]}
    became = world.became(own, today())
    return [became] if became else []


def _predecessors(world: World, row: Row, _args: Values) -> list[Values]:
    me = row.values["code"], row.values["valid_from"]
    were = {
        (each["code"], each["valid_from"])
        for each in world.tables[PROVINCE_AT]
        if (each["at_code"], each["at_valid_from"]) == me
    }
    found = (world.province(*each) for each in were - {me})
    return [each for each in found if each]


def _centres(world: World, row: Row, _args: Values) -> list[Values]:
    same = {"province_code": row.values["code"], "province_from": row.values["valid_from"]}
    serving = world.find("model.territory", row.moment, same)
    return [
        centre
        for each in serving
        for centre in world.find(
            "model.organisation", row.moment, {"organisation_id": each["organisation_id"]}
        )
    ]


def _between(found: Iterable[Values], row: Row) -> list[Values]:
    first, last = row.values["from_position"], row.values["to_position"]
    return [each for each in found if first < each["position"] <= last]


def _diff(world: World, row: Row, args: Values) -> list[Values]:
    head, to = row.moment.position, args.get("to")
    first, last = min(args["from"], head), head if to is None else min(to, head)
    found = (each for each in world.tables[EVENT] if each["position"] == first)
    days = [each["recorded_at"].astimezone(VIETNAM).date() for each in found]
    return [{"from_position": first, "to_position": last, "from_day": days[0] if days else None}]


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
    "Period.criteria": _criteria,
    "Period.reportedFigures": _figures("period", "code"),
    "Source.figures": _figures("source_id", "source_id"),
    "Organisation.territory": _territory,
    "Province.today": _today,
    "Province.predecessors": _predecessors,
    "Province.centres": _centres,
    "Query.ledger": lambda _world, _row, _args: [{}],
    "Query.diff": _diff,
    "Diff.flow": _flow,
    "Diff.changes": _changes,
    **sealed.ROWS,
    "Diff.figures": figures_between,
    "Diff.statuses": statuses_between,
    "Diff.recorded": recorded_between,
    "FigureChange.events": events_of,
    "StatusChange.events": events_of,
}

"""What the schema says in SQL of reference data, written here once more in Python."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.schema.oracle.rows import FOREVER, PROVINCE_AT, Row, Values, World, ends, today


def _valid_to(_world: World, row: Row, _args: Values) -> Any:
    end = row.values["valid_to"]
    return None if end == FOREVER else end


def _on(table: str) -> Callable[[World, Row, Values], list[Values]]:
    """Lines of the law in force on a day, on an activity where they are on one."""

    def lines(world: World, row: Row, args: Values) -> list[Values]:
        day, activity = args.get("on"), getattr(args.get("activity"), "name", None)
        return [
            each
            for each in world.at(table, row.moment)
            if activity in {None, each.get("activity")} and (day is None or _holds(each, day))
        ]

    return lines


def _holds(line: Values, day: date) -> bool:
    return bool(line["valid_from"] <= day and not ends(line["valid_to"], day))


def _advance_limit(world: World, row: Row, _args: Values) -> Any:
    promise = row.values
    left = promise["committed"] - promise["taken_back"]
    for each in world.at("model.advance_limit", row.moment):
        if each["activity"] == promise["activity"] and _holds(each, promise["committed_on"]):
            return left * each["share_pct"] // 100
    return None


def _names(world: World, row: Row, _args: Values) -> list[Values]:
    same = {"organisation_id": row.values["organisation_id"]}
    found = sorted(
        world.find("model.organisationname", row.moment, same), key=lambda each: each["named_on"]
    )
    days = [*(each["named_on"] for each in found[1:]), None]
    return [{**each, "renamed_on": day} for each, day in zip(found, days, strict=True)]


def _today(world: World, row: Row, _args: Values) -> list[Values]:
    own = {"province_code": row.values["code"], "province_from": row.values["valid_from"]}
    became = world.became(own, today(), row.moment)
    return [became] if became else []


def _predecessors(world: World, row: Row, _args: Values) -> list[Values]:
    me = row.values["code"], row.values["valid_from"]
    were = {
        (each["code"], each["valid_from"])
        for each in world.at(PROVINCE_AT, row.moment)
        if (each["at_code"], each["at_valid_from"]) == me
    }
    found = (world.province(*each, row.moment) for each in were - {me})
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


VALUES: Mapping[str, Callable[[World, Row, Values], Any]] = {
    "SupportCap.validTo": _valid_to,
    "AdvanceRule.validTo": _valid_to,
    "EligiblePlace.validTo": _valid_to,
    "Commitment.advanceLimit": _advance_limit,
}
ROWS: Mapping[str, Callable[[World, Row, Values], list[Values]]] = {
    "Query.supportCaps": _on("model.support_cap"),
    "Query.advanceLimits": _on("model.advance_limit"),
    "Query.eligiblePlaces": _on("model.eligible_place"),
    "Organisation.names": _names,
    "Province.today": _today,
    "Province.predecessors": _predecessors,
    "Province.centres": _centres,
}

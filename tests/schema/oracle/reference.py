"""What the schema says in SQL of reference data, written here once more in Python."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.schema.oracle.rows import FOREVER, PROVINCE_AT, Row, Values, World, ends, today


def _valid_to(_world: World, row: Row, _args: Values) -> Any:
    end = row.values["valid_to"]
    return None if end == FOREVER else end


def _support_caps(world: World, row: Row, args: Values) -> list[Values]:
    day, activity = args.get("on"), getattr(args.get("activity"), "name", None)
    return [
        each
        for each in world.at("model.support_cap", row.moment)
        if activity in {None, each["activity"]}
        and (day is None or (each["valid_from"] <= day and not ends(each["valid_to"], day)))
    ]


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


VALUES: Mapping[str, Callable[[World, Row, Values], Any]] = {"SupportCap.validTo": _valid_to}
ROWS: Mapping[str, Callable[[World, Row, Values], list[Values]]] = {
    "Query.supportCaps": _support_caps,
    "Organisation.names": _names,
    "Province.today": _today,
    "Province.predecessors": _predecessors,
    "Province.centres": _centres,
}

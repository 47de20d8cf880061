"""Verdicts on the schemes of a period, by criterion, written once more in Python."""

from collections import defaultdict
from collections.abc import Callable

from tests.schema.oracle.rows import Row, Values, World

CRITERIA = ("SCALE", "CONTENT", "LOCALITY", "TIME")


def criteria(own: str) -> Callable[[World, Row, Values], list[Values]]:
    return lambda world, row, _args: _judged(world, row, row.values[own])


def _judged(world: World, row: Row, period: str) -> list[Values]:
    found = world.find("model.criterion", row.moment, {"period": period})
    judged = defaultdict(list)
    for each in found:
        judged[each["criterion"]].append(each["verdict"])
    return [
        {
            "period": period,
            "criterion": criterion,
            "schemes": len(verdicts),
            "verdict": "MET" if set(verdicts) == {"MET"} else "NOT_MET",
            "place": CRITERIA.index(criterion),
        }
        for criterion, verdicts in judged.items()
    ]

"""What the schema says in SQL of annual plans, written here once more in Python."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from tests.schema.oracle.rows import ENTRY, Row, Values, World
from tests.schema.oracle.wire import MILLIONTHS

GRANTED = {"COMMITMENT", "REDUCTION", "CANCELLATION"}
PAID = {"ADVANCE", "DISBURSEMENT", "REVERSAL"}


def _of(row: Row) -> Values:
    return {name: row.values[name] for name in ("budget_year", "source")}


def _approved(world: World, row: Row, _args: Values) -> int:
    return sum(each["amount"] for each in world.find("model.ceiling", row.moment, _of(row)))


def _moved(kinds: set[str]) -> Callable[[World, Row, Values], int]:
    def moved(world: World, row: Row, _args: Values) -> int:
        found = world.find(ENTRY, row.moment, _of(row))
        return sum(each["amount"] for each in found if each["kind"] in kinds)

    return moved


def _rate(world: World, row: Row, args: Values) -> Fraction | None:
    assigned = row.values["assigned"]
    paid = _moved(PAID)(world, row, args)
    if not assigned:
        return None
    return Fraction((2 * paid * MILLIONTHS + assigned) // (2 * assigned), MILLIONTHS)


def _actual(world: World, row: Row, _args: Values) -> int | None:
    of = {"period": row.values["code"]}
    chosen = world.find("model.beneficiary", row.moment, of)
    match row.values["indicator"]:
        case "COVERAGE":
            return len({(each["province_code"], each["province_from"]) for each in chosen})
        case "SECTORS":
            return len({each["sector_group"] for each in chosen})
        case "TECHNOLOGY_TRANSFER":
            return sum(
                each["activity"].startswith("DEMO_MODEL") and each["status"] != "CANCELLED"
                for each in world.find("model.commitment", row.moment, of)
            )
        case _:
            return None


VALUES: Mapping[str, Callable[[World, Row, Values], Any]] = {
    "PeriodTarget.actual": _actual,
    "Plan.id": lambda _world, row, _args: f"plan-{row.values['budget_year']}",
    "Plan.unassigned": lambda _world, row, _args: row.values["amount"] - row.values["assigned"],
    "Plan.approved": _approved,
    "Plan.committed": _moved(GRANTED),
    "Plan.paid": _moved(PAID),
    "Plan.disbursementRate": _rate,
}

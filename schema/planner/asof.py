"""`asOf(position | recordedAt, effectiveOn, minPosition)`: the same graph at another moment."""

from schema.planner.arguments import Arguments
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import Compiles


def moment_of(compiler: Compiles, here: Moment, arguments: Arguments) -> Moment:
    """The moment that the arguments name; what they leave open stays as it is here."""
    position, effective = here.position, here.effective
    if not arguments.is_null("position") and not arguments.is_null("recordedAt"):
        code = "AS_OF_AMBIGUOUS"
        raise QueryRefusedError(
            code,
            "Give either a position or a recorded time, not both.",
            "Chỉ nêu vị trí hoặc thời điểm ghi sổ, không nêu cả hai.",
        )
    if not arguments.is_null("position"):
        read = arguments.getter("position")
        compiler.parameters.asked.append(read)
        position = arguments.parameter("position", "bigint")
    elif not arguments.is_null("recordedAt"):
        position = compiler.named(_recorded_by(arguments.parameter("recordedAt", "timestamptz")))
    if not arguments.is_null("minPosition"):
        compiler.parameters.awaited.append(arguments.getter("minPosition"))
    if not arguments.is_null("effectiveOn"):
        effective = arguments.parameter("effectiveOn", "date")
    return Moment(position, effective)


def _recorded_by(instant: str) -> str:
    return (
        "SELECT least((SELECT position FROM moment), coalesce((SELECT c.last_position"
        f" FROM ledger.commit AS c WHERE c.recorded_at <= {instant}"
        " ORDER BY c.recorded_at DESC LIMIT 1), 0)) AS position"
    )

"""How many rows are asked for, and the bounds of that."""

from typing import cast

from schema.planner.arguments import Arguments
from schema.planner.inputs import Getter
from schema.planner.refusals import QueryRefusedError
from schema.planner.source import PAGE_MAX


def length_of(name: str, arguments: Arguments, default: int) -> tuple[int | Getter, str]:
    """How many rows are asked for: a number or how to read it, and as SQL."""
    got = arguments.given_input(name)
    if got is None:
        return default, str(default)
    if got.is_constant or got.said is not None:
        length = got.read({}) if got.said is None else int(got.said)
        _check(name, length)
        return cast("int", length), str(length)
    arguments.parameters.checks.append(lambda variables: _check(name, got.read(variables)))
    return got.read, arguments.parameters.add(got.read, "bigint")


def _check(name: str, length: object) -> None:
    if isinstance(length, int) and 1 <= length <= PAGE_MAX:
        return
    raise QueryRefusedError(
        "PAGE_SIZE",
        f"`{name}` must be between 1 and {PAGE_MAX}; {length} was asked for.",
        f"`{name}` phải từ 1 đến {PAGE_MAX}; yêu cầu là {length}.",
        limit=PAGE_MAX,
        value=length,
    )


def both_ends() -> QueryRefusedError:
    return QueryRefusedError(
        "BOTH_ENDS",
        "Give either `first` or `last`: a page is counted from one end.",
        "Chỉ nêu `first` hoặc `last`: một trang chỉ đếm từ một phía.",
    )

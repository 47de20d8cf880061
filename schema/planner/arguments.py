"""Arguments of a field become parameters of the statement.

A literal is known when the plan is made; a variable is read at each request. Whatever of a variable
shapes the statement belongs to the key of the plan (`given.py`), so that a plan never asks at run
time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from graphql import FieldNode, GraphQLArgument, GraphQLField, Undefined, ValueNode

from events.identity import nfc
from schema.planner.given import Given, Variables
from schema.planner.inputs import Getter, Input, constant, written
from schema.planner.refusals import QueryRefusedError

_LAST_DAY = date(9999, 12, 30)
"""For the driver the day after it is infinity, when nothing that holds for ever holds any more."""
_PARAMETER = re.compile(r"\$([0-9]+)")


@dataclass(slots=True)
class Parameters:
    """The parameters of one statement, in order, and the checks to make before it runs."""

    getters: list[Getter] = field(default_factory=list)
    checks: list[Callable[[Variables], object]] = field(default_factory=list)
    asked: list[Getter] = field(default_factory=list)
    """Positions asked for; one beyond the head is refused."""
    awaited: list[Getter] = field(default_factory=list)
    """Positions that the read models must have reached before the question is put."""
    reads_head: bool = False
    """Whether the answer depends on where the ledger stands, not on positions asked for alone."""

    figures: dict[tuple[str, str], str] = field(default_factory=dict)
    """Figures of the caller that stand in the statement, each as one parameter."""

    def figure(self, name: str, getter: Getter, sql_type: str) -> str:
        """A figure of the caller's, as SQL; however often it stands there, it is sent once."""
        if (name, sql_type) not in self.figures:
            self.figures[name, sql_type] = self.add(getter, sql_type)
        return self.figures[name, sql_type]

    def add(self, getter: Getter, sql_type: str) -> str:
        """A new parameter, as SQL."""
        self.getters.append(lambda variables: plain(getter(variables)))
        return f"${len(self.getters)}::{sql_type}"

    def settled(self, statement: str) -> str:
        """The finished statement, with those parameters alone that stand in it, numbered anew.

        PostgreSQL refuses one that it is told of and does not find: the date of an `asOf` over what
        no date changes.
        """
        used = sorted({int(number) for number in _PARAMETER.findall(statement)})
        # What is not used is read all the same: a cursor that is none is refused.
        self.checks.extend(g for n, g in enumerate(self.getters, 1) if n not in used)
        self.getters[:] = [self.getters[number - 1] for number in used]
        places = {str(number): f"${place}" for place, number in enumerate(used, 1)}
        return _PARAMETER.sub(lambda found: places[found.group(1)], statement)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one field as it stands in the document."""

    parameters: Parameters
    given: Given
    definitions: Mapping[str, GraphQLArgument]
    nodes: Mapping[str, ValueNode] = field(default_factory=dict)

    @classmethod
    def of(
        cls, node: FieldNode, definition: GraphQLField, to: Parameters, given: Given
    ) -> "Arguments":
        """Read a field's arguments. One that is null is refused though nobody looks at it."""
        nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
        arguments = cls(to, given, definition.args, nodes)
        for name in nodes:
            arguments.input(name)
        return arguments

    def input(self, name: str) -> Input:
        """The argument; its default where it was left out."""
        node, definition = self.nodes.get(name), self.definitions[name]
        if node is None or self.given.is_unsent(node):
            return constant(definition.type, self._default(name))
        return written(definition.type, node, self.given)

    def given_input(self, name: str) -> Input | None:
        """The argument; None if it is null, or if the field has no such argument."""
        got = self.input(name) if name in self.definitions else None
        return None if got is None or got.is_null else got

    def is_null(self, name: str) -> bool:
        """Whether the argument is null or absent; known when the plan is made."""
        return self.input(name).is_null

    def getter(self, name: str) -> Getter:
        """How to read the argument from a request's variables."""
        return self.input(name).read

    def parameter(self, name: str, sql_type: str) -> str:
        """The argument as a parameter of the statement; null is written out."""
        got = self.input(name)
        return f"NULL::{sql_type}" if got.is_null else self.parameters.add(got.read, sql_type)

    def in_order(self, names: Sequence[str]) -> Callable[[Variables], None]:
        """A check that none of these numbers is less than the one before it."""
        getters = [self.getter(name) for name in names]

        def check(variables: Variables) -> None:
            told = [each for each in (read(variables) for read in getters) if each is not None]
            if told != sorted(told):  # type: ignore[bad-argument-type]
                raise _reversed(names)

        return check

    def _default(self, name: str) -> object:
        default = self.definitions[name].default_value
        return None if default is Undefined else default


def plain(got: object) -> object:
    """As the driver wants it: an enum by its name, text composed (NFC) and free of what it bars."""
    if isinstance(got, str):
        return got if got.isascii() and "\x00" not in got else _text(got)
    if isinstance(got, list):
        return [plain(each) for each in got]
    if got == date.max:
        return _LAST_DAY
    return got.name if isinstance(got, Enum) else got


def _reversed(names: Sequence[str]) -> QueryRefusedError:
    told = " ≤ ".join(f"`{name}`" for name in names)
    return QueryRefusedError(
        "OUT_OF_ORDER",
        f"These must not fall: {told}.",
        f"Các giá trị này phải tăng dần: {told}.",
        arguments=list(names),
    )


def _text(got: str) -> str:
    """Text as the ledger holds it, or a refusal: PostgreSQL knows no U+0000 and no half pairs."""
    try:
        got.encode()
    except UnicodeEncodeError:
        raise _bad_text("half of a surrogate pair", "nửa cặp surrogate") from None
    if "\x00" in got:
        raise _bad_text("the character U+0000", "ký tự U+0000")
    return nfc(got)


def _bad_text(english: str, vietnamese: str) -> QueryRefusedError:
    return QueryRefusedError(
        "BAD_TEXT", f"Text may not hold {english}.", f"Văn bản có {vietnamese}."
    )

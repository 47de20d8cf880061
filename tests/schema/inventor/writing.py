"""Values as a document writes them, and the variables that stand for some of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import GraphQLInputType, is_non_null_type

ABSENT: Final = object()
"""What was left out."""


class Word(str):
    """A member of an enum: bare in a document, text among the variables."""

    __slots__ = ()


class Use(str):
    """The name of a variable, where a value may stand."""

    __slots__ = ()


@dataclass(slots=True)
class Variables:
    """The variables of one document, as they are declared and as they are sent."""

    random: Random
    declared: list[str] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)

    def instead(self, of: GraphQLInputType, value: Any, *, has_default: bool = False) -> Any:
        """Mostly the value itself; sometimes a variable that comes to it, or to nothing."""
        if self.random.random() > 0.25 or isinstance(value, Use) or _uses(value):
            return value
        bare = str(of).removesuffix("!")
        may_be_null = not is_non_null_type(of)
        ways = ["sent", "sent!", "default", "both"]
        ways += ["unsent"] if may_be_null or has_default else []
        ways += ["null", "null by default"] if may_be_null else []
        way = self.random.choice(ways)
        if value is ABSENT and way not in {"unsent", "null", "null by default"}:
            return value
        match way:
            case "sent":
                return self.declare(bare if may_be_null else f"{bare}!", value=value)
            case "sent!":
                return self.declare(f"{bare}!", value=value)
            case "default":
                return self.declare(f"{bare} = {literal(value)}")
            case "both":
                return self.declare(f"{bare} = {literal(value)}", value=value)
            case "null":
                return self.declare(bare, value=None)
            case "null by default":
                return self.declare(f"{bare} = null")
            case _:
                return self.declare(bare)

    def value(self, name: str) -> Any:
        """What a variable comes to: what was sent, or its default as it is written."""
        told = next(each for each in self.declared if each.startswith(f"${name}:"))
        return self.sent.get(name, told.partition(" = ")[2] or None)

    def is_null(self, name: str) -> bool:
        """Whether a variable is null, and not only left out."""
        told = next(each for each in self.declared if each.startswith(f"${name}:"))
        return (name in self.sent and self.sent[name] is None) or told.endswith("= null")

    def declare(self, of: str, value: Any = ABSENT) -> Use:
        """A new variable."""
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {of}")
        if value is not ABSENT:
            self.sent[name] = _sent(value)
        return Use(name)

    def keep_used(self, text: str) -> None:
        """Forget those that stand nowhere in a document."""
        used = set(re.findall(r"\$(v[0-9]+)", text))
        self.declared = [each for each in self.declared if each[1:].partition(":")[0] in used]
        self.sent = {name: value for name, value in self.sent.items() if name in used}


def literal(value: Any) -> str:
    """A value as it stands in a document."""
    match value:
        case Use():
            return f"${value}"
        case Word():
            return str(value)
        case dict():
            fields = (f"{name}: {literal(each)}" for name, each in value.items())
            return f"{{{', '.join(fields)}}}"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def arguments(given: Mapping[str, Any]) -> str:
    """The arguments of a field; those that are absent are not written."""
    written = [f"{name}: {literal(each)}" for name, each in given.items() if each is not ABSENT]
    return f"({', '.join(written)})" if written else ""


def _sent(value: Any) -> Any:
    match value:
        case dict():
            return {name: _sent(each) for name, each in value.items()}
        case list():
            return [_sent(each) for each in value]
        case Word():
            return str(value)
        case _:
            return value


def _uses(value: Any) -> bool:
    """Whether a variable stands inside: a variable's own value may hold none."""
    match value:
        case Use():
            return True
        case dict():
            return any(map(_uses, value.values()))
        case list():
            return any(map(_uses, value))
        case _:
            return False

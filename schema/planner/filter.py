"""A filter becomes a condition of SQL: columns compared, relations as EXISTS.

Logic is two-valued: what is not known to be true is not true, and its `not` is.
"""

from collections.abc import Callable

from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)

from events.text import fold, sort_key
from schema.planner.arguments import Parameters
from schema.planner.given import Variables
from schema.planner.inputs import Getter, Input
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import (
    Compiles,
    NotPlannedError,
    Rows,
    column_of,
    node_type,
    source_of,
)
from schema.planner.source import Column, Expression, Many, One, Summed

CONDITIONS_MAX = 50
"""In all filters of a question together: PostgreSQL plans each of them."""
SQL_TYPES = {
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "timestamptz",
    "Figure": "bigint",
    "Int": "bigint",
    "Position": "bigint",
    "Ratio": "numeric",
    "UUID": "uuid",
    "VND": "bigint",
}
"""Of parameters, by scalar; everything else is text."""
_COMPARED = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def condition(compiler: Compiles, type_: GraphQLObjectType, rows: Rows, got: Input) -> str:
    """SQL that is true for the rows of a type that a filter keeps."""
    parts = [_part(compiler, type_, rows, name, each) for name, each in got.fields.items()]
    return _all(parts)


def sql_type(of: GraphQLOutputType | GraphQLInputType) -> str:
    """The SQL type of a scalar's or an enum's values."""
    return SQL_TYPES.get(get_named_type(of).name, "text")


def _part(compiler: Compiles, type_: GraphQLObjectType, rows: Rows, name: str, got: Input) -> str:
    if got.is_null:
        raise _null(name)
    match name:
        case "and":
            return _all([condition(compiler, type_, rows, each) for each in got.items])
        case "or":
            return _any([condition(compiler, type_, rows, each) for each in got.items])
        case "not":
            return f"({condition(compiler, type_, rows, got)}) IS NOT TRUE"
        case _:
            compiler.fields.given.scope.admit(type_.name, name)
            return _field(compiler, type_.fields[name], rows, name, got)


def _field(compiler: Compiles, definition: GraphQLField, rows: Rows, name: str, got: Input) -> str:
    source = source_of(definition)
    match source:
        case Column(name=column, sort=sort, fold=folded):
            here = f"{rows.alias}.{column or column_of(definition, name)}"
            value = _Value(compiler.parameters, here, sql_type(definition.type))
            if sort:
                value.order, value.key = f"{rows.alias}.{sort}", _keyed(sort_key)
            value.folded = f"{rows.alias}.{folded}"
        case Expression(sql=sql):
            filled = rows.filling(compiler.arguments(None, definition)).fill(sql)
            value = _Value(compiler.parameters, filled, sql_type(definition.type))
        case One() | Many() | Summed():
            return _related(compiler, definition, source, rows, got)
        case _:
            raise NotPlannedError(name)
    return _all([_counted(compiler, value.holds(word, each)) for word, each in got.fields.items()])


def _related(
    compiler: Compiles,
    definition: GraphQLField,
    source: One | Many | Summed,
    rows: Rows,
    got: Input,
) -> str:
    """Whether there are related rows that a filter keeps."""
    wanted = got.fields if isinstance(source, Many) else {"some": got}
    arguments = compiler.arguments(None, definition)
    found = []
    for word, inner in wanted.items():
        if inner.is_null:
            raise _null(word)
        other = compiler.related(node_type(definition.type), source, rows, arguments)
        kept = condition(compiler, node_type(definition.type), other.rows, inner)
        kept = f"({kept}) IS NOT TRUE" if word == "every" else kept
        exists = f"EXISTS (SELECT 1 {other.read_by(kept, *other.rows.joins).where(kept)})"
        found.append(_counted(compiler, exists if word == "some" else f"NOT {exists}"))
    return _all(found)


class _Value:
    """Conditions on one value."""

    def __init__(self, parameters: Parameters, sql: str, type_: str) -> None:
        self.parameters, self.sql, self.type = parameters, sql, type_
        self.order = sql
        self.key: Callable[[Getter], Getter] = _same
        self.folded = ""

    def holds(self, word: str, got: Input) -> str:
        """The condition that a word of the filter states."""
        if got.is_null:
            raise _null(word)
        match word:
            case "isNull":
                return f"{self.sql} IS {'' if got.said == str(True) else 'NOT '}NULL"
            case "in":
                return f"{self.sql} = ANY ({self._list(got.read)})"
            case "has":
                return f"{self._parameter(got.read)} = ANY ({self.sql})"
            case "between":
                first, last = (self._key(got.fields[end].read) for end in ("from", "to"))
                return f"{self.order} BETWEEN {first} AND {last}"
            case "like":
                self.parameters.checks.append(lambda variables: _whole_pattern(got.read(variables)))
                return f"{self.sql} LIKE {self._parameter(got.read)}"
            case "search":
                words = self.parameters.add(_patterns(got.read), "text[]")
                return f"{self.folded} LIKE ALL ({words})"
            case "eq":
                return f"{self.sql} = {self._parameter(got.read)}"
            case _:
                return f"{self.order} {_COMPARED[word]} {self._key(got.read)}"

    def _parameter(self, read: Getter) -> str:
        return self.parameters.add(read, self.type)

    def _key(self, read: Getter) -> str:
        return self.parameters.add(self.key(read), self.type)

    def _list(self, read: Getter) -> str:
        return self.parameters.add(read, f"{self.type}[]")


def _counted(compiler: Compiles, sql: str) -> str:
    compiler.conditions += 1
    if compiler.conditions > CONDITIONS_MAX:
        raise QueryRefusedError(
            "FILTER_TOO_LARGE",
            f"The filters of a question may state {CONDITIONS_MAX} conditions in all.",
            f"Các bộ lọc của một câu hỏi chỉ được có tổng cộng {CONDITIONS_MAX} điều kiện.",
            limit=CONDITIONS_MAX,
            value=compiler.conditions,
        )
    return sql


def _all(parts: list[str]) -> str:
    return " AND ".join(f"({part})" for part in parts) or "true"


def _any(parts: list[str]) -> str:
    return " OR ".join(f"({part})" for part in parts) or "false"


def _same(read: Getter) -> Getter:
    return read


def _keyed(key: Callable[[str], str]) -> Callable[[Getter], Getter]:
    return lambda read: lambda variables: key(str(read(variables)))


def _patterns(read: Getter) -> Getter:
    """Each word, as a pattern that finds it anywhere."""

    def patterns(variables: Variables) -> list[str]:
        words = fold(str(read(variables))).split()
        return [f"%{_escaped(word)}%" for word in words]

    return patterns


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _whole_pattern(pattern: object) -> None:
    """PostgreSQL gives up in the middle of an answer where a pattern ends in its escape."""
    text = str(pattern)
    if (len(text) - len(text.rstrip("\\"))) % 2:
        raise QueryRefusedError(
            "BAD_PATTERN",
            "A pattern of `like` ends in a single `\\`: write it twice if you mean the character.",
            "Mẫu `like` kết thúc bằng một dấu `\\`: hãy viết hai dấu nếu muốn tìm ký tự đó.",
        )


def _null(name: str) -> QueryRefusedError:
    return QueryRefusedError(
        "NULL_IN_FILTER",
        f"`{name}` is null in a filter: leave it out, or ask with `isNull`.",
        f"`{name}` là null trong bộ lọc: hãy bỏ trống, hoặc dùng `isNull`.",
        field=name,
    )

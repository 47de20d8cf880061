"""What a document may ask of the server: each limit with its reason, its code, its sentences.

`tally.py` counts a document and holds it to these; `document.py` does so before it validates.
"""

from dataclasses import dataclass

from schema.planner.refusals import QueryRefusedError


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of one thing, and what is said to whoever asks for more."""

    most: int
    code: str
    english: str
    vietnamese: str

    def hold(self, value: int) -> None:
        """Refuse more than the most."""
        if value > self.most:
            figures = {"limit": self.most, "value": value}
            raise QueryRefusedError(
                self.code,
                self.english.format(**figures),
                self.vietnamese.format(**figures),
                **figures,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit of a document. What real clients send is tested to stay below each."""

    characters: Limit = Limit(
        16_384,
        "DOCUMENT_TOO_LONG",
        "The document has {value} characters; {limit} are allowed.",
        "Truy vấn dài {value} ký tự; tối đa {limit}.",
    )
    """The longest example has 700. Refused by its length, before a character is read."""
    tokens: Limit = Limit(
        2_000,
        "TOO_MANY_TOKENS",
        "The document has more than {limit} tokens: words, numbers and signs.",
        "Truy vấn có hơn {limit} từ và ký hiệu.",
    )
    """Reading stops at the limit, after 5 ms. Full introspection has 180; comments count."""
    operations: Limit = Limit(
        10,
        "TOO_MANY_OPERATIONS",
        "The document has {value} operations; {limit} are allowed.",
        "Truy vấn có {value} thao tác; tối đa {limit}.",
    )
    """Validation walks the fragments again for each operation, and only one of them is run."""
    fragments: Limit = Limit(
        50,
        "TOO_MANY_FRAGMENTS",
        "The document has {value} fragments; {limit} are allowed.",
        "Truy vấn có {value} mảnh (fragment); tối đa {limit}.",
    )
    """Validation compares fragments pair by pair; a large page of components has 30."""
    variables: Limit = Limit(
        50,
        "TOO_MANY_VARIABLES",
        "An operation has {value} variables; {limit} are allowed.",
        "Một thao tác có {value} biến; tối đa {limit}.",
    )
    """Each null or switched variable makes another plan of the same document."""
    depth: Limit = Limit(
        15,
        "DOCUMENT_TOO_DEEP",
        "The document is {value} fields deep; {limit} are allowed.",
        "Truy vấn sâu {value} cấp; tối đa {limit}.",
    )
    """Full introspection is 15 deep, and nothing we know of is deeper."""
    selections: Limit = Limit(
        1_000,
        "TOO_MANY_SELECTIONS",
        "The document selects {value} fields and fragments, fragments written out; {limit} are"
        " allowed.",
        "Truy vấn chọn {value} trường và mảnh, kể cả trong các mảnh; tối đa {limit}.",
    )
    """Each is a piece of the one SQL statement, which PostgreSQL parses and plans as a whole."""
    width: Limit = Limit(
        200,
        "SELECTION_TOO_WIDE",
        "One selection has {value} fields and fragments; {limit} are allowed.",
        "Một nhóm chọn có {value} trường và mảnh; tối đa {limit}.",
    )
    """The widest type has 27 fields; the rest is room for fragments."""
    roots: Limit = Limit(
        30,
        "TOO_MANY_ROOT_FIELDS",
        "An operation asks {value} questions at its root; {limit} are allowed.",
        "Một thao tác có {value} câu hỏi ở gốc; tối đa {limit}.",
    )
    """Each is a sub-select of its own, or a mutation: batching by the back door."""
    aliases: Limit = Limit(
        50,
        "TOO_MANY_ALIASES",
        "The document has {value} aliases, fragments written out; {limit} are allowed.",
        "Truy vấn có {value} bí danh, kể cả trong các mảnh; tối đa {limit}.",
    )
    """An alias asks the same field once more, at its full price."""
    directives: Limit = Limit(
        50,
        "TOO_MANY_DIRECTIVES",
        "The document has {value} directives, fragments written out; {limit} are allowed.",
        "Truy vấn có {value} chỉ thị, kể cả trong các mảnh; tối đa {limit}.",
    )
    """Each is validated by itself, also where nobody knows it."""
    items: Limit = Limit(
        100,
        "LIST_TOO_LONG",
        "A list has {value} items; {limit} are allowed.",
        "Một danh sách có {value} phần tử; tối đa {limit}.",
    )
    """A list is written by hand or comes from some pages of the usual 20 rows."""
    nesting: Limit = Limit(
        12,
        "VALUE_TOO_DEEP",
        "A value is nested {value} levels deep; {limit} are allowed.",
        "Một giá trị lồng {value} cấp; tối đa {limit}.",
    )
    """Coercing a value is recursive. Commands need 3 levels; the rest is room for filters."""
    repeats: Limit = Limit(
        2_000,
        "TOO_MANY_REPEATED_FIELDS",
        "Fields are repeated under the same name, {value} pairs of them; {limit} are allowed.",
        "Các trường lặp lại cùng tên thành {value} cặp; tối đa {limit}.",
    )
    """Validation compares each pair, at 3 µs. One field may stand in 60 components of a page."""

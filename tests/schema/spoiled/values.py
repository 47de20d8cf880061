"""Values that fit nowhere, or hardly: as JSON writes them, and as a document does.

None of them holds a word by which a test would know a leak: answers may quote what was sent.
"""

import json
from collections.abc import Sequence

LONG = 3_000
DEEP = 40
_TEXTS = (
    "",
    " ",
    "NaN",
    "null",
    "-0",
    "１２",
    "٣",
    "0x10",
    "1e9",
    "9" * 400,
    "\0",
    "a\0b",
    "\x1b[2J",
    "\r\nSet-Cookie: a=b",
    "\u202eđảo",
    "\u2066a\u2069",
    "\ufeffa",
    "\uffff",
    "Tha\u0301i Nguye\u0302n",
    "a" + "\u0301" * 200,
    "🏭" * 50,
    "x" * LONG,
    "'; DROP TABLE x; --",
    '" OR 1=1 /*',
    "$1",
    "%s%n%x",
    "%",
    "_\\",
    "../../../../etc/passwd",
    "C:\\x\\..\\y",
    "file:///etc/passwd",
    "{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "__proto__",
    "2019-02-29",
    "0000-00-00",
    "10000-01-01",
    "infinity",
    "2020-01-01T00:00:00+99:99",
    "9999-12-31T23:59:59.999999999Z",
    "00000000-0000-0000-0000-00000000000g",
    "W10=",
    "====",
    "event-99999999999999999999",
    "period-",
)
_NUMBERS = (
    *("0", "-0", "-0.0", "-1", "1.5", "0.1e1", "1e400", "-1e400", "1e-400"),
    *("2147483647", "2147483648", "-2147483649", "9007199254740993"),
    *("9223372036854775807", "9223372036854775808", "18446744073709551616", "9" * 400),
)
_NO_JSON = ("NaN", "Infinity", "01", "+1", "'a'", "undefined", '"\t"', '"\\x"', '"a', "{a:1}")
"""What makes the whole body unreadable."""
_SURROGATES = ('"\\ud800"', '"a\\udfffb"', '"\\ud800\\ud800"')
_NESTED = (
    *("[]", "[[]]", "[[[1]]]", "[null]", "[1,2]", '["a",1,null]', "{}", '{"a":1}', '{"":null}'),
    *('{"__typename":"Query"}', '{"not":{}}', '[{"a":[{"a":1}]}]'),
    "[" * DEEP + "]" * DEEP,
    '{"not":' * DEEP + "{}" + "}" * DEEP,
    "[" + "1," * LONG + "1]",
    "[" + '"a",' * 150 + '"a"]',
)

JSON_VALUES: Sequence[str] = (
    *("null", "true", "false"),
    *_NUMBERS,
    *(json.dumps(each) for each in _TEXTS),
    *_SURROGATES,
    *_NESTED,
    *_NO_JSON,
)
"""Each is put where a value of the contract may stand."""
WRONG_EVERYWHERE = frozenset({'{"":null}', '{"__typename":"Query"}', *_NO_JSON})
"""What no place of the contract takes, whatever its type."""

LITERALS: Sequence[str] = (
    *("null", "true", "A", "$x", "$undefined", "[]", "[[[]]]", "{}", "{a: 1}", "[1, null]"),
    *(each for each in _NUMBERS if each != "-0.0"),
    *(json.dumps(each) for each in _TEXTS),
    *(
        '"\\u{110000}"',
        '"\\ud800"',
        '"\\q"',
        '"""',
        '"""a"""',
        "1.",
        ".5",
        "00",
        "1_0",
        "@x",
        "...",
    ),
    "[" * 30 + "]" * 30,
    "{a: " * 30 + "1" + "}" * 30,
)
"""Each is put into a document."""

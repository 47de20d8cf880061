"""Personal data (dữ liệu cá nhân): marked where it is declared, and kept out of everything else.

    name: Personal                       # on a command; a fact can hold none
    Personal(" Nguyễn Văn A ")           # prints as Personal(…)
    imprint_of(salt, text)               # what a fact holds instead

A value leaves a `Personal` only by `reveal`. What stands in its place for ever is its imprint (dấu
niêm): HMAC-SHA256 over the value, under 32 random bytes that are kept beside the value and are
erased with it. (A cryptographer says commitment; here that is money promised.)
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from functools import cache
from typing import Any, NoReturn, TypeVar, get_args, get_type_hints

from events.identity import nfc
from events.rules import LedgerError, value

SALT_BYTES = 32
T = TypeVar("T")


class NoImprintError(LedgerError):
    """A rule asked for the imprint of a value that was given none: the ledger forgot to."""


class Personal:
    """A text that says something of a person. It prints as nothing and compares as its value."""

    __slots__ = ("_imprint", "_text", "salt")

    def __init__(self, text: str, *, salt: bytes = b"", imprint: str | None = None) -> None:
        self._text = nfc(text).strip()
        self._imprint = imprint_of(salt, self._text) if salt else imprint
        self.salt = salt
        """Empty unless it was made for this value just now."""

    @property
    def imprint(self) -> str:
        """What a fact holds of it."""
        if self._imprint is None:
            raise NoImprintError
        return self._imprint

    def reveal(self) -> str:
        """The text itself: for the vault, and for a rule that looks whether it can be read."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Personal(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("personal data is not pickled")


@value
class Imprint:
    """What the ledger keeps of a value: which field, and its salted hash (dấu niêm)."""

    field: str
    hmac: str
    """HMAC-SHA256 under a salt that only the vault holds, in hexadecimal (dấu niêm)."""


def imprint_of(salt: bytes, text: str) -> str:
    """What stands for a text; says nothing of it once the salt is erased."""
    return hmac.digest(salt, nfc(text).encode(errors="surrogatepass"), "sha256").hex()


def marked(command: object) -> dict[str, Personal]:
    """The personal values that a command carries, by the names of their fields."""
    names = _marked(type(command))
    return {name: got for name in names if (got := getattr(command, name)) is not None}


def salted(command: T, salts: Mapping[str, bytes]) -> T:
    """The command with these salts for its personal values, and so with imprints."""
    told = marked(command)
    return _with(command, {name: Personal(told[name].reveal(), salt=salts[name]) for name in told})


def imprinted(command: T, imprints: Mapping[str, str]) -> T:
    """The command with imprints that were made before."""
    told = marked(command)
    return _with(
        command, {name: Personal(told[name].reveal(), imprint=imprints[name]) for name in told}
    )


def _with(command: T, values: Mapping[str, Personal]) -> T:
    changed: T = replace(command, **values) if values else command  # type: ignore[type-var]
    return changed


def marks(kind: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - a class, a union, a tuple
    """The places within a declared type where a personal value may stand."""
    if kind is Personal:
        yield place
    for each in get_args(kind):
        yield from marks(each, place)
    if isinstance(kind, type) and is_dataclass(kind):
        for name, hint in get_type_hints(kind).items():
            yield from marks(hint, f"{place}.{name}" if place else name)


@cache
def _marked(kind: type) -> tuple[str, ...]:
    """Looked up once: nearly every command has none, and each is asked."""
    return tuple(marks(kind))

"""Elements of XML as text: what a standard's file is put together from, piece by piece.

tag("title", {}, narrative("Đề án điểm", "Focal scheme"))
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no document of XML 1.0 may have, escaped or not (§2.2)."""


def opening(name: str, attributes: Mapping[str, object]) -> str:
    """A start tag; an attribute that is None is left out. Numbers and days need no escaping."""
    said = "".join(
        f" {key}={quoteattr(clean(got))}" if isinstance(got, str) else f' {key}="{got}"'
        for key, got in attributes.items()
        if got is not None
    )
    return f"<{name}{said}>"


def tag(name: str, attributes: Mapping[str, object], *inside: str) -> str:
    """An element, with what is inside of it."""
    begun = opening(name, attributes)
    return f"{begun}{''.join(inside)}</{name}>" if inside else f"{begun[:-1]}/>"


def text(said: object) -> str:
    """Words, as they stand between tags."""
    return escape(clean(str(said)))


def clean(said: str) -> str:
    """Without what XML cannot hold; nearly every text is without it."""
    return said if said.isprintable() else _NO_XML.sub("", said)


def narrative(vietnamese: str, english: str | None = None) -> str:
    """IATI's words for people, Vietnamese first."""
    told = tag("narrative", {"xml:lang": "vi"}, text(vietnamese))
    if english is None:
        return told
    return told + tag("narrative", {"xml:lang": "en"}, text(english))

"""A database's address: whether it is one, and how it is printed without its password."""

import re
from urllib.parse import parse_qsl, urlsplit, urlunsplit

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(:[0-9]*)?")


def masked(url: str) -> str:
    """A database URL without its password and without parameters that may hold one."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    user, colon, _ = who.partition(":")
    kept = f"{user}{':***' if colon else ''}{at}{where}"
    return urlunsplit((parts.scheme, kept, parts.path, "***" if parts.query else "", ""))


def is_database_url(text: str) -> bool:
    """Whether nobody can take a piece of the password for something else, and print it."""
    try:
        parts = urlsplit(text)
        parse_qsl(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        return False
    hosts = parts.netloc.rpartition("@")[2].split(",")
    return (
        parts.scheme in {"postgresql", "postgres"}
        and "@" not in f"{parts.path}{parts.query}{parts.fragment}"
        and all(_HOST.fullmatch(each) for each in hosts)
    )

"""Who pays for a question in points: whoever shows a credential, else the address he asks from."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from starlette.types import Scope

ADDRESSES_MAX = 4_096
"""Addresses remembered as read."""
SITE_BITS = 64
"""Whoever has one IPv6 address has 2^64 of them: the network counts."""


class Payer(NamedTuple):
    """Whose points, and whose open connections, are counted together."""

    key: str
    is_keyed: bool = False
    """He has shown a credential."""


def payer_of(scope: Scope) -> Payer:
    """The other end of the connection; what it says of itself is read for known proxies alone."""
    client = scope.get("client")
    return _at(client[0] if client else "")


@lru_cache(ADDRESSES_MAX)
def _at(host: str) -> Payer:
    try:
        address = ip_address(host)
    except ValueError:  # a Unix socket has none
        return Payer(host)
    if not isinstance(address, IPv6Address):
        return Payer(host)
    if address.ipv4_mapped is not None:
        return Payer(str(address.ipv4_mapped))
    return Payer(str(ip_network((int(address), SITE_BITS), strict=False)))

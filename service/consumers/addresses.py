"""Where a webhook may be sent: to the public internet, and wherever else the operator says.

    target = await vetted("https://hooks.example.vn/socai", networks=())
    target.addresses      # connect to one of these: the name is not looked up again

Whoever registers an address makes us send a request there, from inside our own network. So every
address that a name leads to is looked at before it is connected to, and that very address is then
used: a name that leads elsewhere a moment later (DNS rebinding) leads nowhere.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from events.rules import LedgerError, value
from service.webhooks import Network

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host's name, for a port."""

URL_CHARACTERS_MAX: Final = 2_000
HTTPS: Final = 443
PORT_MIN: Final = 1024
"""Below it others than HTTP listen, which may take a request for a command."""
EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_SPECIAL: Final = {
    ip_network(network): what
    for network, what in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "shared by a provider's customers",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "reserved",
        "192.168.0.0/16": "private",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "255.255.255.255/32": "broadcast",
        "240.0.0.0/4": "reserved",
        "::/128": "unspecified",
        "::1/128": "loopback",
        "fc00::/7": "private",
        "fe80::/10": "link-local",
        "fec0::/10": "private",
        "ff00::/8": "multicast",
        "2001::/23": "reserved",
        "2001:db8::/32": "documentation",
        "3fff::/20": "documentation",
    }.items()
}
"""What is not the public internet (IANA's registries of special-purpose addresses, RFC 6890)."""
_PUBLIC_V6: Final = ip_network("2000::/3")
"""All of IPv6 that is given out; the rest is reserved (RFC 4291)."""
_MAPPED: Final = ip_network("::ffff:0:0/96")
_NAT64: Final = ip_network("64:ff9b::/96")
_6TO4: Final = ip_network("2002::/16")


class Fault(Enum):
    """Why nothing is sent there; the name is the code."""

    WEBHOOK_URL_INVALID = "địa chỉ không hợp lệ"
    WEBHOOK_HOST_UNKNOWN = "không tìm thấy máy chủ"
    WEBHOOK_ADDRESS_REFUSED = "địa chỉ không thuộc mạng công cộng"


class AddressError(LedgerError):
    """Nothing is sent there."""

    def __init__(self, fault: Fault, host: str, reason: str) -> None:
        super().__init__(f"{fault.name}: {host}: {reason}")
        self.fault, self.host, self.reason = fault, host, reason


@value
class Target:
    """Where to connect, and what to ask there."""

    parts: SplitResult
    addresses: Sequence[str]


async def resolved(host: str, port: int) -> Sequence[str]:
    """By the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def vetted(url: str, networks: Sequence[Network], resolve: Resolve = resolved) -> Target:
    """Where this leads, if a webhook may go there; otherwise AddressError."""
    parts = web_address(url)
    host, is_plain = parts.hostname or "", parts.scheme == "http"
    port = parts.port or (80 if is_plain else HTTPS)
    try:
        found = [_address(each) for each in await resolve(host, port)]
    except (OSError, UnicodeError) as error:
        raise AddressError(Fault.WEBHOOK_HOST_UNKNOWN, host, _why(error)) from None
    reasons = {each: _refused(each, networks, port, is_plain=is_plain) for each in found}
    allowed = [str(each) for each, reason in reasons.items() if reason is None]
    if not allowed:
        reason = next((each for each in reasons.values() if each), "it has no address")
        raise AddressError(Fault.WEBHOOK_ADDRESS_REFUSED, host, reason)
    return Target(parts=parts, addresses=allowed)


def web_address(url: str) -> SplitResult:
    """An address on the web as somebody wrote it, without a look at where it leads."""
    reason = _malformed(url)
    if reason is not None:
        raise AddressError(Fault.WEBHOOK_URL_INVALID, url[:URL_CHARACTERS_MAX], reason)
    return urlsplit(url)


def special(address: IPv4Address | IPv6Address) -> str | None:
    """What an address is, if it is none of the public internet.

    It does not say which: whoever asks would learn how names lead inside our network.
    """
    if isinstance(address, IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return special(inner)
    for network, what in _SPECIAL.items():
        if address in network:
            return f"it is {what}"
    if isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return "it is reserved"
    return None


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that one of IPv6 stands for, and that it is carried to."""
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _6TO4:
        return IPv4Address(int(address) >> 80 & 0xFFFF_FFFF)
    return None


def _refused(
    address: IPv4Address | IPv6Address, networks: Sequence[Network], port: int, *, is_plain: bool
) -> str | None:
    """Why not there; None: nothing is against it."""
    plain = (_inside(address) if isinstance(address, IPv6Address) else None) or address
    if any(plain in each or address in each for each in networks):
        return None
    reason = special(address)
    if reason is not None:
        return reason
    if is_plain:
        return "https is wanted"
    return None if port == HTTPS or port >= PORT_MIN else f"port {port} is not for the web"


def _malformed(url: str) -> str | None:
    if len(url) > URL_CHARACTERS_MAX:
        return f"it is longer than {URL_CHARACTERS_MAX} characters"
    if not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}'):
        return "it holds characters that must be written as %XX, or a name as xn--"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "it is not https://host/path"
    if "@" in parts.netloc or "%" in parts.netloc:
        return "no user and no zone may stand in it"
    return "no fragment may stand in it" if "#" in url else None


def _address(text: str) -> IPv4Address | IPv6Address:
    return ip_address(text.partition("%")[0])


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)

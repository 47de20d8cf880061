"""Where a webhook may be sent: https, and into no network that is not public.

    await checked("https://nhan.example.vn/socai")      # refused by name, or nothing

It is looked at when a webhook is registered, so that whoever is mistaken learns it at once, and
again at every delivery, because a name may point elsewhere tomorrow.
"""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from schema.webhooks.refusals import WebhookAddressRefused, WebhookUrlInvalid

URL_CHARACTERS_MAX = 2_000
RESOLVE_SECONDS_MAX = 5.0


async def checked(url: str) -> None:
    """Refuse an address that nothing may be sent to."""
    host, port = parsed(url)
    try:
        async with asyncio.timeout(RESOLVE_SECONDS_MAX):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
    except (OSError, UnicodeError, TimeoutError):
        raise WebhookAddressRefused(host=host, reason="its name is not known") from None
    for *_, (address, *_) in found:
        if not ip_address(str(address).partition("%")[0]).is_global:
            raise WebhookAddressRefused(host=host, reason=f"it is {address}")


def parsed(url: str) -> tuple[str, int]:
    """Host and port of an address that is whole; refused otherwise."""
    if len(url) > URL_CHARACTERS_MAX:
        raise WebhookUrlInvalid(reason=f"it is longer than {URL_CHARACTERS_MAX} characters")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise WebhookUrlInvalid(reason="it has other than printable ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise WebhookUrlInvalid(reason=str(error)) from None
    if parts.scheme != "https" or not host:
        raise WebhookUrlInvalid(reason="it does not begin with https:// and a host")
    if "@" in parts.netloc or parts.fragment:
        raise WebhookUrlInvalid(reason="it has a user, a password or a fragment")
    return host, port or 443

"""Where a webhook may be sent, and that it goes to the very address that was looked at."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from service.consumers.addresses import (
    URL_CHARACTERS_MAX,
    AddressError,
    Fault,
    Resolve,
    special,
    vetted,
    web_address,
)
from service.courier.sending import Message, Sender
from service.webhooks import Webhooks
from tests.service.certificates import own_certificate
from tests.service.courier.receiver import receiving

LOOPBACK = (ip_network("127.0.0.0/8"),)
REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1
    192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.1.2.3
    ::ffff:169.254.169.254 ::ffff:0:7f00:1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1
    100::1 2001::1 2001:0:7f00:1::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:1::1
    3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 4000::1
"""
PUBLIC = """
    1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.167.0.1 223.255.255.255
    203.162.0.11 2001:4860:4860::8888 2400:cb00::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1
"""


def resolve_to(*addresses: str) -> Resolve:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def refusal(url: str, *addresses: str) -> AddressError:
    with pytest.raises(AddressError) as refused:
        await vetted(url, (), resolve_to(*addresses))
    return refused.value


@pytest.mark.parametrize("address", REFUSED.split())
async def test_no_webhook_goes_to_what_is_not_the_public_internet(address: str) -> None:
    assert special(ip_address(address)) is not None
    refused = await refusal("https://hooks.example/", address)
    assert refused.fault is Fault.WEBHOOK_ADDRESS_REFUSED
    assert address not in str(refused), "how names lead inside our network is nobody's business"


@pytest.mark.parametrize("address", PUBLIC.split())
async def test_the_public_internet_is_reached(address: str) -> None:
    target = await vetted("https://hooks.example/x", (), resolve_to(address))
    assert target.addresses == [str(ip_address(address))]


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::]", "0"]
)
async def test_another_way_to_write_an_address_is_the_same_address(host: str) -> None:
    """By the system's own resolver."""
    with pytest.raises(AddressError) as refused:
        await vetted(f"https://{host}/", ())
    assert refused.value.fault is Fault.WEBHOOK_ADDRESS_REFUSED


async def test_of_several_addresses_those_are_used_that_may_be() -> None:
    target = await vetted("https://x.example/", (), resolve_to("10.0.0.1", "8.8.8.8", "::1"))
    assert target.addresses == ["8.8.8.8"]


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://x.example:443/", True),
        ("https://x.example:8443/", True),
        ("https://x.example:25/", False),
        ("https://x.example:22/", False),
        ("http://x.example/", False),
    ],
)
async def test_outside_it_is_https_on_a_port_of_the_web(url: str, *, allowed: bool) -> None:
    if allowed:
        assert (await vetted(url, (), resolve_to("8.8.8.8"))).addresses == ["8.8.8.8"]
    else:
        assert (await refusal(url, "8.8.8.8")).fault is Fault.WEBHOOK_ADDRESS_REFUSED


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
async def test_a_network_of_the_operators_is_entered_also_by_plain_http(address: str) -> None:
    target = await vetted("http://localhost:80/", LOOPBACK, resolve_to(address))
    assert target.addresses == [str(ip_address(address))]
    with pytest.raises(AddressError):
        await vetted("http://localhost:80/", LOOPBACK, resolve_to("10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://hooks.example:0/",
        "https://hooks.example:70000/",
        "https://user@hooks.example/",
        "https://user:password@hooks.example/",
        "https://hooks.example@10.0.0.1/",
        "https://hooks.example/#fragment",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX-Injected: 1",
        "https://hooks.example/\t",
        "https://hooks.example\\@10.0.0.1/",
        "https://đề-án.example/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        f"https://hooks.example/{'x' * URL_CHARACTERS_MAX}",
    ],
)
def test_what_is_no_address_is_named(url: str) -> None:
    with pytest.raises(AddressError) as refused:
        web_address(url)
    assert refused.value.fault is Fault.WEBHOOK_URL_INVALID
    assert len(refused.value.reason) > 5


async def test_a_name_that_leads_nowhere_is_named() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(AddressError) as refused:
        await vetted("https://x.example/", (), resolve)
    assert refused.value.fault is Fault.WEBHOOK_HOST_UNKNOWN
    assert refused.value.reason == "Name or service not known"
    assert (await refusal("https://x.example/")).reason == "it has no address"
    assert (await refusal(f"https://{'x' * 64}.example/")).fault is not None


async def test_a_name_is_looked_up_once_and_that_address_is_used() -> None:
    """DNS rebinding: the second answer would lead elsewhere."""
    async with receiving() as receiver, receiving() as victim:
        looked: list[str] = []

        async def resolve(host: str, port: int) -> Sequence[str]:
            looked.append(host)
            return ["127.0.0.1"] if len(looked) == 1 else ["127.0.0.2"]

        sender = Sender(Webhooks(networks=(ip_network("127.0.0.1/32"),)), resolve=resolve)
        port = receiver.url.split(":")[2]
        url = f"http://rebinding.example:{port}"
        outcome = await sender.post(url, Message(id="1", body=b"{}"), [b"x" * 32])
        assert outcome.is_taken
        assert looked == ["rebinding.example"]
        assert receiver.got[0].headers["host"] == f"rebinding.example:{port.split('/')[0]}"
        again = await sender.post(url, Message(id="1", body=b"{}"), [b"x" * 32])
        assert "WEBHOOK_ADDRESS_REFUSED" in (again.error or "")
        assert (len(receiver.got), len(victim.got)) == (1, 0)


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with receiving() as receiver:
        sender = Sender(Webhooks(networks=LOOPBACK), resolve=resolve_to("127.0.0.9", "127.0.0.1"))
        outcome = await sender.post(receiver.url, Message(id="1", body=b"{}"), [b"x" * 32])
        assert outcome.is_taken


async def test_a_certificate_is_held_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, settings = Message(id="1", body=b"{}"), Webhooks(networks=LOOPBACK)
    async with receiving(own_certificate(tmp_path, "hooks.example")) as receiver:
        named, other = (
            receiver.url.replace("127.0.0.1", each) for each in ("hooks.example", "other.example")
        )
        stranger = Sender(settings, resolve=resolve_to("127.0.0.1"))
        assert "verify failed" in ((await stranger.post(named, message, [b"x"])).error or "")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        sender = Sender(settings, resolve=resolve_to("127.0.0.1"))
        assert (await sender.post(named, message, [b"x"])).is_taken
        for url in (other, receiver.url):
            assert "mismatch" in ((await sender.post(url, message, [b"x"])).error or "")
    assert len(receiver.got) == 1

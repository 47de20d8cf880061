"""One signed event to a real receiver: what it is sent, and what its answers mean."""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.courier.sending import (
    EXCERPT_CHARACTERS_MAX,
    LATER_SECONDS_MAX,
    Message,
    Sender,
    later,
    signed,
)
from service.webhooks import ROTATION, Webhooks, secret, signing, written
from tests.service.courier.receiver import ENDLESS, TRICKLING, Receiver, receiving, status

KEY = bytes(range(32))
SECRET = secret(KEY, "kho-bac", 1)
LOOPBACK = Webhooks(networks=(ip_network("127.0.0.0/8"),), origin="so-cai.example")
MESSAGE = Message(id="0193b3a4-0000-7000-8000-000000000001", body='{"data":"Đề án"}'.encode())
NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def sender() -> Sender:
    return Sender(LOOPBACK, seconds=1.0)


async def test_the_receivers_own_library_verifies_what_comes(
    sender: Sender, receiver: Receiver
) -> None:
    outcome = await sender.post(f"{receiver.url}?a=b", MESSAGE, [SECRET])
    assert (outcome.status, outcome.is_taken, outcome.error) == (204, True, None)
    (got,) = receiver.got
    assert got.verified(written(SECRET)) == {"data": "Đề án"}
    assert (got.method, got.path, got.body) == ("POST", "/hooks?a=b", MESSAGE.body)
    assert got.headers["webhook-id"] == MESSAGE.id
    assert got.headers["content-type"] == "application/cloudevents+json"
    assert got.headers["webhook-request-origin"] == "so-cai.example"
    assert got.headers["host"] == receiver.url.split("/")[2]


async def test_whoever_has_another_secret_or_another_body_is_told_so(
    sender: Sender, receiver: Receiver
) -> None:
    await sender.post(receiver.url, MESSAGE, [SECRET])
    (got,) = receiver.got
    for other in (
        secret(KEY, "kho-bac", 2),
        secret(KEY, "kho-bac2", 1),
        secret(b"x", "kho-bac", 1),
    ):
        with pytest.raises(WebhookVerificationError):
            got.verified(written(other))
    with pytest.raises(WebhookVerificationError):
        Webhook(written(SECRET)).verify(got.body.replace(b"data", b"date"), got.headers)


async def test_while_a_secret_is_being_changed_both_verify_and_then_the_new_one_alone(
    sender: Sender, receiver: Receiver
) -> None:
    old, new = (written(secret(KEY, "kho-bac", each)) for each in (1, 2))
    late = NOW + ROTATION - timedelta(seconds=1)
    await sender.post(receiver.url, MESSAGE, signing(KEY, "kho-bac", 2, NOW, late))
    await sender.post(receiver.url, MESSAGE, signing(KEY, "kho-bac", 2, NOW, NOW + ROTATION))
    during, after = receiver.got
    assert during.verified(old) == during.verified(new) == after.verified(new)
    with pytest.raises(WebhookVerificationError):
        after.verified(old)


def test_a_first_secret_has_none_before_it() -> None:
    assert signing(KEY, "kho-bac", 1, None, NOW) == [SECRET]
    assert signing(KEY, "kho-bac", 1, NOW, NOW) == [SECRET]


def test_a_signature_is_the_one_of_the_specification() -> None:
    """The example of the verifiers' own tests."""
    key = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")._whsecret
    message = Message(id="msg_p5jXN8AQM9LWM0D4loKWxJek", body=b'{"test": 2432232314}')
    found = signed(message, [key], 1614265330)
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (status(200), None),
        (status(202, body="taken"), None),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + status(201), None),
        (status(301, "Location: /elsewhere"), "301: a redirect is not followed"),
        (status(307, "Location: http://169.254.169.254/"), "307: a redirect is not followed"),
        (status(400, body="no\x00such\n\x1b[31m event"), "400: no such [31m event"),
        (status(410), "410"),
        (status(500), "500"),
        (None, "closed before an answer"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", "closed before an answer"),
        (b"SSH-2.0-OpenSSH_9\r\n", "does not speak HTTP"),
        (5.0, "within 1 s"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"x" * 300_000, "more than 262144 bytes"),
    ],
)
async def test_an_answer_is_a_yes_or_says_in_one_line_why_not(
    sender: Sender, receiver: Receiver, answer: bytes | None, expected: str | None
) -> None:
    receiver.answers = [answer]
    outcome = await sender.post(receiver.url, MESSAGE, [SECRET])
    assert outcome.is_taken == (expected is None)
    assert (expected or "") in (outcome.error or "")
    assert (outcome.error or "").isprintable()
    assert len(outcome.error or "") <= EXCERPT_CHARACTERS_MAX
    assert len(receiver.got) == 1


async def test_an_endless_answer_is_read_as_far_as_a_person_would(
    sender: Sender, receiver: Receiver
) -> None:
    receiver.answers = [ENDLESS]
    outcome = await sender.post(receiver.url, MESSAGE, [SECRET])
    assert (outcome.status, outcome.is_taken) == (200, True)
    assert outcome.ms < 900


async def test_an_answer_that_trickles_is_no_answer(sender: Sender, receiver: Receiver) -> None:
    receiver.answers = [TRICKLING]
    outcome = await sender.post(receiver.url, MESSAGE, [SECRET])
    assert outcome.error == "no answer within 1 s"


async def test_nobody_listening_is_an_outcome_too(sender: Sender) -> None:
    outcome = await sender.post("http://127.0.0.1:9/", MESSAGE, [SECRET])
    assert (outcome.status, outcome.is_taken) == (None, False)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("120", 120.0),
        ("9" * 400, LATER_SECONDS_MAX),
        ("-1", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(told: str, expected: float) -> None:
    assert later(told, NOW.timestamp()) == expected


async def test_the_same_event_sent_again_bears_the_same_id_and_a_new_time(
    receiver: Receiver,
) -> None:
    now = time.time()
    sender = Sender(LOOPBACK, clock=lambda: now + 60 * len(receiver.got))
    receiver.answers = [status(500, "Retry-After: 7"), status(204)]
    outcomes = [await sender.post(receiver.url, MESSAGE, [SECRET])]
    outcomes.append(await sender.post(receiver.url, MESSAGE, [SECRET]))
    assert [each.later_s for each in outcomes] == [7.0, 0.0]
    ids: Sequence[str] = [each.headers["webhook-id"] for each in receiver.got]
    stamps = [int(each.headers["webhook-timestamp"]) for each in receiver.got]
    assert ids == [MESSAGE.id] * 2
    assert stamps == [int(now), int(now + 60)]
    assert all(each.verified(written(SECRET)) for each in receiver.got)

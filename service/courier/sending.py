"""One signed event on its way to one receiver, and what it says to it.

    sender = Sender(settings)
    outcome = await sender.post(url, Message(id=item.event_id, body=cloud(item, audience)), secrets)
    outcome.is_taken, outcome.status, outcome.ms, outcome.error

Signed as Standard Webhooks has it, in the envelope of CloudEvents 1.0.2. No redirect is followed,
and of an answer no more is read than tells a person what went wrong.
"""

import asyncio
import base64
import hmac
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from events.rules import value
from schema.feed.cloud import CONTENT_TYPE
from service.consumers.addresses import AddressError, Resolve, resolved, vetted
from service.fetch import Answer, FetchError, Request, asked
from service.webhooks import Webhooks

SECONDS_MAX: Final = 10.0
"""For one event, from the look at the name to the last byte of the answer."""
EXCERPT_BYTES_MAX: Final = 512
"""Of an answer: enough for its first sentence."""
EXCERPT_CHARACTERS_MAX: Final = 200
LATER_SECONDS_MAX: Final = 86_400.0
"""Longer than a day nobody is kept waiting by a receiver's word alone."""


@value
class Message:
    """What is sent: an event's own id, the same however often it is sent, and its envelope."""

    id: str
    body: bytes
    type: str = CONTENT_TYPE


@value
class Outcome:
    """What came of one request."""

    ms: int
    status: int | None = None
    """Of HTTP; None: there was no answer."""
    error: str | None = None
    """Why the event was not taken; None: it was."""
    later_s: float = 0.0
    """In how many seconds the receiver wishes to be asked again."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it, by its own word."""
        return self.error is None

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == HTTPStatus.GONE


class Sender:
    """Sends for one process; whom it may send to is looked at before every request."""

    def __init__(
        self,
        settings: Webhooks,
        *,
        resolve: Resolve = resolved,
        seconds: float = SECONDS_MAX,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.origin = settings.origin
        self._networks, self._resolve = settings.networks, resolve
        self._seconds, self._clock = seconds, clock
        self._tls = ssl.create_default_context()  # it reads every authority: once is enough

    async def post(self, url: str, message: Message, secrets: Sequence[bytes]) -> Outcome:
        """Send it once. Whatever happens on the way is an outcome."""
        headers = [
            ("Content-Type", message.type),
            ("WebHook-Request-Origin", self.origin),
            *signed(message, secrets, int(self._clock())).items(),
        ]
        return await self.ask("POST", url, headers, message.body)

    async def ask(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes = b""
    ) -> Outcome:
        """One request; any status but 2xx says no."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._seconds):  # the look at the name is a part of it
                answer = await self._answer(method, url, headers, body)
        except TimeoutError:
            return Outcome(ms=_since(started), error=f"no answer within {self._seconds:g} s")
        except (AddressError, FetchError) as error:
            why = error.why if isinstance(error, FetchError) else str(error)
            return Outcome(ms=_since(started), error=_clean(why))
        return Outcome(
            ms=_since(started),
            status=answer.status,
            error=_refusal(answer),
            later_s=later(answer.headers.get("retry-after", ""), self._clock()),
            headers=answer.headers,
        )

    async def _answer(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Answer:
        target = await vetted(url, self._networks, self._resolve)
        return await asked(
            Request(
                method=method,
                parts=target.parts,
                headers=[("User-Agent", "Socai"), *headers],
                body=body,
                seconds=self._seconds,
                addresses=target.addresses,
                body_max=EXCERPT_BYTES_MAX,
                tls=self._tls,
            )
        )


def signed(message: Message, secrets: Sequence[bytes], timestamp: int) -> Mapping[str, str]:
    """The headers of Standard Webhooks; each secret that is in force signs once."""
    told = f"{message.id}.{timestamp}.".encode() + message.body
    signatures = [base64.b64encode(hmac.digest(each, told, "sha256")).decode() for each in secrets]
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def later(told: str, now: float) -> float:
    """The seconds that Retry-After asks for (RFC 9110 §10.2.3): a number, or a date."""
    if told.isascii() and told.isdigit():
        return min(float(told), LATER_SECONDS_MAX)
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    seconds = (at - datetime.fromtimestamp(now, UTC)).total_seconds()
    return min(max(0.0, seconds), LATER_SECONDS_MAX)


def _refusal(answer: Answer) -> str | None:
    """Why this is a no; None: it is a yes."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return f"{answer.status}: a redirect is not followed"
    excerpt = answer.body.decode("utf-8", "replace")
    return _clean(f"{answer.status}: {excerpt}" if excerpt else f"{answer.status}")


def _clean(text: str) -> str:
    """One short line that any table and any terminal can show."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(line.split())[:EXCERPT_CHARACTERS_MAX]


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

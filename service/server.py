"""One serving process: uvicorn on a port that is already taken, and a leave that loses nobody.

On SIGTERM the process first says at /readyz that it is leaving, keeps answering while the balancers
notice, then closes its listener, finishes what is in flight, closes subscriptions with 1012
(service restart: clients come back with their cursor), and only then lets go of the database.
SIGINT, and a second SIGTERM, skip the wait.
"""

import asyncio
import gc
import signal
import socket
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from typing import Any, cast

import uvicorn

from schema.http.sockets import MESSAGE_BYTES_MAX
from service.app import application
from service.config import Config
from service.connections import KEEP_ALIVE_SECONDS, Connection, Patience
from service.runtime import Runtime, running
from service.webhooks import NoWebhookKeyError

IN_FLIGHT_SECONDS_MAX = 30
GC_THRESHOLDS = (50_000, 50, 50)


async def serve(url: str, taken: socket.socket, config: Config) -> None:
    """Serve until told to leave."""
    async with opened(url, config) as runtime:
        await LeavingServer(runtime, config).serve(sockets=[taken])


def opened(url: str, config: Config) -> AbstractAsyncContextManager[Runtime]:
    """The runtime of a process that answers, as the settings say."""
    return running(
        url,
        answer_seconds_max=config.graphql.deadline_seconds,
        issuers=config.oidc_issuers,
        webhook_key=_webhook_key(config),
        webhook_networks=config.webhooks.networks,
    )


class LeavingServer(uvicorn.Server):
    """uvicorn, told to leave by our own signals."""

    def __init__(self, runtime: Runtime, config: Config) -> None:
        super().__init__(
            uvicorn.Config(
                application(runtime, config.graphql),
                http=cast("Any", partial(Connection, config.connections_max)),
                lifespan="off",
                # Without a proxy in front, whoever asks could say that he is somebody else.
                proxy_headers=bool(config.trusted_proxies),
                forwarded_allow_ips=list(config.trusted_proxies),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=IN_FLIGHT_SECONDS_MAX,
                ws_max_size=MESSAGE_BYTES_MAX,
            )
        )
        self._runtime = runtime
        self._drain_seconds = config.drain_seconds
        _rarely_collect()

    async def main_loop(self) -> None:
        """As uvicorn does it, with an eye on who keeps us waiting."""
        looking = asyncio.create_task(Patience(self.server_state.connections).run())
        try:
            await super().main_loop()
        finally:
            looking.cancel()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Ours instead of uvicorn's, which closes the listener at once."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._leave, self._drain_seconds)
        loop.add_signal_handler(signal.SIGINT, self._leave, 0)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            loop.remove_signal_handler(signal.SIGINT)

    def _leave(self, after: float) -> None:
        again = self._runtime.draining.is_set()
        self._runtime.draining.set()
        asyncio.get_running_loop().call_later(0 if again else after, self._close)

    def _close(self) -> None:
        self._runtime.closing.set()
        self.should_exit = True


def _webhook_key(config: Config) -> bytes | None:
    """None: nobody has said what webhooks are to be signed with."""
    try:
        return config.webhooks.key(None)
    except NoWebhookKeyError:
        return None


def _rarely_collect() -> None:
    """What the process was made of stays to the end; the collector need not look at it again.

    Without this, it is a tenth of the time of small answers and two fifths of big ones (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)

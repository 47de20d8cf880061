"""The courier as a child of the server: there when there is somebody to send something to."""

import asyncio
import base64
import signal
from pathlib import Path

from service.runtime import Runtime
from tests.service.command_line import running, until
from tests.service.courier.hooks import KEY, head, registered, secret_of
from tests.service.courier.receiver import Receiver
from tests.service.relay.test_courier import ON_LINUX, couriers, lives


@ON_LINUX
async def test_with_the_first_webhook_comes_a_courier_and_with_the_server_it_goes(
    tmp_path: Path, fund: Runtime, fund_url: str, receiver: Receiver
) -> None:
    file = tmp_path / "key"
    file.write_bytes(base64.b64encode(KEY))
    told = {
        "SOCAI_DATABASE_URL": fund_url,
        "SOCAI_WEBHOOK_KEY_FILE": str(file),
        "SOCAI_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        await asyncio.to_thread(service.ready)
        assert couriers(service.program.pid) == []
        await registered(fund, receiver, after=await head(fund) - 3)
        got = await receiver.until(3, seconds=60)
        assert got[0].verified(secret_of()) == got[0].told
        left = couriers(service.program.pid)
        service.signal(signal.SIGKILL)
    assert left
    await asyncio.to_thread(until, lambda: not any(map(lives, left)))

"""`socai listen`: events brought to an address of one's own machine."""

import asyncio
import re
import signal
from pathlib import Path

import pytest

from events.appender import Appender
from service.cli.exits import Exit
from tests.entries import fill
from tests.service.command_line import running, socai
from tests.service.courier.receiver import Receiver, status

SECRET = re.compile(r"^secret (whsec_\S+)$", re.MULTILINE)


async def listened(receiver: Receiver, *arguments: str, url: str) -> tuple[int, list[str], str]:
    """How it ended, its lines, and what it said beside."""
    words = ("listen", "--forward-to", receiver.url, *arguments)
    ran = await asyncio.to_thread(socai, *words, SOCAI_DATABASE_URL=url)
    return ran.returncode, ran.stdout.splitlines(), ran.stderr


async def test_events_come_signed_in_order_and_it_says_where_to_go_on(
    receiver: Receiver, told_url: str
) -> None:
    receiver.answers = [status(204), status(500), status(200)]
    wanted = ("--type", "SupportCommitted", "--type", "AdvancePaid")
    code, lines, said = await listened(
        receiver, "--from", "70", "--limit", "3", *wanted, url=told_url
    )
    assert code == Exit.OK, said
    cells = [line.split("\t") for line in lines]
    first, second, third = receiver.positions[0], receiver.positions[1], receiver.positions[3]
    assert receiver.positions == [first, second, second, third]
    assert [(int(each[0]), each[2]) for each in cells] == [
        (first, "204"),
        (second, "500"),
        (second, "200"),
        (third, "200"),
    ]
    assert {each[1] for each in cells} <= {"SupportCommitted", "AdvancePaid"}
    assert all(each[3].isdigit() for each in cells)
    found = SECRET.search(said)
    assert found is not None
    assert all(each.verified(found[1]) for each in receiver.got)
    went_on = f"listen --forward-to {receiver.url} --type SupportCommitted --type AdvancePaid"
    assert f"{went_on} --from {third}" in said


async def test_what_is_recorded_while_it_listens_comes_until_ctrl_c(
    receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    words = ("listen", "--forward-to", receiver.url)
    async with Appender(database_url) as appender:
        with running(tmp_path, *words, SOCAI_DATABASE_URL=database_url) as listening:
            await asyncio.to_thread(listening.until, lambda: "forwarding" in listening.words)
            await fill(appender, 3)
            await receiver.until(3)
            await asyncio.to_thread(listening.until, lambda: "\n3\t" in listening.words)
            listening.signal(signal.SIGINT)
            assert await asyncio.to_thread(listening.end) == Exit.INTERRUPTED
            assert "--from 3" in listening.words
    assert receiver.positions == [1, 2, 3]


async def test_a_receiver_that_is_gone_ends_it(receiver: Receiver, told_url: str) -> None:
    receiver.answers = [status(204), status(410)]
    code, _, said = await listened(receiver, "--from", "0", url=told_url)
    assert code == Exit.NEGATIVE
    assert "--from 1" in said


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--forward-to", "localhost:3000"), "--forward-to"),
        (("--forward-to", "http://127.0.0.1/", "--type", "SupportDreamtOf"), "SupportDreamtOf"),
    ],
)
def test_what_it_cannot_do_is_named(arguments: tuple[str, ...], expected: str) -> None:
    ran = socai("listen", *arguments)
    assert ran.returncode == Exit.USAGE
    assert expected in ran.stderr

"""`socai subscriptions`, as an operator types it, and the gauges that wake him.

`docs/how-to/look-after-the-feed.md` is followed to the letter.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace

import asyncpg
import pytest
from httpx2 import ASGITransport, AsyncClient
from ruamel.yaml import YAML

from schema.webhooks.desk import Contents
from schema.webhooks.refusals import WAITING_MAX
from service.app import application
from service.cli.exits import Exit
from service.consumers import cursors
from service.consumers.cursors import State
from service.consumers.desk import WebhookDesk
from service.consumers.gauges import deaf, gauges
from service.runtime import running
from tests.schema.fundings import begun
from tests.service.command_line import ROOT, environment, socai

CONTENTS = Contents(url="https://1.1.1.1/x", filter={}, proofs=False, description="Kho bạc")
BY = ("--by", "minh")
NAME = "webhook/kho-bac"
PAGE = (ROOT / "docs/how-to/look-after-the-feed.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
async def fund(database_url: str, pool: asyncpg.Pool) -> str:
    """A ledger with a webhook that has stopped at position 3, and a relay that has everything."""
    async with running(database_url) as runtime:
        await begun(runtime)
        head = (await runtime.log.head()).position
        desk = WebhookDesk(runtime.pool, b"k" * 32)
        await desk.register("bo-tai-chinh", "kho-bac", CONTENTS, 3)
        await desk.register("bo-tai-chinh", "bo-di", CONTENTS, 0)
        await desk.remove("bo-tai-chinh", "bo-di")
    (webhook,) = await cursors.cursors(pool, "webhook/")
    await cursors.failed(pool, webhook, "503 Service Unavailable", 60, State.PARKED)
    await cursors.opened(pool, "nats/socai", head)
    return database_url


def told(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return socai("subscriptions", *words, SOCAI_DATABASE_URL=url)


def sat_at(url: str, answer: str) -> subprocess.CompletedProcess[str]:
    """A reset by somebody who sits at a terminal and answers."""
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    try:
        return subprocess.run(
            [sys.executable, "-m", "service", "subscriptions", "reset", NAME, "--to", "0"],
            cwd=ROOT,
            env=environment(SOCAI_DATABASE_URL=url),
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)


def rows(url: str, *words: str) -> list[dict[str, object]]:
    ran = told(url, *words, "-o", "json")
    assert ran.returncode == Exit.OK, ran.stderr
    return json.loads(ran.stdout)


async def test_it_lists_how_far_everybody_is_and_what_keeps_him(fund: str) -> None:
    relay, webhook = rows(fund, "list")
    assert relay["lagSeconds"] == 0.0
    assert (relay["name"], relay["kind"], relay["state"]) == ("nats/socai", "nats", "LIVE")
    assert (relay["lag"], relay["retryAt"], relay["error"]) == (0, None, None)
    assert webhook["lagSeconds"] > 0  # type: ignore[operator]
    assert webhook["retryAt"]
    assert webhook["head"] == relay["cursor"]
    assert webhook["lag"] == webhook["head"] - 3  # type: ignore[operator]
    shown = {name: webhook[name] for name in ("name", "state", "cursor", "failures", "error")}
    assert shown == {
        "name": "webhook/kho-bac",
        "state": "PARKED",
        "cursor": 3,
        "failures": 1,
        "error": "503 Service Unavailable",
    }


async def test_what_an_operator_does_is_done_and_written_down(fund: str) -> None:
    """Each is said on stderr, and `show` tells who it was."""
    for words, sentence in (
        (("resume", NAME, *BY), "is pending, after position 3"),
        (("pause", NAME, *BY), "is paused"),
        (("replay", NAME, "--from", "1", "--to", "3", *BY), "3 events will be sent"),
        (("replay", NAME, "--from", "3", *BY), "0 events will be sent"),
        (("reset", NAME, "--to", "0", "--yes", *BY), "it stood at 3"),
    ):
        ran = told(fund, *words)
        assert (ran.returncode, ran.stdout) == (Exit.OK, ""), ran.stderr
        assert sentence in ran.stderr
    (shown,) = rows(fund, "show", NAME)
    assert (shown["state"], shown["cursor"], shown["waiting"]) == ("PAUSED", 0, 3)
    assert (shown["principal"], shown["url"]) == ("bo-tai-chinh", CONTENTS.url)
    changes = shown["changes"]
    assert isinstance(changes, list)
    assert [(each["act"], each["by"], each["position"]) for each in changes] == [
        ("REWOUND", "operator minh", 0),
        ("REDELIVERED", "operator minh", 1),
        ("PAUSED", "operator minh", None),
        ("RESUMED", "operator minh", None),
        ("REGISTERED", "bo-tai-chinh", 3),
    ]


async def test_the_relay_is_moved_as_well(fund: str) -> None:
    assert told(fund, "pause", "nats/socai").returncode == Exit.OK
    assert "is live" in told(fund, "resume", "nats/socai").stderr
    assert told(fund, "reset", "nats/socai", "--to", "2", "--yes").returncode == Exit.OK
    (shown,) = rows(fund, "show", "nats/socai")
    assert (shown["state"], shown["cursor"]) == ("LIVE", 2)
    assert "url" not in shown
    assert shown["changes"][0]["by"].startswith("operator ")  # type: ignore[index]


REFUSALS = (
    (("show", "webhook/khong-co"), Exit.NOT_FOUND, "there is no webhook/khong-co"),
    (("pause", "webhook/bo-di"), Exit.NOT_FOUND, "there is no webhook/bo-di"),
    (("reset", "nats/socai", "--to", "0"), Exit.USAGE, "events would be sent again"),
    (("reset", "nats/socai", "--to", "-1", "--yes"), Exit.USAGE, "0 or more"),
    (("reset", "nats/socai", "--to", "999999", "--yes"), Exit.REFUSED, "The ledger ends at"),
    (("replay", "nats/socai", "--from", "1"), Exit.REFUSED, "is no webhook"),
    (("replay", "webhook/kho-bac", "--from", "0"), Exit.USAGE, "from 1 on"),
    (("replay", "webhook/kho-bac", "--from", "3", "--to", "2"), Exit.USAGE, "before --from"),
    (("replay", "webhook/kho-bac", "--from", "1", "--to", "4"), Exit.REFUSED, "not behind it"),
)


async def test_it_is_refused_with_a_sentence_and_a_code(fund: str) -> None:
    for words, code, sentence in REFUSALS:
        ran = told(fund, *words)
        assert (ran.returncode, ran.stdout) == (code, ""), (words, ran.stderr)
        assert sentence in ran.stderr


async def test_a_cursor_is_not_moved_before_somebody_agrees(fund: str, pool: asyncpg.Pool) -> None:
    for answer, code, position in (("", 1, 3), ("n", 1, 3), ("y", 0, 0)):
        ran = sat_at(fund, answer)
        assert "3 events would be sent again. Go on? [y/N]" in ran.stderr
        (cursor,) = await cursors.cursors(pool, NAME)
        assert (ran.returncode, cursor.position) == (code, position)


async def test_no_more_wait_to_be_sent_once_more_than_a_thousand(
    fund: str, pool: asyncpg.Pool
) -> None:
    await pool.execute(
        "INSERT INTO feed.redelivery (endpoint, position, asked_by)"
        " SELECT 'kho-bac', n + 100, 'x' FROM generate_series(1, $1::int) AS n",
        WAITING_MAX - 1,
    )
    ran = told(fund, "replay", "webhook/kho-bac", "--from", "1", "--to", "2")
    assert ran.returncode == Exit.REFUSED, ran.stderr
    assert f"{WAITING_MAX} events wait" in ran.stderr


async def test_the_gauges_say_how_far_everybody_is(fund: str) -> None:
    async with running(fund) as runtime:
        app = application(replace(runtime))
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://socai") as asks:
            text = (await asks.get("/metrics")).text
        head = (await runtime.log.head()).position
    lines = dict(each.rsplit(" ", 1) for each in text.splitlines() if not each.startswith("#"))
    told = {name: figure for name, figure in lines.items() if name.startswith("socai_feed_")}
    late = told.pop('socai_feed_consumer_lag_seconds{consumer="webhook/kho-bac"}')
    assert float(late) > 0
    assert told.pop("socai_feed_deaf") in {"0", "1"}
    assert {name: figure for name, figure in told.items() if "_state" not in name} == {
        'socai_feed_consumer_lag_positions{consumer="nats/socai"}': "0",
        'socai_feed_consumer_lag_positions{consumer="webhook/kho-bac"}': str(head - 3),
        'socai_feed_consumer_lag_seconds{consumer="nats/socai"}': "0.000",
        'socai_feed_consumer_failures{consumer="nats/socai"}': "0",
        'socai_feed_consumer_failures{consumer="webhook/kho-bac"}': "1",
    }
    states = {name for name, figure in told.items() if "_state" in name and figure == "1"}
    assert states == {
        'socai_feed_consumer_state{consumer="nats/socai",state="LIVE"}',
        'socai_feed_consumer_state{consumer="webhook/kho-bac",state="PARKED"}',
    }


async def test_the_page_can_be_followed(fund: str, pool: asyncpg.Pool) -> None:
    assert len(LINES) == 7
    for line in LINES:
        ran = socai(*shlex.split(line)[1:], SOCAI_DATABASE_URL=fund)
        assert ran.returncode == Exit.OK, (line, ran.stderr)
    (cursor,) = await cursors.cursors(pool, "webhook/")
    assert (cursor.state.name, cursor.position) == ("PAUSED", 0)


async def test_the_alarms_are_of_gauges_that_there_are(fund: str, pool: asyncpg.Pool) -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    rules = YAML(typ="safe").load(block)["groups"][0]["rules"]
    named = set(re.findall(r"socai_\w+", " ".join(each["expr"] for each in rules)))
    text = await gauges(pool) + deaf(is_deaf=False)
    told = set(re.findall(r"^# TYPE (\w+) gauge$", text, re.MULTILINE))
    assert named <= told
    assert set(re.findall(r"`(socai_feed\w+)", PAGE)) == told
    states = set(re.findall(r'state="(\w+)"', text))
    assert states <= set(re.findall(r"`([A-Z]{4,})`", PAGE))

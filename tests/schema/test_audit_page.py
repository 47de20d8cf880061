"""`docs/how-to/audit-the-fund.md`, followed to the letter over the evaluation."""

import json
import re
import shlex

import pytest

from service.cli.exits import Exit
from tests.schema.answers import answered
from tests.schema.conftest import Ask
from tests.service.command_line import ROOT, socai

PAGE = (ROOT / "docs/how-to/audit-the-fund.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
(QUESTION,) = re.findall(r"^```graphql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

MARKED = "{ diff(from: 0) { recorded(first: 1000) { nodes { position corrects { position } } } } }"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_does_its_work(command: str, evaluation_url: str) -> None:
    name, *words = shlex.split(command)
    assert name == "socai"
    ran = socai(*words, SOCAI_DATABASE_URL=evaluation_url)
    assert ran.returncode == Exit.OK, ran.stderr
    assert ran.stdout


async def test_the_question_of_the_page_is_answered(ask: Ask) -> None:
    got = answered(await ask(QUESTION))["diff"]
    assert len(got["figures"]["nodes"]) == 20


def test_an_event_is_traced_by_its_position_its_id_and_its_command(evaluation_url: str) -> None:
    def told(event: str) -> object:
        ran = socai("trace", event, "-o", "json", SOCAI_DATABASE_URL=evaluation_url)
        assert ran.returncode == Exit.OK, ran.stderr
        return json.loads(ran.stdout)

    shown = socai("events", "show", "300", "-o", "json", SOCAI_DATABASE_URL=evaluation_url)
    event = json.loads(shown.stdout)
    assert told("300") == told(event["id"]) == told(event["command"])


def test_an_event_that_is_not_there_exits_with_3(evaluation_url: str) -> None:
    for event in ("9999", "00000000-0000-7000-8000-000000000000"):
        ran = socai("trace", event, SOCAI_DATABASE_URL=evaluation_url)
        assert (ran.returncode, ran.stdout) == (Exit.NOT_FOUND, ""), ran.stderr
    assert socai("trace", "x", SOCAI_DATABASE_URL=evaluation_url).returncode == Exit.USAGE


async def test_both_ways_of_a_correction_are_traced(ask: Ask, evaluation_url: str) -> None:
    got = answered(await ask(MARKED))["diff"]["recorded"]["nodes"]
    found = [(each["position"], each["corrects"]["position"]) for each in got if each["corrects"]]
    correction, corrected = found[0]
    for event, relation, other in (
        (correction, "corrects", corrected),
        (corrected, "corrected by", correction),
    ):
        ran = socai("trace", str(event), "-o", "json", SOCAI_DATABASE_URL=evaluation_url)
        related = {row["position"]: row["relation"] for row in json.loads(ran.stdout)}
        assert related[other] == relation


def test_a_moment_that_makes_no_sense_is_refused(evaluation_url: str) -> None:
    for words, code in (
        (("diff", "--from", "soon"), Exit.USAGE),
        (("diff", "--from", "0", "--to", "9999"), Exit.NOT_FOUND),
        (("replay", "--at", "2026-13-01"), Exit.USAGE),
        (("replay", "--at", "head", "--effective", "yesterday"), Exit.USAGE),
    ):
        ran = socai(*words, SOCAI_DATABASE_URL=evaluation_url)
        assert (ran.returncode, ran.stdout) == (code, ""), ran.stderr

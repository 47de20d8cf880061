"""README is run: every command in it, every query, against one running demo."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from service.cli.exits import Exit
from service.config import SECRETS, VARIABLES
from service.pages import examples
from tests.service.command_line import ROOT, running, socai

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """What stands in fences of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
QUERIES = [block for block in blocks("graphql") if not block.startswith("subscription")]
SUBSCRIPTIONS = [block for block in blocks("graphql") if block.startswith("subscription")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """The demo as README starts it: where it answers, its data folder, the approver's key."""
    folder = tmp_path_factory.mktemp("readme")
    data = str(folder / "ledger")
    with running(folder, "demo", "--port", "0", "--data", data, anew=True) as started:
        yield started.ready(), data, started.key("approver")


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("socai ")])
def test_a_command_of_readme_does_its_work(command: str, demo: tuple[str, str, str]) -> None:
    ran = socai(*shlex.split(command)[1:], anew=True, SOCAI_DATA=demo[1])
    assert ran.returncode == Exit.OK, ran.stderr


def test_a_make_target_of_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [each.removeprefix("make ") for each in COMMANDS if each.startswith("make ")]
    assert targets[:2] == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert all(each.startswith(("make ", "socai ")) for each in COMMANDS)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_readme_is_answered(query: str, demo: tuple[str, str, str]) -> None:
    shown = {"authorization": f"Bearer {demo[2]}"} if query.startswith("mutation") else {}
    sent = {"query": query}
    answer = httpx2.post(f"{demo[0]}/graphql", json=sent, headers=shown, timeout=30).json()
    assert "errors" not in answer, answer["errors"]


@pytest.mark.parametrize("subscription", SUBSCRIPTIONS)
async def test_a_subscription_of_readme_begins(
    subscription: str, demo: tuple[str, str, str]
) -> None:
    address = f"{demo[0].replace('http', 'ws', 1)}/graphql"
    transport = WebsocketsTransport(url=address)
    async with Client(transport=transport, execute_timeout=60) as session:
        async for batch in session.subscribe(gql(subscription)):
            told = batch["events"]
            positions = [int(each["position"]) for each in told["events"]]
            assert positions == sorted(positions)
            assert 1 <= positions[0] <= positions[-1] <= int(told["cursor"])
            break


def test_readme_lists_every_variable_and_no_other() -> None:
    named = set(re.findall(r"\bSOCAI_[A-Z_]+\b", README))
    assert named == set(VARIABLES) | {f"{name}_FILE" for name in SECRETS}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_link_of_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / Path(link)).exists()


@pytest.mark.parametrize("query", [each["query"] for each in examples()])
async def test_an_example_of_graphiql_is_answered(query: str, demo: tuple[str, str, str]) -> None:
    if "subscription " in query:
        await test_a_subscription_of_readme_begins(query, demo)
    else:
        test_a_query_of_readme_is_answered(query, demo)

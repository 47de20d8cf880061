"""GraphiQL, in a real browser: it works, and it asks nobody but us."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from service.pages import NOT_FETCHED, STATIC, examples
from tests.service import browser
from tests.service.command_line import running

FETCHED = (STATIC / "graphiql" / "graphiql.js").exists()
READY = "document.querySelector('.graphiql-query-editor .CodeMirror') !== null"
RUN = "document.querySelector('.graphiql-execute-button').click()"
FEED = 'subscription Feed { events(after: "0") { cursor head } }'
ASKED = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.getValue()"
ANSWER = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? ''"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, with everything in it."""
    folder = tmp_path_factory.mktemp("demo")
    with running(folder, "demo", "--port", "0", "--data", str(folder / "ledger")) as demo:
        yield demo.ready()


@pytest.fixture
def seen(capsys: pytest.CaptureFixture[str]) -> None:
    """A browser and something to show in it; without them the test is skipped, loudly."""
    lacks = None
    if not FETCHED:
        lacks = "GraphiQL's files are not here; `make graphiql` fetches them"
    elif browser.program() is None:
        lacks = "no chromium here; Debian's package `chromium` has it"
    if lacks is not None:
        with capsys.disabled():
            sys.stderr.write(f"\nGraphiQL is NOT TESTED in a browser: {lacks}\n")
        pytest.skip(lacks)


def test_without_its_files_the_page_says_in_one_sentence_how_to_get_them() -> None:
    assert "make graphiql" in NOT_FETCHED
    assert NOT_FETCHED.count(". ") == 0


def test_the_evaluation_is_the_first_example() -> None:
    assert "query Evaluation" in examples()[0]["query"]


def test_every_page_forbids_other_origins_and_frames(url: str) -> None:
    for path in ("/", "/graphiql", "/graphiql/examples.json", "/livez", "/nowhere"):
        policy = httpx2.get(f"{url}{path}").headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_the_pages_name_no_other_origin(url: str) -> None:
    for path in ("/", "/graphiql"):
        page = httpx2.get(f"{url}{path}").text
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)


def test_the_front_page_leads_to_what_there_is(url: str) -> None:
    page = httpx2.get(url).text
    for path in re.findall(r'href="(/[^"]*)"', page):
        assert httpx2.get(f"{url}{path}").is_success, path
    assert "type Query" in httpx2.get(f"{url}/schema.graphql").text


@pytest.mark.usefixtures("seen")
async def test_it_runs_the_evaluation_and_asks_no_other_origin(url: str, tmp_path: Path) -> None:
    async with browser.opened(tmp_path, f"{url}/graphiql") as page:
        await page.until(READY)
        await page.until(f"({ASKED}).includes('query Evaluation')")
        await page.value(RUN)
        await page.until(f"({ANSWER}).includes('181946900000')")
        tabs = await page.value("document.querySelectorAll('.graphiql-tab').length")
        assert tabs == (len(examples()) if len(examples()) > 1 else 0)
        assert {_origin(asked) for asked in page.requested} == {url}
        assert page.complaints == []


@pytest.mark.usefixtures("seen")
async def test_a_link_opens_a_subscription_and_it_runs(url: str, tmp_path: Path) -> None:
    async with browser.opened(tmp_path, f"{url}/graphiql?query={quote(FEED)}") as page:
        await page.until(READY)
        await page.value(RUN)
        await page.until(f"({ANSWER}).includes('cursor')")
        assert f"{url}/graphql".replace("http", "ws", 1) in page.requested
        assert {_origin(asked) for asked in page.requested} == {url}
        assert page.complaints == []


def _origin(address: str) -> str:
    return "/".join(address.replace("ws://", "http://").split("/")[:3])

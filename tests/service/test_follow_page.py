"""`docs/how-to/follow-the-fund.md`, "On a laptop": followed to the letter in a sandbox."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.catalogue import FACTS
from service.cli.exits import Exit
from tests.service.command_line import ROOT, Running, running, socai, until

PAGE = (ROOT / "docs/how-to/follow-the-fund.md").read_text(encoding="utf-8")
LAPTOP = PAGE.partition("\n## On a laptop\n")[2].partition("\n## ")[0]
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", LAPTOP, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
(PRINTED,) = re.findall(r"^```text\n(.*?)^```$", LAPTOP, re.MULTILINE | re.DOTALL)
CODE = re.compile(r"thu-[0-9a-f]{10}")
SANDBOX, ADDRESS = ".socai-sandbox", "http://127.0.0.1:8000"
followed = {f"node examples/consumer.ts {ADDRESS}/events"}
"""Commands of the page that were run; this one is in `tests/clients/test_consumer.py`."""


def told(command: str, folder: Path, **replaced: str) -> str:
    """What a command of the page prints, in a sandbox elsewhere."""
    followed.add(command)
    for old, new in replaced.items():
        command = command.replace(old, new)
    words = shlex.split(command.replace(SANDBOX, str(folder)))
    place = () if "--data" in words else ("--data", str(folder))
    ran = socai(*words[1:], *place)
    assert ran.returncode == Exit.OK, ran.stderr
    return ran.stdout


@contextmanager
def consumer(command: str, server: Running, folder: Path, key: str = "") -> Iterator[Path]:
    """A consumer of the page at work; the file that it prints to."""
    followed.add(command)
    words = shlex.split(command.replace(ADDRESS, server.url).replace("API_KEY=socai_… ", ""))
    place, printed = folder / (words[3:] or ["cursor.txt"])[0], folder / f"{len(words)}.printed"
    with printed.open("wb") as file:
        program = subprocess.Popen(
            [sys.executable, ROOT / words[1], words[2], str(place)],
            stdout=file,
            env={"PATH": os.environ["PATH"], "API_KEY": key},
        )
    try:
        yield printed
    finally:
        program.kill()
        program.wait()


@pytest.fixture
def server(folder: Path) -> Iterator[Running]:
    """The sandbox as the page serves it."""
    followed.add(f"socai serve --data {SANDBOX}")
    with running(folder, "serve", "--port", "0", "--data", str(folder)) as started:
        started.ready()
        yield started


def test_a_stranger_follows_a_sandbox_by_the_page_alone(
    server: Running, folder: Path, tmp_path: Path
) -> None:
    def types(printed: Path) -> list[str]:
        return [line.split()[2] for line in printed.read_text(encoding="utf-8").splitlines()]

    with consumer(f"python3 examples/consumer.py {ADDRESS}/events", server, tmp_path) as printed:
        shown = told("socai trigger DisbursementPaid", folder)
        assert CODE.sub("thu-", shown) == CODE.sub("thu-", PRINTED)
        until(lambda: types(printed)[-1:] == ["vn.socai.DisbursementPaid"])
    assert len(told("socai trigger", folder).splitlines()) == len(FACTS)
    events = told("socai trigger PaymentReversed --count 3 -o ndjson", folder).splitlines()
    assert [json.loads(each)["type"] for each in events] == ["PaymentReversed"] * 3
    plain = told(f"socai tail --from 0 --limit 10 --data {SANDBOX}", folder)
    assert [line.split("\t")[0] for line in plain.splitlines()] == [str(n) for n in range(1, 11)]
    read = told(f"socai tail --from 10 --limit 3 -o ndjson --data {SANDBOX}", folder)
    assert all(json.loads(each)["synthetic"] for each in read.splitlines())

    principal = told("socai trigger MandateConfirmed", folder).split("mandate-")[1].split("\t")[0]
    key = told(
        f"socai keys create PRINCIPAL --by me --data {SANDBOX}", folder, PRINCIPAL=principal
    ).strip()
    command = f"API_KEY=socai_… python3 examples/consumer.py {ADDRESS}/events all.txt"
    with consumer(command, server, tmp_path, key) as printed:
        until(lambda: types(printed)[-1:] == ["vn.socai.MandateConfirmed"])
        positions = [int(line.split()[0]) for line in printed.read_text("utf-8").splitlines()]
        assert positions == list(range(1, len(positions) + 1))
    assert followed == set(COMMANDS)


def test_the_page_says_how_many_types_there_are() -> None:
    assert f"all {len(FACTS)} are listed" in PAGE

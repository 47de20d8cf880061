"""`docs/how-to/use-a-client.md` shows nothing but pieces of what the tests run."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "how-to" / "use-a-client.md"
LINK = re.compile(r"\]\(([^)#\s]+)\)")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS_MIN = 12


def inventions(page: str, folder: Path) -> Iterator[str]:
    """Blocks that are not, word for word, in the file that the last link before them leads to."""
    for block in FENCE.finditer(page):
        links = LINK.findall(page[: block.start()])
        file = folder / links[-1] if links else folder
        if not file.is_file() or block[2] not in file.read_text(encoding="utf-8"):
            yield block[2]


def test_every_block_is_an_excerpt_of_the_script_it_names() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(FENCE.findall(page)) >= BLOCKS_MIN
    assert list(inventions(page, PAGE.parent)) == []


def test_a_block_that_nothing_runs_is_caught(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text("one();\ntwo();\n", encoding="utf-8")
    page = "[a](a.mjs)\n```js\ntwo();\n```\n```js\nthree();\n```\n"
    assert list(inventions(page, tmp_path)) == ["three();\n"]
    assert list(inventions("```js\none();\n```\n", tmp_path)) == ["one();\n"]

"""The page on OWASP ASVS answers each requirement of levels 1 and 2 once, and names what exists."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.house.tree import ROOT

PAGE = ROOT / "docs/reference/asvs.md"
NUMBERS = Path(__file__).with_name("asvs.txt")
ROW = re.compile(r"^\| (V[\d.]+) \| (.*?) \| ?(.*?) \| ?(.*?) ?\|$", re.MULTILINE)
NAME = re.compile(r"^\[([a-z-]+)\]: (\S+)$", re.MULTILINE)
ANSWERS = {"met", "n/a", "not met"}
COUNTED = re.compile(r"(\d+) are met, (\d+) do not apply, (\d+) are not met")


def required() -> Sequence[str]:
    lines = NUMBERS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def faults(page: str, numbers: Sequence[str], folder: Path) -> Iterator[str]:
    """What is wrong with the page."""
    rows, names = ROW.findall(page), dict(NAME.findall(page))
    answered = [number for number, *_ in rows]
    yield from (f"{each} is not answered" for each in numbers if each not in answered)
    yield from (f"{each} is not asked" for each in answered if each not in numbers)
    yield from (f"{each} is answered twice" for each in set(answered) if answered.count(each) > 1)
    used: set[str] = set()
    for number, answer, text, shown in rows:
        found = re.findall(r"\[([a-z-]+)\]", shown)
        used |= set(found)
        if answer not in ANSWERS or not text:
            yield f"{number} says nothing"
        if answer == "met" and not found:
            yield f"{number} is shown by nothing"
    yield from (f"[{each}] is no name" for each in used - names.keys())
    yield from (f"[{each}] is used nowhere" for each in names.keys() - used)
    yield from (f"no {path}" for path in names.values() if not folder.joinpath(path).exists())


def test_every_requirement_is_answered_once_and_shown_by_what_exists() -> None:
    numbers = required()
    assert len(numbers) == 253
    assert list(faults(PAGE.read_text(encoding="utf-8"), numbers, PAGE.parent)) == []


def test_the_page_counts_its_answers_rightly() -> None:
    page = PAGE.read_text(encoding="utf-8")
    answers = [answer for _, answer, *_ in ROW.findall(page)]
    counted = COUNTED.search(page.replace("\n", " "))
    assert counted
    assert [int(each) for each in counted.groups()] == [
        answers.count(each) for each in ("met", "n/a", "not met")
    ]


def test_faults_of_the_page_are_caught() -> None:
    page = "| V1.1 | met | so | |\n| V1.1 | yes | | [a] |\n| V9.9 | n/a | no | [b] |\n"
    page += "[b]: x.md\n[c]: y\n"
    assert sorted(faults(page, ["V1.1", "V1.2"], ROOT)) == [
        "V1.1 is answered twice",
        "V1.1 is shown by nothing",
        "V1.1 says nothing",
        "V1.2 is not answered",
        "V9.9 is not asked",
        "[a] is no name",
        "[c] is used nowhere",
        "no x.md",
        "no y",
    ]

"""Docstrings of modules, facts, commands, values and refusals are the product: they are published.

A module says what it is. A fact, a command and a refusal say it in the schema, in the catalogue
and in the answer. A refusal speaks twice: an English paragraph, then a Vietnamese one.
"""

import ast
from collections.abc import Iterable, Iterator

from tests.house.tree import ROOMS, Source, decorated, public_classes, python_files

PUBLISHED = ("fact", "command", "value")


def silent(sources: Iterable[Source]) -> Iterator[str]:
    """Modules, facts, commands, values and refusals that say nothing about themselves."""
    for source in sources:
        if not ast.get_docstring(source.tree):
            yield f"{source.path}: the module"
        for node in public_classes(source):
            if decorated(node, PUBLISHED) and not ast.get_docstring(node):
                yield f"{source.path}: {node.name}"


def one_tongued(sources: Iterable[Source]) -> Iterator[str]:
    """Refusals without an English and a Vietnamese paragraph."""
    for source in sources:
        for node in public_classes(source):
            if not decorated(node, ("refusal",)):
                continue
            english, _, vietnamese = (ast.get_docstring(node) or "").partition("\n\n")
            if not english.strip() or vietnamese.isascii():
                yield f"{source.path}: {node.name}"


def test_what_is_published_says_what_it_is() -> None:
    assert list(silent(python_files(*ROOMS))) == []


def test_every_test_and_benchmark_says_what_it_is() -> None:
    for source in python_files("tests", "benchmarks"):
        assert ast.get_docstring(source.tree) or not source.text, source.path


def test_every_refusal_speaks_english_and_vietnamese() -> None:
    assert list(one_tongued(python_files(*ROOMS))) == []


def test_a_silent_module_and_a_silent_fact_are_caught() -> None:
    planted = Source("events/a.py", "@fact\nclass SchemeClosed:\n    x: int\n")
    assert list(silent([planted])) == ["events/a.py: the module", "events/a.py: SchemeClosed"]


def test_a_refusal_without_vietnamese_is_caught() -> None:
    declared = '@refusal(rule="x")\nclass TooLate(Refusal):\n    """It is too late.{}"""\n'
    english = Source("a.py", declared.format(""))
    both = Source("a.py", declared.format("\n\n    Đã quá muộn.\n    "))
    assert list(one_tongued([english])) == ["a.py: TooLate"]
    assert list(one_tongued([both])) == []

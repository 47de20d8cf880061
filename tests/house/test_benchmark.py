"""The questions of the query benchmark: ours are of the contract, and each has its rivals."""

import pytest
from graphql import parse, validate

from benchmarks.query.questions import FOLDER, QUESTIONS, Question
from schema.root import build

SCHEMA = build()._schema


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.title)
def test_a_question_of_the_benchmark_is_valid(question: Question) -> None:
    assert validate(SCHEMA, parse(question.ours)) == []


def test_every_file_of_the_benchmark_belongs_to_a_question() -> None:
    endings = ("graphql", "postgraphile.graphql", "sql")
    wanted = {f"{each.file}.{ending}" for each in QUESTIONS for ending in endings}
    assert {path.name for path in FOLDER.iterdir()} == wanted


def test_as_of_keeps_every_table_of_the_hand_written_sql_to_the_position() -> None:
    for question in QUESTIONS:
        assert "STANDS" not in question.statement
        assert ("since <= $" in question.statement) is question.as_of

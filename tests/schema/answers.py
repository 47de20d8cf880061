"""What tests read from the body of a response."""

import json
import re
from typing import Any

Body = dict[str, Any]
INSIDE = re.compile(
    r"Traceback|\.py\b|line \d+, in |0x[0-9a-f]{8}|object at|asyncpg|psycopg|[Ss]trawberry|orjson"
    r"|relation \"|syntax error at or near|SQLSTATE|\bSELECT\s|\bFROM\s+(?:ledger|model)\.|\$\d+::"
    r"|site-packages|/tmp/|NoneType|'(?:str|int|dict|list|float)' object|KeyError|TypeError"
)
OURS = frozenset({"INTERNAL", "UNAVAILABLE", "DEADLINE"})
PLACELESS = re.compile(r"error limit reached| cannot represent |^Value for member field ")
"""What graphql-core, and Strawberry of a `@oneOf`, say of a document without the place."""


def answered(body: Body) -> Any:
    """The data; a refusal would be a surprise."""
    assert "errors" not in body, body["errors"]
    return body["data"]


def refused(body: Body) -> Any:
    """The extensions of the one refusal: its code, its figures, and its second language."""
    (error,) = body["errors"]
    assert error["extensions"]["messageVi"], error
    return error["extensions"]


def typed(answers: list[Any], sent: object) -> list[Any]:
    """The errors of answers, each of them typed; nothing of the inside is told."""
    found = [error for each in answers for error in each.get("errors", ())]
    for error in found:
        said = error.get("extensions")
        if said is None:
            assert error.get("locations") or PLACELESS.search(error["message"]), (sent, error)
        else:
            assert said["code"] not in OURS, (sent, error)
            assert said["messageVi"], (sent, error)
        assert not INSIDE.search(json.dumps(error)), (sent, error)
    assert found or all("data" in each for each in answers), (sent, answers)
    return found

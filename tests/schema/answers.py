"""What tests read from the body of a response."""

from typing import Any

Body = dict[str, Any]


def answered(body: Body) -> Any:
    """The data; a refusal would be a surprise."""
    assert "errors" not in body, body["errors"]
    return body["data"]


def refused(body: Body) -> Any:
    """The extensions of the one refusal: its code, its figures, and its second language."""
    (error,) = body["errors"]
    assert error["extensions"]["messageVi"], error
    return error["extensions"]

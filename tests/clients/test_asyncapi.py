"""The AsyncAPI document, held to the schema that AsyncAPI publishes for 3.0.0."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.clients.conftest import MODULES, Node
from tests.house.tree import ROOT

Tree = dict[str, Any]
DOCUMENT: Tree = json.loads((ROOT / "docs/reference/asyncapi.json").read_text(encoding="utf-8"))
Faults = Callable[[Tree], list[str]]


@pytest.fixture(scope="module")
def faults(node: Node) -> Faults:
    """Where a document is not one of AsyncAPI 3.0.0. Its schema names its parts by addresses."""
    assert node
    file = MODULES / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
    schema: Tree = json.loads(file.read_text(encoding="utf-8"))
    parts = ((name, DRAFT7.create_resource(each)) for name, each in schema["definitions"].items())
    registry: Registry[Any] = Registry().with_resources(parts)
    told = Draft7Validator(schema, registry=registry)
    return lambda document: ["/".join(map(str, each.path)) for each in told.iter_errors(document)]


def test_the_document_is_valid(faults: Faults) -> None:
    assert faults(DOCUMENT) == []


def without(*way: str) -> Tree:
    """The document with one thing taken away."""
    planted = deepcopy(DOCUMENT)
    place = planted
    for step in way[:-1]:
        place = place[step]
    del place[way[-1]]
    return planted


def test_a_document_that_is_not_valid_is_caught(faults: Faults) -> None:
    assert faults(without("info", "version")) == ["info"]
    assert faults(without("operations", "relay", "action")) == ["operations/relay"]
    wrong = deepcopy(DOCUMENT)
    wrong["channels"]["feed"]["bindings"] = {"http": {"method": "FETCH"}}
    wrong["servers"]["nats"]["port"] = 4222
    assert set(faults(wrong)) >= {"servers/nats"}

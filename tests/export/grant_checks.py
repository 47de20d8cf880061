"""360Giving by its own schema where that is at hand, and by what the standard asks in words.

The schema is not among our files: STANDARD_360GIVING names the folder that has it, as
https://github.com/ThreeSixtyGiving/standard keeps it under `schema`.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Json = Mapping[str, Any]
FOLDER = os.environ.get("STANDARD_360GIVING")
WANTED = (
    "id", "title", "description", "currency", "amountAwarded", "awardDate",
    "recipientOrganization", "fundingOrganization",
)  # fmt: skip


@cache
def validator() -> Draft202012Validator:
    """The class is pinned: by the http: address in `$schema` jsonschema would not know which."""
    folder = Path(FOLDER or "")
    grant, package = (
        json.loads((folder / f"360-giving-{name}.json").read_text("utf-8"))
        for name in ("schema", "package-schema")
    )
    there = package["properties"]["grants"]["items"]["$ref"]
    resource = Resource.from_contents(grant, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resources([(there, resource)])
    return Draft202012Validator(package, registry=registry, format_checker=FormatChecker())


def faults(package: Json) -> list[str]:
    """What is wrong with a package; none: it is sound."""
    found = list(by_words(package))
    if FOLDER:
        found += [each.message[:200] for each in validator().iter_errors(package)]
    return found


def by_words(package: Json) -> Iterator[str]:
    """What the standard asks of a grant, and what it says of its sums."""
    times = Counter(each.get("id") for each in package["grants"])
    yield from (f"two grants {name}" for name, count in times.items() if count > 1)
    for grant in package["grants"]:
        name = grant.get("id")
        yield from (f"{name}: no {field}" for field in WANTED if grant.get(field) in (None, []))
        for sum_, parts in (
            ("amountAwarded", "commitmentTransaction"),
            ("amountDisbursed", "disbursementTransaction"),
        ):
            if grant.get(sum_) != sum(each["value"] for each in grant.get(parts, ())):
                yield f"{name}: {sum_} is not the sum of {parts}"

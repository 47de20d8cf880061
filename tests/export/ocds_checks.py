"""OCDS by its own programs: libcoveocds says what is valid, ocdsmerge what is so."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from ocdsmerge import Merger

Json = Mapping[str, Any]
DATA: Final = Path(__file__).with_name("standards") / "ocds"

SCHEMA: Final = "https://standard.open-contracting.org/schema/1__1__5"
VERSIONED: Final = (
    f'"$ref": "{SCHEMA}/versioned-release-validation-schema.json"',
    '"type": "null"',
)
"""libcoveocds would fetch it when it looks at records; ours have no versioned releases."""


@cache
def standard() -> bytes:
    """The standard as libcoveocds wants it: a zip of its repository."""
    file = BytesIO()
    with ZipFile(file, "w") as package:
        package.writestr("standard/", "")
        for each in sorted((DATA / "schema").glob("*.json")):
            written = each.read_text("utf-8").replace(*VERSIONED)
            package.writestr(f"standard/schema/{each.name}", written)
        for name, codes in _closed(_release()).items():
            package.writestr(f"standard/schema/codelists/{name}", "\n".join(["Code", *codes]))
    return file.getvalue()


def _closed(schema: Any) -> dict[str, list[str]]:
    """Lists that are closed stand in the schema too, where nobody asks libcoveocds for them."""
    found = {}
    if isinstance(schema, dict):
        codes = schema.get("enum") or schema.get("items", {}).get("enum")
        if isinstance(schema.get("codelist"), str) and codes:
            found[schema["codelist"]] = [each for each in codes if each is not None]
        for each in schema.values():
            found |= _closed(each)
    return found


def _release() -> Any:
    return json.loads((DATA / "schema" / "release-schema.json").read_text("utf-8"))


@cache
def _merger() -> Merger:
    return Merger(_release())


def faults(package: Json) -> list[str]:
    """What libcoveocds finds wrong; and what it does not look for: two releases of one id."""
    config = LibCoveOCDSConfig({"standard_zip": standard(), "context": "api"})
    said: Any = ocds_json_output(json_data=package, lib_cove_ocds_config=config)
    wrong = [f"{each['path']}: {each['description']}" for each in said["validation_errors"]]
    wrong += [f"{name}: {found}" for name, found in said["additional_checks"].items()]
    wrong += [
        f"{each['path']}/{each['field']}: {each['values']}"
        for each in said["additional_closed_codelist_values"].values()
    ]
    wrong += [f"deprecated: {each['field']}" for each in said["deprecated_fields"]]
    releases = package.get("releases") or [
        release for record in package["records"] for release in record["releases"]
    ]
    times = Counter((each.get("ocid"), each["id"]) for each in releases)
    return wrong + [f"two releases {key}" for key, count in times.items() if count > 1]


def merged(releases: Sequence[Json]) -> Json:
    """What a program of the standard's own makes of releases."""
    compiled: Json = _merger().create_compiled_release(list(map(dict, releases)))
    return compiled


def ordered(told: Any) -> Any:
    """The same with every list of objects in the order of their ids: OCDS gives them none."""
    if isinstance(told, Mapping):
        return {key: ordered(got) for key, got in told.items()}
    if isinstance(told, list):
        of_objects = all(isinstance(each, Mapping) and "id" in each for each in told)
        sorted_ = sorted(told, key=lambda each: str(each["id"])) if of_objects else told
        return [ordered(each) for each in sorted_]
    return told

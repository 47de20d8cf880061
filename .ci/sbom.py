"""Write dist/socai-<version>.cdx.json: what the wheel and the image stand on, as CycloneDX 1.6.

Offline: names and versions come from what is installed here, the hashes from requirements.lock,
GraphiQL's packages from its npm lock file. No address is written, and no moment: the same lock
files make the same bytes. Of what PostgreSQL's wheel has inside, the wheel alone is named.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKED = re.compile(
    r"^(\S+)==([^\s;]+)[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.MULTILINE
)
LICENCES = LicenseFactory()


def main() -> None:
    """Write it, and read it once more as a stranger would."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = JsonV1Dot6(bom(project)).output_as_string(indent=1)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        sys.exit(f"not CycloneDX 1.6: {str(wrong)[:300]}")
    file = ROOT / "dist" / f"socai-{project['version']}.cdx.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{text}\n", encoding="utf-8")
    print(f"{file.relative_to(ROOT)}: {len(json.loads(text)['components'])} components")


def bom(project: Mapping[str, Any]) -> Bom:
    """Socai, and everything under it."""
    root = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=f"socai@{project['version']}",
        licenses=[LICENCES.make_from_string(project["license"])],
    )
    of_python = dict(python(project["dependencies"]))
    for extra in project["optional-dependencies"].values():
        for name, each in python(extra):
            each.scope = ComponentScope.OPTIONAL  # of those who ask for it
            of_python.setdefault(name, each)
    found = Bom(components=[*of_python.values(), *browser()])
    found.metadata.component = root
    found.metadata.timestamp = None
    found.register_dependency(root, found.components)
    for name, each in of_python.items():
        under = [of_python[one] for one in needed(name) if one in of_python]
        found.register_dependency(each, under)
    names = ",".join(sorted(str(each.purl) for each in found.components))
    found.serial_number = uuid5(NAMESPACE_URL, f"{root.bom_ref},{names}")
    return found


def python(wanted: list[str]) -> Iterator[tuple[str, Component]]:
    """The runtime's distributions, each as it is locked."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {name: (version, hashes) for name, version, hashes in LOCKED.findall(lock)}
    seen, waiting = set[str](), [canonicalize_name(Requirement(each).name) for each in wanted]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        version, hashes = locked[name]
        if metadata.version(name) != version:
            sys.exit(
                f"{name} {metadata.version(name)} is installed, {version} is locked: make setup"
            )
        waiting += needed(name)
        yield name, component("pypi", name, version, licence(name), sha256=hashes)


def needed(name: str) -> list[str]:
    """What a distribution asks for, here and without its extras."""
    asked = [Requirement(each) for each in metadata.requires(name) or ()]
    return [
        canonicalize_name(each.name)
        for each in asked
        if each.marker is None or each.marker.evaluate({"extra": ""})
    ]


def licence(name: str) -> str | None:
    """As the distribution names it."""
    said = metadata.metadata(name)
    classed = [each for each in said.get_all("Classifier") or () if each.startswith("License ::")]
    named = said.get("License")
    short = named if named and "\n" not in named else None
    return said.get("License-Expression") or short or (classed and classed[0].split(" :: ")[-1])


def browser() -> Iterator[Component]:
    """The packages that GraphiQL's files are made of."""
    lock = json.loads((ROOT / "service/static/package-lock.json").read_text(encoding="utf-8"))
    for path, each in lock["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            sha512 = base64.b64decode(each["integrity"].removeprefix("sha512-")).hex()
            yield component("npm", name, each["version"], each.get("license"), sha512=sha512)


def component(
    kind: str, name: str, version: str, licence: str | None, *, sha256: str = "", sha512: str = ""
) -> Component:
    """One package."""
    space, _, short = name.rpartition("/")
    purl = PackageURL(kind, space or None, short, version)
    hashes = [
        *(
            HashType(alg=HashAlgorithm.SHA_256, content=each)
            for each in re.findall("[0-9a-f]{64}", sha256)
        ),
        *([HashType(alg=HashAlgorithm.SHA_512, content=sha512)] if sha512 else []),
    ]
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LICENCES.make_from_string(licence)] if licence else [],
        hashes=hashes,
    )


if __name__ == "__main__":
    main()

"""Ask whether a version in requirements.lock has a known hole: `make check` fails if one has.

Where nobody answers, or answers that it knows none of the packages, that is said loudly and nothing
fails: a machine without a network can still be worked on. The next one that has one will find it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS_MAX = 90
IGNORED: Mapping[str, str] = {}
"""Advisories that do not reach us: id, then why, and since when."""
COMMAND = (
    *("--requirement", str(ROOT / "requirements.lock"), "--require-hashes", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "5"),
    *(word for each in IGNORED for word in ("--ignore-vuln", each)),
)


def main(command: Sequence[str]) -> int:
    """The exit code: 1 if there is a hole, and only then."""
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SECONDS_MAX
        )
    except subprocess.TimeoutExpired:
        return skipped(f"no answer within {SECONDS_MAX} seconds")
    try:
        packages = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        return skipped((ran.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return told(packages)


def told(packages: Sequence[Mapping[str, Any]]) -> int:
    """What was found; a package that nobody could look up is not one without holes."""
    unknown = [each["name"] for each in packages if "skip_reason" in each]
    if len(unknown) == len(packages):
        return skipped("the service of advisories knows none of the packages")
    found = [(each, hole) for each in packages for hole in each.get("vulns", ())]
    for each, hole in found:
        fixed = ", ".join(hole["fix_versions"]) or "no version yet"
        print(f"{each['name']} {each['version']}: {hole['id']}, corrected in {fixed}")
    if unknown:
        print(f"AUDIT INCOMPLETE: nothing is known of {', '.join(unknown)}")
    print(f"{len(packages) - len(unknown)} packages looked up, {len(found)} known holes")
    return 1 if found else 0


def skipped(why: str) -> int:
    """Say it so that nobody takes it for a pass."""
    print(f"\n  AUDIT SKIPPED, NOTHING WAS LOOKED UP: {why}\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main([str(Path(sys.executable).with_name("pip-audit")), *COMMAND]))

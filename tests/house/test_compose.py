"""`docker-compose.yml` and `Dockerfile` say only what the code knows.

The compose specification is checked by `make check`; here: every command, variable, port and secret
in them exists, and the services are as closed as they claim.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from service.cli import front
from service.config import PORT_DEFAULT, SECRETS, VARIABLES, Config
from tests.house.tree import ROOT

Compose = Mapping[str, Any]


def compose() -> Compose:
    return YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def ours(told: Compose) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, service in told["services"].items():
        if "build" in service:
            yield name, service


def unknown_commands(told: Compose) -> list[str]:
    """Commands that the command line does not have."""
    return [
        f"{name}: {' '.join(service['command'])}"
        for name, service in ours(told)
        if not known(service["command"])
    ]


def known(words: list[str]) -> bool:
    """Whether the command line has the command, and the command below it, if one is named."""
    named = [each for each in words if not each.startswith("--")]
    commands, _, rest = front().parse_commands(named)
    return len(commands) == len(named) and not rest


def unknown_variables(text: str) -> set[str]:
    """Variables `SOCAI_*` that the settings do not have."""
    told = set(re.findall(r"\bSOCAI_[A-Z_]+\b", text))
    return told - set(VARIABLES) - {f"{name}_FILE" for name in SECRETS}


def test_every_command_exists() -> None:
    assert unknown_commands(compose()) == []


def test_every_variable_exists() -> None:
    for name in ("docker-compose.yml", "Dockerfile"):
        assert unknown_variables((ROOT / name).read_text(encoding="utf-8")) == set()


def test_the_port_is_the_default_and_published_on_loopback_alone() -> None:
    assert compose()["services"]["socai"]["ports"] == [f"127.0.0.1:{PORT_DEFAULT}:{PORT_DEFAULT}"]
    assert "ports" not in compose()["services"]["db"]


def test_our_services_write_nothing_and_gain_nothing() -> None:
    services = dict(ours(compose()))
    assert set(services) == {"migrate", "signer", "socai"}
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER \d+:\d+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_the_database_is_kept_where_postgres_18_wants_it() -> None:
    told = compose()["services"]["db"]
    assert told["image"] == "postgres:18"
    assert told["volumes"] == ["db:/var/lib/postgresql"]


def test_each_service_waits_for_what_it_needs() -> None:
    services = compose()["services"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("signer", "socai"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"}
        }


def test_health_is_asked_where_the_service_answers() -> None:

    probes = re.findall(r"\w+z\b", compose()["services"]["socai"]["healthcheck"]["test"][-1])
    declared = (ROOT / "service/health.py").read_text(encoding="utf-8")
    assert probes == ["livez", "readyz"]
    assert all(f'"/{probe}"' in declared for probe in probes)


def test_the_image_is_of_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert {service["image"] for _, service in ours(compose())} == {f"socai:{version[1]}"}


def test_the_image_holds_what_the_wheel_holds() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    roofed = re.findall(
        r'^"(\w+)" = "socai/\1"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert copied == roofed


def test_make_secrets_makes_what_is_read_and_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "passwords.py", tmp_path / ".ci")
    subprocess.run([sys.executable, script], check=True)
    made = {path: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    subprocess.run([sys.executable, script], check=True)
    assert {path: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    (tmp_path / "secrets" / "superuser_url").unlink()  # as the version before left it
    subprocess.run([sys.executable, script], check=True)
    assert {path: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    read = {each["file"] for each in compose()["secrets"].values()}
    assert {str(path.relative_to(tmp_path)) for path in made} == read
    url = (tmp_path / "secrets" / "service_url").read_text()
    assert Config.from_env({"SOCAI_DATABASE_URL": url.strip()}).database_url == url.strip()


def test_only_the_migration_is_told_who_the_superuser_is() -> None:
    told = compose()["services"]
    assert {name for name, each in told.items() if "superuser_url" in each["secrets"]} == {
        "migrate"
    }
    assert "SOCAI_SUPERUSER_URL_FILE" in told["migrate"]["environment"]


def test_an_unknown_command_and_an_unknown_variable_are_caught() -> None:
    planted = {"services": {"a": {"build": ".", "command": ["migrate", "upwards"]}}}
    assert unknown_commands(planted) == ["a: migrate upwards"]
    assert unknown_variables("SOCAI_PROT: 1\nSOCAI_PORT: 1") == {"SOCAI_PROT"}

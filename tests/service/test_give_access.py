"""`docs/how-to/give-access.md`, followed to the letter, beside a serving process."""

import re
import shlex
from pathlib import Path

import httpx2

from service.cli.exits import Exit
from tests.service.command_line import ROOT, running, socai, until

PAGE = (ROOT / "docs/how-to/give-access.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ME = {"query": "{ me { principal mandates { nodes { role status province { name } } } } }"}


def test_the_page_is_followed(
    tmp_path: Path, database_url: str, owner_url: str, superuser_url: str
) -> None:
    told = {
        "SOCAI_DATABASE_URL": database_url,
        "SOCAI_MIGRATE_URL": owner_url,
        "SOCAI_SUPERUSER_URL": superuser_url,
    }
    key = ""

    def run(command: str, expected: Exit = Exit.OK) -> str:
        words = shlex.split(command)
        assert words[0] == "socai"
        ran = socai(*words[1:], **told)
        assert ran.returncode == expected, ran.stderr
        return ran.stdout

    with running(tmp_path, "serve", "--port", "0", **told) as service:
        url = f"{service.ready()}/graphql"

        def me() -> object:
            sent = {"authorization": f"Bearer {key}"}
            return httpx2.post(url, json=ME, headers=sent).json().get("data", {}).get("me")

        mandate, made, replaced, known, taken = (block.splitlines() for block in BLOCKS)
        run(mandate[0])
        run(mandate[1].replace("binh", "an"), Exit.REFUSED)  # nobody confirms his own
        run(mandate[1])
        key = run(made[0]).strip()
        identity = key.split("_")[2]
        operator = [{"role": "OPERATOR", "status": "CONFIRMED", "province": {"name": "Ninh Bình"}}]
        until(lambda: me() == {"principal": "lan", "mandates": {"nodes": operator}})
        assert "CONFIRMED" in run(mandate[2])
        assert identity in run(made[1])
        newer = run(replaced[0].replace("KEY", identity)).strip()
        run(replaced[0].replace("KEY", identity), Exit.REFUSED)  # two are live
        assert me() is not None
        run(replaced[1].replace("KEY", identity))
        until(lambda: me() is None)
        key = newer
        assert me() is not None
        assert re.fullmatch(r"o-[0-9a-f]{32}\n", run(known[0]))
        run(taken[0])
        run(taken[0].replace("lan", "nobody"), Exit.REFUSED)
        assert "REVOKED" in run("socai mandates list")

"""Compilers and generators that nobody here wrote: what they make of the schema compiles and works.

Each runs in a folder of its own, with the committed schema and the examples beside its settings.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.clients.conftest import HERE, INSTALL_SECONDS_MAX, MODULES, Lacking, Node
from tests.house.tree import ROOT

SDL = ROOT / "schema" / "schema.graphql"
EXAMPLES = ROOT / "examples"
STRICT = (
    *("--strict", "--noEmit", "--skipLibCheck"),
    *("--target", "es2022", "--lib", "es2022", "--module", "esnext"),
    *("--moduleResolution", "bundler"),
)
PAGE_NODES = 20


@pytest.fixture(scope="session")
def venv(tmp_path_factory: pytest.TempPathFactory, lacking: Lacking) -> Path:
    """The programs of Python's generator, which cannot live beside the server's own."""
    folder = tmp_path_factory.mktemp("generator") / "venv"
    uv = Path(sys.executable).with_name("uv")
    lock = HERE / "python" / "requirements.lock"
    install = ["pip", "install", "--python", folder, "--require-hashes", "-r", lock]
    for words in (["venv", "--python", sys.executable, folder], install):
        done = tool(uv, *words, "--quiet", cwd=HERE, seconds=INSTALL_SECONDS_MAX)
        if done.returncode:
            lacking(f"uv could not install ariadne-codegen: {done.stderr.strip()[-500:]}")
    return folder / "bin"


def laid_out(name: str, below: Path) -> Path:
    """A copy of one of our folders, with the schema and the examples in it."""
    folder = below / name
    shutil.copytree(HERE / name, folder)
    shutil.copy(SDL, folder)
    shutil.copytree(EXAMPLES, folder / "examples")
    return folder


def tool(program: Path, *words: object, cwd: Path, seconds: int = 60) -> Any:
    """Run a program of Python."""
    return subprocess.run(
        [program, *(str(word) for word in words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def ask(url: str, document: str, **variables: object) -> Any:
    response = httpx2.post(url, json={"query": document, "variables": variables})
    answer = response.json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_relay_compiles_and_its_pages_join_without_a_gap(
    node: Node, url: str, tmp_path: Path
) -> None:
    """It persists what it will send; sent to the server, every commitment comes exactly once."""
    folder = laid_out("relay", tmp_path)
    persisted = folder / "persisted.json"
    persisted.write_text("{}", encoding="utf-8")
    done = node(MODULES / "relay-compiler" / "cli.js", "relay.config.json", cwd=folder)
    assert done.returncode == 0, done.stdout
    documents = {
        text.split("(")[0].split()[1]: text
        for text in json.loads(persisted.read_text(encoding="utf-8")).values()
    }
    assert set(documents) == {
        "SchemePageQuery",
        "SchemePageNextQuery",
        "ThenAndNowQuery",
        "ThenAndNowApproveMutation",
        "ThenAndNowSubscription",
    }
    scheme = ask(url, documents["SchemePageQuery"], code="kcqg-2018-det-may")["scheme"]
    page = scheme["commitments"]
    codes = [edge["node"]["code"] for edge in page["edges"]]
    while page["pageInfo"]["hasNextPage"]:
        asked = {"id": scheme["id"], "after": page["pageInfo"]["endCursor"], "first": 5}
        page = ask(url, documents["SchemePageNextQuery"], **asked)["node"]["commitments"]
        codes += [edge["node"]["code"] for edge in page["edges"]]
    assert len(codes) == len(set(codes)) == page["totalCount"] > PAGE_NODES


def test_the_types_of_typescript_compile_and_say_what_is_sent(node: Node, tmp_path: Path) -> None:
    folder = laid_out("typescript", tmp_path)
    examples = sorted((folder / "examples").glob("*.graphql"))
    made = node(HERE / "codegen.mjs", folder / "schema.graphql", *examples)
    assert made.returncode == 0, made.stderr
    (folder / "generated.ts").write_text(made.stdout, encoding="utf-8")
    use = folder / "use.ts"
    compiler = (MODULES / "typescript" / "bin" / "tsc", *STRICT, use)
    assert node(*compiler).stdout == ""

    wrong = use.read_text(encoding="utf-8")
    wrong = wrong.replace("money: string", "money: number").replace("cursor + 1", "end + 1")
    use.write_text(wrong, encoding="utf-8")
    said = node(*compiler).stdout
    assert "is not assignable to type 'number" in said
    assert "Property 'end' does not exist" in said


def test_the_client_that_python_generates_compiles_and_asks(
    venv: Path, url: str, key: str, tmp_path: Path
) -> None:
    folder = laid_out("python", tmp_path)
    made = tool(venv / "ariadne-codegen", "--config", "ariadne-codegen.toml", "client", cwd=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    compiled = tool(venv / "python", "-m", "compileall", "-q", "generated", cwd=folder)
    assert compiled.returncode == 0, compiled.stdout
    used = tool(venv / "python", "use.py", url, key, cwd=folder)
    assert used.returncode == 0, used.stderr

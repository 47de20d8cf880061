"""`socai version`."""

import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from tomllib import load

from service.cli.output import Output, show


def version(*, output: Output = None) -> None:
    """Print the version of Socai and of what it stands on."""
    versions = {"socai": release(), "python": platform.python_version()}
    versions |= {name: installed(name) for name in ("asyncpg", "strawberry-graphql", "uvicorn")}
    show([{"name": name, "version": got} for name, got in versions.items()], output)


def release() -> str:
    """The installed version; in the repository, the one pyproject.toml says."""
    try:
        return installed("socai")
    except PackageNotFoundError:
        with (Path(__file__).parents[2] / "pyproject.toml").open("rb") as file:
            return str(load(file)["project"]["version"])

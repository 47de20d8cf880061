"""What several commands share: the data folder option, the settings, and an event loop in C."""

import os
import sys
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from cyclopts import Parameter

from service.config import Config

T = TypeVar("T")

DataFolder: TypeAlias = Annotated[
    Path | None,
    Parameter(name="--data", help="Folder of our own PostgreSQL. [env: SOCAI_DATA; .socai]"),
]
Port: TypeAlias = Annotated[
    int | None, Parameter(help="Port to listen on; 0: any free one. [env: SOCAI_PORT; 8000]")
]


def settings(
    *,
    data: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
) -> Config:
    """The environment's settings, overridden by what the command line says."""
    config = Config.from_env(os.environ)
    return replace(
        config,
        data=config.data if data is None else data,
        host=config.host if host is None else host,
        port=config.port if port is None else port,
        workers=config.workers if workers is None else workers,
    )


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on uvloop, where there is one."""
    try:
        from uvloop import run as on_uvloop
    except ImportError:
        from asyncio import run as on_uvloop
    return on_uvloop(work)


def program() -> str:
    """How this command line is called here: installed, or in the repository."""
    return "socai" if Path(sys.argv[0]).name == "socai" else ".venv/bin/python -m service"

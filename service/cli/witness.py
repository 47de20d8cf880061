"""`socai witness`: to be run by somebody else than whoever runs the ledger."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import App, Parameter

from events.seal.checkpoint import Checkpoint
from events.seal.note import Note, NoteBrokenError, NotSignedError, VerifierKey
from events.seal.policy import Policy, opened_by_policy, witnesses
from events.seal.witness import Seen, Witness
from service.cli.common import run
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show
from service.port import bind, url

app = App(name="witness", help="Witness the logs of others, who cannot rewrite them then.")

PORT_DEFAULT = 8010
Folder: TypeAlias = Annotated[
    Path, Parameter(help="What the witness remembers, and its key. Keep it: it is the witness.")
]


@app.command
def init(
    *,
    name: Annotated[str, Parameter(help="Of the witness: a URL of yours without its scheme.")],
    folder: Folder,
) -> None:
    """Make the key of a witness, and print the line that the log's keeper puts in his policy."""
    if Witness(folder).is_there:
        raise Stop(Exit.REFUSED, f"{folder} is already a witness", then="socai witness status")
    try:
        key = Witness(folder).begin(name)
    except NoteBrokenError as error:
        raise Stop(Exit.USAGE, str(error)) from error
    show([{"verifierKey": str(key)}], None)


@app.command(name="add-log")
def add_log(
    *keys: Annotated[str, Parameter(name="VKEY", help="As the keeper of the log printed it.")],
    folder: Folder,
) -> None:
    """Witness a log from now on, or believe its next key too. A running server notices."""
    witness = _witness(folder)
    if not keys:
        raise Stop(Exit.USAGE, "of which log? give its verifier key")
    try:
        for each in [VerifierKey.read(key) for key in keys]:
            witness.add_log(each)
            say(f"{each.name} is witnessed by key {each.id.hex()}")
    except NoteBrokenError as error:
        raise Stop(Exit.USAGE, str(error)) from error


@app.command
def serve(
    *,
    folder: Folder,
    host: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="Port to listen on; 0: any free one.")] = PORT_DEFAULT,
) -> None:
    """Sign what continues what was seen, until told to leave."""
    from service.witnessing import serve as answer

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    witness = _witness(folder)
    with bind(host, port) as taken:
        say(f"{witness.key().verifier} answers at {url(taken)}/add-checkpoint")
        run(answer(witness, taken))


@app.command
def status(*, folder: Folder, output: Output = None) -> None:
    """Say what was seen of each log; exit code 1 if one showed two trees."""
    seen = _witness(folder).seen()
    show([_row(each) for each in seen], output)
    forks = [fork for each in seen for fork in each.forks]
    if forks:
        then = "publish them: each is signed by the log, and so is what stands in `checkpoint`"
        raise Stop(Exit.NEGATIVE, f"a log showed two trees: {', '.join(forks)}", then=then)


@app.command
def check(
    checkpoint: Annotated[Path, Parameter(help="A checkpoint, with its cosignatures under it.")],
    /,
    *,
    policy: Annotated[Path, Parameter(help="Whom you trust (C2SP tlog-policy).")],
    output: Output = None,
) -> None:
    """Whether a log and enough of its witnesses signed a checkpoint; exit code 1 if not."""
    trusted = Policy.read(_read(policy))
    try:
        told = _read(checkpoint).decode("utf-8")
        head = Checkpoint.read(opened_by_policy(told, trusted))
    except (NoteBrokenError, NotSignedError, UnicodeDecodeError) as error:
        raise Stop(Exit.NEGATIVE, str(error)) from error
    times = witnesses(Note.read(told), trusted)
    row = {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "witnesses": " ".join(f"{name}={_moment(at)}" for name, at in sorted(times.items())),
    }
    show([row], output)


def _row(seen: Seen) -> dict[str, object]:
    return {
        "origin": seen.origin,
        "size": seen.size,
        "root": None if seen.checkpoint is None else seen.root.hex(),
        "witnessedAt": None if seen.witnessed_at is None else _moment(seen.witnessed_at),
        "keys": " ".join(each.id.hex() for each in seen.keys),
        "forks": len(seen.forks),
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _witness(folder: Path) -> Witness:
    witness = Witness(folder)
    if not witness.is_there:
        raise Stop(Exit.NOT_FOUND, f"{folder} is no witness", then="socai witness init --name …")
    return witness


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stop(Exit.NOT_FOUND, f"cannot read {path}: {error.strerror}") from error

"""`socai seal`: the signer and its keys."""

import logging
from typing import Annotated

from cyclopts import App, Parameter

from events.log import Log
from events.seal.kept import Seal, Witnessed
from events.seal.memory import Memory, NoKeyError
from events.seal.note import NoteBrokenError, VerifierKey
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show
from service.config import Config
from service.database import database, recording
from service.pools import reading
from service.sealing import keys
from service.sealing.run import EVERY_SECONDS, HALTED, LATE_SECONDS
from service.sealing.run import run as sign
from service.sealing.submitting import ALARM

app = App(name="seal", help="Sign the log, and look after the keys that do.")


@app.command
def init(
    *,
    origin: Annotated[
        str | None, Parameter(help="Name of the log: a URL of yours without its scheme.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Give the log its name and its first key, once, and announce the key in the log."""
    config = settings(data=data)
    show([{"verifierKey": str(run(_begun(config, origin)))}], None)


@app.command(name="run")
def run_(
    *,
    every: Annotated[float, Parameter(help="Seconds between two looks.")] = EVERY_SECONDS,
    begin: Annotated[bool, Parameter(help="Do `init` first, if nobody did.")] = False,
    data: DataFolder = None,
) -> None:
    """Sign whatever is new, for ever. Best as a user of its own, on a disk of its own."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    config = settings(data=data)
    if begin:
        run(_begun(config, None))
    run(_running(config, every))


@app.command
def status(*, data: DataFolder = None, output: Output = None) -> None:
    """Say what is signed and whether recording is halted; exit code 1 if so, or if nobody signs."""
    found = run(_status(settings(data=data)))
    show([found], output)
    if found["halted"]:
        raise Stop(Exit.NEGATIVE, f"recording is halted: {found['halted']}", then="socai verify")
    if found["alarms"]:
        raise Stop(Exit.NEGATIVE, f"SPLIT VIEW: {found['alarms']}", then="socai verify")
    if found["signed"] is None:
        raise Stop(Exit.NEGATIVE, "nothing is signed", then="socai seal init; socai seal run")
    ago = found["lookedSecondsAgo"]
    if not isinstance(ago, float) or ago > LATE_SECONDS:
        raise Stop(Exit.NEGATIVE, "no signer is at work", then="socai seal run")


@app.command
def rotate(
    *,
    reason: Annotated[str, Parameter(help="Why; it is recorded.")],
    data: DataFolder = None,
) -> None:
    """Make another key, which signs beside the old one until that is retired."""
    config = settings(data=data)
    show([{"verifierKey": str(run(_rotated(config, reason)))}], None)
    say("Both keys sign now. Later: socai seal retire ID --reason …")


@app.command
def retire(
    id_: Annotated[str, Parameter(name="ID", help="The middle part of the verifier key.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it is recorded.")],
    data: DataFolder = None,
) -> None:
    """Announce that a key signs no more, and destroy it."""
    key = run(_retired(settings(data=data), id_, reason))
    say(f"{key} signs no more; what it signed stays signed.")


async def _begun(config: Config, origin: str | None) -> VerifierKey:
    memory = Memory(config.seal_folder)
    if memory.is_there and origin not in {None, memory.origin}:
        raise Stop(Exit.REFUSED, f"this log is named {memory.origin}, for ever")
    try:
        async with (
            database(config, share=True) as found,
            recording(found.service_url) as ledger,
        ):
            return await keys.begun(ledger, memory, origin)
    except NoteBrokenError as error:
        raise Stop(Exit.USAGE, str(error)) from error


async def _running(config: Config, every: float) -> None:
    memory = _memory(config)
    async with database(config, share=True) as found:
        if found.signer_url is None:
            raise Stop(Exit.USAGE, "nobody said how to be the signer", then="SOCAI_SIGNER_URL=…")
        await sign(found.signer_url, memory, _told, every=every, anchors=config.anchors)


async def _status(config: Config) -> dict[str, object]:
    async with (
        database(config, share=True) as found,
        reading(found.service_url, 1) as pool,
    ):
        log = Log(pool)
        seal = Seal(log)
        latest, looked, halt = await seal.latest(), await seal.looked(), await seal.halt()
        witnesses = await seal.witnesses()
        return {
            "recorded": (await log.head()).position,
            "signed": None if latest is None else latest.size,
            "root": None if latest is None else latest.root.hex(),
            "signedAt": None if latest is None else latest.signed_at,
            "lookedSecondsAgo": None if looked is None else round(looked[1], 1),
            "halted": None if halt is None else halt.reason,
            "witnesses": {each.name: _witnessed(each) for each in witnesses},
            "alarms": [f"{each.name}: {each.refusal}" for each in witnesses if each.is_alarm],
        }


async def _rotated(config: Config, reason: str) -> VerifierKey:
    memory = _memory(config)
    async with database(config, share=True) as found, recording(found.service_url) as ledger:
        return await keys.rotated(ledger, memory, reason)


async def _retired(config: Config, id_: str, reason: str) -> VerifierKey:
    memory = _memory(config)
    async with database(config, share=True) as found, recording(found.service_url) as ledger:
        try:
            return await keys.retired(ledger, memory, id_, reason)
        except keys.UnknownKeyError as error:
            raise Stop(Exit.NOT_FOUND, str(error)) from error
        except keys.TooEarlyError as error:
            raise Stop(Exit.REFUSED, str(error)) from error


def _memory(config: Config) -> Memory:
    memory = Memory(config.seal_folder)
    if not memory.is_there:
        raise Stop(
            Exit.NOT_FOUND, f"{memory.folder} holds no key", then="socai seal init --origin …"
        )
    try:
        memory.signing_keys()
    except NoKeyError as error:
        raise Stop(Exit.NOT_AUTHORISED, str(error)) from error
    return memory


def _witnessed(witness: Witnessed) -> str:
    ago = "never" if witness.seconds_ago is None else f"{witness.seconds_ago:.1f} s ago"
    said = "" if witness.refusal is None else f"; {witness.refusal}"
    return f"{witness.size} events, {ago}{said}"


def _told(line: str) -> None:
    if line.startswith(HALTED):
        say(f"RECORDING IS HALTED: {line.removeprefix(HALTED).strip()}")
    if line.startswith(ALARM):
        say(f"SPLIT VIEW: {line.removeprefix(ALARM).strip()}")

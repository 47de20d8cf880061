"""`socai verify`: hash, fold and add up everything again, and say what is not so."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Annotated

from cyclopts import Parameter

from events.seal.memory import Memory
from events.seal.note import NoteBrokenError, VerifierKey
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, Row, say, show
from service.cli.progress import Meter, metered
from service.config import Config
from service.database import database
from service.verifying.verify import Asked, Part, State, Verdict, record, remembered, verified

TOLD = {Part.LOG: "hashed", Part.MODELS: "folded"}


def verify(
    *,
    only: Annotated[
        Sequence[Part] | None, Parameter(help="One part alone; may be given more than once.")
    ] = None,
    key: Annotated[
        Sequence[str] | None, Parameter(help="A verifier key that you know to be the ledger's.")
    ] = None,
    checkpoint: Annotated[
        Sequence[Path] | None, Parameter(help="File with a checkpoint that you kept.")
    ] = None,
    note: Annotated[
        bool, Parameter(name="--record", help="Note the outcome for /readyz and /metrics.")
    ] = False,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """Verify the whole record: bytes, tree, signatures; read models; the identities of money.

    Whoever knows the key brings it along: the database may have been given another. A checkpoint
    that you kept proves any rewriting of what was before it. Exit code 1 if anything is wrong, or
    could not be looked at.
    """
    if note and only:
        raise Stop(Exit.USAGE, "--record notes a verification of everything, not of a part")
    asked = Asked(
        parts=frozenset(only or Part),
        keys=[_key(each) for each in key or ()],
        notes=[_read(each) for each in checkpoint or ()],
    )
    verdicts = run(_verified(settings(data=data), asked, note=note))
    show([_row(each) for each in verdicts], output)
    wrong = [each for each in verdicts if each.state is not State.OK]
    if wrong:
        raise Stop(Exit.NEGATIVE, f"{wrong[0].what}: {wrong[0].found}", then=_then(wrong[0]))
    say("The record is whole: nothing was changed, removed or put in.")


def _row(verdict: Verdict) -> Row:
    return {
        "what": verdict.what,
        "checked": verdict.checked,
        "unit": verdict.unit,
        "state": verdict.state.value,
        "found": verdict.found,
    }


async def _verified(config: Config, asked: Asked, *, note: bool) -> Sequence[Verdict]:
    notes = [*asked.notes, *remembered(Memory(config.seal_folder))]
    began, events = monotonic(), 0
    async with database(config, share=True) as found:
        with ExitStack() as stack:
            meters: dict[Part, Meter] = {}

            def told(part: Part, done: int, total: int) -> None:
                nonlocal events
                if part not in meters:
                    while meters:  # the part before it is done
                        meters.popitem()
                        stack.close()
                    meters[part] = stack.enter_context(metered(TOLD[part], total))
                meters[part](done)
                events = max(events, done)

            verdicts = await verified(
                found.service_url, Asked(parts=asked.parts, keys=asked.keys, notes=notes), told
            )
        if note:
            await record(found.service_url, events, monotonic() - began, verdicts)
    return verdicts


def _then(verdict: Verdict) -> str:
    if verdict.state is State.UNKNOWN:
        return "socai seal init; socai seal run"
    return "keep this database and the signer's folder as they are: they are the proof"


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.read(text)
    except NoteBrokenError as error:
        raise Stop(Exit.USAGE, str(error)) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Stop(Exit.USAGE, f"{path} cannot be read: {error}") from error

"""`socai trigger`: record a sample event of any type, in a ledger that is for trying things out."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from inspect import getdoc
from pathlib import Path
from typing import Annotated, Final, LiteralString, TypeAlias

from cyclopts import Parameter, validators

from events.appender import Appender
from events.catalogue import FACTS, members
from events.clock import today
from events.ledger import Ledger
from events.log import Log
from events.maintenance import MaintenanceEvent
from events.rules import value
from events.seal.memory import Memory
from events.signing import SigningEvent
from events.signing import stream as signing_stream
from service.cli.common import program, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Format, Row, say, show, write
from service.cli.serve import notice, prepared
from service.config import Config
from service.database import Database, database
from service.pools import reading
from service.sealing.keys import begun
from service.seed.sample.cast import fresh
from service.seed.sample.story import STORY, leading_to, orders

SANDBOX = Path(".socai-sandbox")
COUNT_MAX = 1_000
HOUSEKEEPING: Final = tuple(
    each.__name__ for each in (*members(MaintenanceEvent), *members(SigningEvent))
)
"""What a server records of itself, in a sandbox too; it is not marked synthetic."""
HAS_LOG: Final[LiteralString] = """
    SELECT to_regclass('ledger.event') IS NOT NULL
"""
REAL: Final[LiteralString] = """
    SELECT position, type
    FROM ledger.event
    WHERE type <> ALL($1)
      AND (convert_from(body, 'UTF8')::jsonb ->> 'synthetic')::boolean IS NOT TRUE
    ORDER BY position
    LIMIT 1
"""
Type: TypeAlias = Annotated[
    str | None, Parameter(help="Such as DisbursementPaid. Without it, all are listed.")
]
Listing: TypeAlias = Annotated[
    bool, Parameter(name="--list", negative=(), help="List the types and what they need.")
]
Count: TypeAlias = Annotated[
    int,
    Parameter(
        validator=validators.Number(gte=1, lte=COUNT_MAX),
        help=f"How many, up to {COUNT_MAX:,}, each with all that it needs.",
    ),
]
Sandbox: TypeAlias = Annotated[
    Path,
    Parameter(
        name="--data", help="Folder of the sandbox; one that holds anything real is refused."
    ),
]
Form: TypeAlias = Annotated[
    Format | None,
    Parameter(name=["--output", "-o"], help="How to print; ndjson: the very bytes of the event."),
]
ASKED_FOR, NEEDED = "asked for", "needed"


@value
class Told:
    """One event that was recorded, and why."""

    position: int
    type: str
    stream: str
    why: str


def trigger(
    type: Type = None,
    /,
    *,
    list_: Listing = False,
    count: Count = 1,
    data: Sandbox = SANDBOX,
    output: Form = None,
) -> None:
    """Record a sample event of a type, and before it whatever the rules demand; all synthetic.

    It goes into a sandbox, a ledger beside the fund's own; one that holds anything real is refused.
    Each time another facility, scheme, payment is invented, so it may be repeated. Whoever follows
    `socai serve --data .socai-sandbox` sees the events at once.

    Without a type they are listed. With -o ndjson the very bytes of the event asked for are
    printed, without those that it needed.
    """
    if type is None or list_:
        show([_about(each) for each in FACTS.values()], output)
        return
    fact = _fact(type)
    config = replace(settings(data=data), seal=None)
    if config.database_url is not None:
        raise Stop(
            Exit.USAGE,
            "trigger records in a data folder, never in SOCAI_DATABASE_URL",
            then="unset SOCAI_DATABASE_URL",
        )
    run(_triggered(config, fact, count, output))


def _fact(name: str) -> type:
    if name not in FACTS:
        by_lower = {each.lower(): each for each in FACTS}
        near = get_close_matches(name.lower(), by_lower, n=1)
        meant = f"; did you mean {by_lower[near[0]]}?" if near else ""
        raise Stop(Exit.USAGE, f"no event is called {name!r}{meant}", then="socai trigger --list")
    return FACTS[name]


def _about(fact: type) -> Row:
    needed = leading_to(fact)[:-1]
    return {
        "type": fact.__name__,
        "needs": len(needed),
        "meaning": (getdoc(fact) or "").splitlines()[0],
    }


async def _triggered(config: Config, fact: type, count: int, form: Format | None) -> None:
    async with (
        database(config, share=True, on_notice=notice) as found,
        reading(found.service_url, 1) as pool,
    ):
        log = Log(pool)
        await checked(log, config.data)  # before anything is done to it, migrations too
        await prepared(found)
        told = await recorded(found, log, config.seal_folder, fact, count)
        await _printed(log, told, form)
    say(f"{len(told)} events in {config.data}; with what they say:")
    after = told[0].position - 1
    say(f"  {program()} tail --from {after} --limit {len(told)} -o ndjson --data {config.data}")


async def checked(log: Log, folder: Path) -> None:
    """Refuse a ledger that somebody relies on: one event that is not synthetic is enough."""
    if not (await log.fetch(HAS_LOG))[0][0]:
        return
    for row in await log.fetch(REAL, HOUSEKEEPING):
        raise Stop(
            Exit.REFUSED,
            f"{folder} is no sandbox: event {row['position']}, {row['type']}, is not synthetic",
            then="name another folder with --data; a new one will do",
        )


async def recorded(
    found: Database, log: Log, seal_folder: Path, fact: type, count: int
) -> Sequence[Told]:
    """Tell of the fact so many times, each time of another cast; what was recorded, in order."""
    told: list[Told] = []
    async with Appender(found.service_url) as appender:
        ledger = Ledger(log, appender)
        if fact in members(SigningEvent):
            await _signing(ledger, log, seal_folder)
        for _ in range(count):
            for each, order in orders(fact, fresh(today())):
                (event,) = (await ledger.handle(order)).facts
                told.append(
                    Told(
                        position=event.position,
                        type=event.type,
                        stream=event.stream,
                        why=_why(each, fact),
                    )
                )
    return told


async def _signing(ledger: Ledger, log: Log, folder: Path) -> None:
    """The first key of a ledger is the one that signs it; nobody could check it otherwise."""
    if not await log.stream(signing_stream()):
        await begun(ledger, Memory(folder))


def _why(each: type, fact: type) -> str:
    if each is fact:
        return ASKED_FOR
    return f"ends {fact.__name__}" if STORY[fact].ends_with is each else NEEDED


async def _printed(log: Log, told: Sequence[Told], form: Format | None) -> None:
    if form != "ndjson":
        show([_row(each) for each in told], form)
        return
    for each in told:
        if each.why == ASKED_FOR:
            ((_, body),) = await log.raw(each.position - 1, 1)
            write(body.decode())


def _row(told: Told) -> Row:
    return {
        "position": told.position,
        "type": told.type,
        "stream": told.stream,
        "why": told.why,
    }

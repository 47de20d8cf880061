"""Fill a ledger, start all contestants, see that they agree, ask them in turn, print the tables."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.query import report, servers, special
from benchmarks.query.agreement import Ready, agreed
from benchmarks.query.ledger import Ledger, filled
from benchmarks.query.load import Load, Sample
from benchmarks.query.questions import PLAIN, QUESTIONS, Question
from benchmarks.query.servers import Contestant, Server, say
from service.postgres import Postgres


def given() -> argparse.Namespace:
    """The command line."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.query", description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seconds", type=int, default=2, help="of each measurement")
    asked.add_argument("--scale", type=float, default=1.0, help="times the size of the ledger")
    asked.add_argument("--only", help="questions whose name holds this")
    asked.add_argument("--processes", type=int, action="append", help="again for another number")
    asked.add_argument("--quick", action="store_true", help="a tenth of the ledger, one round")
    asked.add_argument("--keep", type=Path, help="folder in which the ledger stays for next time")
    found = asked.parse_args()
    if found.quick:
        found.rounds, found.seconds, found.scale = 1, 1, found.scale / 10
    return found


def main() -> None:
    """Measure, if there is what that needs."""
    missing = servers.missing_tools()
    if missing:
        say(f"NOT MEASURED: benchmarks.query needs {' and '.join(missing)}.")
        return
    asked = given()
    with _folder(asked.keep) as folder:
        asyncio.run(_measured(asked, folder))


async def _measured(asked: argparse.Namespace, folder: Path) -> None:
    async with Postgres(folder) as postgres:
        ledger = await filled(postgres, asked.scale)
        print(
            f"{ledger.events:,} events. Requests/s · p50/p99 ms · CPU of server + PostgreSQL, µs."
        )
        for number, processes in enumerate(asked.processes or (1, 2)):
            load = Load(seconds=asked.seconds, postgres=postgres.pid)
            # With more processes only the plain questions: the others would tell the same again.
            wanted = PLAIN if number else QUESTIONS
            chosen = [each for each in wanted if not asked.only or asked.only in each.name]
            await asyncio.to_thread(_phase, ledger, load, processes, chosen, asked.rounds)


def _phase(
    ledger: Ledger, load: Load, processes: int, questions: Sequence[Question], rounds: int
) -> None:
    told = servers.CACHE_OFF if servers.has_cache() else {}
    wanted = [
        servers.ours("ours", ledger.url, processes, told),
        servers.ours("off", ledger.url, processes, {**told, **servers.PLANNER_OFF}),
        servers.postgraphile(ledger.url, processes),
        servers.raw(ledger.url, processes),
    ]
    print(f"\n{processes} process{'es' if processes > 1 else ''} each:\n")
    with _running([each for each in wanted if each is not None]) as running:
        found = _in_turn(ledger, load, questions, rounds, running)
        print("\n".join(report.table(questions, found)))
        print(f"\n{report.memories({each.name: each.memories() for each in running})}\n")
        if processes == 1:
            print("\n".join(report.others(special.measured(ledger, load, rounds, running))))


def _in_turn(
    ledger: Ledger,
    load: Load,
    questions: Sequence[Question],
    rounds: int,
    running: Sequence[Server],
) -> report.Found:
    """Every question of every contestant, round by round; the first round only warms up."""
    ready = [each for question in questions for each in agreed(question, running, ledger)]
    samples: dict[tuple[Question, str], list[Sample]] = {}
    for number in range(rounds + 1):
        for each in ready:
            sample = _once(load if number else replace(load, seconds=1), each)
            if number:
                samples.setdefault((each.question, each.server.name), []).append(sample)
        say(f"round {number} of {rounds} done")
    return {key: Sample.of(each) for key, each in samples.items()}


def _once(load: Load, ready: Ready) -> Sample:
    server, question = ready.server, ready.question
    return load.measure(server.port, server.pid, question.connections, ready.requests)


@contextmanager
def _running(contestants: Sequence[Contestant]) -> Iterator[Sequence[Server]]:
    started: list[Server] = []
    try:
        # One by one: what is started is ended, even if the next cannot be.
        started.extend(Server(each, servers.free_port()) for each in contestants)
        for server in started:
            server.ready()
        yield started
    finally:
        for server in started:
            server.leave()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="socai-bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())

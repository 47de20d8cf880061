"""The demo: the evaluation's table, from the events, on a machine with nothing else."""

from pathlib import Path

from service.cli.exits import Exit
from tests.service.command_line import ROOT, running, socai


def test_the_demo_prints_what_was_reported_beside_what_the_events_add_up_to(
    tmp_path: Path,
) -> None:
    data = tmp_path / "ledger"
    ran = socai("demo", "--once", "--port", "0", "--data", str(data))
    assert ran.returncode == Exit.OK, ran.stderr
    for figure in ("181.946.900.000 ₫", "✓", "63", "9 of 28", "6 of 18", "synthetic"):
        assert figure in ran.stdout, figure
    assert "✗" not in ran.stdout
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    for line in readme.splitlines():
        assert not line.endswith("✓") or " ".join(line.split()) in shown
    # By another interpreter, to which sets have another order.
    again = socai("demo", "--once", "--port", "0", "--data", str(data), anew=True)
    assert "already recorded" in again.stderr
    assert again.stdout == ran.stdout
    (data / "thesis.txt").write_text("mine")
    fresh = socai("demo", "--once", "--reset", "--port", "0", "--data", str(data))
    assert "events recorded" in fresh.stderr
    assert fresh.stdout == ran.stdout
    assert (data / "thesis.txt").read_text() == "mine", "only the ledger is thrown away"


def test_reset_never_touches_a_database_it_was_given() -> None:
    ran = socai("demo", "--reset", SOCAI_DATABASE_URL="postgresql://db/socai")
    assert ran.returncode == Exit.USAGE


def test_seeding_twice_changes_nothing(database_url: str) -> None:
    first = socai("seed", "evaluation", anew=True, SOCAI_DATABASE_URL=database_url)
    assert first.returncode == Exit.OK, first.stderr
    stats = socai("events", "stats", SOCAI_DATABASE_URL=database_url).stdout
    again = socai("seed", "evaluation", SOCAI_DATABASE_URL=database_url)
    assert "Nothing new" in again.stderr
    assert socai("events", "stats", SOCAI_DATABASE_URL=database_url).stdout == stats


def test_tail_goes_on_where_it_stopped(tmp_path: Path, database_url: str) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    assert socai("seed", "load", "--events", "30", **told).returncode == Exit.OK
    first = socai("tail", "--from", "0", "--limit", "12", **told)
    assert first.returncode == Exit.OK, first.stderr
    assert "--from 12" in first.stderr
    with running(tmp_path, "tail", "--from", "12", "--limit", "28", **told) as tail:
        tail.until(lambda: "\n30\t" in tail.words)
        assert socai("seed", "load", "--events", "40", **told).returncode == Exit.OK
        assert tail.end() == Exit.OK
        lines = [*first.stdout.splitlines(), *tail.words.splitlines()]
    positions = [int(line.split("\t")[0]) for line in lines if line[0].isdigit()]
    assert positions == list(range(1, 41))


def test_a_large_ledger_that_was_interrupted_is_gone_on_with(database_url: str) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    assert socai("seed", "load", "--events", "500", **told).returncode == Exit.OK
    again = socai("seed", "load", "--events", "500", **told)
    assert again.returncode == Exit.OK
    assert "500 events" in again.stderr
    assert "500 events" in socai("events", "stats", **told).stderr

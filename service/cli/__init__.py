"""The command line `socai` (`python -m service` in the repository).

`main` runs one command and exits with one of the codes of `exits.py`; `ending.py` says which. The
commands stand one to a file and are imported when they are asked for. `output.py` and `progress.py`
say how answers are printed; `common.py` holds the options that several commands share.
"""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from service.cli.exits import EXIT_CODES, Exit
from service.rooms import assert_siblings

ABOUT = """\
Sổ cái: the ledger of Vietnam's national industrial-promotion fund.

Data goes to stdout, everything else to stderr. Settings come from SOCAI_* variables.
Without SOCAI_DATABASE_URL, Socai runs its own PostgreSQL in the folder `--data` (.socai)."""

COMMANDS = {
    "demo": ("service.cli.demo:demo", "Run the ledger with the 2018–2020 evaluation in it."),
    "serve": ("service.cli.serve:serve", "Answer GraphQL on a port until told to leave."),
    "courier": ("service.cli.courier:courier", "Bring the log to others, and answer nobody."),
    "migrate": ("service.cli.migrate:app", "Bring the log's tables to this version's shape."),
    "keys": ("service.cli.keys:app", "Make, replace, revoke and list API keys."),
    "mandates": ("service.cli.mandates:app", "Propose, confirm, revoke and list who may do what."),
    "maintenance": (
        "service.cli.maintenance:app",
        "Open a window in which the database may be changed.",
    ),
    "seal": ("service.cli.seal:app", "Sign the log, and look after the keys that do."),
    "witness": ("service.cli.witness:app", "Witness the logs of others, who cannot rewrite them."),
    "verify": ("service.cli.verify:verify", "Hash, fold and add up everything again."),
    "seed": ("service.cli.seed:app", "Fill a ledger through real commands."),
    "events": ("service.cli.events:app", "Read the log."),
    "tail": ("service.cli.tail:tail", "Follow the log, and go on from there another time."),
    "subscriptions": (
        "service.cli.subscriptions:app",
        "Look after those who are sent what is recorded: webhooks, relay.",
    ),
    "listen": ("service.cli.listen:listen", "Bring events to an address of your own machine."),
    "trigger": (
        "service.cli.trigger:trigger",
        "Record a sample event of any type, in a sandbox.",
    ),
    "replay": ("service.cli.replay:replay", "Recompute the fund at any past moment."),
    "export": ("service.cli.export:app", "Write the fund as a file, at any past moment."),
    "trace": ("service.cli.trace:trace", "Show what an event rests on, and what followed."),
    "diff": ("service.cli.diff:diff", "Show what changed between two moments, and by what."),
    "rebuild": ("service.cli.rebuild:rebuild", "Build the read models anew from the log."),
    "vault": ("service.cli.vault:app", "Personal data: look at it, erase it, see who looked."),
    "doctor": ("service.cli.doctor:doctor", "Look at everything that has to be right."),
    "version": ("service.cli.version:version", "Print the version of Socai."),
}
"""Name, where it is, and its line in --help; so that --help imports no command."""


def front() -> App:
    """The command line as declared; a command's module is imported when it is called."""
    app = App(name="socai", help=ABOUT, help_epilogue=EXIT_CODES, version_flags=())
    for name, (where, about) in COMMANDS.items():
        app.command(where, name=name, help=about)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    assert_siblings()
    told = sys.argv[1:] if arguments is None else list(arguments)
    try:
        front()(told, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        sys.exit(Exit.USAGE)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place that ends
        from service.cli.ending import end

        sys.exit(end(error, told))
    sys.exit(Exit.OK)

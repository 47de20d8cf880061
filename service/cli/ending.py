"""From whatever ended a command to its exit code and a sentence that a person can act on.

The sentence goes to stderr; data alone goes to stdout. Under `-o json` it is an object:
`{"error": {"code", "message", "rule", "next"}}`.
"""

import os
import sys
import traceback
from collections.abc import Sequence

import asyncpg
import orjson

from events.appender import LedgerBusyError, OutcomeUnknownError
from events.log import is_outage
from events.migrate import DatabaseNewerError, MigrationChangedError
from events.rules import Refusal, value
from events.seal.files import FolderBusyError
from events.seal.memory import NoKeyError
from events.seal.note import NoteBrokenError, NotSignedError
from events.seal.policy import PolicyBrokenError
from events.seal.witness import WitnessBrokenError
from events.wall import RolesMissingError
from schema.http.settings import TrustedDocumentsError
from service.anchors import AnchorError
from service.broker import BrokerError
from service.cli.exits import Exit, Stop
from service.cli.output import say
from service.config import ConfigError
from service.maintenance import SuperuserWantedError
from service.port import PortTakenError
from service.postgres import FolderHeldError, PostgresError
from service.webhooks import WebhookError
from service.workers import WorkersLostError

SAID_BY_US = (PostgresError, WorkersLostError, LedgerBusyError, OutcomeUnknownError)
"""Outages whose sentences are meant for whoever gave the command."""
SETTINGS = (ConfigError, AnchorError, BrokerError, WebhookError, TrustedDocumentsError)
FORBIDDEN = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
)


@value
class Ending:
    """What is said at the end."""

    exit_code: Exit
    code: str
    message: str = ""
    rule: str = ""
    then: str = ""


def end(error: BaseException, arguments: Sequence[str]) -> Exit:
    """Say what happened; the code to exit with."""
    told = ending(error)
    if isinstance(error, BrokenPipeError):
        # Whoever read our output went away (`| head`); what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif told.exit_code is Exit.BUG:
        traceback.print_exception(error)
    if told.message:
        _print(told, as_json=_wants_json(arguments))
    return told.exit_code


def ending(error: BaseException) -> Ending:
    """What an error means to the person who gave the command."""
    match error:
        case KeyboardInterrupt():
            return Ending(exit_code=Exit.INTERRUPTED, code="INTERRUPTED")
        case BrokenPipeError():
            return Ending(exit_code=Exit.OK, code="OK")
        case Stop():
            code = error.exit_code
            return Ending(exit_code=code, code=code.name, message=error.message, then=error.then)
        case Refusal():
            return Ending(
                exit_code=Exit.REFUSED, code=error.code, message=error.message, rule=error.rule
            )
        case FolderHeldError() | PortTakenError():
            then = "stop it, or choose another with --data or --port"
            return Ending(exit_code=Exit.REFUSED, code="HELD", message=str(error), then=then)
        case FolderBusyError() | NoKeyError() | NoteBrokenError() | NotSignedError():
            return Ending(
                exit_code=Exit.REFUSED, code="SEAL", message=str(error), then="socai seal status"
            )
        case WitnessBrokenError() | PolicyBrokenError():
            then = "socai witness --help"
            return Ending(exit_code=Exit.REFUSED, code="WITNESS", message=str(error), then=then)
        case DatabaseNewerError() | MigrationChangedError():
            then = "use the version of Socai that migrated it, or a newer one"
            return Ending(exit_code=Exit.REFUSED, code="VERSION", message=str(error), then=then)
        case SuperuserWantedError() | RolesMissingError():
            then = "set SOCAI_SUPERUSER_URL; see docs/how-to/maintain-the-database.md"
            return Ending(
                exit_code=Exit.NOT_AUTHORISED, code="NOT_AUTHORISED", message=str(error), then=then
            )
        case Exception() if isinstance(error, SETTINGS):
            then = "socai --help"
            return Ending(exit_code=Exit.USAGE, code="CONFIG", message=str(error), then=then)
        case Exception():
            return _of_database(error)
        case _:
            raise error


def _of_database(error: Exception) -> Ending:
    if isinstance(error, FORBIDDEN):
        then = "check the user and password in SOCAI_DATABASE_URL"
        return Ending(
            exit_code=Exit.NOT_AUTHORISED, code="NOT_AUTHORISED", message=str(error), then=then
        )
    ours = isinstance(
        error, PostgresError | WorkersLostError | LedgerBusyError | OutcomeUnknownError
    )
    if ours or isinstance(error, asyncpg.InvalidCatalogNameError) or is_outage(error):
        said = str(error) or type(error).__name__
        return Ending(
            exit_code=Exit.UNAVAILABLE,
            code="UNAVAILABLE",
            message=said if ours else f"the database does not answer: {said}",
            then="socai doctor",
        )
    said = f"this is a bug of Socai: {type(error).__name__}: {error}"
    return Ending(
        exit_code=Exit.BUG, code="BUG", message=said, then="report it with the lines above"
    )


def _print(told: Ending, *, as_json: bool) -> None:
    if as_json:
        shown = {
            "code": told.code,
            "message": told.message,
            "rule": told.rule or None,
            "next": told.then or None,
        }
        say(orjson.dumps({"error": shown}).decode())
        return
    say(f"socai: {told.message}")
    if told.rule:
        say(f"       rule: {told.rule}")
    if told.then:
        say(f"       next: {told.then}")


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether errors are to be read by a program; the command line itself may be what is wrong."""
    told = " ".join(arguments)
    forms = ("-o json", "-o ndjson", "--output json", "--output ndjson", "--output=json")
    return any(form in told for form in forms)

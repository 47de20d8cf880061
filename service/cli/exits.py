"""How a command may end: the exit codes, and `Stop`, which ends one. See `ending.py`."""

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code says."""

    OK = 0
    NEGATIVE = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_AUTHORISED = 4
    REFUSED = 5
    UNAVAILABLE = 6
    BUG = 70
    INTERRUPTED = 130


EXIT_CODES = """\
Exit codes: 0 ok · 1 the answer is negative (differs, pending, unhealthy) · 2 usage ·
3 not found · 4 not authorised · 5 refused by a rule or in conflict · 6 database or
server unavailable, retry · 70 bug · 130 interrupted"""


class Stop(Exception):  # noqa: N818 - a way to end a command, not always an error
    """A command ends here, with this code and this sentence."""

    def __init__(self, exit_code: Exit, message: str, *, then: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.message = message
        self.then = then
        """What to do next."""

"""A receiver of webhooks, to be killed: it says yes only to what it has written down.

python -m tests.service.feed.receiver PORT FOLDER [FLAW]
"""

import errno
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.service.feed.consumer import SLOW_SECONDS
from tests.service.feed.journal import Journal

PAUSE_SECONDS = 0.1
ANSWERS_FIRST = "answers first"
"""For the teeth."""


def receive(port: int, folder: Path, flaw: str = "") -> None:
    """Until it is killed."""
    journal = Journal(folder / "journal")

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self.send_response(200)
            self.send_header("WebHook-Allowed-Origin", "*")
            self.send_header("WebHook-Allowed-Rate", "*")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if flaw == ANSWERS_FIRST:
                self._yes()
                time.sleep(SLOW_SECONDS)
            journal.got(int(json.loads(body)["sequence"]), self.headers["webhook-id"], body)
            if flaw != ANSWERS_FIRST:
                self._yes()

        def _yes(self) -> None:
            self.send_response(204)
            self.end_headers()
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """What comes is in the journal."""

    with bound(port, Handler) as server:
        journal.went_on(0)
        server.serve_forever()


def bound(port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """On its port, as soon as whoever called out from it just now has hung up."""
    while True:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    receive(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])

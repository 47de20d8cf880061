"""A witness on a port (C2SP tlog-witness): `add-checkpoint`, and the checkpoints that it signed.

    await serve(Witness(folder), taken)     # until told to leave

POST /add-checkpoint                  a log shows its tree; a cosignature, or why there is none
GET  /HASH/checkpoint                 the last of a log; HASH is SHA-256 of its origin, in hex

Whoever asks is anybody: what counts is the signature on the checkpoint. There is no database here.
"""

import logging
import socket
import time
from asyncio import create_task
from functools import partial
from http import HTTPStatus
from typing import Any, Final, cast

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from events.seal.submission import SUBMISSION_BYTES_MAX
from events.seal.witness import Answer, Witness, WitnessBrokenError
from service.connections import KEEP_ALIVE_SECONDS, Connection, Patience

CONNECTIONS_MAX: Final = 1_000
LEAVE_SECONDS_MAX: Final = 5

_log = logging.getLogger("socai.witness")


async def serve(witness: Witness, taken: socket.socket) -> None:
    """Answer until told to leave, alone with the folder of this witness."""
    with witness.held():
        server = uvicorn.Server(
            uvicorn.Config(
                application(witness),
                http=cast("Any", partial(Connection, CONNECTIONS_MAX)),
                lifespan="off",
                proxy_headers=False,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=LEAVE_SECONDS_MAX,
                ws="none",
            )
        )
        looking = create_task(Patience(server.server_state.connections).run())
        try:
            await server.serve(sockets=[taken])
        finally:
            looking.cancel()


def application(witness: Witness) -> Starlette:
    """What answers."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if body is None:
            said = f"a submission is no larger than {SUBMISSION_BYTES_MAX} bytes\n"
            return PlainTextResponse(said, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            answer = await run_in_threadpool(witness.add, body, int(time.time()))
        except (WitnessBrokenError, OSError):
            _log.exception("nothing is signed")
            said = "this witness has lost its memory, and signs nothing\n"
            answer = Answer(status=HTTPStatus.INTERNAL_SERVER_ERROR, body=said)
        if answer.status != HTTPStatus.OK:
            _log.warning("%d %s", answer.status, answer.body.strip())
        return _response(answer)

    async def checkpoint(request: Request) -> Response:
        found = await run_in_threadpool(witness.published, request.path_params["hash"])
        if found is None:
            return PlainTextResponse("no such checkpoint\n", HTTPStatus.NOT_FOUND)
        return _response(Answer(status=HTTPStatus.OK, body=found))

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{hash}/checkpoint", checkpoint, methods=["GET"]),
        ]
    )


async def _body(request: Request) -> bytes | None:
    """What was sent; None: too much."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > SUBMISSION_BYTES_MAX:
            return None
    return body


def _response(answer: Answer) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    headers["Content-Type"] = answer.type
    return Response(answer.body.encode(), answer.status, headers)

"""GraphQL over HTTP: our own handler tries a plan, and otherwise asks Strawberry's executor.

`graphql_app` is the door; `Endpoint` answers POST, `Sockets` is Strawberry's graphql-transport-ws.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode, OperationType
from graphql.execution.values import get_variable_values
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from events.log import is_outage
from events.rules import LedgerError
from schema.context import Context, Running
from schema.planner.document import Documents, Prepared
from schema.planner.gate import COLD_DOCUMENTS_BUSY, RETRY_AFTER_S
from schema.planner.refusals import QueryRefusedError
from schema.root import build

BODY_BYTES_MAX = 256 * 1024
_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
_log = logging.getLogger("socai.graphql")


def graphql_app(runtime: Running) -> ASGIApp:
    """The GraphQL endpoint of a running service: POST and WebSocket."""
    schema = build()

    def context() -> Context:
        return Context(
            runtime.pool, runtime.ledger, runtime.log, runtime.projector, runtime.follower
        )

    posts, sockets = Endpoint(schema, context), Sockets(schema, context)

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await sockets(scope, receive, send)
        else:
            response = await posts(Request(scope, receive))
            await response(scope, receive, send)

    return endpoint


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of a request (GraphQL over HTTP §5)."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


class Endpoint:
    """Answers POST /graphql."""

    def __init__(self, schema: strawberry.Schema, context: Callable[[], Context]) -> None:
        self._schema = schema
        self._context = context
        self._documents = Documents(schema._schema)  # noqa: SLF001 - the graphql-core schema

    async def __call__(self, request: Request) -> Response:
        """One request, one answer; nothing that a client sends ends in a stack trace."""
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "POST"})
        media = _GRAPHQL_JSON if _GRAPHQL_JSON in request.headers.get("accept", "") else _JSON
        try:
            asked = await _read(request)
        except GraphQLError as error:
            return _refuse([error], media, status=(error.extensions or {}).get("status", 400))
        try:
            self._documents.admit_values(asked.variables)
            prepared = await self._documents.admit(asked.query)
        except QueryRefusedError as refused:
            return _not_admitted(refused, media)
        if prepared.errors:
            return _refuse(prepared.errors, media, status=400)
        operation = prepared.operation(asked.operation_name)
        if operation is None:
            return _refuse([_no_operation(asked.operation_name)], media, status=400)
        return await self._answer(asked, prepared, operation, media)

    async def _answer(
        self, asked: Asked, prepared: Prepared, operation: OperationDefinitionNode, media: str
    ) -> Response:
        context = self._context()
        if operation.operation is OperationType.SUBSCRIPTION:
            message = "Subscribe over graphql-transport-ws at this same address."
            return _refuse([_named("USE_WEBSOCKET", message)], media, status=400)
        coerced = get_variable_values(
            self._documents.schema, operation.variable_definitions or (), asked.variables
        )
        if isinstance(coerced, list):
            return _refuse(coerced, media, status=400)
        try:
            plan = self._documents.plan(prepared, operation, coerced.coerced)
            if plan is None:
                return await self._execute(asked, context, media)
            answer = await context.answer(plan, coerced.coerced)
        except QueryRefusedError as refused:
            return _refuse([refused], media, status=200)
        except Exception as error:  # noqa: BLE001 - logged here and named to the client
            return _failed(error, media)
        ledger = orjson.dumps({"ledger": {"position": answer.position}})
        body = b'{"data":%b,"extensions":%b}' % (answer.json.encode(), ledger)
        return Response(body, media_type=media)

    async def _execute(self, asked: Asked, context: Context, media: str) -> Response:
        result = await self._schema.execute(
            asked.query,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
        )
        body: dict[str, Any] = {"data": getattr(result, "data", None)}
        if result.errors:
            body["errors"] = [masked(error).formatted for error in result.errors]
        if context.position is not None:
            body["extensions"] = {"ledger": {"position": context.position}}
        return Response(orjson.dumps(body), media_type=media)


class Sockets(GraphQL):  # type: ignore[type-arg]
    """graphql-transport-ws, with JSON that may hold finished pieces."""

    def __init__(self, schema: strawberry.Schema, context: Callable[[], Context]) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
        )
        self._make = context

    async def get_context(self, request: Request | WebSocket, response: Any) -> Any:
        """A context of its own for each operation."""
        del request, response
        return self._make()

    def encode_json(self, data: object) -> str:
        """Text frames, as the protocol asks."""
        return orjson.dumps(data).decode()


def masked(error: GraphQLError) -> GraphQLError:
    """What may be shown of an error: our own refusals whole, everything else as an incident."""
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return error
    shown = _unavailable() if _is_passing(original) else _incident(original)
    shown.path, shown.locations = error.path, error.locations
    return shown


async def _read(request: Request) -> Asked:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise _named("UNSUPPORTED_MEDIA_TYPE", "Send application/json.", status=415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            text = f"A request may have {BODY_BYTES_MAX} bytes."
            raise _named("BODY_TOO_LARGE", text, status=413)
    try:
        sent = orjson.loads(bytes(body))
    except orjson.JSONDecodeError as error:
        raise _named("BAD_JSON", f"The body is not JSON: {error}.") from None
    return _asked(sent)


def _asked(sent: object) -> Asked:
    if not isinstance(sent, dict) or not isinstance(sent.get("query"), str):
        raise _named("BAD_REQUEST", "Send an object with the string `query`.")
    variables, name = sent.get("variables"), sent.get("operationName")
    if not (variables is None or isinstance(variables, dict)) or not isinstance(name, str | None):
        raise _named("BAD_REQUEST", "`variables` is an object, `operationName` a string.")
    return Asked(sent["query"], variables or {}, name)


def _named(code: str, message: str, **more: object) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code, **more})


def _incident(error: Exception) -> GraphQLError:
    """A bug: its text stays here, its number goes out."""
    incident = uuid4()
    _log.error("incident %s", incident, exc_info=error)
    return _named("INTERNAL", f"Something failed on our side; incident {incident}.")


def _no_operation(name: str | None) -> GraphQLError:
    return _named(
        "NO_OPERATION",
        f"The document has no operation named {name!r}." if name else "Say which operation to run.",
    )


def _refuse(errors: Iterable[GraphQLError], media: str, *, status: int) -> Response:
    body = orjson.dumps({"errors": [error.formatted for error in errors]})
    return Response(body, status_code=status, media_type=media)


def _not_admitted(refused: QueryRefusedError, media: str) -> Response:
    if refused.code != COLD_DOCUMENTS_BUSY:
        return _refuse([refused], media, status=400)
    response = _refuse([refused], media, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _is_passing(error: Exception) -> bool:
    """Whether the database or the ledger did not answer in time: the same question may succeed."""
    return is_outage(error) or isinstance(error, LedgerError | asyncpg.InsufficientResourcesError)


def _unavailable() -> GraphQLError:
    return _named("UNAVAILABLE", "The ledger is busy or out of reach; ask again.")


def _failed(error: Exception, media: str) -> Response:
    if not _is_passing(error):
        return _refuse([_incident(error)], media, status=500)
    _log.warning("the database did not answer", exc_info=error)
    response = _refuse([_unavailable()], media, status=503)
    response.headers["Retry-After"] = "1"
    return response

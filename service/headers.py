"""What every page says to a browser: nothing from elsewhere, nothing inside a frame."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.http.heads import HTTPS_ALONE

POLICY = (
    "default-src 'self'; object-src 'none'; font-src 'self' data:; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ENCODED = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def guarded(app: ASGIApp, *, https: bool) -> ASGIApp:
    """The same app, its answers with these headers; `https`: reached in no other way."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        told = [*_ENCODED, HTTPS_ALONE] if https or scope.get("scheme") == "https" else _ENCODED

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await app(scope, receive, answer)

    return guard

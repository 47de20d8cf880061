"""Errands to the desk for webhooks, over a real server, and who gives them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from httpx2 import AsyncClient

from events.identity import OrganisationId
from events.mandate import PrincipalId
from events.vocabulary import Role
from schema.access.principal import READ, WRITE, Mandate, Principal
from service.runtime import Runtime
from service.webhooks import secret, written
from tests.schema.callers import EVERY_CALLER, caller
from tests.schema.served import served
from tests.world import NAM_DINH

Tell = Callable[..., Awaitable[dict[str, Any]]]

KEY = b"k" * 32
URL = "https://1.1.1.1/nhan?ma=bi-mat"
WEBHOOK = """id url description filter { types streams schemes provinces centres } proofs status
    cursor head lagPositions lagSeconds failures error retryAt grantedAt rate principal removedAt"""
REFUSED = "... on Refusal { code message messageVi rule }"
CHANGED = f"... on WebhookChanged {{ repeated webhook {{ {WEBHOOK} }} }}"
REGISTERED = f"... on WebhookRegistered {{ repeated secret webhook {{ {WEBHOOK} }} }}"
BOUNDED = Mandate(role=Role.INTEGRATOR, organisation=OrganisationId("so-1"), province=NAM_DINH)
WHO = {
    **EVERY_CALLER,
    "other": caller(Role.INTEGRATOR, name="other"),
    "bounded": Principal(id=PrincipalId("bounded"), mandates=(BOUNDED,)),
    "writer": replace(caller(Role.INTEGRATOR, name="writer"), scopes=frozenset({READ, WRITE})),
}
ACTS = (
    "pauseWebhook(id: $id)",
    "resumeWebhook(id: $id)",
    "rotateWebhookSecret(id: $id)",
    "rewindWebhook(id: $id, after: 0)",
    "redeliver(id: $id, position: 1)",
    "removeWebhook(id: $id)",
    f'updateWebhook(id: $id, url: "{URL}")',
)


@asynccontextmanager
async def telling(runtime: Runtime) -> AsyncIterator[Tell]:
    """Asks a real server, as one of the callers by his name."""
    async with served(runtime) as address, AsyncClient(base_url=f"http://{address}") as client:

        async def tell(query: str, who: str = "integrator", **variables: object) -> dict[str, Any]:
            shown = {} if who == "public" else {"authorization": f"Bearer {who}"}
            sent = {"query": query, "variables": variables}
            return (await client.post("/graphql", json=sent, headers=shown)).json()

        yield tell


def secret_of(generation: int) -> str:
    """What `kho-bac` is signed with."""
    return written(secret(KEY, "kho-bac", generation))


async def act(tell: Tell, errand: str, id: str = "kho-bac", who: str = "integrator") -> Any:
    """What one errand answers; of errors, the codes."""
    declared = "($id: ID!)" if "$id" in errand else ""
    done = REGISTERED if errand.startswith(("register", "rotate")) else CHANGED
    asked = f"mutation {declared} {{ did: {errand} {{ __typename {done} {REFUSED} }} }}"
    body = await tell(asked, who, id=id)
    if "errors" in body:
        return [each["extensions"]["code"] for each in body["errors"]]
    return body["data"]["did"]


async def register(tell: Tell, id: str = "kho-bac", who: str = "integrator", **told: str) -> Any:
    """Register a webhook, with whatever is said of it as GraphQL has it."""
    more = "".join(f", {name}: {text}" for name, text in told.items() if name != "url")
    url = told.get("url", URL)
    return await act(tell, f'registerWebhook(id: $id, url: "{url}"{more})', id, who)


async def listed(tell: Tell, who: str = "integrator", what: str = WEBHOOK) -> Any:
    body = await tell(f"{{ webhooks {{ {what} }} }}", who)
    return body["data"]["webhooks"]

"""Webhooks as their owners manage them, over HTTP: what is done, what is refused, who sees what."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from httpx2 import AsyncClient

from events.identity import OrganisationId
from events.mandate import PrincipalId
from events.vocabulary import Role
from schema.access.principal import READ, WRITE, Mandate, Principal
from schema.webhooks.refusals import EACH_MAX, WAITING_MAX
from service.consumers import cursors
from service.consumers.desk import WebhookDesk
from service.consumers.secrets import secret
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER, Known, caller
from tests.schema.fundings import begun
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


@pytest.fixture
async def tell(empty: Runtime) -> AsyncIterator[Tell]:
    """A ledger with some events, and a desk that has a key."""
    await begun(empty)
    runtime = replace(empty, door=Known(WHO), desk=WebhookDesk(empty.pool, KEY))
    async with telling(runtime) as told:
        yield told


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


async def test_a_webhook_is_registered_and_its_secret_shown(tell: Tell) -> None:
    filter_ = '{types: ["SupportCommitted"], provinces: ["36@2008-08-01"], centres: ["tt1"]}'
    done = await register(tell, filter=filter_, proofs="true", description='"Kho bạc"', after="3")
    assert done["secret"] == secret(KEY, "kho-bac", 1)
    assert not done["repeated"]
    webhook = done["webhook"]
    assert webhook.pop("lagSeconds") > 0
    head = webhook.pop("head")
    assert head > 3
    assert webhook == {
        "id": "kho-bac",
        "url": URL,
        "description": "Kho bạc",
        "filter": {
            "types": ["SupportCommitted"],
            "streams": [],
            "schemes": [],
            "provinces": ["36@2008-08-01"],
            "centres": ["tt1"],
        },
        "proofs": True,
        "status": "PENDING",
        "cursor": 3,
        "lagPositions": head - 3,
        "failures": 0,
        "error": None,
        "retryAt": None,
        "grantedAt": None,
        "rate": None,
        "principal": "integrator",
        "removedAt": None,
    }


async def test_a_webhook_begins_at_the_end_of_the_log_unless_it_says_where(tell: Tell) -> None:
    webhook = (await register(tell))["webhook"]
    assert (webhook["cursor"], webhook["lagPositions"]) == (webhook["head"], 0)
    assert webhook["lagSeconds"] is None
    assert (await register(tell, "tat-ca", after="0"))["webhook"]["cursor"] == 0


async def test_the_same_again_is_no_change_and_something_else_is_refused(tell: Tell) -> None:
    first = await register(tell, description='"Một"')
    again = await register(tell, description='" Một "')
    assert again["repeated"]
    assert again["secret"] == first["secret"]
    for other in ({"url": "https://1.1.1.1/khac"}, {"proofs": "true"}, {"description": '"Hai"'}):
        assert (await register(tell, **other))["code"] == "WEBHOOK_EXISTS"
    filtered = await register(tell, description='"Một"', filter='{schemes: ["da-1"]}')
    assert filtered["code"] == "WEBHOOK_EXISTS"
    assert len(await listed(tell)) == 1


REFUSALS = (
    ('registerWebhook(id: "a b", url: "https://1.1.1.1/")', "WEBHOOK_ID_INVALID"),
    ('registerWebhook(id: "", url: "https://1.1.1.1/")', "WEBHOOK_ID_INVALID"),
    ('registerWebhook(id: "x", url: "http://1.1.1.1/")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https://a:b@1.1.1.1/")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https://1.1.1.1/#a")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https://1.1.1.1:99999/")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https:///x")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https://[::1/")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https://1.1.1.1/đ")', "WEBHOOK_URL_INVALID"),
    (f'registerWebhook(id: "x", url: "https://1.1.1.1/{"x" * 2000}")', "WEBHOOK_URL_INVALID"),
    ('registerWebhook(id: "x", url: "https://127.0.0.1/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://[::1]/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://10.0.0.1/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://169.254.169.254/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://[fe80::1]/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://[::ffff:10.0.0.1]/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://localhost/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('registerWebhook(id: "x", url: "https://khong.invalid/")', "WEBHOOK_ADDRESS_REFUSED"),
    (
        'registerWebhook(id: "x", url: "https://1.1.1.1/", after: 999999999999)',
        "POSITION_AHEAD",
    ),
    (
        f'registerWebhook(id: "x", url: "https://1.1.1.1/", description: "{"đ" * 501}")',
        "WEBHOOK_DESCRIPTION_INVALID",
    ),
    (
        'registerWebhook(id: "x", url: "https://1.1.1.1/", description: "a\\u0000b")',
        "WEBHOOK_DESCRIPTION_INVALID",
    ),
    ('updateWebhook(id: "kho-bac", url: "https://10.0.0.1/")', "WEBHOOK_ADDRESS_REFUSED"),
    ('updateWebhook(id: "kho-bac", url: "ftp://x")', "WEBHOOK_URL_INVALID"),
    ('rewindWebhook(id: "kho-bac", after: 999999999999)', "POSITION_AHEAD"),
    ('redeliver(id: "kho-bac", position: 0)', "NOT_SENT_YET"),
    ('redeliver(id: "kho-bac", position: 999999999999)', "NOT_SENT_YET"),
    ('pauseWebhook(id: "khong-co")', "UNKNOWN_WEBHOOK"),
)


async def test_each_refusal_is_told_by_name_and_nothing_is_changed(tell: Tell) -> None:
    await register(tell)
    before = await listed(tell)
    told = [(errand, await act(tell, errand)) for errand, _ in REFUSALS]
    assert [(errand, each.get("code")) for errand, each in told] == list(REFUSALS)
    for errand, each in told:
        assert each["message"] != each["messageVi"], errand
        assert each["rule"], errand
    assert await listed(tell) == before


async def test_a_filter_that_means_nothing_is_refused(tell: Tell) -> None:
    for filter_, code in (
        ('{types: ["NoSuchFact"]}', "UNKNOWN_EVENT_TYPE"),
        ('{provinces: ["00"]}', "UNKNOWN_PROVINCE"),
        ("{types: []}", "FILTER_LENGTH"),
    ):
        assert await register(tell, filter=filter_) == [code]
    assert await listed(tell) == []


async def test_without_a_key_nobody_registers(empty: Runtime) -> None:
    async with telling(replace(empty, door=Known(WHO))) as tell:
        assert (await register(tell))["code"] == "WEBHOOKS_OFF"
        assert (await act(tell, "rotateWebhookSecret(id: $id)"))["code"] == "WEBHOOKS_OFF"
        assert (await act(tell, "pauseWebhook(id: $id)"))["code"] == "UNKNOWN_WEBHOOK"


async def test_one_principal_has_twenty_webhooks_however_many_ask_at_once(tell: Tell) -> None:
    asked = (register(tell, f"w-{number}") for number in range(EACH_MAX + 5))
    done = await asyncio.gather(*asked)
    assert [each.get("code") for each in done].count("TOO_MANY_WEBHOOKS") == 5
    assert len(await listed(tell)) == EACH_MAX
    gone = (await listed(tell))[0]["id"]
    assert (await act(tell, "removeWebhook(id: $id)", gone))["__typename"] == "WebhookChanged"
    assert (await register(tell, "w-x"))["__typename"] == "WebhookRegistered"
    assert (await register(tell, "w-y", "other"))["__typename"] == "WebhookRegistered"


async def test_anothers_webhook_is_neither_seen_nor_touched(tell: Tell) -> None:
    await register(tell)
    before = await listed(tell)
    assert await listed(tell, "other") == []
    asked = 'query { webhook(id: "kho-bac") { id } none: webhook(id: "x") { id } }'
    assert (await tell(asked, "other"))["data"] == {"webhook": None, "none": None}
    for errand in ACTS:
        refused = await act(tell, errand, who="other")
        none = await act(tell, errand, "x", who="other")
        assert refused["code"] == "UNKNOWN_WEBHOOK", errand
        assert refused["message"].replace("kho-bac", "x") == none["message"]
    assert (await register(tell, who="other"))["code"] == "WEBHOOK_EXISTS"
    assert await listed(tell) == before


async def test_whoever_looks_after_them_sees_everybodys_but_no_path(tell: Tell) -> None:
    await register(tell)
    await register(tell, "cua-nguoi-khac", "other")
    for who in ("admin", "auditor"):
        seen = await listed(tell, who, "id url principal changes { by act position }")
        assert [each["id"] for each in seen] == ["cua-nguoi-khac", "kho-bac"]
        assert {each["url"] for each in seen} == {"https://1.1.1.1/…"}
        assert seen[1]["changes"][0]["by"] == "integrator"
    page = '{ webhooks(first: 1, after: "cua-nguoi-khac") { id url } }'
    assert (await tell(page, "auditor"))["data"]["webhooks"] == [
        {"id": "kho-bac", "url": "https://1.1.1.1/…"}
    ]
    asked = '{ webhook(id: "kho-bac") { url } }'
    assert (await tell(asked, "integrator"))["data"]["webhook"] == {"url": URL}


async def test_others_are_not_for_this(tell: Tell) -> None:
    for who in WHO.keys() - {"integrator", "other", "bounded", "writer", "admin", "auditor"}:
        for asked in ("{ webhooks { id } }", '{ webhook(id: "x") { id } }'):
            body = await tell(asked, who)
            assert [each["extensions"]["code"] for each in body["errors"]] == ["FORBIDDEN"], who
        assert await register(tell, who=who) == ["FORBIDDEN"]
    assert await register(tell, who="auditor") == ["FORBIDDEN"]
    body = await tell("{ asOf(position: 0) { webhooks { id } } }")
    assert body["errors"][0]["extensions"]["code"] == "ONLY_AT_THE_ROOT"


async def test_who_may_not_follow_the_feed_does_not_have_it_sent(tell: Tell) -> None:
    assert await register(tell, who="writer") == ["FORBIDDEN"]
    assert (await register(tell, "cua-tinh", "bounded"))["webhook"]["principal"] == "bounded"


async def test_it_is_paused_resumed_rewound_and_given_up_each_once(
    tell: Tell, pool: asyncpg.Pool
) -> None:
    """Each again is said to be so already, and stands in the book once."""
    head = (await register(tell))["webhook"]["head"]
    for errand, status, cursor in (
        ("pauseWebhook(id: $id)", "PAUSED", head),
        ("rewindWebhook(id: $id, after: 2)", "PAUSED", 2),
        ("resumeWebhook(id: $id)", "PENDING", 2),
        ("redeliver(id: $id, position: 2)", "PENDING", 2),
        ("removeWebhook(id: $id)", "GONE", 2),
    ):
        done, again = await act(tell, errand), await act(tell, errand)
        assert (done["repeated"], again["repeated"]) == (False, True), errand
        assert done["webhook"]["status"] == again["webhook"]["status"] == status
        assert done["webhook"]["cursor"] == again["webhook"]["cursor"] == cursor
    asked = "{ webhooks(removed: true) { removedAt changes { act by position } } }"
    (webhook,) = (await tell(asked))["data"]["webhooks"]
    assert webhook["removedAt"]
    assert [(each["act"], each["position"]) for each in webhook["changes"]] == [
        ("REMOVED", None),
        ("REDELIVERED", 2),
        ("RESUMED", None),
        ("REWOUND", 2),
        ("PAUSED", None),
        ("REGISTERED", head),
    ]
    assert await listed(tell) == []
    assert await cursors.cursors(pool, "webhook/") == []


async def test_what_was_given_up_is_not_taken_up_again(tell: Tell) -> None:
    await register(tell)
    await act(tell, "removeWebhook(id: $id)")
    for errand in ACTS:
        if "remove" not in errand:
            assert (await act(tell, errand))["code"] == "UNKNOWN_WEBHOOK", errand
    assert (await register(tell))["code"] == "WEBHOOK_EXISTS"


async def test_another_secret_each_time(tell: Tell) -> None:
    first = await register(tell)
    rotated = [await act(tell, "rotateWebhookSecret(id: $id)") for _ in range(2)]
    assert [each["secret"] for each in rotated] == [secret(KEY, "kho-bac", n) for n in (2, 3)]
    assert (await register(tell))["secret"] == rotated[1]["secret"] != first["secret"]


async def test_another_address_has_to_agree_anew(tell: Tell, pool: asyncpg.Pool) -> None:
    await register(tell)
    granted = "UPDATE feed.endpoint SET granted_at = clock_timestamp(), rate = 60"
    await pool.execute(granted)
    await cursors.turned(pool, "webhook/kho-bac", cursors.State.LIVE)
    same = f'updateWebhook(id: $id, url: "{URL}", description: "Mới", proofs: true)'
    kept = (await act(tell, same))["webhook"]
    assert (kept["status"], kept["rate"], kept["description"]) == ("LIVE", 60, "Mới")
    assert (await act(tell, same))["repeated"]
    moved = 'updateWebhook(id: $id, url: "https://1.0.0.1/moi")'
    webhook = (await act(tell, moved))["webhook"]
    assert (webhook["status"], webhook["grantedAt"], webhook["rate"]) == ("PENDING", None, None)
    assert (webhook["url"], webhook["proofs"]) == ("https://1.0.0.1/moi", False)
    await pool.execute(granted)
    await act(tell, "pauseWebhook(id: $id)")
    paused = (await act(tell, f'updateWebhook(id: $id, url: "{URL}")'))["webhook"]
    assert (paused["status"], paused["grantedAt"]) == ("PAUSED", None)
    assert (await act(tell, "resumeWebhook(id: $id)"))["webhook"]["status"] == "PENDING"


async def test_what_was_parked_goes_on_when_it_is_resumed(tell: Tell, pool: asyncpg.Pool) -> None:
    await register(tell, after="0")
    await pool.execute("UPDATE feed.endpoint SET granted_at = clock_timestamp()")
    (cursor,) = await cursors.cursors(pool, "webhook/kho-bac")
    await cursors.failed(pool, cursor, "503", 60, cursors.State.PARKED)
    (webhook,) = await listed(tell)
    assert (webhook["status"], webhook["failures"], webhook["error"]) == ("PARKED", 1, "503")
    assert webhook["retryAt"]
    rewound = (await act(tell, "rewindWebhook(id: $id, after: 1)"))["webhook"]
    assert (rewound["status"], rewound["error"]) == ("PARKED", "503")
    resumed = (await act(tell, "resumeWebhook(id: $id)"))["webhook"]
    assert (resumed["status"], resumed["failures"], resumed["error"]) == ("LIVE", 0, None)
    await cursors.turned(pool, "webhook/kho-bac", cursors.State.GONE)
    gone = (await act(tell, "resumeWebhook(id: $id)"))["webhook"]
    assert (gone["status"], gone["grantedAt"]) == ("PENDING", None)


async def test_no_more_wait_to_be_sent_once_more_than_a_thousand(
    tell: Tell, pool: asyncpg.Pool
) -> None:
    await register(tell)
    await pool.execute(
        "INSERT INTO feed.redelivery (endpoint, position, asked_by)"
        " SELECT 'kho-bac', n + 100, 'x' FROM generate_series(1, $1::int) AS n",
        WAITING_MAX,
    )
    assert (await act(tell, "redeliver(id: $id, position: 1)"))["code"] == "TOO_MANY_REDELIVERIES"


async def test_the_last_attempts_are_shown_page_by_page(tell: Tell, pool: asyncpg.Pool) -> None:
    for each in ("mot", "hai"):
        await register(tell, each)
    await pool.execute(
        "INSERT INTO feed.delivery (endpoint, position, attempt, ms, status, error)"
        " SELECT e, n, 1, 12, CASE WHEN n < 3 THEN 204 END, CASE WHEN n = 3 THEN 'đứt' END"
        " FROM unnest(ARRAY['mot', 'hai']) AS e, generate_series(1, 3) AS n ORDER BY e, n"
    )
    shown = "position attempt status ms error isRedelivery"
    both = await listed(tell, what=f"id deliveries(first: 2) {{ id {shown} }}")
    assert [[each["position"] for each in one["deliveries"]] for one in both] == [[3, 2], [3, 2]]
    last = dict(both[0]["deliveries"][0])
    last.pop("id")
    assert last == {
        "position": 3,
        "attempt": 1,
        "status": None,
        "ms": 12,
        "error": "đứt",
        "isRedelivery": False,
    }
    before = both[0]["deliveries"][1]["id"]
    asked = f'{{ webhook(id: "hai") {{ deliveries(before: "{before}") {{ position }} }} }}'
    assert (await tell(asked))["data"]["webhook"]["deliveries"] == [{"position": 1}]
    for wrong in ("first: 0", "first: 201", 'before: "x"'):
        for name in ("deliveries", "changes"):
            body = await tell(f'{{ webhook(id: "hai") {{ {name}({wrong}) {{ id }} }} }}')
            assert body["errors"][0]["extensions"]["code"] in {"PAGE_SIZE", "BAD_CURSOR"}
    body = await tell("{ webhooks(first: 101) { id } }")
    assert body["errors"][0]["extensions"]["code"] == "PAGE_SIZE"


async def test_the_service_cannot_rewrite_who_changed_what(tell: Tell, pool: asyncpg.Pool) -> None:
    await register(tell)
    for statement in ("UPDATE feed.change SET asked_by = 'x'", "DELETE FROM feed.change"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)

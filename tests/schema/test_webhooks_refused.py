"""What nobody may do with webhooks, and what nobody sees of others: over HTTP."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from schema.webhooks.refusals import EACH_MAX, WAITING_MAX
from service.runtime import Runtime
from tests.schema.callers import Known
from tests.schema.errands import ACTS, URL, WHO, Tell, act, listed, register, telling

REFUSALS = (
    ('registerWebhook(id: "a b", url: "https://1.1.1.1/")', "WEBHOOK_ID_INVALID"),
    ('registerWebhook(id: "", url: "https://1.1.1.1/")', "WEBHOOK_ID_INVALID"),
    ('registerWebhook(id: "x", url: "http://1.1.1.1/")', "WEBHOOK_ADDRESS_REFUSED"),
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
    ('registerWebhook(id: "x", url: "https://khong.invalid/")', "WEBHOOK_HOST_UNKNOWN"),
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
    ('resumeWebhook(id: "\\u0000")', "UNKNOWN_WEBHOOK"),
    ('updateWebhook(id: "\\u0000", url: "https://1.1.1.1/")', "UNKNOWN_WEBHOOK"),
)


async def test_each_refusal_is_told_by_name_and_nothing_is_changed(hooks: Tell) -> None:
    await register(hooks)
    before = await listed(hooks)
    told = [(errand, await act(hooks, errand)) for errand, _ in REFUSALS]
    assert [(errand, each.get("code")) for errand, each in told] == list(REFUSALS)
    for errand, each in told:
        assert each["message"] != each["messageVi"], errand
        assert each["rule"], errand
    assert await listed(hooks) == before


async def test_a_filter_that_means_nothing_is_refused(hooks: Tell) -> None:
    for filter_, code in (
        ('{types: ["NoSuchFact"]}', "UNKNOWN_EVENT_TYPE"),
        ('{provinces: ["00"]}', "UNKNOWN_PROVINCE"),
        ("{types: []}", "FILTER_LENGTH"),
    ):
        assert await register(hooks, filter=filter_) == [code]
    assert await listed(hooks) == []


async def test_without_a_key_nobody_registers(empty: Runtime) -> None:
    async with telling(replace(empty, door=Known(WHO))) as tell:
        assert (await register(tell))["code"] == "WEBHOOKS_OFF"
        assert (await act(tell, "rotateWebhookSecret(id: $id)"))["code"] == "WEBHOOKS_OFF"
        assert (await act(tell, "pauseWebhook(id: $id)"))["code"] == "UNKNOWN_WEBHOOK"


async def test_one_principal_has_twenty_webhooks_however_many_ask_at_once(hooks: Tell) -> None:
    asked = (register(hooks, f"w-{number}") for number in range(EACH_MAX + 5))
    done = await asyncio.gather(*asked)
    assert [each.get("code") for each in done].count("TOO_MANY_WEBHOOKS") == 5
    assert len(await listed(hooks)) == EACH_MAX
    gone = (await listed(hooks))[0]["id"]
    assert (await act(hooks, "removeWebhook(id: $id)", gone))["__typename"] == "WebhookChanged"
    assert (await register(hooks, "w-x"))["__typename"] == "WebhookRegistered"
    assert (await register(hooks, "w-y", "other"))["__typename"] == "WebhookRegistered"


async def test_anothers_webhook_is_neither_seen_nor_touched(hooks: Tell) -> None:
    await register(hooks)
    before = await listed(hooks)
    assert await listed(hooks, "other") == []
    asked = 'query { webhook(id: "kho-bac") { id } none: webhook(id: "x") { id } }'
    assert (await hooks(asked, "other"))["data"] == {"webhook": None, "none": None}
    for errand in ACTS:
        refused = await act(hooks, errand, who="other")
        none = await act(hooks, errand, "x", who="other")
        assert refused["code"] == "UNKNOWN_WEBHOOK", errand
        assert refused["message"].replace("kho-bac", "x") == none["message"]
    assert (await register(hooks, who="other"))["code"] == "WEBHOOK_EXISTS"
    assert await listed(hooks) == before


async def test_whoever_looks_after_them_sees_everybodys_but_no_path(hooks: Tell) -> None:
    await register(hooks)
    await register(hooks, "cua-nguoi-khac", "other")
    for who in ("admin", "auditor"):
        seen = await listed(hooks, who, "id url principal changes { by act position }")
        assert [each["id"] for each in seen] == ["cua-nguoi-khac", "kho-bac"]
        assert {each["url"] for each in seen} == {"https://1.1.1.1/…"}
        assert seen[1]["changes"][0]["by"] == "integrator"
    page = '{ webhooks(first: 1, after: "cua-nguoi-khac") { id url } }'
    assert (await hooks(page, "auditor"))["data"]["webhooks"] == [
        {"id": "kho-bac", "url": "https://1.1.1.1/…"}
    ]
    asked = '{ webhook(id: "kho-bac") { url } }'
    assert (await hooks(asked, "integrator"))["data"]["webhook"] == {"url": URL}


async def test_others_are_not_for_this(hooks: Tell) -> None:
    for who in WHO.keys() - {"integrator", "other", "bounded", "writer", "admin", "auditor"}:
        for asked in ("{ webhooks { id } }", '{ webhook(id: "x") { id } }'):
            body = await hooks(asked, who)
            assert [each["extensions"]["code"] for each in body["errors"]] == ["FORBIDDEN"], who
        assert await register(hooks, who=who) == ["FORBIDDEN"]
    assert await register(hooks, who="auditor") == ["FORBIDDEN"]
    body = await hooks("{ asOf(position: 0) { webhooks { id } } }")
    assert body["errors"][0]["extensions"]["code"] == "ONLY_AT_THE_ROOT"


async def test_who_may_not_follow_the_feed_does_not_have_it_sent(hooks: Tell) -> None:
    assert await register(hooks, who="writer") == ["FORBIDDEN"]
    assert (await register(hooks, "cua-tinh", "bounded"))["webhook"]["principal"] == "bounded"


async def test_no_more_wait_to_be_sent_once_more_than_a_thousand(
    hooks: Tell, pool: asyncpg.Pool
) -> None:
    await register(hooks)
    await pool.execute(
        "INSERT INTO feed.redelivery (endpoint, position, asked_by)"
        " SELECT 'kho-bac', n + 100, 'x' FROM generate_series(1, $1::int) AS n",
        WAITING_MAX,
    )
    assert (await act(hooks, "redeliver(id: $id, position: 1)"))["code"] == "TOO_MANY_REDELIVERIES"


async def test_the_service_cannot_rewrite_who_changed_what(hooks: Tell, pool: asyncpg.Pool) -> None:
    await register(hooks)
    for statement in ("UPDATE feed.change SET asked_by = 'x'", "DELETE FROM feed.change"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)

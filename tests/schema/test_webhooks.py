"""Webhooks as their owners manage them, over HTTP: what becomes of them."""

import asyncpg

from service.consumers import cursors
from tests.schema.errands import ACTS, URL, Tell, act, listed, register, secret_of


async def test_a_webhook_is_registered_and_its_secret_shown(hooks: Tell) -> None:
    filter_ = '{types: ["SupportCommitted"], provinces: ["36@2008-08-01"], centres: ["tt1"]}'
    done = await register(hooks, filter=filter_, proofs="true", description='"Kho bạc"', after="3")
    assert done["secret"] == secret_of(1)
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


async def test_a_webhook_begins_at_the_end_of_the_log_unless_it_says_where(hooks: Tell) -> None:
    webhook = (await register(hooks))["webhook"]
    assert (webhook["cursor"], webhook["lagPositions"]) == (webhook["head"], 0)
    assert webhook["lagSeconds"] is None
    assert (await register(hooks, "tat-ca", after="0"))["webhook"]["cursor"] == 0


async def test_the_same_again_is_no_change_and_something_else_is_refused(hooks: Tell) -> None:
    first = await register(hooks, description='"Một"')
    again = await register(hooks, description='" Một "')
    assert again["repeated"]
    assert again["secret"] == first["secret"]
    for other in ({"url": "https://1.1.1.1/khac"}, {"proofs": "true"}, {"description": '"Hai"'}):
        assert (await register(hooks, **other))["code"] == "WEBHOOK_EXISTS"
    filtered = await register(hooks, description='"Một"', filter='{schemes: ["da-1"]}')
    assert filtered["code"] == "WEBHOOK_EXISTS"
    assert len(await listed(hooks)) == 1


async def test_it_is_paused_resumed_rewound_and_given_up_each_once(
    hooks: Tell, pool: asyncpg.Pool
) -> None:
    """Each again is said to be so already, and stands in the book once."""
    head = (await register(hooks))["webhook"]["head"]
    for errand, status, cursor in (
        ("pauseWebhook(id: $id)", "PAUSED", head),
        ("rewindWebhook(id: $id, after: 2)", "PAUSED", 2),
        ("resumeWebhook(id: $id)", "PENDING", 2),
        ("redeliver(id: $id, position: 2)", "PENDING", 2),
        ("removeWebhook(id: $id)", "GONE", 2),
    ):
        done, again = await act(hooks, errand), await act(hooks, errand)
        assert (done["repeated"], again["repeated"]) == (False, True), errand
        assert done["webhook"]["status"] == again["webhook"]["status"] == status
        assert done["webhook"]["cursor"] == again["webhook"]["cursor"] == cursor
    asked = "{ webhooks(removed: true) { removedAt changes { act by position } } }"
    (webhook,) = (await hooks(asked))["data"]["webhooks"]
    assert webhook["removedAt"]
    assert [(each["act"], each["position"]) for each in webhook["changes"]] == [
        ("REMOVED", None),
        ("REDELIVERED", 2),
        ("RESUMED", None),
        ("REWOUND", 2),
        ("PAUSED", None),
        ("REGISTERED", head),
    ]
    assert await listed(hooks) == []
    assert await cursors.cursors(pool, "webhook/") == []


async def test_what_was_given_up_is_not_taken_up_again(hooks: Tell) -> None:
    await register(hooks)
    await act(hooks, "removeWebhook(id: $id)")
    for errand in ACTS:
        if "remove" not in errand:
            assert (await act(hooks, errand))["code"] == "UNKNOWN_WEBHOOK", errand
    assert (await register(hooks))["code"] == "WEBHOOK_EXISTS"


async def test_another_secret_each_time(hooks: Tell) -> None:
    first = await register(hooks)
    rotated = [await act(hooks, "rotateWebhookSecret(id: $id)") for _ in range(2)]
    assert [each["secret"] for each in rotated] == [secret_of(generation) for generation in (2, 3)]
    assert (await register(hooks))["secret"] == rotated[1]["secret"] != first["secret"]


async def test_another_address_has_to_agree_anew(hooks: Tell, pool: asyncpg.Pool) -> None:
    await register(hooks)
    granted = "UPDATE feed.endpoint SET granted_at = clock_timestamp(), rate = 60"
    await pool.execute(granted)
    await cursors.turned(pool, "webhook/kho-bac", cursors.State.LIVE)
    same = f'updateWebhook(id: $id, url: "{URL}", description: "Mới", proofs: true)'
    kept = (await act(hooks, same))["webhook"]
    assert (kept["status"], kept["rate"], kept["description"]) == ("LIVE", 60, "Mới")
    assert (await act(hooks, same))["repeated"]
    moved = 'updateWebhook(id: $id, url: "https://1.0.0.1/moi")'
    webhook = (await act(hooks, moved))["webhook"]
    assert (webhook["status"], webhook["grantedAt"], webhook["rate"]) == ("PENDING", None, None)
    assert (webhook["url"], webhook["proofs"]) == ("https://1.0.0.1/moi", False)
    await pool.execute(granted)
    await act(hooks, "pauseWebhook(id: $id)")
    paused = (await act(hooks, f'updateWebhook(id: $id, url: "{URL}")'))["webhook"]
    assert (paused["status"], paused["grantedAt"]) == ("PAUSED", None)
    assert (await act(hooks, "resumeWebhook(id: $id)"))["webhook"]["status"] == "PENDING"


async def test_what_was_parked_goes_on_when_it_is_resumed(hooks: Tell, pool: asyncpg.Pool) -> None:
    await register(hooks, after="0")
    await pool.execute("UPDATE feed.endpoint SET granted_at = clock_timestamp()")
    (cursor,) = await cursors.cursors(pool, "webhook/kho-bac")
    await cursors.failed(pool, cursor, "503", 60, cursors.State.PARKED)
    (webhook,) = await listed(hooks)
    assert (webhook["status"], webhook["failures"], webhook["error"]) == ("PARKED", 1, "503")
    assert webhook["retryAt"]
    rewound = (await act(hooks, "rewindWebhook(id: $id, after: 1)"))["webhook"]
    assert (rewound["status"], rewound["error"]) == ("PARKED", "503")
    resumed = (await act(hooks, "resumeWebhook(id: $id)"))["webhook"]
    assert (resumed["status"], resumed["failures"], resumed["error"]) == ("LIVE", 0, None)
    await cursors.turned(pool, "webhook/kho-bac", cursors.State.GONE)
    gone = (await act(hooks, "resumeWebhook(id: $id)"))["webhook"]
    assert (gone["status"], gone["grantedAt"]) == ("PENDING", None)


async def test_the_last_attempts_are_shown_page_by_page(hooks: Tell, pool: asyncpg.Pool) -> None:
    for each in ("mot", "hai"):
        await register(hooks, each)
    await pool.execute(
        "INSERT INTO feed.delivery (endpoint, position, attempt, ms, status, error)"
        " SELECT e, n, 1, 12, CASE WHEN n < 3 THEN 204 END, CASE WHEN n = 3 THEN 'đứt' END"
        " FROM unnest(ARRAY['mot', 'hai']) AS e, generate_series(1, 3) AS n ORDER BY e, n"
    )
    shown = "position attempt status ms error isRedelivery"
    both = await listed(hooks, what=f"id deliveries(first: 2) {{ id {shown} }}")
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
    assert (await hooks(asked))["data"]["webhook"]["deliveries"] == [{"position": 1}]
    for wrong in ("first: 0", "first: 201", 'before: "x"'):
        for name in ("deliveries", "changes"):
            body = await hooks(f'{{ webhook(id: "hai") {{ {name}({wrong}) {{ id }} }} }}')
            assert body["errors"][0]["extensions"]["code"] in {"PAGE_SIZE", "BAD_CURSOR"}
    body = await hooks("{ webhooks(first: 101) { id } }")
    assert body["errors"][0]["extensions"]["code"] == "PAGE_SIZE"

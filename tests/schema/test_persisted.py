"""Documents that are asked by name: trusted ones from a file, and those that clients left."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from schema.http.app import graphql_app
from schema.http.settings import Settings, Trust, TrustedDocumentsError
from schema.http.texts import APQ_BYTES_MAX, Texts
from service.runtime import Runtime

HEAD = "{ ledger { position } }"
OTHER = "{ __typename }"
MD5 = "5a0d5f9d1f6f9f0a7a5f3c0c0a0b0c0d"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def by_hash(digest: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    """What relay-compiler writes: md5 or sha256 of a text, and the text."""
    file = tmp_path / "persisted.json"
    file.write_text(json.dumps({MD5: HEAD, sha256(HEAD): HEAD}))
    return file


@pytest.fixture
async def client(fund: Runtime) -> AsyncIterator[AsyncClient]:
    async with asking(fund, Settings()) as http:
        yield http


def asking(runtime: Runtime, settings: Settings) -> AsyncClient:
    transport = ASGITransport(app=graphql_app(runtime, settings))
    return AsyncClient(transport=transport, base_url="http://socai/graphql")


async def code(client: AsyncClient, **asked: object) -> str | None:
    """The name of the refusal, or None where there is an answer."""
    body = (await client.post("", json=asked)).json()
    return body["errors"][0]["extensions"]["code"] if "errors" in body else None


@pytest.mark.parametrize("trust", [Trust.PREFERRED, Trust.ONLY])
async def test_a_trusted_document_is_asked_by_its_id(
    fund: Runtime, trusted: Path, trust: Trust
) -> None:
    settings = Settings(trusted=trust, trusted_documents=trusted)
    async with asking(fund, settings) as client:
        for asked in (
            {"documentId": MD5},
            {"documentId": f"sha256:{sha256(HEAD)}"},
            by_hash(sha256(HEAD)),
            {"query": HEAD},
        ):
            assert await code(client, **asked) is None
        response = await client.get("", params={"documentId": MD5})
        assert response.json()["data"]["ledger"]["position"] > 0


async def test_where_only_trusted_documents_are_answered_nothing_else_is(
    fund: Runtime, trusted: Path
) -> None:
    settings = Settings(trusted=Trust.ONLY, trusted_documents=trusted)
    async with asking(fund, settings) as client:
        for asked in (
            {"query": OTHER},
            {"query": HEAD + " "},
            {"documentId": "unknown"},
            by_hash(sha256(OTHER)),
            {"query": OTHER, **by_hash(sha256(OTHER))},
        ):
            assert await code(client, **asked) == "UNTRUSTED_DOCUMENT"
            assert (await client.post("", json=asked)).status_code == 403


async def test_where_trusted_documents_are_preferred_others_are_answered_too(
    fund: Runtime, trusted: Path
) -> None:
    settings = Settings(trusted=Trust.PREFERRED, trusted_documents=trusted)
    async with asking(fund, settings) as client:
        assert await code(client, query=OTHER) is None
        assert await code(client, query=OTHER, **by_hash(sha256(OTHER))) is None
        assert await code(client, documentId="unknown") == "UNKNOWN_DOCUMENT"


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', None])
def test_a_file_that_holds_no_documents_stops_the_start(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "persisted.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(TrustedDocumentsError, match=r"persisted\.json"):
        Texts(Settings(trusted=Trust.ONLY, trusted_documents=file))


async def test_a_hash_is_enough_once_somebody_has_sent_its_text(client: AsyncClient) -> None:
    """Apollo's protocol, to the letter of its message."""
    digest = sha256(OTHER)
    missing = (await client.post("", json=by_hash(digest))).json()["errors"][0]
    assert missing["message"] == "PersistedQueryNotFound"
    assert missing["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert await code(client, query=OTHER, **by_hash(digest)) is None
    assert await code(client, **by_hash(digest)) is None
    assert await code(client, documentId=f"sha256:{digest}") is None
    extensions = json.dumps(by_hash(digest)["extensions"])
    response = await client.get("", params={"extensions": extensions})
    assert response.json()["data"] == {"__typename": "Query"}


async def test_a_text_is_left_under_no_hash_but_its_own(client: AsyncClient) -> None:
    asked = {"query": HEAD, **by_hash(sha256(OTHER))}
    assert await code(client, **asked) == "PERSISTED_QUERY_MISMATCH"
    assert await code(client, **by_hash(sha256(OTHER))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_another_version_of_the_protocol_is_refused(client: AsyncClient) -> None:
    for persisted in ({"version": 2, "sha256Hash": "x"}, "x", {"a": 1}):
        asked = {"query": OTHER, "extensions": {"persistedQuery": persisted}}
        assert await code(client, **asked) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_texts_left_by_clients_can_be_refused(fund: Runtime) -> None:
    async with asking(fund, Settings(apq_documents_max=0)) as client:
        for asked in (by_hash(sha256(OTHER)), {"query": OTHER, **by_hash(sha256(OTHER))}):
            assert await code(client, **asked) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_the_texts_left_are_bounded_in_number_and_in_bytes(fund: Runtime) -> None:
    async with asking(fund, Settings(apq_documents_max=2)) as client:
        texts = ["{ a: __typename }", "{ b: __typename }", "{ c: __typename }"]
        for text in texts[:2]:
            await code(client, query=text, **by_hash(sha256(text)))
        assert await code(client, **by_hash(sha256(texts[0]))) is None  # asked last: stays
        await code(client, query=texts[2], **by_hash(sha256(texts[2])))
        found = [await code(client, **by_hash(sha256(text))) for text in texts]
        assert found == [None, "PERSISTED_QUERY_NOT_FOUND", None]
    async with asking(fund, Settings()) as client:
        long = [f"{{ __typename }} # {number}" + "x" * 16_000 for number in range(300)]
        assert sum(map(len, long)) > APQ_BYTES_MAX
        for text in long:
            await code(client, query=text, **by_hash(sha256(text)))
        assert await code(client, **by_hash(sha256(long[0]))) == "PERSISTED_QUERY_NOT_FOUND"
        assert await code(client, **by_hash(sha256(long[-1]))) is None

"""What is demanded of an access token: what lacks any of it is refused, in a word of our own."""

import time
import traceback
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.access.issuers import Family
from service.access.tokens import BadTokenError, Reason, Tokens, Verified
from tests.service.bad_tokens import BAD, OTHER
from tests.service.issuer import (
    Changed,
    LocalIssuer,
    private_key,
    public_jwk,
    running_issuer,
    signed,
)

MUTATIONS = 2_000
"""Twice as many tokens: put in, and put over."""


@pytest.fixture(scope="module")
def local() -> Iterator[LocalIssuer]:
    with running_issuer() as local:
        yield local


@pytest.fixture
def tokens(local: LocalIssuer) -> Tokens:
    return Tokens([local.issuer])


async def refusal(tokens: Tokens, text: str) -> Reason:
    with pytest.raises(BadTokenError) as refused:
        await tokens.verify(text)
    return refused.value.reason


@pytest.mark.parametrize("name", BAD)
async def test_a_token_is_refused_that_has(name: str, tokens: Tokens, local: LocalIssuer) -> None:
    reason, make = BAD[name]
    assert await refusal(tokens, make(local)) is reason


@pytest.mark.parametrize("name", BAD)
async def test_a_refusal_shows_nothing_of_the_token(
    name: str, tokens: Tokens, local: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    text = BAD[name][1](local)
    with pytest.raises(BadTokenError) as refused:
        await tokens.verify(text)
    shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value) + caplog.text
    assert [each for each in text.strip().split(".") if len(each) > 8 and each in shown] == []


async def test_what_is_refused_for_its_form_has_nobody_asked_for_keys(
    tokens: Tokens, local: LocalIssuer
) -> None:
    early = {Reason.ALGORITHM, Reason.HEADER, Reason.ISSUER, Reason.TOO_LARGE, Reason.TYPE}
    before = len(local.asked)
    for reason, make in BAD.values():
        if reason in early:
            await refusal(tokens, make(local))
    assert len(local.asked) == before


async def test_what_a_good_token_says_is_handed_on(tokens: Tokens, local: LocalIssuer) -> None:
    expires = int(time.time()) + 60
    text = local.token(
        {"exp": expires, "aud": ["elsewhere", "socai"], "scope": "read write", "extra": {}}
    )
    assert await tokens.verify(text) == Verified(
        issuer=local.url, subject="lan", expires=expires, scopes=frozenset({"read", "write"})
    )


@pytest.mark.parametrize("scopes", [{"scp": "a b"}, {"scp": ["a", "b"]}, {"scope": ["b", "a"]}])
async def test_scopes_are_read_as_any_issuer_writes_them(
    scopes: Changed, tokens: Tokens, local: LocalIssuer
) -> None:
    assert (await tokens.verify(local.token(scopes))).scopes == {"a", "b"}


async def test_clocks_may_differ_by_some_seconds(tokens: Tokens, local: LocalIssuer) -> None:
    now = int(time.time())
    await tokens.verify(local.token({"exp": now - 10}))
    await tokens.verify(local.token({"nbf": now + 10, "iat": now + 10}))


@pytest.mark.parametrize("family", Family)
async def test_each_family_is_accepted_from_its_issuer_under_all_its_names(family: Family) -> None:
    with running_issuer(family) as local:
        tokens = Tokens([local.issuer])
        for name in family.value:
            text = signed(local.header({"alg": name}), local.claims(), private_key(family), name)
            assert (await tokens.verify(text)).subject == "lan"
        for other in set(Family) - {family}:
            header = local.header({"alg": other.word})
            text = signed(header, local.claims(), private_key(other), other.word)
            assert await refusal(tokens, text) is Reason.ALGORITHM


async def test_a_key_that_names_its_algorithm_serves_for_that_alone() -> None:
    with running_issuer(Family.RS256) as local:
        local.keys[0]["alg"] = "RS256"
        tokens, key = Tokens([local.issuer]), private_key(Family.RS256)
        await tokens.verify(local.token())
        text = signed(local.header({"alg": "PS256"}), local.claims(), key, "PS256")
        assert await refusal(tokens, text) is Reason.ALGORITHM


async def test_an_issuer_may_give_access_tokens_the_type_of_any_token_but_no_id_tokens() -> None:
    with running_issuer(plain=True) as local:
        tokens = Tokens([local.issuer])
        for kind in ("JWT", "jwt", None, "at+jwt", "application/at+jwt"):
            await tokens.verify(local.token(header={"typ": kind}))
        await tokens.verify(local.token({"typ": "Bearer", "nonce": "x"}, {"typ": "JWT"}))
        told: Sequence[Changed] = (
            {"nonce": "x"},
            {"at_hash": "x"},
            {"typ": "ID"},
            {"typ": "Refresh"},
        )
        for each in told:
            assert await refusal(tokens, local.token(each, {"typ": "JWT"})) is Reason.TYPE
        assert await refusal(tokens, local.token(header={"typ": "logout+jwt"})) is Reason.TYPE


async def test_an_issuer_cannot_speak_for_another() -> None:
    with running_issuer() as one, running_issuer() as other:
        other.keys[:] = [public_jwk(OTHER, "1")]
        tokens = Tokens([one.issuer, other.issuer])
        assert (await tokens.verify(one.token())).issuer == one.url
        forged = signed(one.header(), one.claims(), OTHER)
        assert await refusal(tokens, forged) is Reason.SIGNATURE
        assert await refusal(tokens, one.token({"iss": other.url})) is Reason.SIGNATURE


async def test_without_an_issuer_every_token_is_refused(local: LocalIssuer) -> None:
    assert await refusal(Tokens([]), local.token()) is Reason.ISSUER


async def test_thousands_of_changed_tokens_are_all_refused(local: LocalIssuer) -> None:
    """Some letters taken out, put in or put over others, anywhere; the same ones in every run."""
    tokens, good = Tokens([local.issuer]), local.token({"exp": int(time.time()) + 86_400})
    await tokens.verify(good)
    changed = [text for text in mutations(good) if text != good]
    assert len(changed) > MUTATIONS
    for text in changed:
        await refusal(tokens, text)


def mutations(good: str) -> Sequence[str]:
    found: list[str] = []
    places = st.integers(0, len(good) - 1)
    letters = st.text(st.sampled_from("AZaz09-_.=+/ \n\0é{"), max_size=4)

    @settings(
        max_examples=MUTATIONS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(places, places, letters)
    def collect(first: int, last: int, put: str) -> None:
        found.append(good[:first] + put + good[last:])
        found.append(good[:first] + put + good[first + len(put) :])

    collect()
    return found

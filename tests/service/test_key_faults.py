"""What an issuer may publish that is not to be used: answers, addresses, certificates and keys."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from service.access.issuers import Family
from service.access.jwks import KEYS_MAX, RSA_BITS_MAX, RSA_BITS_MIN, usable
from service.access.tokens import BadTokenError, Reason, Tokens
from service.fetch import BYTES_MAX
from tests.service.certificates import own_certificate
from tests.service.issuer import (
    DISCOVERY,
    JWKS,
    Jwk,
    LocalIssuer,
    base64url,
    private_key,
    public_jwk,
    running_issuer,
)

Fault = Callable[[LocalIssuer], None]


@pytest.fixture
def local() -> Iterator[LocalIssuer]:
    with running_issuer() as local:
        yield local


def tells(path: str, body: bytes, **headers: str | None) -> Fault:
    return lambda local: local.says(path, body, **headers)


def discovers(**changed: object) -> Fault:
    return lambda local: local.says(DISCOVERY, local.page(DISCOVERY, **changed))


def publishes(**changed: object) -> Fault:
    return lambda local: local.says(JWKS, local.page(JWKS, **changed))


def _down(local: LocalIssuer) -> None:
    local.answers[JWKS] = (HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"")


def _upgraded(local: LocalIssuer) -> None:
    told = {"Connection": "upgrade", "Upgrade": "h2c"}
    local.answers[JWKS] = (HTTPStatus.SWITCHING_PROTOCOLS, told, b"")


def _cut(local: LocalIssuer) -> None:
    local.says(JWKS, local.page(JWKS)[:-2], Content_Length="900", Connection="close")


def _with_a_slash(local: LocalIssuer) -> None:
    local.says(DISCOVERY, local.page(DISCOVERY, issuer=f"{local.url}/"))


FAULTS: dict[str, tuple[Fault, str]] = {
    "it is another": (discovers(issuer="https://evil.example"), "it says that it is 'https://evil"),
    "it has a slash too much": (_with_a_slash, "it says that it is"),
    "it does not say who it is": (discovers(issuer=None), "it says that it is 'None'"),
    "it names no keys": (discovers(jwks_uri=None), "where its keys lie"),
    "its keys come over plain HTTP": (discovers(jwks_uri="http://id.example.vn/k"), "https://"),
    "its keys lie in a file": (discovers(jwks_uri="file:///etc/passwd"), "must begin with https"),
    "its keys lie at an odd place": (discovers(jwks_uri="https://a\r\nb: c/"), "no odd sign"),
    "its keys lie behind a blank": (discovers(jwks_uri="https://a/ b"), "no odd sign"),
    "its keys lie at no place": (discovers(jwks_uri="https://[x/"), "is no address"),
    "its keys lie at no host": (discovers(jwks_uri="http://.localhost/"), "must begin with https"),
    "its keys lie at a host without name": (discovers(jwks_uri="https://a..b/"), "cannot be read"),
    "its keys are not there": (_down, "answers 404"),
    "it has no list of keys": (publishes(keys={}), "is no list"),
    "it has too many keys": (publishes(keys=[{}] * (KEYS_MAX + 1)), "is no list"),
    "its answer is no JSON": (tells(DISCOVERY, b"<html>"), "answers no JSON"),
    "its answer is a list": (tells(JWKS, b"[]"), "answers no object"),
    "its answer is without end": (tells(JWKS, b"[" * 100_000), "answers no JSON"),
    "its answer is too large": (tells(JWKS, b" " * BYTES_MAX + b"{}"), "more than 262144 bytes"),
    "its answer is cut off": (_cut, "answers no JSON"),
    "it would speak otherwise": (_upgraded, "does not speak HTTP"),
    "its headers are nonsense": (tells(JWKS, b"", Content_Length="a"), "does not speak HTTP"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_no_key_is_taken_from_an_issuer_where(
    name: str, local: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    fault, said = FAULTS[name]
    fault(local)
    with pytest.raises(BadTokenError) as refused:
        await Tokens([local.issuer]).verify(local.token())
    assert refused.value.reason is Reason.KEYS_UNAVAILABLE
    assert said in caplog.text


@pytest.mark.parametrize("path", [DISCOVERY, JWKS])
async def test_a_redirect_is_not_followed(
    path: str, local: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    with running_issuer() as other:
        other.says(DISCOVERY, local.page(DISCOVERY))
        local.answers[path] = (HTTPStatus.FOUND, {"Location": f"{other.url}{path}"}, b"")
        with pytest.raises(BadTokenError):
            await Tokens([local.issuer]).verify(local.token())
        assert other.asked == []
        assert "answers 302" in caplog.text


async def test_an_answer_may_end_in_any_way_of_http(local: LocalIssuer) -> None:
    """With its length on a connection that stays open, with the connection, or in chunks."""
    body = local.page(JWKS)
    local.says(JWKS, body, Connection="keep-alive")
    await Tokens([local.issuer]).verify(local.token())
    local.says(JWKS, body, Content_Length=None, Connection="close")
    await Tokens([local.issuer]).verify(local.token())
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in (body[:9], body[9:]))
    local.says(JWKS, chunks + b"0\r\n\r\n", Content_Length=None, Transfer_Encoding="chunked")
    await Tokens([local.issuer]).verify(local.token())


async def test_a_certificate_must_come_from_an_authority_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with running_issuer(tls=own_certificate(tmp_path)) as local:
        with pytest.raises(BadTokenError):
            await Tokens([local.issuer]).verify(local.token())
        assert "certificate verify failed" in caplog.text
        assert local.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        await Tokens([local.issuer]).verify(local.token())
        local.says(DISCOVERY, local.page(DISCOVERY, jwks_uri="http://localhost:1/keys"))
        with pytest.raises(BadTokenError):
            await Tokens([local.issuer]).verify(local.token())
        assert "http://localhost:1/keys must begin with https://" in caplog.text


def good(family: Family, **changed: object) -> Jwk:
    jwk = {**public_jwk(private_key(family), "1"), **changed}
    return {name: each for name, each in jwk.items() if each is not None}


def rsa_of(bits: int) -> Jwk:
    """Only its size matters here; making a real one of this size takes long."""
    return good(Family.RS256, n=base64url(((1 << bits) - 1).to_bytes((bits + 7) // 8)))


def without_use(told: Any) -> Jwk:
    return {**told, "kid": "1"}


EC, RSA, ED = Family.ES256, Family.RS256, Family.EDDSA
PRIVATE = without_use(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True))
P384 = ec.generate_private_key(ec.SECP384R1()).public_key()
UNUSABLE: dict[str, tuple[Family, Jwk]] = {
    "a secret that is shared": (RSA, {"kty": "oct", "k": "AAAA", "kid": "1"}),
    "a secret under the name of a curve": (EC, {**good(EC), "kty": "oct", "k": "AAAA"}),
    "a key of another family": (EC, good(RSA)),
    "a key to encrypt": (EC, good(EC, use="enc")),
    "a key to sign with": (EC, good(EC, key_ops=["sign"])),
    "a key with an odd use": (EC, good(EC, key_ops="verify")),
    "a key of another algorithm": (RSA, good(RSA, alg="RS512")),
    "a key of an algorithm in a list": (EC, good(EC, alg=["ES256"])),
    "the private half": (EC, {**PRIVATE, "use": "sig", "key_ops": ["verify"]}),
    "another curve": (EC, without_use(ECAlgorithm.to_jwk(P384, as_dict=True))),
    "another curve by its old name": (
        ED,
        without_use(OKPAlgorithm.to_jwk(Ed448PrivateKey.generate().public_key(), as_dict=True)),
    ),
    "a point beside the curve": (EC, good(EC, x=base64url(bytes(32)))),
    "a short point": (EC, good(EC, x="AAAA")),
    "half a point": (EC, good(EC, y=None)),
    "a number for a point": (ED, good(ED, x=7)),
    "a weak key": (RSA, rsa_of(RSA_BITS_MIN - 1)),
    "a key that is a burden": (RSA, rsa_of(RSA_BITS_MAX + 8)),
    "a key without a name": (EC, good(EC, kid=None)),
    "a key with a number": (EC, good(EC, kid=1)),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_no_signature_is_checked_with(name: str) -> None:
    family, jwk = UNUSABLE[name]
    assert usable([jwk], family) == {}
    beside = {**good(family), "kid": "2"}
    assert list(usable([jwk, beside], family)) == ["2"]


@pytest.mark.parametrize("family", Family)
def test_a_key_may_say_what_it_is_for_or_not(family: Family) -> None:
    for each in (
        good(family),
        good(family, use=None),
        good(family, use=None, key_ops=["verify"]),
        good(family, alg=family.word),
    ):
        assert list(usable([each], family)) == ["1"]


def test_of_two_keys_with_one_name_neither_is_used() -> None:
    namesake = public_jwk(private_key(EC, 2), "1")
    assert usable([good(EC), namesake, good(EC, kid="2")], EC).keys() == {"2"}
    assert usable([good(EC), namesake, good(EC)], EC) == {}
    assert usable([good(EC), good(RSA)], EC).keys() == {"1"}, "that one is nobody's namesake here"


def test_keys_of_a_usual_size_are_used() -> None:
    assert list(usable([rsa_of(4096)], RSA)) == ["1"]

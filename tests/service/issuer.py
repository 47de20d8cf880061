"""An OIDC issuer of our own: a real HTTP server on loopback with keys, a discovery page and faults.

with running_issuer() as issuer:
    text = issuer.token(sub="lan")
"""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm, get_default_algorithms

from service.access.issuers import Family, Issuer

Jwk: TypeAlias = dict[str, Any]
PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | Ed25519PrivateKey

Answer: TypeAlias = tuple[int, Mapping[str, str | None], bytes]
"""Status, headers (None: not even a usual one) and body."""
Changed: TypeAlias = Mapping[str, object]

NOTHING: Changed = {}
AUDIENCE = "socai"
DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/keys"


def private_key(family: Family, number: int = 1) -> PrivateKey:
    """A key of a family; the same for the same number."""
    return _made(family, number)


@cache
def _made(family: Family, _: int) -> PrivateKey:
    match family:
        case Family.EDDSA:
            return Ed25519PrivateKey.generate()
        case Family.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Family.RS256:
            return rsa.generate_private_key(65537, 2048)


def public_jwk(key: PrivateKey, name: str, **more: object) -> Jwk:
    """The public half of a key, as an issuer publishes it."""
    match key:
        case rsa.RSAPrivateKey():
            told: Any = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        case ec.EllipticCurvePrivateKey():
            told = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        case Ed25519PrivateKey():
            told = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    told.pop("key_ops", None)
    return {**told, "kid": name, "use": "sig", **more}


def base64url(text: bytes) -> str:
    """As tokens are written."""
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode("ascii")


def signed(header: object, claims: object, key: PrivateKey, algorithm: str = "ES256") -> str:
    """A token with whatever header, over whatever claims; bytes stand as they are."""
    parts = (
        base64url(each if isinstance(each, bytes) else json.dumps(each).encode())
        for each in (header, claims)
    )
    stem = ".".join(parts)
    used = get_default_algorithms()[{"Ed25519": "EdDSA"}.get(algorithm, algorithm)]
    return f"{stem}.{base64url(used.sign(stem.encode(), key))}"


@dataclass(kw_only=True)
class LocalIssuer:
    """What it publishes, what it was asked, and what is wrong with it today."""

    url: str = ""
    family: Family = Family.ES256
    plain: bool = False
    keys: list[Jwk] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    """What it answers instead, by path."""
    wait: threading.Event = field(default_factory=threading.Event)
    """Cleared, it keeps everybody waiting."""
    waiting: threading.Event = field(default_factory=threading.Event)
    """Set as soon as somebody is kept."""
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> Issuer:
        """As we are told of it."""
        return Issuer(url=self.url, audience=AUDIENCE, family=self.family, plain=self.plain)

    @property
    def fetches(self) -> int:
        """How often it was asked for its keys."""
        return self.asked.count(DISCOVERY)

    def answer(self, path: str) -> Answer:
        self.asked.append(path)
        if not self.wait.is_set():
            self.waiting.set()
        self.wait.wait(30)
        return self.answers.get(path) or (HTTPStatus.OK, {}, self.page(path))

    def page(self, path: str, **changed: object) -> bytes:
        """What it publishes there when nothing is wrong, with some of it changed."""
        pages = {
            DISCOVERY: {"issuer": self.url, "jwks_uri": f"{self.url}{JWKS}"},
            JWKS: {"keys": self.keys},
        }
        return json.dumps({**pages[path], **changed}).encode()

    def says(self, path: str, body: bytes, **headers: str | None) -> None:
        """Answer so from now on."""
        told = {name.replace("_", "-"): text for name, text in headers.items()}
        self.answers[path] = (HTTPStatus.OK, told, body)

    def down(self) -> None:
        """Answer nothing but 503 from now on."""
        for path in (DISCOVERY, JWKS):
            self.answers[path] = (HTTPStatus.SERVICE_UNAVAILABLE, {}, b"{}")

    def claims(self, changed: Changed = NOTHING) -> dict[str, object]:
        """Those of a good token, with some changed; None takes one away."""
        now = int(time.time())
        good = {"iss": self.url, "aud": AUDIENCE, "sub": "lan", "iat": now, "exp": now + 600}
        return {name: each for name, each in {**good, **changed}.items() if each is not None}

    def header(self, changed: Changed = NOTHING) -> dict[str, object]:
        """That of a good token, with some of it changed; None takes it away."""
        good = {"alg": self.family.word, "kid": "1", "typ": "at+jwt"}
        return {name: each for name, each in {**good, **changed}.items() if each is not None}

    def token(self, claims: Changed = NOTHING, header: Changed = NOTHING, number: int = 1) -> str:
        """A token that is good but for what is changed, signed with the key of that number."""
        return signed(
            self.header({"kid": str(number), **header}),
            self.claims(claims),
            private_key(self.family, number),
            self.family.word,
        )


@contextmanager
def running_issuer(
    family: Family = Family.ES256, *, plain: bool = False, tls: ssl.SSLContext | None = None
) -> Iterator[LocalIssuer]:
    """An issuer with one key, named 1."""
    local = LocalIssuer(family=family, plain=plain)
    local.keys.append(public_jwk(private_key(family), "1"))
    local.wait.set()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.headers["Host"] != urlsplit(local.url).netloc:
                self.send_error(HTTPStatus.BAD_REQUEST)
                return
            status, headers, body = local.answer(self.path)
            try:
                self.send_response(status)
                for name, text in {"Content-Length": str(len(body)), **headers}.items():
                    if text is not None:
                        self.send_header(name, text)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        def log_message(self, format: str, *args: object) -> None: ...

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None: ...

    server = Quiet(("127.0.0.1", 0), Answering)
    local.url = f"http://127.0.0.1:{server.server_port}"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        local.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield local
    finally:
        local.wait.set()
        server.shutdown()
        thread.join()
        server.server_close()

"""Signed notes (C2SP signed-note) with Ed25519: a text, and under it who signed it.

    key = SigningKey.generate("ledger.example/socai")
    note = signed(text, [key])
    opened(note, [key.verifier])                       # the text, or NotSignedError

A verifier key is one line, `NAME+ID+BASE64`, which fits a business card. Lines of keys that nobody
here knows are passed over: other signers may stand under the same text.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from events.rules import LedgerError, value

ED25519: Final = 0x01
"""The kind of a signature over the text itself."""
COSIGNATURE: Final = 0x04
"""The kind of a witness's signature (C2SP tlog-cosignature): over the text and a time."""
NOTE_BYTES_MAX: Final = 64 * 1024
_SIGNATURE_LINE = "— "
_ID_BYTES = 4
_KEY_BYTES = 32


class NoteBrokenError(LedgerError):
    """Something else than a signed note, a checkpoint or a verifier key."""


class NotSignedError(LedgerError):
    """Nobody who is trusted signed this text, or one who is did not sign this one."""


@value
class VerifierKey:
    """A public key under the name of whoever signs with it."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """From its line `NAME+ID+BASE64`, whose ID must be that of the key."""
        try:
            name, id_, encoded = text.strip().split("+", 2)
            raw = b64decode(encoded, validate=True)
        except (ValueError, Base64Error) as error:
            raise NoteBrokenError(f"not a verifier key: {text!r}") from error
        if len(raw) != 1 + _KEY_BYTES or raw[0] not in {ED25519, COSIGNATURE}:
            raise NoteBrokenError(f"not an Ed25519 verifier key: {text!r}")
        found = cls(name=_named(name), kind=raw[0], public=raw[1:])
        if found.id.hex() != id_:
            raise NoteBrokenError(f"the ID of this verifier key is {found.id.hex()}, not {id_}")
        return found

    @property
    def id(self) -> bytes:
        """Four bytes of a hash: which key to try, no proof of anything."""
        told = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(told).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        encoded = b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    def accepts(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@value
class SigningKey:
    """A private key under the name of whoever signs with it."""

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> "SigningKey":
        """A new one, by the operating system's chance."""
        return cls(name=_named(name), private=Ed25519PrivateKey.generate(), kind=kind)

    @classmethod
    def read(cls, name: str, pem: bytes, kind: int = ED25519) -> "SigningKey":
        """From PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it too."""
        try:
            private = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise NoteBrokenError("not a private key in PEM without a password") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise NoteBrokenError("not an Ed25519 key")
        return cls(name=_named(name), private=private, kind=kind)

    @property
    def pem(self) -> bytes:
        """The private key as a file holds it."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def verifier(self) -> VerifierKey:
        """What others need to check its signatures."""
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey(name=self.name, kind=self.kind, public=public)

    def line(self, signed: bytes, before: bytes = b"") -> str:
        """Its signature line; `before` stands in front of the signature, as of a cosignature."""
        told = self.verifier.id + before + self.private.sign(signed)
        return f"{_SIGNATURE_LINE}{self.name} {b64encode(told).decode()}\n"


@value
class Signature:
    """One signature line, not yet believed."""

    name: str
    id: bytes
    signature: bytes
    """What follows the ID: of Ed25519 64 bytes; of a cosignature 8 bytes of time before them."""

    def is_by(self, key: VerifierKey) -> bool:
        """Whether it claims to be of this key."""
        return self.name == key.name and self.id == key.id

    def __str__(self) -> str:
        return f"{_SIGNATURE_LINE}{self.name} {b64encode(self.id + self.signature).decode()}\n"


@value
class Note:
    """A text and the signatures under it, not yet believed."""

    text: str
    """Ends with a newline."""
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, told: str) -> "Note":
        """From its file. Strict: other bytes would be another note."""
        if len(told.encode()) > NOTE_BYTES_MAX or "\r" in told or "\x00" in told:
            raise NoteBrokenError("a note is up to 64 KiB of plain lines")
        text, between, lines = told.rpartition("\n\n")
        if not between or not lines.endswith("\n"):
            raise NoteBrokenError("a note is a text, an empty line, and signatures")
        return cls(text=text + "\n", signatures=tuple(map(_signature, lines[:-1].split("\n"))))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


def signed(text: str, keys: Sequence[SigningKey]) -> str:
    """A note: the text, and a line of each key."""
    return text + "\n" + "".join(key.line(text.encode()) for key in keys)


def opened(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note, which at least one of the keys has signed.

    A line that claims to be of a known key and is not makes the whole note false.
    """
    read = Note.read(note)
    if not list(signers(read, keys)):
        raise NotSignedError("no key that is trusted signed this")
    return read.text


def signers(note: Note, keys: Iterable[VerifierKey]) -> Iterator[VerifierKey]:
    """Which of these keys signed the text of a note; a false line is an error."""
    for key in keys:
        lines = [each for each in note.signatures if each.is_by(key)]
        if not lines:
            continue
        if not all(key.accepts(note.text.encode(), each.signature) for each in lines):
            raise NotSignedError(f"the signature of {key.name} is not over this text")
        yield key


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_SIGNATURE_LINE).partition(" ")
    try:
        raw = b64decode(encoded, validate=True)
    except (ValueError, Base64Error):
        raw = b""
    if not line.startswith(_SIGNATURE_LINE) or len(raw) <= _ID_BYTES:
        raise NoteBrokenError(f"not a signature line: {line!r}")
    return Signature(name=_named(name), id=raw[:_ID_BYTES], signature=raw[_ID_BYTES:])


def _named(name: str) -> str:
    if not name or "+" in name or any(each.isspace() for each in name):
        raise NoteBrokenError(f"the name of a key is without blanks and +, not {name!r}")
    return name

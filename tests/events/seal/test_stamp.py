"""Time stamps of an authority that nobody here wrote: `openssl ts`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from events.seal.checkpoint import Checkpoint
from events.seal.note import SigningKey, signed
from events.seal.stamp import Asked, NotStampedError, stamped_at
from events.seal.tree import EMPTY
from tests.events.seal.authority import Authority, openssl

KEY = SigningKey.generate("ledger.example/socai")
NOTE = signed(str(Checkpoint(origin=KEY.name, size=3, root=EMPTY)), [KEY])
OTHER = signed(str(Checkpoint(origin=KEY.name, size=4, root=EMPTY)), [KEY])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "tsa")


@pytest.fixture(scope="module")
def roots(authority: Authority) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((authority.folder / "ca.pem").read_bytes())


def test_a_time_stamp_is_believed_by_us_and_by_openssl(
    authority: Authority, roots: list[x509.Certificate]
) -> None:
    asked = Asked.of(NOTE)
    token = asked.token(authority.reply(asked.request), roots)
    assert abs(stamped_at(token, NOTE, roots) - datetime.now(UTC)) < timedelta(minutes=1)
    assert authority.is_by(token, NOTE.encode())
    assert not authority.is_by(token, OTHER.encode())


def test_a_time_stamp_over_another_checkpoint_is_refused(
    authority: Authority, roots: list[x509.Certificate]
) -> None:
    asked = Asked.of(NOTE)
    answer = authority.reply(asked.request)
    with pytest.raises(NotStampedError, match="Mismatch between messages"):
        stamped_at(asked.token(answer, roots), OTHER, roots)
    with pytest.raises(NotStampedError, match="Mismatch between messages"):
        replace(asked, note=OTHER).token(answer, roots)


def test_the_answer_to_another_request_is_refused(
    authority: Authority, roots: list[x509.Certificate]
) -> None:
    answer = authority.reply(Asked.of(NOTE).request)
    with pytest.raises(NotStampedError, match="Nonce mismatch"):
        Asked.of(NOTE).token(answer, roots)


def test_an_authority_that_nobody_trusts_is_refused(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger")
    asked = Asked.of(NOTE)
    trusted = x509.load_pem_x509_certificates((stranger.folder / "ca.pem").read_bytes())
    with pytest.raises(NotStampedError, match="not to be believed"):
        asked.token(authority.reply(asked.request), trusted)


def test_a_token_that_was_changed_is_refused(
    authority: Authority, roots: list[x509.Certificate]
) -> None:
    asked = Asked.of(NOTE)
    token = asked.token(authority.reply(asked.request), roots)
    for place in (40, len(token) // 2, len(token) - 1):
        changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        with pytest.raises(NotStampedError):
            stamped_at(changed, NOTE, roots)
    for told in (b"", b"\x00", token[:-1], b"<html>busy</html>"):
        with pytest.raises(NotStampedError):
            stamped_at(told, NOTE, roots)
        with pytest.raises(NotStampedError):
            asked.token(told, roots)


def test_a_refusal_of_the_authority_says_why(
    authority: Authority, roots: list[x509.Certificate], tmp_path: Path
) -> None:
    (tmp_path / "note").write_text(NOTE)
    sha1 = openssl("ts", "-query", "-data", tmp_path / "note", "-sha1", "-cert")
    with pytest.raises(NotStampedError, match="refuses with status 2"):
        Asked.of(NOTE).token(authority.reply(sha1), roots)

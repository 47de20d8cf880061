"""The settings of webhooks, and the key that every secret follows from."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.config import Config
from service.webhooks import (
    KEY_FILE,
    NoWebhookKeyError,
    WebhookError,
    Webhooks,
    secret,
    written,
)

KEY = bytes(range(32))


def test_with_nothing_set_no_private_network_is_entered() -> None:
    settings = Config.from_env({}).webhooks
    assert (settings.key_file, settings.networks, settings.origin) == (None, (), "socai.invalid")


def test_the_settings_come_over_whole_to_another_process(tmp_path: Path) -> None:
    told = {
        "SOCAI_WEBHOOK_KEY_FILE": str(tmp_path / "key"),
        "SOCAI_WEBHOOK_NETWORKS": "10.1.0.0/16 fd00::/8",
        "SOCAI_WEBHOOK_ORIGIN": "so-cai.example",
    }
    settings = Webhooks.read(told)
    assert Webhooks.read(settings.variables()) == settings
    assert Config.from_env(told).webhooks == settings
    assert Webhooks.read(Webhooks().variables()) == Webhooks()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SOCAI_WEBHOOK_NETWORKS", "loopback"),
        ("SOCAI_WEBHOOK_NETWORKS", "10.1.2.3/8"),
        ("SOCAI_WEBHOOK_ORIGIN", "https://so-cai.example"),
        ("SOCAI_WEBHOOK_ORIGIN", "so cai"),
        ("SOCAI_WEBHOOK_ORIGIN", "x\r\nY: z"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, text: str) -> None:
    with pytest.raises(WebhookError, match=name):
        Config.from_env({name: text})


def test_our_own_key_is_made_once_and_read_by_us_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        keys = set(several.map(Webhooks().key, [tmp_path] * 16))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]


def test_without_a_folder_of_our_own_somebody_must_name_the_key(tmp_path: Path) -> None:
    with pytest.raises(NoWebhookKeyError, match="SOCAI_WEBHOOK_KEY_FILE"):
        Webhooks().key(None)
    file = tmp_path / "key"
    file.write_bytes(base64.b64encode(KEY) + b"\n")
    assert Webhooks(key_file=file).key(None) == KEY


@pytest.mark.parametrize(
    ("told", "expected"),
    [(None, "cannot read"), (b"not base64!", "no base64"), (base64.b64encode(b"short"), "fewer")],
)
def test_a_key_that_is_none_is_named(tmp_path: Path, told: bytes | None, expected: str) -> None:
    file = tmp_path / "key"
    if told is not None:
        file.write_bytes(told)
    with pytest.raises(WebhookError, match=expected):
        Webhooks(key_file=file).key(None)


def test_each_secret_is_of_one_endpoint_and_one_generation() -> None:
    found = {secret(KEY, name, each) for name in ("a", "b", "a1") for each in (1, 2, 11)}
    assert len(found) == 9
    assert {len(each) for each in found} == {32}
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", written(found.pop()))

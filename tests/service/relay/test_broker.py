"""What is told of the broker, and what is said when it makes no sense."""

from pathlib import Path

import pytest

from service.broker import Broker, BrokerError
from service.cli.courier import courier
from service.cli.ending import ending
from service.cli.exits import Exit, Stop
from service.config import Config


def test_without_an_address_nothing_is_relayed() -> None:
    broker = Broker.read({})
    assert not broker.is_wanted
    assert (broker.consumer, broker.whole) == ("nats/SOCAI", False)


def test_several_servers_are_one_cluster() -> None:
    told = {"SOCAI_NATS_URL": "nats://a:4222, tls://b:4222", "SOCAI_NATS_STREAM": "Fund-1"}
    broker = Config.from_env(told).broker
    assert broker.urls == ("nats://a:4222", "tls://b:4222")
    assert broker.consumer == "nats/Fund-1"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SOCAI_NATS_URL", "http://nats:4222"),
        ("SOCAI_NATS_URL", "nats://"),
        ("SOCAI_NATS_URL", "nats://a:4222 nats://b:none"),
        ("SOCAI_NATS_URL", "nats://user:secret@nats:4222"),
        ("SOCAI_NATS_STREAM", "a.b"),
        ("SOCAI_NATS_STREAM", "-a"),
        ("SOCAI_NATS_WHOLE", "yes"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_no_password_is_repeated(
    name: str, text: str
) -> None:
    with pytest.raises(BrokerError, match=name) as refused:
        Broker.read({name: text})
    assert "secret" not in str(refused.value)


def test_credentials_that_cannot_be_read_are_named_by_whoever_is_to_relay(tmp_path: Path) -> None:
    told = {"SOCAI_NATS_URL": "nats://a", "SOCAI_NATS_CREDENTIALS": str(tmp_path / "absent.creds")}
    with pytest.raises(BrokerError, match=r"SOCAI_NATS_CREDENTIALS: cannot read .*absent"):
        Broker.read(told).check()


def test_a_courier_with_nothing_to_bring_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="nobody to bring anything to") as stopped:
        courier(data=tmp_path)
    assert stopped.value.exit_code is Exit.USAGE
    assert "SOCAI_NATS_URL" in stopped.value.then


def test_a_broker_that_makes_no_sense_ends_a_command_with_a_sentence() -> None:
    assert ending(BrokerError("SOCAI_NATS_URL must …")).exit_code is Exit.USAGE

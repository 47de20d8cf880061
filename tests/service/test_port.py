"""The HTTP port is taken before anything else starts."""

import os
import socket

import pytest

from service.port import PortTakenError, bind, url


def test_a_taken_port_is_said_with_who_holds_it_and_what_to_do() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTakenError) as refused:
            bind("127.0.0.1", port)
    said = str(refused.value)
    assert f"port {port} on 127.0.0.1 is taken by" in said
    assert f"(process {os.getpid()})" in said
    assert "--port 0" in said


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(PortTakenError, match=r"cannot listen on 192\.0\.2\.1:0"):
        bind("192.0.2.1", 0)


def test_port_0_is_any_free_one_and_the_url_says_which() -> None:
    with bind("127.0.0.1", 0) as taken:
        assert url(taken) == f"http://127.0.0.1:{taken.getsockname()[1]}"
        with socket.create_connection(taken.getsockname()):
            pass


def test_a_port_may_be_taken_again_at_once() -> None:
    with bind("127.0.0.1", 0) as first:
        address = first.getsockname()
    bind(*address).close()

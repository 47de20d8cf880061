"""Serving: one after the other on a folder, on a port; leaving without losing anybody."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from schema.http.allowance import COLD_POINTS
from service.cli.exits import Exit
from service.connections import BODY_SECONDS_MAX
from tests.service.command_line import Running, running, socai, until

HEAD = "{ ledger { position } }"
BODY = json.dumps({"query": HEAD}).encode()


def test_a_second_start_on_one_folder_is_refused_with_who_holds_it(tmp_path: Path) -> None:
    data = str(tmp_path / "ledger")
    with running(tmp_path, "serve", "--port", "0", "--data", data) as first:
        url = first.ready()
        second = socai("serve", "--port", "0", "--data", data)
        assert second.returncode == Exit.REFUSED
        assert f"pid {first.program.pid}" in second.stderr
        assert url in second.stderr
        assert httpx2.get(f"{url}/readyz").status_code == httpx2.codes.OK
        # A command that only looks goes to the server that runs there.
        assert socai("events", "stats", "--data", data).returncode == Exit.OK


def test_a_taken_port_is_said_before_postgresql_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in ("serve", "demo"):
            ran = socai(command, "--port", port, "--data", str(tmp_path / "ledger"))
            assert ran.returncode == Exit.REFUSED
            assert f"port {port} on 127.0.0.1 is taken by" in ran.stderr
            assert f"(process {os.getpid()})" in ran.stderr
    assert not (tmp_path / "ledger").exists()


def test_sigterm_says_not_ready_first_and_finishes_what_is_in_flight(
    tmp_path: Path, database_url: str
) -> None:
    told = {"SOCAI_DATABASE_URL": database_url, "SOCAI_DRAIN_SECONDS": "60"}
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        url = service.ready()
        with _half_sent(url) as request:
            service.signal(signal.SIGTERM)
            service.until(lambda: httpx2.get(f"{url}/readyz").status_code == 503)
            assert httpx2.get(f"{url}/readyz").json()["reason"] == "draining"
            assert httpx2.get(f"{url}/livez").status_code == httpx2.codes.OK
            service.signal(signal.SIGTERM)  # the second one skips the wait
            service.until(lambda: _refuses(url))
            request.sendall(BODY[-1:])
            answer = b"".join(iter(lambda: request.recv(65536), b""))  # it closes after the answer
        assert answer.startswith(b"HTTP/1.1 200")
        assert b'"position"' in answer
        assert service.end() == Exit.OK


def test_sigterm_ends_event_streams_and_nobody_waits_for_them(
    tmp_path: Path, database_url: str
) -> None:
    told = {"SOCAI_DATABASE_URL": database_url, "SOCAI_DRAIN_SECONDS": "0"}
    feed = {"query": "subscription { events { cursor } }"}
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        url = service.ready()
        with httpx2.stream(
            "POST", f"{url}/graphql", json=feed, headers={"accept": "text/event-stream"}
        ) as stream:
            chunks = stream.iter_bytes()
            assert next(chunks) == b":\n\n"
            service.signal(signal.SIGTERM)
            assert list(chunks) == []
        assert service.end() == Exit.OK


def test_metrics_tell_which_way_answers_went(tmp_path: Path, database_url: str) -> None:
    told = {"SOCAI_DATABASE_URL": database_url, "SOCAI_GRAPHQL_PLANNER": "off"}
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        url = service.ready()
        assert httpx2.post(f"{url}/graphql", json={"query": HEAD}).is_success
        metrics = httpx2.get(f"{url}/metrics")
        assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert 'socai_graphql_answers_total{path="executed"} 1\n' in metrics.text
        assert 'socai_graphql_answers_total{path="planned"} 0\n' in metrics.text


@pytest.mark.parametrize("trusted", ["", "127.0.0.0/8"])
def test_what_a_request_says_of_its_sender_is_believed_of_known_proxies_alone(
    tmp_path: Path, database_url: str, trusted: str
) -> None:
    told = {
        "SOCAI_DATABASE_URL": database_url,
        "SOCAI_TRUSTED_PROXIES": trusted,
        "SOCAI_GRAPHQL_POINTS_PER_MINUTE": "1200",
    }
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        url = f"{service.ready()}/graphql"
        left = []
        for sender in ("10.9.9.1", "10.9.9.2"):
            said = {"x-forwarded-for": sender, "x-forwarded-proto": "https"}
            answer = httpx2.post(url, json={"query": HEAD}, headers=said)
            left.append(int(answer.headers["ratelimit"].split(";")[1].removeprefix("r=")))
            assert ("strict-transport-security" in answer.headers) is bool(trusted)
    # The first one pays for a document that is new; who is another has a bucket of his own.
    assert (left[1] > left[0] + COLD_POINTS / 2) is bool(trusted)


def test_a_request_that_is_never_finished_is_ended(tmp_path: Path, database_url: str) -> None:
    with (
        running(tmp_path, "serve", "--port", "0", SOCAI_DATABASE_URL=database_url) as service,
        _half_sent(service.ready()) as request,
    ):
        request.settimeout(BODY_SECONDS_MAX + 10)
        assert request.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_trusted_documents_that_cannot_be_read_stop_the_start(
    tmp_path: Path, database_url: str
) -> None:
    ran = socai(
        *("serve", "--port", "0"),
        SOCAI_DATABASE_URL=database_url,
        SOCAI_GRAPHQL_TRUSTED="only",
        SOCAI_GRAPHQL_TRUSTED_DOCUMENTS=str(tmp_path / "absent.json"),
    )
    assert ran.returncode == Exit.USAGE
    assert "absent.json" in ran.stderr


def test_kill_9_of_serve_leaves_no_postmaster(tmp_path: Path) -> None:
    data = tmp_path / "ledger"
    with running(tmp_path, "serve", "--port", "0", "--data", str(data), anew=True) as service:
        service.ready()
        postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        assert _lives(postmaster)
        service.signal(signal.SIGKILL)
        assert service.end() == -signal.SIGKILL
        until(lambda: not _lives(postmaster))


def test_several_workers_answer_and_all_see_what_is_recorded(
    tmp_path: Path, database_url: str
) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    with (
        running(tmp_path, "serve", "--port", "0", "--workers", "2", **told) as service,
        ExitStack() as stack,
    ):
        url = service.ready()
        clients: dict[int, httpx2.Client] = {}
        while len(clients) < 2:  # a connection stays with the process that accepted it
            client = stack.enter_context(httpx2.Client(base_url=url))
            clients.setdefault(client.get("/livez").json()["pid"], client)
        assert set(clients) == _children(service)
        recorded = socai("seed", "load", "--events", "40", **told)
        assert recorded.returncode == Exit.OK, recorded.stderr
        for client in clients.values():
            service.until(lambda client=client: _head(client) == 40)  # type: ignore[misc]
        service.signal(signal.SIGTERM)
        assert service.end() == Exit.OK
        assert not any(_lives(process) for process in clients)


def test_a_worker_that_dies_is_replaced_and_kill_9_of_the_parent_leaves_none(
    tmp_path: Path, database_url: str
) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    with running(tmp_path, "serve", "--port", "0", "--workers", "2", **told) as service:
        service.ready()
        first = _children(service)
        assert len(first) == 2
        os.kill(next(iter(first)), signal.SIGKILL)
        service.until(lambda: len(_children(service)) == 2 and _children(service) != first)
        second = _children(service)
        service.ready()
        service.signal(signal.SIGKILL)
        service.end()
        until(lambda: not any(_lives(process) for process in second))


def _head(client: httpx2.Client) -> int:
    answer = client.post("/graphql", json={"query": HEAD}).json()
    return int(answer["data"]["ledger"]["position"])


def _children(service: Running) -> set[int]:
    pid = service.program.pid
    return {
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    }


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _refuses(url: str) -> bool:
    try:
        httpx2.get(f"{url}/livez", timeout=2)
    except httpx2.TransportError:
        return True
    return False


@contextmanager
def _half_sent(url: str) -> Iterator[socket.socket]:
    """A request that the service has begun to read, and that lacks its last byte."""
    where = urlsplit(url)
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=60) as request:
        request.sendall(head.encode())
        # uvicorn says "100 Continue" when the application asks for the body: it is in flight.
        assert request.recv(1024).startswith(b"HTTP/1.1 100")
        request.sendall(BODY[:-1])
        yield request

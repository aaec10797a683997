"""Numbers from HTTP endpoints: whatever an endpoint does, a tick goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from autoscaler.aws.http_numbers import MOST_BYTES, HttpNumbers
from autoscaler.aws.parallel import Parallel
from autoscaler.core.model import Unknown
from autoscaler.core.signals import HttpNumber

Serve = Callable[[socket.socket], None]


class Endpoint:
    """Answers each request by a script, byte by byte as it is told."""

    def __init__(self, serve: Serve) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._serve = serve
        self.requests: list[str] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with caller, suppress(OSError):
            while request := caller.recv(65_536).decode():
                self.requests.append(request)
                self._serve(caller)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for callers
        self._listening.close()


@contextmanager
def serving(serve: Serve) -> Iterator[Endpoint]:
    endpoint = Endpoint(serve)
    with closing(endpoint):
        yield endpoint


def page(body: str, status: str = "200 OK", *headers: str) -> Serve:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
    return lambda caller: caller.sendall("\r\n".join(head).encode())


@pytest.fixture
def numbers() -> Iterator[HttpNumbers]:
    with closing(Parallel(4)) as parallel:
        yield HttpNumbers(parallel)


def ask(numbers: HttpNumbers, *signals: HttpNumber) -> dict[str, float | str]:
    """By path, the number or the sentence that says why it is unknown."""
    found = {key: value for one in numbers.begin(signals) for key, value in one.result().items()}
    answers = {signal.path: found[signal.key] for signal in signals}
    return {
        path: value.why if isinstance(value, Unknown) else value for path, value in answers.items()
    }


def told(numbers: HttpNumbers, serve: Serve, path: str = "$", time_out: float = 2.0) -> float | str:
    with serving(serve) as endpoint:
        answer = ask(numbers, HttpNumber(endpoint.url, path, time_out))[path]
        return answer.replace(endpoint.url, "URL") if isinstance(answer, str) else answer


@pytest.mark.parametrize(
    ("body", "path", "number"),
    [
        ("7", "$", 7.0),
        ('{"waiting": 0}', "$.waiting", 0.0),
        ('{"waiting": -1.5e3}', "waiting", -1500.0),
        ('{"jobs": [{"waiting": 4}, {"waiting": 5}]}', "$.jobs[1].waiting", 5.0),
        ("[[1, 2], [3]]", "[1][0]", 3.0),
        ('{"0": {"a b": 2}}', "$.0.a b", 2.0),
    ],
)
def test_the_number_at_the_path_is_the_signal(
    numbers: HttpNumbers, body: str, path: str, number: float
) -> None:
    assert told(numbers, page(body), path) == number


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("{}", "$.waiting"),
        ("[1]", "$[1]"),
        ("[1]", "$.waiting"),
        ('{"0": 1}', "$[0]"),
        ('"text"', "$[0]"),
    ],
)
def test_a_path_that_leads_nowhere_is_unknown(numbers: HttpNumbers, body: str, path: str) -> None:
    assert told(numbers, page(body), path) == f"the answer of URL has nothing at {path}"


@pytest.mark.parametrize(
    "body",
    ["null", '"7"', "true", "[7]", "{}", "NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400],
)
def test_what_is_not_a_finite_number_is_unknown(numbers: HttpNumbers, body: str) -> None:
    assert told(numbers, page(body)) == ("what the answer of URL has at $ is not a finite number")


@pytest.mark.parametrize("body", ["", "<html>", "{", "7 7", "[" * 60_000, "1" * 5000, "\x80"])
def test_what_is_not_json_is_unknown(numbers: HttpNumbers, body: str) -> None:
    assert told(numbers, page(body)) == "cannot read URL: its answer is not JSON"


@pytest.mark.parametrize("status", ["204 No Content", "404 Not Found", "500 Oh", "302 Found"])
def test_any_other_answer_than_200_is_unknown(numbers: HttpNumbers, status: str) -> None:
    code = status[:3]
    assert told(numbers, page("", status)) == (
        f"cannot read URL: it answered HTTP {code}; only 200 will do"
    )


def test_a_redirect_is_not_followed(numbers: HttpNumbers) -> None:
    """The endpoint that was configured could send the controller anywhere inside its network."""
    with serving(page("7")) as other:
        told(numbers, page("", "302 Found", f"Location: {other.url}/"))
        assert other.requests == []


def test_an_answer_may_come_in_chunks(numbers: HttpNumbers) -> None:
    chunks = (
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"a": 1\r\n2\r\n2}\r\n0\r\n\r\n'
    )
    assert told(numbers, lambda caller: caller.sendall(chunks), "$.a") == 12.0


def test_an_answer_that_breaks_off_is_unknown(numbers: HttpNumbers) -> None:
    """Half of 1234 is a number, too."""

    def half(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12")
        caller.shutdown(socket.SHUT_RDWR)

    assert "IncompleteRead" in str(told(numbers, half))


def test_an_answer_without_end_is_not_read_to_its_end(numbers: HttpNumbers) -> None:
    def endless(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            caller.sendall(b"1" * 10_000)

    assert (
        told(numbers, endless) == f"cannot read URL: it answered with more than {MOST_BYTES} bytes"
    )


def test_silence_ends_after_the_time_out(numbers: HttpNumbers) -> None:
    started = time.monotonic()
    answer = told(numbers, lambda caller: time.sleep(1), time_out=0.1)
    assert answer == "cannot read URL: it did not answer within 0.1 s"
    assert time.monotonic() - started < 1


def test_an_answer_in_drops_ends_after_the_time_out(numbers: HttpNumbers) -> None:
    """Each drop comes in time: only their sum is too late."""

    def drip(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            caller.sendall(b"1")
            time.sleep(0.02)

    answer = told(numbers, drip, time_out=0.2)
    assert answer == "cannot read URL: it did not answer within 0.2 s"


def test_nobody_there_is_unknown(numbers: HttpNumbers) -> None:
    with serving(page("7")) as endpoint:
        url = endpoint.url
    assert ask(numbers, HttpNumber(url))["$"] == (
        f"cannot read {url}: nobody answers there; check the address and the security groups"
    )


def test_a_server_of_another_kind_is_unknown(numbers: HttpNumbers) -> None:
    answer = told(numbers, lambda caller: caller.sendall(b"220 mail.example ESMTP\r\n"))
    assert str(answer).startswith("cannot read URL: ProtocolError")


def test_numbers_of_one_answer_cost_one_request(numbers: HttpNumbers) -> None:
    with serving(page('{"waiting": 3, "running": 2}')) as endpoint:
        waiting, running = (
            HttpNumber(endpoint.url, "$.waiting"),
            HttpNumber(endpoint.url, "running"),
        )
        assert ask(numbers, waiting, running) == {"$.waiting": 3.0, "running": 2.0}
        assert len(endpoint.requests) == 1


def test_a_connection_is_kept_for_the_next_tick(numbers: HttpNumbers) -> None:
    with serving(page("7")) as endpoint:
        for _ in range(3):
            assert ask(numbers, HttpNumber(endpoint.url))["$"] == 7.0
        assert endpoint.connections == 1


def test_one_endpoints_trouble_is_not_anothers(numbers: HttpNumbers) -> None:
    with serving(page("7")) as well, serving(page("no")) as ill:
        answers = ask(numbers, HttpNumber(well.url, "$"), HttpNumber(ill.url, "$.a"))
        assert answers["$"] == 7.0
        assert "is not JSON" in str(answers["$.a"])

"""The status page's HTTP: its files, its API, its events, and what keeps strangers out."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from support import pages
from support.pages import NOW
from support.processes import wait_for

from autoscaler.core.record import from_json
from autoscaler.runtime.page import events, files
from autoscaler.runtime.page.http import POLICY

TOKEN = "0123456789abcdef"
DATA = ["/api/queues", "/api/queues/jobs", "/api/records", "/api/events", "/api/actions"]


def get(url: str, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    with talking(url) as client:
        client.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = client.getresponse()
        return answer.status, answer.read().decode(), dict(answer.headers)


@contextmanager
def talking(url: str) -> Iterator[http.client.HTTPConnection]:
    client = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    try:
        yield client
    finally:
        client.close()


def told(url: str, path: str, **headers: str) -> Any:
    status, text, _ = get(url, path, **headers)
    assert status == 200, text
    return json.loads(text)


def test_the_page_is_files_of_the_package_that_a_browser_may_keep_while_they_are_the_same() -> None:
    with pages.served(pages.board("jobs")) as (url, _):
        status, text, headers = get(url, "/")
        again = get(url, "/", If_None_Match=headers["ETag"])
        program = get(url, "/static/page.js")

    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<script type="module" src="/static/page.js">' in text
    assert (again[0], again[1]) == (304, "")
    assert (program[0], program[2]["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def test_the_page_runs_no_inline_script_or_style_and_names_no_other_host() -> None:
    with pages.served(pages.board("jobs")) as (url, _):
        for path in files._all():
            _, text, headers = get(url, path)
            assert headers["Content-Security-Policy"] == POLICY
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "innerHTML" not in text
            assert " style=" not in text
            assert text.replace("http://www.w3.org/2000/svg", "").count("://") == 0, path
            if path == "/":
                assert text.count("<script") == text.count('<script type="module" src=') == 1
                assert "<style" not in text
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY


def test_queues_are_told_all_together_and_each_with_its_hours_and_decisions() -> None:
    board = pages.board("jobs", "größe/2")
    board.write(pages.record(pages.reading("jobs", 7, 30.0, dead_letters=1), live=3))
    with pages.served(board) as (url, _):
        everything = told(url, "/api/queues")
        one = told(url, "/api/queues/jobs")
        other = told(url, "/api/queues/gr%C3%B6%C3%9Fe%2F2")
        missing = get(url, "/api/queues/none")

    first, second = everything["queues"]
    assert (first["visible"], first["oldest_age"], first["live"]) == (7, 30.0, 3)
    assert (second["queue"], second["visible"]) == ("größe/2", None)
    assert one["history"]["visible"] == [7.0]
    assert [each["target"] for each in one["decisions"]] == [3]
    assert other["queue"] == "größe/2"
    assert (missing[0], "no such queue" in missing[1]) == (404, True)


def test_records_are_told_in_pages_and_can_be_read_back() -> None:
    board = pages.board("jobs")
    kept = [pages.record(pages.reading("jobs", n), at=NOW + n) for n in range(5)]
    for one in kept:
        board.write(one)
    with pages.served(board) as (url, _):
        first = told(url, "/api/records?limit=3")
        rest = told(url, f"/api/records?limit=3&before={first['before']}&fleet=jobs")
        of_none = told(url, "/api/records?fleet=other")
        wrong = [get(url, f"/api/records?{one}")[0] for one in ("limit=0", "limit=x", "before=x")]

    assert [from_json(one) for one in [*first["records"], *rest["records"]]] == kept[::-1]
    assert rest["before"] is None
    assert of_none["records"] == []
    assert wrong == [400, 400, 400]


class Listener:
    """Reads the stream of events on a thread, as a page would."""

    def __init__(self, url: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self._client = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self._client.request("GET", "/api/events")
        self._socket = self._client.sock
        self.answer = self._client.getresponse()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(OSError):  # the service is gone
            for line in self.answer:
                if line.startswith(b"data: "):
                    self.heard.append(json.loads(line[6:]))
        self.ended.set()

    def leave(self) -> None:
        with suppress(OSError):  # the service may have hung up first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        self._client.close()


def test_a_listener_hears_all_rows_and_then_those_that_change_until_the_service_ends() -> None:
    board = pages.board("a", "b")
    with pages.served(board) as (url, _):
        listener = Listener(url)
        wait_for(lambda: listener.heard, "all rows")
        board.write(pages.record(pages.reading("b", 9)))
        wait_for(lambda: len(listener.heard) > 1, "the row that changed")
    assert listener.ended.wait(20)

    kind = listener.answer.headers["Content-Type"]
    first, second = listener.heard[:2]
    assert kind == "text/event-stream; charset=utf-8"
    assert [row["queue"] for row in first["queues"]] == ["a", "b"]
    assert [(row["queue"], row["visible"]) for row in second["queues"]] == [("b", 9)]
    assert second["names"] == ["a", "b"]
    listener.leave()


def test_no_more_than_so_many_listen_and_one_that_leaves_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(events, "MOST_STREAMS", 1)
    monkeypatch.setattr(events, "STILL_THERE_SECONDS", 0.1)
    with pages.served(pages.board("jobs")) as (url, _):
        listener = Listener(url)
        wait_for(lambda: listener.heard, "all rows")
        assert get(url, "/api/events")[0] == 503
        listener.leave()

        def welcome() -> bool:
            other = Listener(url)
            other.leave()
            return other.answer.status == 200

        wait_for(welcome, "room for another")


@pytest.mark.parametrize("path", DATA)
def test_with_a_token_the_page_opens_for_everybody_and_tells_holders_alone(path: str) -> None:
    with pages.served(pages.board("jobs"), host="0.0.0.0", token=TOKEN) as (url, _):
        assert get(url, "/")[0] == 200
        assert get(url, path)[0] == 401
        assert get(url, path, Authorization="Bearer 0123456789abcdeg")[0] == 401
        if path != "/api/events":
            assert get(url, path, Authorization=f"Bearer {TOKEN}")[0] == 200


@pytest.mark.parametrize("path", ["/", "/static/page.js", *DATA])
def test_reachable_from_elsewhere_without_a_token_there_is_no_page(path: str) -> None:
    with pages.served(pages.board("jobs"), host="0.0.0.0") as (url, _):
        status, text, _ = get(url, path)

    assert status == 401
    assert "--token-file" in text


@pytest.mark.parametrize("path", DATA)
def test_a_name_that_somebody_else_gave_this_address_is_told_nothing(path: str) -> None:
    """A page of theirs, open in a browser here, would read it: DNS rebinding."""
    with pages.served(pages.board("jobs")) as (url, _):
        status, text, _ = get(url, path, Host="evil.example:8080")

    assert status == 421
    assert "jobs" not in text


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
def test_names_of_this_computer_are_welcome(host: str) -> None:
    with pages.served(pages.board("jobs")) as (url, _):
        assert get(url, "/api/queues", Host=host)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_reading_is_all_that_can_be_done(method: str) -> None:
    with pages.served(pages.board("jobs")) as (url, _), talking(url) as client:
        client.request(method, "/api/queues", body=b"{}")
        answer = client.getresponse()

        assert answer.status == 405
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_path_that_is_not_there_says_what_is() -> None:
    with pages.served(pages.board("jobs")) as (url, _):
        status, text, _ = get(url, "/static/../page.js")

    assert status == 404
    assert "/api/queues" in text

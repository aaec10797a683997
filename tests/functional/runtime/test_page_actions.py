"""Holding, pausing, resuming and draining over HTTP: what is done, by whom, and who may not."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from support import pages, values
from support.pages import NOW

from autoscaler.core.errors import StoreUnreachableError
from autoscaler.core.memory import By, Memory
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.keys import Keys
from autoscaler.runtime.stores import InProcessStore

ALICE = "a" * 32
KEYS = Keys({ALICE: "alice", "b" * 32: "bob"})
AT = NOW + 5
"""When actions are taken here."""
PAUSE = {"action": "pause", "queue": "jobs"}


class Acting:
    """A page with two queues of one fleet and one of another, and what its store remembers."""

    def __init__(self, board: Board, store: InProcessStore, url: str) -> None:
        self.board, self.store, self._address = board, store, url.removeprefix("http://")

    def ask(
        self, body: Any, token: str | None = ALICE, kind: str = "application/json", **more: str
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": kind, **more}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        text = body if isinstance(body, str) else json.dumps(body)
        return self.send("POST", "/api/actions", text, headers)

    def send(
        self, method: str, path: str, body: str | None = None, headers: Any = None
    ) -> tuple[int, dict[str, Any]]:
        client = http.client.HTTPConnection(self._address, timeout=20)
        try:
            client.request(method, path, body, headers or {})
            answer = client.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            client.close()

    @property
    def memory(self) -> Memory:
        return self.store.load("workers").memory


@pytest.fixture
def acting() -> Iterator[Acting]:
    board = pages.board(jobs="workers", more="workers", other="others")
    two = (pages.reading("jobs", 3), pages.reading("more", 4))
    board.write(pages.record(*two, fleet="workers", tasks=values.fleet(3)))
    store = InProcessStore()
    with pages.served(board, keys=KEYS, store=store) as (url, _):
        yield Acting(board, store, url)


def test_a_queue_is_paused_and_resumed_and_who_did_it_when_is_remembered(acting: Acting) -> None:
    status, told = acting.ask(PAUSE)
    assert (status, told["who"], told["at"]) == (200, "alice", AT)
    assert acting.memory.paused == {"jobs": None}
    assert acting.memory.paused_by == {"jobs": By("alice", AT)}

    status, _ = acting.ask({**PAUSE, "action": "resume"}, token="b" * 32)
    assert status == 200
    assert (acting.memory.paused, acting.memory.paused_by) == ({}, {})

    _, actions = acting.send("GET", "/api/actions")
    assert actions["on"]
    assert [(one["who"], one["action"]) for one in actions["taken"]] == [
        ("bob", "resume"), ("alice", "pause"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", [{"for": "2h"}, {"until": AT + 7200}])
def test_a_hold_ends_by_itself(acting: Acting, end: dict[str, Any]) -> None:
    status, told = acting.ask({"action": "hold", "queue": "jobs", **end})

    assert (status, told["until"]) == (200, AT + 7200)
    assert acting.memory.paused == {"jobs": AT + 7200}


def test_a_drain_holds_every_queue_of_the_fleet_and_stops_no_task(acting: Acting) -> None:
    status, told = acting.ask({"action": "drain", "queue": "jobs"})

    assert (status, told["queues"]) == (200, ["jobs", "more"])
    assert "Its 3 tasks will finish what there is and leave." in told["text"]
    assert acting.memory.paused == {"jobs": None, "more": None}
    assert acting.store.load("others").memory == Memory()


def test_the_row_says_what_was_asked_for_until_a_tick_tells_what_came_of_it(
    acting: Acting,
) -> None:
    acting.ask(PAUSE)
    _, row = acting.send("GET", "/api/queues/jobs")
    assert row["asked"]["text"].startswith("alice paused jobs until it is resumed")

    acting.board.write(pages.record(pages.reading("jobs", 3), fleet="workers", at=AT + 60))
    _, row = acting.send("GET", "/api/queues/jobs")
    assert row["asked"] is None


@pytest.mark.parametrize("token", [None, "c" * 32, "", ALICE[:-1]])
def test_without_a_token_of_somebody_nothing_is_done(acting: Acting, token: str | None) -> None:
    status, _ = acting.ask(PAUSE, token)

    assert status == 401
    assert acting.memory == Memory()


def test_a_cookie_or_a_form_of_another_page_does_nothing(acting: Acting) -> None:
    statuses = [
        acting.ask(PAUSE, None, Cookie=f"token={ALICE}; Authorization=Bearer {ALICE}")[0],
        acting.ask("action=pause&queue=jobs", ALICE, "application/x-www-form-urlencoded")[0],
        acting.ask(PAUSE, ALICE, "text/plain")[0],
        acting.send("GET", f"/api/actions?action=pause&queue=jobs&token={ALICE}")[0],
    ]

    assert statuses == [401, 400, 400, 200]
    assert acting.memory == Memory()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{", "no JSON"),
        ("[]", "send an object"),
        ({"action": "pause"}, "which queue"),
        ({"action": "pause", "queue": "none"}, "there is no queue none"),
        ({"action": "stop", "queue": "jobs"}, "one of hold, pause, resume and drain"),
        ({"action": "hold", "queue": "jobs"}, "a hold has an end"),
        ({"action": "hold", "queue": "jobs", "for": "soon"}, "a duration"),
        ({"action": "hold", "queue": "jobs", "until": AT - 1}, "in the future"),
        ({"action": "hold", "queue": "jobs", "until": True}, "a hold has an end"),
        ({"action": "hold", "queue": "jobs", "for": "9000d"}, "within a year"),
        ({"action": "pause", "queue": "x" * 5000}, "4 KiB"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_done(
    acting: Acting, body: Any, says: str
) -> None:
    status, told = acting.ask(body)

    assert (status, says in told["error"]) == (400, True), told
    assert acting.memory == Memory()


def test_a_store_that_is_gone_is_told_and_nothing_was_done() -> None:
    class Gone(InProcessStore):
        def load(self, fleet: str) -> Any:
            raise StoreUnreachableError("the table does not answer")

    with pages.served(pages.board("jobs"), keys=KEYS, store=Gone()) as (url, _):
        status, told = Acting(pages.board("jobs"), Gone(), url).ask(PAUSE)

    assert status == 503
    assert "It was not done: the table does not answer" in told["error"]


def test_unless_it_is_configured_nobody_may(acting: Acting) -> None:
    store = InProcessStore()
    with pages.served(pages.board("jobs"), store=store) as (url, _):
        off = Acting(pages.board("jobs"), store, url)
        status, told = off.ask(PAUSE)
        _, actions = off.send("GET", "/api/actions")

    assert (status, "--actions-file" in told["error"]) == (403, True)
    assert actions == {"version": 1, "on": False, "taken": []}
    assert store.load("jobs").memory == Memory()


def test_the_token_for_reading_is_none_for_acting_and_the_other_way_round() -> None:
    store, reads = InProcessStore(), "r" * 32
    board = pages.board("jobs")
    with pages.served(board, host="0.0.0.0", token=reads, keys=KEYS, store=store) as (url, _):
        page = Acting(board, store, url)
        assert page.ask(PAUSE, reads)[0] == 401
        assert page.ask(PAUSE, ALICE)[0] == 200
        client = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
        client.request("GET", "/api/queues", headers={"Authorization": f"Bearer {ALICE}"})
        assert client.getresponse().status == 401
        client.close()


def test_no_token_is_in_what_is_logged(acting: Acting, capsys: pytest.CaptureFixture[str]) -> None:
    acting.ask(PAUSE)
    acting.ask(PAUSE, "c" * 32)

    logged = "".join(capsys.readouterr())
    assert "alice" in logged
    assert ALICE not in logged
    assert "c" * 32 not in logged

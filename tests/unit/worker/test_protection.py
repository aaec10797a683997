"""Scale-in protection: asked for while messages are in hand, and never in the way of the work."""

from __future__ import annotations

import itertools
import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from support.virtual_bench import VirtualClock
from support.worker_world import World

from autoscaler.worker.agent import AgentEndpoint
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.protection import (
    AGAIN_SECONDS,
    EXPIRES_MINUTES,
    IDLE_SECONDS,
    RENEW_SECONDS,
    Unprotected,
)


@dataclass
class ScriptedAgent:
    """Notes when it is asked for what, and fails as told."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    failures: list[Exception] = field(default_factory=list)
    asked: list[tuple[float, int]] = field(default_factory=list)

    def protect(self, minutes: int) -> None:
        self.asked.append((round(self.clock.time, 1), minutes))
        if self.failures:
            raise self.failures.pop(0)


def working(agent: ScriptedAgent, work: float, messages: int = 1, **more: Any) -> World:
    """A service's worker whose messages take so long."""
    world = World(work, agent=agent, not_before=math.inf, **more)
    agent.clock = world.bench.clock
    for _ in range(messages):
        world.queue.send("x")
    return world


def minutes(agent: ScriptedAgent) -> list[int]:
    return [asked for _, asked in agent.asked]


def test_a_task_is_protected_from_its_first_message_and_free_again_once_idle() -> None:
    agent = ScriptedAgent()
    world = working(agent, 60.0).run(until=120.0)
    (at, protected), (freed_at, freed) = agent.asked
    assert (protected, freed) == (EXPIRES_MINUTES, 0)
    assert at < 2.0
    assert freed_at == pytest.approx(60.0 + IDLE_SECONDS, abs=2.0)
    assert [event for event, _ in world.notes.events if "protected" in event] == [
        "protected",
        "unprotected",
    ]


def test_an_idle_task_asks_for_nothing() -> None:
    agent = ScriptedAgent()
    working(agent, 1.0, messages=0).run(until=900.0)
    assert agent.asked == []


def test_it_is_asked_again_before_it_ends_for_as_long_as_the_work_takes() -> None:
    agent = ScriptedAgent()
    working(agent, 1000.0, visibility=3600).run(until=990.0)
    times = [at for at, _ in agent.asked]
    assert minutes(agent) == [EXPIRES_MINUTES] * 4
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(gap == pytest.approx(RENEW_SECONDS, abs=1.0) for gap in gaps)
    assert RENEW_SECONDS < EXPIRES_MINUTES * 60


def test_messages_one_after_another_are_one_protection() -> None:
    agent = ScriptedAgent()
    working(agent, 2.0, messages=20).run(until=35.0)
    assert minutes(agent) == [EXPIRES_MINUTES]


def test_a_failing_agent_is_asked_again_and_the_work_goes_on() -> None:
    agent = ScriptedAgent(failures=[PassingError("no answer")] * 2)
    world = working(agent, 40.0, messages=2).run(until=200.0)
    assert len(world.queue.deleted) == 2
    times = [at for at, asked in agent.asked if asked]
    assert times[1] - times[0] == pytest.approx(AGAIN_SECONDS, abs=1.0)
    assert len(times) == 3
    [first, _] = world.notes.named("protection_failed")
    assert first == {"reason": "no answer", "again": True}


def test_a_task_that_no_service_keeps_asks_once() -> None:
    agent = ScriptedAgent(failures=[LastingError("TASK_NOT_VALID")])
    world = working(agent, 40.0, messages=5).run(until=400.0)
    assert len(world.queue.deleted) == 5
    assert len(agent.asked) == 1


def test_without_an_agent_nothing_is_ever_due() -> None:
    assert Unprotected().next_at() == math.inf


# ---------------------------------------------------------------------------------- the agent


@contextmanager
def answering(answer: str) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """An agent that answers so; its address, and what it is asked."""
    asked: list[tuple[str, str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.command, self.path, json.loads(body)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/task-1", asked
        finally:
            server.shutdown()
            thread.join()


PROTECTED = json.dumps({"protection": {"ProtectionEnabled": True, "TaskArn": "t"}})


def test_the_agent_is_asked_for_minutes_and_to_end_them() -> None:
    with answering(PROTECTED) as (address, asked):
        AgentEndpoint(address).protect(10)
        AgentEndpoint(address).protect(0)
    path = "/api/task-1/task-protection/v1/state"
    assert asked == [
        ("PUT", path, {"ProtectionEnabled": True, "ExpiresInMinutes": 10}),
        ("PUT", path, {"ProtectionEnabled": False}),
    ]


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ({"failure": {"Arn": "t", "Reason": "TASK_NOT_VALID"}}, LastingError, "TASK_NOT_VALID"),
        ({"failure": {"Reason": "DEPLOYMENT_BLOCKED"}}, PassingError, "DEPLOYMENT_BLOCKED"),
        (
            {"error": {"Code": "AccessDeniedException", "Message": "not allowed"}},
            LastingError,
            "AccessDeniedException: not allowed",
        ),
        ({"error": {"Code": "ServerException"}}, PassingError, "ServerException"),
        ({}, PassingError, "names no protection"),
        ([], PassingError, "that is no answer of an agent"),
    ],
)
def test_what_it_refuses_is_told_apart(answer: object, error: type[Exception], says: str) -> None:
    with answering(json.dumps(answer)) as (address, _), pytest.raises(error, match=says):
        AgentEndpoint(address).protect(10)


def test_text_that_is_no_json_passes() -> None:
    with answering("<html>") as (address, _), pytest.raises(PassingError):
        AgentEndpoint(address).protect(10)


def test_an_agent_that_is_not_there_passes() -> None:
    with answering(PROTECTED) as (address, _):
        pass
    with pytest.raises(PassingError, match="did not answer"):
        AgentEndpoint(address).protect(10)

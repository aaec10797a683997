"""Hooks are told every step of every delivery, in order, and cannot end the loop."""

from pathlib import Path

import pytest
from support.worker_world import World

from autoscaler.worker import Event, Hook, Worker
from autoscaler.worker.errors import UserError
from autoscaler.worker.hook_calls import load_hooks

WORKER = Worker(("q",), 4, 1.8e9)


class Diary(Hook):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.events: list[Event] = []

    def received(self, event: Event) -> None:
        self._write("received", event)

    def started(self, event: Event) -> None:
        self._write("started", event)

    def done(self, event: Event) -> None:
        self._write("done", event)

    def failed(self, event: Event) -> None:
        self._write("failed", event)

    def given_back(self, event: Event) -> None:
        self._write("given_back", event)

    def close(self) -> None:
        self.steps.append("close")

    def _write(self, step: str, event: Event) -> None:
        self.steps.append(step)
        self.events.append(event)


class Broken(Hook):
    def started(self, event: Event) -> None:
        raise ValueError("no disk")


def test_the_steps_of_a_message_that_succeeds() -> None:
    diary = Diary()
    world = World(work=3.0, hooks=[diary])
    sent = world.queue.send("a")
    world.run()
    assert diary.steps == ["received", "started", "done"]
    assert [event.message.id for event in diary.events] == sent * 3
    assert diary.events[-1].seconds == 3.0
    assert diary.events[-1].at == pytest.approx(3.0, abs=0.1)


def test_a_failure_says_why_and_when_it_comes_again() -> None:
    diary = Diary()
    world = World(work=lambda _: (1.0, ValueError("no")), hooks=[diary])
    world.queue.send("a")
    world.run(until=1.5)
    failed = diary.events[-1]
    assert diary.steps == ["received", "started", "failed"]
    assert failed.error == "ValueError: no"
    assert failed.again_in_seconds in (1, 2)


def test_what_is_given_back_is_told_as_that_and_visible_at_once() -> None:
    diary = Diary()
    world = World(work=100.0, grace_seconds=1.0, hooks=[diary])
    world.queue.send("a")
    world.run(until=5.0)
    world.loop.stop()
    world.run()
    assert diary.steps[-1] == "given_back"
    assert diary.events[-1].again_in_seconds == 0


def test_a_hook_that_raises_is_reported_and_neither_ends_the_loop_nor_hides_from_others() -> None:
    diary = Diary()
    world = World(hooks=[Broken(), diary])
    sent = world.queue.send("a", "b")
    world.run()
    assert sorted(world.queue.deleted) == sent
    assert diary.steps == ["received", "started", "done"] * 2
    told = world.notes.named("hook_failed")
    assert [(each["hook"], each["step"]) for each in told] == [("Broken", "started")] * 2
    assert "no disk" in str(told[0]["error"])


def test_hooks_are_closed_at_the_end_and_a_hook_need_not_write_every_method() -> None:
    diary = Diary()
    world = World(hooks=[Broken(), diary]).run()
    world.hooks.close()
    assert not world.hooks.settled
    world.bench.settle()
    assert diary.steps == ["close"]
    assert world.hooks.settled


def test_a_factory_is_called_with_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_hooks.py").write_text(
        "def make(worker): return [worker.slots]\ndef bad(worker): raise OSError('no database')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert load_hooks(["their_hooks:make"], WORKER) == ([4],)
    with pytest.raises(UserError, match="no database"):
        load_hooks(["their_hooks:bad"], WORKER)
    with pytest.raises(UserError, match="see --hook"):
        load_hooks(["their_hooks:none"], WORKER)

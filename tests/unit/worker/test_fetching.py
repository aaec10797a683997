"""Bodies in S3 are there when the handler begins, and deleted only after their message is."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest
from support.virtual_bench import Outcome
from support.worker_world import World

from autoscaler.worker.bench import Then
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.fetching import AbandonedError, Fetching
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.ports import Refusal

PATIENCE_SECONDS = 10
POINTER = Pointer("bodies", "k")


class Bodies:
    """Bodies in a dict; a fetch waits until it may go on."""

    def __init__(self, **bodies: str) -> None:
        self.bodies, self.deleted = bodies, list[str]()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.trouble: Callable[[], None] = lambda: None

    def fetch(self, pointer: Pointer) -> str:
        assert self.may_go_on.wait(PATIENCE_SECONDS)
        if pointer.key not in self.bodies:
            raise LastingError(f"{pointer.uri} is gone")
        return self.bodies[pointer.key]

    def delete(self, pointer: Pointer) -> None:
        self.trouble()
        self.deleted.append(pointer.key)


class Eater:
    """A handler that writes down what it was given."""

    def __init__(self) -> None:
        self.eaten: list[str] = []

    def start(self, message: Message, then: Then) -> None:
        self.eaten.append(message.body)
        then(None)

    def abandon(self, message: Message) -> None:
        message.ask_to_stop()

    def close(self) -> None:
        self.eaten.append("closed")


@pytest.fixture
def answers() -> "SimpleQueue[BaseException | None]":
    return SimpleQueue()


class TestFetching:
    def test_the_handler_sees_the_body_and_where_it_came_from(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        eater, message = Eater(), Message(POINTER.as_body())
        Fetching(eater, Bodies(k="large"), slots=1).start(message, answers.put)
        assert answers.get(timeout=PATIENCE_SECONDS) is None
        assert (eater.eaten, message.payload) == (["large"], POINTER)

    def test_other_messages_pass_straight_through(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        eater, message = Eater(), Message("small")
        Fetching(eater, Bodies(), slots=1).start(message, answers.put)
        assert (eater.eaten, message.payload) == (["small"], None)

    def test_without_its_body_a_message_fails_and_no_handler_sees_it(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        eater = Eater()
        Fetching(eater, Bodies(), slots=1).start(Message(POINTER.as_body()), answers.put)
        assert "s3://bodies/k is gone" in str(answers.get(timeout=PATIENCE_SECONDS))
        assert eater.eaten == []

    def test_one_that_is_abandoned_meanwhile_is_not_handled(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        eater, bodies = Eater(), Bodies(k="large")
        bodies.may_go_on.clear()
        fetching, message = (
            Fetching(eater, bodies, slots=1),
            Message(POINTER.as_body(), receipt="r"),
        )
        fetching.start(message, answers.put)
        fetching.abandon(message)
        bodies.may_go_on.set()
        assert isinstance(answers.get(timeout=PATIENCE_SECONDS), AbandonedError)
        assert eater.eaten == []

    def test_it_closes_what_it_serves(self) -> None:
        eater = Eater()
        Fetching(eater, Bodies(), slots=1).close()
        assert eater.eaten == ["closed"]


def from_s3(error: Exception | None = None) -> Callable[[Message], Outcome]:
    def work(message: Message) -> Outcome:
        message.payload = POINTER
        return 1.0, error

    return work


class TestDeleting:
    def test_a_body_goes_after_its_message_and_not_with_the_handlers_success(self) -> None:
        bodies = Bodies()
        world = World(from_s3(), payloads=bodies)
        world.queue.send("a")
        world.run(until=1.5)
        assert (world.queue.deleted, bodies.deleted) == ([], [])
        world.run()
        assert (world.queue.deleted, bodies.deleted) == (["queue-0"], ["k"])

    def test_a_message_that_cannot_be_deleted_keeps_its_body(self) -> None:
        """It will come again."""
        bodies = Bodies()
        world = World(from_s3(), payloads=bodies)
        world.queue.send("a")
        world.queue.refuse = lambda name, _id: (
            Refusal("ReceiptHandleIsInvalid", ours=True) if name == "delete" else None
        )
        world.run(until=5.0)
        assert bodies.deleted == []

    def test_a_failed_message_keeps_its_body(self) -> None:
        bodies = Bodies()
        world = World(from_s3(ValueError("no")), payloads=bodies)
        world.queue.send("a")
        world.run(until=5.0)
        assert bodies.deleted == []

    def test_a_body_that_cannot_be_deleted_is_reported_and_left(self) -> None:
        bodies = Bodies()
        world = World(from_s3(), payloads=bodies)
        world.queue.send("a")

        def trouble() -> None:
            raise PassingError("S3 answered 503")

        bodies.trouble = trouble
        world.run()
        assert world.notes.named("payload_left")[0]["uri"] == "s3://bodies/k"

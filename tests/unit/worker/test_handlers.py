"""Handlers are found by name and run in threads or on an event loop; what they raise comes back."""

import asyncio
import threading
from concurrent.futures import CancelledError
from pathlib import Path
from queue import SimpleQueue

import pytest

from autoscaler.worker.errors import UserError
from autoscaler.worker.handlers import Threads, load, runner
from autoscaler.worker.message import Message

PATIENCE_SECONDS = 10


@pytest.fixture
def answers() -> "SimpleQueue[BaseException | None]":
    return SimpleQueue()


class TestLoading:
    def test_a_function_is_found_in_the_working_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As with `python -m`, though an installed command does not look there by itself."""
        (tmp_path / "their_handler.py").write_text("def handle(message): return 42\n")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.path", ["/nowhere"])
        assert load("their_handler:handle")(Message("")) == 42

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("module", "package.module:function"),
            (":function", "package.module:function"),
            ("json:", "package.module:function"),
            ("json:nothing", "no function nothing"),
            ("json:__name__", "no function __name__"),
            ("no_such_module_here:fn", "cannot be imported"),
        ],
    )
    def test_what_cannot_be_found_is_a_sentence(self, name: str, said: str) -> None:
        with pytest.raises(UserError, match=said):
            load(name)

    def test_a_module_that_fails_when_imported_says_why(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "broken_handler.py").write_text("import nothing_of_that_name\n")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(UserError, match="nothing_of_that_name"):
            load("broken_handler:fn")


class TestThreads:
    @pytest.mark.parametrize("error", [None, ValueError("no"), SystemExit(3), KeyboardInterrupt()])
    def test_what_a_handler_raises_comes_back_and_its_thread_lives_on(
        self, answers: "SimpleQueue[BaseException | None]", error: BaseException | None
    ) -> None:
        def handle(_message: Message) -> None:
            if error is not None:
                raise error

        threads = Threads(handle, slots=1)
        for _ in range(2):
            threads.start(Message(""), answers.put)
            assert answers.get(timeout=PATIENCE_SECONDS) is error

    def test_as_many_run_at_once_as_there_are_slots(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        """The barrier falls only when all three are in."""
        barrier = threading.Barrier(3)
        threads = runner(lambda _message: barrier.wait(PATIENCE_SECONDS), slots=3)
        for _ in range(3):
            threads.start(Message(""), answers.put)
        assert [answers.get(timeout=PATIENCE_SECONDS) for _ in range(3)] == [None] * 3

    def test_an_abandoned_handler_sees_that_it_should_stop(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        message = Message("")
        threads = runner(lambda message: message._stop.wait(PATIENCE_SECONDS), slots=1)
        threads.start(message, answers.put)
        threads.abandon(message)
        assert answers.get(timeout=PATIENCE_SECONDS) is None
        assert message.stopping


class TestCoroutines:
    def test_all_messages_share_one_event_loop(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        """So that clients and semaphores can be shared between them."""
        loops = []

        async def handle(_message: Message) -> None:
            loops.append(asyncio.get_running_loop())

        coroutines = runner(handle, slots=2)
        for number in range(2):
            coroutines.start(Message("", receipt=str(number)), answers.put)
        assert [answers.get(timeout=PATIENCE_SECONDS) for _ in range(2)] == [None, None]
        assert loops[0] is loops[1]

    @pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("late")])
    def test_what_it_raises_comes_back(
        self, answers: "SimpleQueue[BaseException | None]", error: Exception
    ) -> None:
        async def handle(_message: Message) -> None:
            raise error

        runner(handle, slots=1).start(Message(""), answers.put)
        assert repr(answers.get(timeout=PATIENCE_SECONDS)) == repr(error)

    def test_an_abandoned_coroutine_is_cancelled(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        begun = threading.Event()

        async def handle(_message: Message) -> None:
            begun.set()
            await asyncio.sleep(3600)

        coroutines = runner(handle, slots=1)
        message = Message("", receipt="r")
        coroutines.start(message, answers.put)
        assert begun.wait(PATIENCE_SECONDS)
        coroutines.abandon(message)
        assert isinstance(answers.get(timeout=PATIENCE_SECONDS), CancelledError)

    def test_an_object_with_an_async_call_is_one(
        self, answers: "SimpleQueue[BaseException | None]"
    ) -> None:
        class Handle:
            async def __call__(self, _message: Message) -> None:
                raise ValueError("seen")

        runner(Handle(), slots=1).start(Message(""), answers.put)
        assert isinstance(answers.get(timeout=PATIENCE_SECONDS), ValueError)

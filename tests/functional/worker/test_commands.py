"""Commands as handlers, as real processes: what they are told, and what their ends mean."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest
from support.processes import gone
from support.worker_process import wait_until

from autoscaler.worker import RetryLaterError, UnavailableError, stream_life
from autoscaler.worker.bench import Handler
from autoscaler.worker.commands import CommandError, Commands
from autoscaler.worker.errors import UserError
from autoscaler.worker.message import Message
from autoscaler.worker.settings import CommandSettings
from autoscaler.worker.streams import Streams

PATIENCE_SECONDS = 20
Made = Callable[..., Handler]
Answers = SimpleQueue[tuple[str, BaseException | None]]


@pytest.fixture
def answers() -> Answers:
    return SimpleQueue()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Made]:
    """Make a handler of a Python program; none of its processes outlives the test."""
    made: list[Handler] = []

    def make_one(
        program: str,
        *,
        lives_on: bool = False,
        slots: int = 1,
        processes: int = 1,
        stop: int | None = None,
    ):
        path = tmp_path / "program.py"
        path.write_text(program)
        line = f"{sys.executable} -u {path}"
        settings = CommandSettings(line, lives_on, frozenset({75, 9}), processes, stop)
        made.append(Streams(settings) if lives_on else Commands(settings, slots))
        return made[-1]

    yield make_one
    for handler in made:
        handler.close()


def message(body: str = "x", number: int = 0) -> Message:
    return Message(body, id=f"id-{number}", receipt=f"receipt-{number}", queue="q")


def handle(handler: Handler, answers: Answers, *messages: Message) -> None:
    for each in messages:
        handler.start(each, lambda error, body=each.body: answers.put((body, error)))


def answer(answers: Answers) -> BaseException | None:
    return answers.get(timeout=PATIENCE_SECONDS)[1]


class TestOneProcessAMessage:
    def test_it_gets_the_body_on_its_standard_input_and_the_rest_in_its_environment(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        told = tmp_path / "told"
        program = f"""
import json, os, sys
mine = {{name: value for name, value in os.environ.items() if name.startswith("MESSAGE_")}}
open({str(told)!r}, "w").write(json.dumps([sys.stdin.read(), mine]))
"""
        sent = Message(
            "the body é",
            id="id-1",
            receive_count=2,
            sent_at=datetime(2026, 1, 2, tzinfo=UTC),
            attributes={"Kind-of": "thumb", "raw": b"\x00\xff"},
            queue="pictures.fifo",
            group="g",
        )
        handle(make(program), answers, sent)
        assert answer(answers) is None
        body, variables = json.loads(told.read_text())
        assert body == "the body é"
        assert variables == {
            "MESSAGE_ID": "id-1",
            "MESSAGE_QUEUE": "pictures.fifo",
            "MESSAGE_GROUP": "g",
            "MESSAGE_RECEIVE_COUNT": "2",
            "MESSAGE_SENT_AT": "2026-01-02T00:00:00+00:00",
            "MESSAGE_ATTRIBUTE_KIND_OF": "thumb",
            "MESSAGE_ATTRIBUTE_RAW": "AP8=",
        }

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(75, RetryLaterError), (9, RetryLaterError), (69, UnavailableError), (3, CommandError)],
    )
    def test_its_exit_status_says_how_it_went(
        self, make: Made, answers: Answers, status: int, kind: type[Exception]
    ) -> None:
        handle(make(f"raise SystemExit({status})"), answers, message())
        error = answer(answers)
        assert type(error) is kind
        assert f"exit status {status}" in str(error)

    def test_a_signal_that_killed_it_is_named(self, make: Made, answers: Answers) -> None:
        handle(make("import os; os.kill(os.getpid(), 9)"), answers, message())
        assert "killed by signal 9" in str(answer(answers))

    def test_one_that_does_not_read_its_input_is_no_trouble(
        self, make: Made, answers: Answers
    ) -> None:
        handle(make("pass"), answers, message("x" * 1_000_000))
        assert answer(answers) is None

    def test_an_abandoned_one_is_ended_with_all_it_started_though_it_reads_nothing(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        """Its pipe is full, it ignores SIGTERM, and it has a child."""
        pids = tmp_path / "pids"
        program = f"""
import os, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
open({str(pids)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
time.sleep(600)
"""
        commands, sent = make(program), message("x" * 1_000_000)
        handle(commands, answers, sent)
        wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2, "the program")
        commands.abandon(sent)
        assert "killed by signal 9" in str(answer(answers))
        wait_until(lambda: gone([int(pid) for pid in pids.read_text().split()]), "the end")


LISTENS = """
import json, pathlib, signal, sys, time
def stop(number, frame):
    with pathlib.Path({here!r}).open("a") as told:
        told.write("told ")
    {then}
signal.signal(signal.SIGTERM, stop)
line = sys.stdin.readline()
second = sys.stdin.readline() if {two} else ""
pathlib.Path({here!r}).write_text("begun ")
while True:
    time.sleep(0.01)
"""


class TestStopSignal:
    """A worker that was asked to stop tells its commands, where a signal is set for that."""

    def listening(self, here: Path, then: str, *, two: bool = False) -> str:
        return LISTENS.format(here=str(here), then=then, two=two)

    @pytest.mark.parametrize(("status", "kind"), [(75, RetryLaterError), (0, type(None))])
    def test_a_command_that_hears_it_says_by_its_exit_status_how_it_went(
        self, make: Made, answers: Answers, tmp_path: Path, status: int, kind: type
    ) -> None:
        here, sent = tmp_path / "here", message()
        program = self.listening(here, f"sys.exit({status})")
        handle(make(program, stop=signal.SIGTERM), answers, sent)
        wait_until(here.exists, "the program")
        sent.ask_to_stop()
        assert type(answer(answers)) is kind
        assert here.read_text() == "begun told "

    @pytest.mark.parametrize("lives_on", [False, True])
    def test_one_that_it_ends_gives_its_message_back_at_once(
        self, make: Made, answers: Answers, tmp_path: Path, lives_on: bool
    ) -> None:
        here, sent = tmp_path / "here", message()
        program = f"import time; open({str(here)!r}, 'w'); time.sleep(600)"
        handle(make(program, lives_on=lives_on, stop=signal.SIGUSR1), answers, sent)
        wait_until(here.exists, "the program")
        sent.ask_to_stop()
        error = answer(answers)
        assert isinstance(error, RetryLaterError)
        assert error.seconds == 0

    @pytest.mark.parametrize("lives_on", [False, True])
    def test_one_that_starts_later_hears_it_as_well(
        self, make: Made, answers: Answers, lives_on: bool
    ) -> None:
        sent = message()
        sent.ask_to_stop()
        handler = make("import time; time.sleep(600)", lives_on=lives_on, stop=signal.SIGTERM)
        handle(handler, answers, sent)
        assert isinstance(answer(answers), RetryLaterError)

    @pytest.mark.parametrize("lives_on", [False, True])
    def test_without_one_nothing_is_sent_and_the_command_finishes(
        self, make: Made, answers: Answers, tmp_path: Path, lives_on: bool
    ) -> None:
        here, sent = tmp_path / "here", message('{"status": "done"}')
        slow = f"import time; open({str(here)!r}, 'w'); time.sleep(0.3)\n"
        program = slow + (ECHO if lives_on else "")
        handle(make(program, lives_on=lives_on), answers, sent)
        wait_until(here.exists, "the program")
        sent.ask_to_stop()
        assert answer(answers) is None

    def test_a_process_with_several_messages_hears_it_once_and_gives_all_back(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        here, both = tmp_path / "here", [message("a", 1), message("b", 2)]
        program = self.listening(here, "time.sleep(0.3); sys.exit(0)", two=True)
        handle(make(program, lives_on=True, stop=signal.SIGTERM), answers, *both)
        wait_until(here.exists, "the program")
        for each in both:
            each.ask_to_stop()
        assert {type(answer(answers)) for _ in both} == {RetryLaterError}
        assert here.read_text() == "begun told "

    def test_a_message_that_is_given_up_alone_sends_nothing_to_the_others(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        here, both = tmp_path / "here", [message("a", 1), message("b", 2)]
        handler = make(self.listening(here, "pass", two=True), lives_on=True, stop=signal.SIGTERM)
        handle(handler, answers, *both)
        wait_until(here.exists, "the program")
        handler.abandon(both[0])
        with pytest.raises(Empty):
            answers.get(timeout=0.3)
        assert here.read_text() == "begun "


ECHO = """
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    print(json.dumps({"id": told["id"], **json.loads(told["body"])}))
"""


class TestOneProcessForMany:
    def test_it_is_started_once_and_told_everything(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        told = tmp_path / "told"
        program = f"""
import json, os, sys
for line in sys.stdin:
    read = json.loads(line)
    open({str(told)!r}, "a").write(f"{{os.getpid()}} {{line}}")
    print(json.dumps({{"id": read["id"], "status": "done"}}))
"""
        handler = make(program, lives_on=True)
        sent = Message("b\né", id="id-1", attributes={"a": b"\x00"}, queue="q", receipt="r-1")
        handle(handler, answers, sent)
        assert answer(answers) is None
        handle(handler, answers, message("second", 2))
        assert answer(answers) is None
        lines = [line.partition(" ") for line in told.read_text().splitlines()]
        assert len({pid for pid, _, _ in lines}) == 1
        first = json.loads(lines[0][2])
        assert first.pop("id")
        assert first == {
            "body": "b\né",
            "message_id": "id-1",
            "queue": "q",
            "receive_count": 1,
            "group": None,
            "sent_at": None,
            "attributes": {"a": "AA=="},
        }

    @pytest.mark.parametrize(
        ("says", "kind"),
        [
            ({"status": "failed", "error": "no such picture"}, CommandError),
            ({"status": "later", "seconds": 30, "error": "no such picture"}, RetryLaterError),
            ({"status": "unavailable", "error": "no such picture"}, UnavailableError),
        ],
    )
    def test_its_answer_says_how_it_went(
        self, make: Made, answers: Answers, says: dict[str, object], kind: type[Exception]
    ) -> None:
        handle(make(ECHO, lives_on=True), answers, message(json.dumps(says)))
        error = answer(answers)
        assert type(error) is kind
        assert str(error) == "no such picture"
        assert getattr(error, "seconds", 30) == 30

    def test_an_answer_that_is_not_understood_is_a_failure(
        self, make: Made, answers: Answers
    ) -> None:
        handle(make(ECHO, lives_on=True), answers, message('{"status": "ok"}'))
        assert "unknown status 'ok'" in str(answer(answers))

    def test_what_else_it_prints_is_passed_on(
        self, make: Made, answers: Answers, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        program = 'import sys; print("hello"); print("[1]"); print("{}"); sys.stdout.flush()\n'
        handle(make(program + ECHO, lives_on=True), answers, message('{"status": "done"}'))
        assert answer(answers) is None
        assert capfdbinary.readouterr().out == b"hello\n[1]\n{}\n"

    def test_a_crash_fails_what_it_held_and_the_next_message_gets_a_new_one(
        self, make: Made, answers: Answers
    ) -> None:
        program = ECHO.replace(
            "    print", "    if told['body'] == 'crash': sys.exit(5)\n    print"
        )
        handler = make(program, lives_on=True)
        handle(handler, answers, message("crash"))
        assert "exit status 5 while it had the message" in str(answer(answers))
        handle(handler, answers, message('{"status": "done"}', 2))
        assert answer(answers) is None

    def test_there_is_a_process_for_each_slot_so_that_a_crash_fails_one_message(
        self, make: Made, answers: Answers
    ) -> None:
        program = """
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    if told["body"] == "crash":
        sys.exit(5)
"""
        handler = make(program, lives_on=True, processes=2)
        handle(handler, answers, message("stays", 1), message("crash", 2))
        body, error = answers.get(timeout=PATIENCE_SECONDS)
        assert (body, type(error)) == ("crash", CommandError)
        with pytest.raises(Empty):
            answers.get(timeout=0.3)

    def test_several_messages_in_one_process_are_told_apart_by_their_ids(
        self, make: Made, answers: Answers
    ) -> None:
        """It answers in the other order."""
        program = """
import json, sys
first, second = (json.loads(sys.stdin.readline()) for _ in range(2))
for told in (second, first):
    print(json.dumps({"id": told["id"], "status": "done"}))
sys.stdin.read()
"""
        handle(make(program, lives_on=True), answers, message("first", 1), message("second", 2))
        told = [answers.get(timeout=PATIENCE_SECONDS) for _ in range(2)]
        assert told == [("second", None), ("first", None)]

    def test_a_process_that_neither_reads_nor_answers_holds_up_nobody_and_can_be_abandoned(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        """A full pipe stops a thread of its own, not the loop."""
        has = f"open({str(tmp_path / 'has')!r}, 'w')"
        lives = f"import os, time; os.read(0, 1); {has}; time.sleep(600)"
        handler = make(lives, lives_on=True)
        sent = message("x" * 1_000_000)
        handle(handler, answers, sent)
        wait_until((tmp_path / "has").exists, "the program")
        handler.abandon(sent)
        assert "while it had the message" in str(answer(answers))

    def test_where_it_has_others_it_is_asked_to_stop_with_one(
        self, make: Made, answers: Answers, tmp_path: Path
    ) -> None:
        program = f"""
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    open({str(tmp_path / "has")!r}, "a").write(told["id"])
    if told.get("stop"):
        print(json.dumps({{"id": told["id"], "status": "failed", "error": "stopped"}}))
"""
        handler, sent = make(program, lives_on=True), message("stop me", 1)
        handle(handler, answers, sent, message("stays", 2))
        wait_until((tmp_path / "has").exists, "the program")
        handler.abandon(sent)
        body, error = answers.get(timeout=PATIENCE_SECONDS)
        assert (body, str(error)) == ("stop me", "stopped")

    def test_a_message_given_up_before_its_process_started_is_not_handed_over(
        self, make: Made, answers: Answers
    ) -> None:
        """Here the process is in the pause after a crash."""
        handler = make("raise SystemExit(5)", lives_on=True)
        handle(handler, answers, message("crash", 1))
        assert "exit status 5" in str(answer(answers))
        sent = message("waits", 2)
        handle(handler, answers, sent)
        handler.abandon(sent)
        assert "given up before" in str(answer(answers))

    def test_a_message_given_up_while_its_process_starts_ends_too(
        self, make: Made, answers: Answers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever gives up then finds no process that could be ended."""
        handler = make("import time; time.sleep(600)", lives_on=True)
        sent = message()

        def start(*words: Any, **how: Any) -> Any:
            started = subprocess.Popen(*words, **how)
            handler.abandon(sent)
            return started

        monkeypatch.setattr(
            stream_life, "subprocess", SimpleNamespace(PIPE=subprocess.PIPE, Popen=start)
        )
        handle(handler, answers, sent)
        assert "given up before" in str(answer(answers))

    def test_one_that_closes_its_output_is_ended(self, make: Made, answers: Answers) -> None:
        """It could never answer."""
        program = "import os, time; os.close(1); time.sleep(600)"
        handle(make(program, lives_on=True), answers, message())
        assert "while it had the message" in str(answer(answers))

    def test_an_endless_answer_in_one_line_and_a_full_pipe_do_not_lock_each_other(
        self, make: Made, answers: Answers
    ) -> None:
        """Both sides write a megabyte before they read."""
        program = """
import json, sys
print("x" * 1_000_000)
for line in sys.stdin:
    print("y" * 1_000_000)
    print(json.dumps({"id": json.loads(line)["id"], "status": "done"}))
"""
        handler = make(program, lives_on=True)
        handle(handler, answers, *(message("z" * 1_000_000, number) for number in range(3)))
        assert [answer(answers) for _ in range(3)] == [None] * 3


@pytest.mark.parametrize("line", ["", "no-such-program-here", "unfinished 'quote"])
def test_a_command_that_cannot_be_run_is_a_mistake_told_before_any_receive(line: str) -> None:
    with pytest.raises(UserError, match="the command"):
        Commands(CommandSettings(line, False, frozenset(), 1), 1)

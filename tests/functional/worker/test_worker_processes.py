"""Workers as real processes over real HTTP: nothing is lost, nothing unhandled is deleted."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest
from support.worker_process import Bay, wait_until

OpenBay = Callable[..., Bay]


@pytest.mark.parametrize("handler", ["by_body", "by_body_async"])
def test_fifty_messages_are_drained_and_the_worker_exits_0(open_bay: OpenBay, handler: str) -> None:
    bay = open_bay()
    bodies = [f"0.02-{number}" for number in range(50)]
    bay.send(bodies)
    worker = bay.start(handler, "--slots", "10", "--poll", "1s")
    assert worker.ends() == 0
    assert sorted(bay.handled()) == sorted(bodies)
    assert bay.counts() == (0, 0)
    assert (worker.left()["done"], worker.left()["reason"]) == (50, "empty")


def test_a_worker_killed_in_the_middle_loses_nothing(open_bay: OpenBay) -> None:
    """Its messages come back when their visibility is over."""
    bay = open_bay(visibility=2)
    bodies = [f"0.3-{number}" for number in range(8)]
    bay.send(bodies)
    first = bay.start("by_body", "--slots", "2")
    first.wait_for("done", 2)
    first.process.send_signal(signal.SIGKILL)
    first.ends()
    assert sum(bay.counts()) > 0
    second = bay.start("by_body", "--slots", "4", "--minimum-stay", "2500ms")
    assert second.ends() == 0
    assert set(bay.handled()) == set(bodies)
    assert bay.counts() == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.trap("T21")
def test_a_stop_gives_back_what_is_in_hand_and_deletes_what_is_done(
    open_bay: OpenBay, number: signal.Signals
) -> None:
    """Given back means visible to others at once, not after the ten minutes of visibility."""
    bay = open_bay(visibility=600)
    bay.send(["0-a", "0-b", "0-c", "60-long", "60-longer"])
    worker = bay.start("by_body", "--slots", "5", "--grace", "300ms")
    worker.wait_for("done", 3)
    worker.process.send_signal(number)
    assert worker.ends() == 0
    assert bay.counts() == (2, 0)
    assert (worker.left()["done"], worker.left()["given_back"]) == (3, 2)


def test_a_stop_lets_work_finish_that_fits_in_the_grace(open_bay: OpenBay) -> None:
    bay = open_bay()
    bay.send(["1-a", "1-b"])
    worker = bay.start("by_body", "--grace", "20s")
    wait_until(lambda: len(bay.handled()) == 1, "the first message", worker.log)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.ends() == 0
    assert len(bay.handled()) == 1
    assert bay.counts() == (1, 0)


def test_a_second_stop_ends_it_at_once(open_bay: OpenBay) -> None:
    bay = open_bay(visibility=600)
    bay.send(["60-a"])
    worker = bay.start("by_body", "--grace", "60s")
    wait_until(lambda: len(bay.handled()) == 1, "the message", worker.log)
    worker.process.send_signal(signal.SIGTERM)
    worker.wait_for("stopping")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.ends() == 0
    assert bay.counts() == (1, 0)


@pytest.mark.parametrize("handler", ["failing", "leaving"])
def test_a_failing_message_ends_in_the_dead_letters_after_exactly_max_receives(
    open_bay: OpenBay, handler: str
) -> None:
    """A handler that raises SystemExit ends neither its thread nor the worker."""
    bay = open_bay(max_receives=3)
    bay.send(["poison"])
    worker = bay.start(handler, "--retry-cap", "0s", "--slots", "2", "--minimum-stay", "1s")
    assert worker.ends() == 0
    assert bay.handled() == ["poison"] * 3
    assert bay.counts() == (0, 0)
    assert bay.counts(bay.dead_url) == (1, 0)
    assert worker.left()["failed"] == 3


def test_two_workers_handle_nothing_twice_while_their_heartbeats_live(open_bay: OpenBay) -> None:
    """Work of 4.5 s under a visibility of 2 s; the other worker looks all the time."""
    bay = open_bay(visibility=2)
    bodies = [f"4.5-{number}" for number in range(4)]
    bay.send(bodies)
    workers = [bay.start("by_body", "--slots", "3", "--minimum-stay", "6s") for _ in range(2)]
    assert [worker.ends() for worker in workers] == [0, 0]
    assert Counter(bay.handled()) == Counter(bodies)
    assert bay.counts() == (0, 0)


def test_a_queue_deleted_in_the_middle_ends_the_worker_with_a_sentence(open_bay: OpenBay) -> None:
    bay = open_bay()
    bay.send(["0-a"])
    worker = bay.start("by_body", "--minimum-stay", "60s")
    worker.wait_for("done")
    bay.sqs.delete_queue(QueueUrl=bay.url)
    assert worker.ends() == 1
    assert "the queue is gone" in worker.log.read_text()
    assert "Traceback" not in worker.log.read_text()


class TestMistakes:
    @pytest.mark.parametrize(
        ("flags", "environment", "said"),
        [
            (["--queue", "no-such-queue"], {}, "the queue 'no-such-queue' cannot be used"),
            (["--handler", "support.worker_handlers:nope"], {}, "has no function nope"),
            (["--handler", "no_such_module:fn"], {}, "cannot be imported"),
            (["--slots", "0"], {}, "1 to 1000"),
            ([], {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "SQS cannot be reached"),
            ([], {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "no AWS credentials"),
            ([], {"AWS_REGION": ""}, "no AWS region"),
        ],
        ids=["queue", "function", "module", "option", "endpoint", "credentials", "region"],
    )
    def test_a_mistake_is_one_sentence_and_exit_status_2(
        self, open_bay: OpenBay, flags: list[str], environment: dict[str, str], said: str
    ) -> None:
        worker = open_bay().start("quick", *flags, **environment)
        assert worker.ends() == 2
        told = worker.log.read_text()
        assert said in told
        assert len(told.splitlines()) == 1


def test_help_names_every_variable_and_loads_nothing_heavy() -> None:
    """`autoscaler worker` starts without the controller, and without what the controller needs."""
    program = (
        "import sys; from autoscaler.cli import main; code = main(['worker', '--help']);"
        "heavy = {'boto3', 'asyncio', 'typer', 'rich', 'pydantic', 'structlog', 'yaml'};"
        "theirs = {name for name in sys.modules if name.startswith('autoscaler.')"
        " and name.split('.')[1] not in ('cli', 'worker')};"
        "found = heavy & set(sys.modules) | theirs; sys.exit(str(found) if found else code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for word in ("AUTOSCALER_WORKER_QUEUE", "AUTOSCALER_STAY_UNTIL", "default 60s"):
        assert word in " ".join(ran.stdout.split())

"""Settings come from flags, then the environment, then defaults, and mistakes are sentences."""

import signal

import pytest

from autoscaler.worker.errors import UserError
from autoscaler.worker.options import OPTIONS
from autoscaler.worker.settings import (
    CommandSettings,
    QueueSettings,
    Settings,
    read_settings,
)

NEEDED = ("--queue", "q", "--handler", "m:f")

EVERYTHING = {
    "queue": "q2",
    "dispatched": "no",
    "handler": "a.b:c",
    "exec": "",
    "exec-stream": "",
    "exec-retry": "75,9",
    "exec-stop": "TERM",
    "exec-processes": "2",
    "slots": "4",
    "concurrency": "2",
    "weight": "2.5",
    "batch": "3",
    "poll": "20s",
    "wait": "2s",
    "visibility": "10m",
    "time-limit": "1h",
    "retry-cap": "250ms",
    "circuit": "5/1m",
    "minimum-stay": "0",
    "stay-until": "1800000000",
    "forever": "yes",
    "protect": "no",
    "lifetime": "1d",
    "grace": "1m30s",
    "health-port": "3003",
    "emf": "1m",
    "status-db": "jobs.db",
    "hook": "a:b, c:d",
}


def test_the_defaults() -> None:
    queue = QueueSettings(
        name="q",
        address="q",
        handler="m:f",
        concurrency=1,
        weight=1.0,
        batch=10,
        poll_seconds=1,
        wait_seconds=5.0,
        visibility_seconds=None,
        time_limit_seconds=None,
        retry_cap_seconds=300.0,
    )
    assert read_settings(NEEDED, {}) == Settings(
        queues=(queue,),
        command=None,
        slots=1,
        forever=False,
        minimum_stay_seconds=60.0,
        stay_until_epoch=None,
        lifetime_seconds=None,
        grace_seconds=25.0,
        circuit_failures=10,
        circuit_seconds=300.0,
        health_port=None,
        emf_seconds=None,
        status_db=None,
        hooks=(),
    )


@pytest.mark.parametrize("by", ["variables", "flags"])
def test_every_option_can_be_set_by_its_flag_and_by_its_variable(by: str) -> None:
    flags = [word for flag, text in EVERYTHING.items() for word in (f"--{flag}", text)]
    variables = {option.variables[0]: EVERYTHING[option.flag] for option in OPTIONS}
    read = read_settings(flags, {}) if by == "flags" else read_settings([], variables)
    queue = QueueSettings("q2", "q2", "a.b:c", 2, 2.5, 3, 20, 2.0, 600, 3600.0, 0.25)
    assert read == Settings(
        (queue,), None, 4, True, 0.0, 1.8e9, 86_400.0, 90.0, 5, 60.0, 3003, 60.0, "jobs.db",
        ("a:b", "c:d"),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["slots", "max-concurrent"])
def test_slots_have_a_second_name(text: str) -> None:
    assert read_settings((*NEEDED, f"--{text}", "3"), {}).slots == 3
    variable = "AUTOSCALER_WORKER_" + text.upper().replace("-", "_")
    assert read_settings(NEEDED, {variable: "7"}).slots == 7


def test_a_service_takes_three_at_a_time_unless_told_otherwise() -> None:
    assert read_settings((*NEEDED, "--forever"), {}).slots == 3
    assert read_settings((*NEEDED, "--forever", "--slots", "8"), {}).slots == 8


@pytest.mark.parametrize(
    ("flags", "protects"),
    [
        ((), False),
        (("--protect",), True),
        (("--forever",), True),
        (("--forever", "--protect", "no"), False),
    ],
)
def test_a_task_of_a_service_is_protected_unless_told_otherwise(
    flags: tuple[str, ...], protects: bool
) -> None:
    in_ecs = {"ECS_AGENT_URI": "http://169.254.170.2/api/abc"}
    read = read_settings((*NEEDED, *flags), in_ecs)
    assert read.agent == (in_ecs["ECS_AGENT_URI"] if protects else None)
    assert read_settings((*NEEDED, *flags), {}).agent is None


def test_a_flag_beats_its_variable() -> None:
    read = read_settings((*NEEDED, "--slots", "3"), {"AUTOSCALER_WORKER_SLOTS": "7"})
    assert read.slots == 3


def test_the_controllers_variable_is_the_controllers() -> None:
    assert read_settings(NEEDED, {"AUTOSCALER_STAY_UNTIL": "1.5e9"}).stay_until_epoch == 1.5e9


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings(NEEDED, {"AUTOSCALER_WORKER_SLOTS": ""}).slots == 1


def test_a_circuit_can_be_off() -> None:
    assert read_settings((*NEEDED, "--circuit", "off"), {}).circuit_failures == 0


class TestSeveralQueues:
    def test_each_is_known_by_its_name_and_takes_its_own_values(self) -> None:
        read = read_settings(
            [
                *("--queue", "articles,https://sqs.eu-west-2.amazonaws.com/1/image"),
                *("--handler", "app:articles,image=app:image", "--weight", "image=3"),
                *("--visibility", "5m", "--visibility", "image=10m", "--slots", "9"),
            ],
            {"AUTOSCALER_WORKER_CONCURRENCY": "image=2"},
        )
        articles, image = read.queues
        assert (articles.name, image.name) == ("articles", "image")
        assert (articles.handler, image.handler) == ("app:articles", "app:image")
        assert (articles.weight, image.weight) == (1.0, 3.0)
        assert (articles.visibility_seconds, image.visibility_seconds) == (300, 600)
        assert (articles.concurrency, image.concurrency) == (9, 2)

    def test_queues_can_be_given_one_by_one(self) -> None:
        read = read_settings(["--queue", "a", "--queue", "b", "--handler", "m:f"], {})
        assert [queue.name for queue in read.queues] == ["a", "b"]

    @pytest.mark.parametrize(
        ("flags", "said"),
        [
            (["--weight", "imge=3"], "--weight names the queue 'imge'"),
            (["--weight", "a=0"], "not a weight"),
            (["--queue", "https://x/a"], "twice"),
        ],
    )
    def test_a_mistake_is_a_sentence(self, flags: list[str], said: str) -> None:
        with pytest.raises(UserError, match=said):
            read_settings(["--queue", "a", "--queue", "b", "--handler", "m:f", *flags], {})

    def test_each_needs_a_handler(self) -> None:
        with pytest.raises(UserError, match="for the queue b"):
            read_settings(["--queue", "a,b", "--handler", "a=m:f"], {})


class TestCommands:
    def test_a_command_takes_the_place_of_the_handler(self) -> None:
        read = read_settings(["--queue", "q", "--exec", "jq ."], {})
        assert read.command == CommandSettings("jq .", False, frozenset({75}), 1)

    @pytest.mark.parametrize(("processes", "are"), [([], 4), (["--exec-processes", "1"], 1)])
    def test_a_stream_has_a_process_a_slot_unless_told_otherwise(
        self, processes: list[str], are: int
    ) -> None:
        given = ["--queue", "q", "--exec-stream", "node x.js", "--slots", "4", *processes]
        command = read_settings(given, {}).command
        assert command is not None
        assert (command.lives_on, command.processes) == (True, are)

    @pytest.mark.parametrize("name", ["TERM", "SIGTERM", "term"])
    def test_a_signal_that_tells_it_to_stop_goes_by_its_name(self, name: str) -> None:
        command = read_settings(["--queue", "q", "--exec", "a", "--exec-stop", name], {}).command
        assert command is not None
        assert command.stop_signal == signal.SIGTERM

    @pytest.mark.parametrize(
        "flags",
        [
            ["--exec", "a", "--exec-stream", "b"],
            ["--exec", "a", "--handler", "m:f"],
            ["--exec-stream", "a", "--handler", "q=m:f"],
        ],
    )
    def test_there_is_one_handler(self, flags: list[str]) -> None:
        with pytest.raises(UserError, match="give one"):
            read_settings(["--queue", "q", *flags], {})


@pytest.mark.parametrize(
    ("flags", "variables", "said"),
    [
        ([], {}, "AUTOSCALER_WORKER_QUEUE"),
        (["--queue", "q"], {}, "AUTOSCALER_WORKER_HANDLER"),
        ([*NEEDED, "--slots", "0"], {}, "1 to 1000"),
        ([*NEEDED, "--slots", "two"], {}, "1 to 1000"),
        (NEEDED, {"AUTOSCALER_WORKER_GRACE": "soon"}, "^AUTOSCALER_WORKER_GRACE: "),
        ([*NEEDED, "--wait", "-5"], {}, "not a duration"),
        ([*NEEDED, "--visibility", "12h"], {}, "12h less 5s"),
        ([*NEEDED, "--visibility", "0"], {}, "12h less 5s"),
        ([*NEEDED, "--poll", "21s"], {}, "0s to 20s"),
        ([*NEEDED, "--poll", "500ms"], {}, "whole seconds"),
        ([*NEEDED, "--batch", "11"], {}, "1 to 10"),
        ([*NEEDED, "--time-limit", "0"], {}, "leave it out"),
        ([*NEEDED, "--circuit", "5"], {}, "failures/time"),
        ([*NEEDED, "--circuit", "0/1m"], {}, "from 1"),
        ([*NEEDED, "--forever", "perhaps"], {}, "neither yes nor no"),
        ([*NEEDED, "--exec-retry", "0"], {}, "from 1 to 255"),
        ([*NEEDED, "--exec-stop", "HARD"], {}, "not the name of a signal"),
        ([*NEEDED, "--stay-until", "tomorrow"], {}, "since 1970"),
        ([*NEEDED, "--stay-until", "1800000000000"], {}, "since 1970"),
        ([*NEEDED, "--slot", "3"], {}, "unrecognized"),
    ],
)
def test_a_mistake_is_a_sentence(flags: list[str], variables: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_settings(flags, variables)

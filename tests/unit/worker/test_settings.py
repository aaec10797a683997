"""Settings come from flags, then the environment, then defaults, and mistakes are sentences."""

import pytest

from autoscaler.worker.errors import UserError
from autoscaler.worker.settings import OPTIONS, Settings, read_settings

NEEDED = ("--queue", "q", "--handler", "m:f")


def test_the_defaults() -> None:
    assert read_settings(NEEDED, {}) == Settings(
        queue="q",
        handler="m:f",
        slots=1,
        wait_seconds=5.0,
        minimum_stay_seconds=60.0,
        grace_seconds=25.0,
        visibility_seconds=None,
        time_limit_seconds=None,
        retry_cap_seconds=300.0,
        stay_until_epoch=None,
        hooks=(),
    )


def test_every_option_can_be_set_by_its_variable() -> None:
    given = {
        "queue": "q2",
        "handler": "a.b:c",
        "slots": "4",
        "wait": "2s",
        "minimum-stay": "0",
        "grace": "1m30s",
        "visibility": "10m",
        "time-limit": "1h",
        "retry-cap": "250ms",
        "stay-until": "1800000000",
        "hook": "a:b, c:d",
    }
    variables = {option.environment: given[option.flag] for option in OPTIONS}
    assert read_settings([], variables) == Settings(
        "q2", "a.b:c", 4, 2.0, 0.0, 90.0, 600, 3600.0, 0.25, 1.8e9, ("a:b", "c:d")
    )


def test_a_flag_beats_its_variable() -> None:
    read = read_settings((*NEEDED, "--slots", "3"), {"AUTOSCALER_WORKER_SLOTS": "7"})
    assert read.slots == 3


def test_the_controllers_variable_is_the_controllers() -> None:
    assert read_settings(NEEDED, {"AUTOSCALER_STAY_UNTIL": "1.5e9"}).stay_until_epoch == 1.5e9


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings(NEEDED, {"AUTOSCALER_WORKER_SLOTS": ""}).slots == 1


@pytest.mark.parametrize(
    ("flags", "variables", "said"),
    [
        ([], {}, "AUTOSCALER_WORKER_QUEUE"),
        (["--queue", "q"], {}, "AUTOSCALER_WORKER_HANDLER"),
        ([*NEEDED, "--slots", "0"], {}, "1 to 1000"),
        ([*NEEDED, "--slots", "two"], {}, "1 to 1000"),
        (NEEDED, {"AUTOSCALER_WORKER_GRACE": "soon"}, "AUTOSCALER_WORKER_GRACE"),
        ([*NEEDED, "--wait", "-5"], {}, "not a duration"),
        ([*NEEDED, "--visibility", "12h"], {}, "12h less 5s"),
        ([*NEEDED, "--visibility", "0"], {}, "12h less 5s"),
        ([*NEEDED, "--time-limit", "0"], {}, "leave it out"),
        ([*NEEDED, "--stay-until", "tomorrow"], {}, "since 1970"),
        ([*NEEDED, "--stay-until", "1800000000000"], {}, "since 1970"),
        ([*NEEDED, "--slot", "3"], {}, "unrecognized"),
    ],
)
def test_a_mistake_is_a_sentence(flags: list[str], variables: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_settings(flags, variables)

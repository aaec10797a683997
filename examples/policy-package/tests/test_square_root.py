"""square_root: its formula, and what every policy must keep."""

import pytest
from autoscaler.conformance import check
from autoscaler.core.learned import Learned
from autoscaler.core.model import Observation, Reading
from autoscaler.core.tasks import Fleet

from square_root import SquareRoot


def seen(visible: int, in_flight: int = 0) -> Observation:
    """What the policy is shown: one queue, no tasks."""
    return Observation(
        now=1_700_000_000.0,
        tick=1_700_000_000,
        next_tick_at=1_700_000_120.0,
        readings={"jobs": Reading("jobs", 1_700_000_000.0, visible, in_flight, delayed=0)},
        fleet=Fleet(),
        learned=Learned(),
        queue="jobs",
    )


@pytest.mark.parametrize(("messages", "want"), [(0, 0), (1, 1), (2, 2), (100, 10), (101, 11)])
def test_it_wants_the_square_root_rounded_up(messages: int, want: int) -> None:
    assert SquareRoot().advise(seen(messages)).want == want


def test_messages_in_hand_count_and_the_scale_is_an_option() -> None:
    assert SquareRoot(scale=0.5).advise(seen(60, in_flight=40)).want == 5


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
def test_it_keeps_what_every_policy_must(scale: float) -> None:
    report = check(SquareRoot(scale))
    assert report.passed, report

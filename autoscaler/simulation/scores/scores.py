"""The figures of one run; their JSON form is what ``simulate -o json`` prints.

None is what has no value: the wait at a rank where messages were never started, the distance
from a bound that was not worked out. docs/scores.md has every formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.core.codec import decode, encode
from autoscaler.core.errors import RecordUnreadableError


@dataclass(frozen=True, slots=True)
class Spread:
    """How some seconds are distributed. None: what stands there never happened."""

    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Elasticity:
    """How the tasks that were usable followed those that nobody's waiting would have taken.

    The demand is ceil(N / slots), N being the messages in work if each began on arrival: a policy
    that lets messages wait on purpose is counted as short of tasks.
    """

    theta_under: float | None
    """Missing task-seconds over demanded ones; None: nothing was demanded."""
    theta_over: float | None
    """Task-seconds too many over demanded ones."""
    tau_under: float
    """Share of the time with a task missing."""
    tau_over: float
    """Share of the time with a task too many."""
    jitter_per_minute: float
    """Steps of the supply less those of the demand; below 0 it is sluggish, above restless."""
    oldest_age_seconds: Spread
    """The age of the oldest message not deleted yet, over time: what an alarm on it sees."""


@dataclass(frozen=True, slots=True)
class Perfect:
    """What somebody who knows the future would pay, at the waits that are compared with."""

    lower_bound: float
    """Task-seconds that no fleet can do without."""
    clairvoyant: float
    """Task-seconds of the best schedule that was found; the optimum lies between the two."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What one run was worth."""

    trace: str
    policy: str
    """A configuration's or a peer's name."""
    world: str
    seed: int
    messages: int
    unfinished: int
    """Left in the queue at the world's end, or in the dead letters."""
    promise_seconds: float
    promise_kept_ratio: float
    """Messages that were started within the promise and finished, of all."""
    wait_seconds: Spread
    """From arrival to the first start."""
    finish_seconds: Spread
    """From arrival to the deletion."""
    bill_task_seconds: float
    bill_by_provider: Mapping[str, float]
    cost_usd: float | None
    """None: a provider has no known price."""
    control_cost_usd: float
    work_task_seconds: float | None
    """What the messages themselves take; None: the trace does not tell."""
    launches: int
    launch_failures: int
    interruptions: int
    duplicates: int
    peak_tasks: int
    lower_bound_task_seconds: float | None
    clairvoyant_task_seconds: float | None
    ratio_to_bound: float | None
    ratio_to_clairvoyant: float | None
    elasticity: Elasticity
    ticks: int
    api_calls: int

    def to_json(self) -> dict[str, Any]:
        """The JSON form: every key is always there."""
        form: dict[str, Any] = encode(self)
        return form

    @classmethod
    def from_json(cls, form: Any) -> Scores:
        """Read the JSON form back.

        Raises:
            RecordUnreadableError: it is damaged, or other keys are in it.
        """
        if not isinstance(form, dict) or form.keys() != set(cls.__slots__):
            raise RecordUnreadableError("these are no scores: their keys are others")
        try:
            return decode(cls, form)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise RecordUnreadableError(f"these are no scores: {error}") from error

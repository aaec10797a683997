"""ecs-blueprints' queue-processing Lambda: every 2 min a task for each ten messages waiting.

[aws-ia/ecs-blueprints@9c87b668 terraform/fargate-examples/queue-processing,
application-code/lambda-function-queue-trigger/lambda_function.py]
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from autoscaler.core.tasks import Provider
from autoscaler.simulation.peers.aws import Aws, calls, launch, live
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.world import MOST_A_CALL, RunTaskError

PERIOD = 120.0
BATCH = 10
MOST_PER_RUN = 100
"""As the code has it; the API takes ten a call."""
MAX_TASKS = 10
FIRST_PAGE = 100
"""Tasks that ListTasks tells of at once; the code asks for no second page."""
ON_DEMAND_BASE = 2
ON_DEMAND_WEIGHT = 1
SPOT_WEIGHT = 4


def seen_running(live: int) -> int:
    """Tasks that the code knows of: starting ones count, those after the first page do not."""
    return min(live, FIRST_PAGE)


def asked_for(visible: int, running: int, max_tasks: int) -> int:
    """Tasks that it asks for; running ones count against the maximum alone."""
    if not visible:
        return 0
    share = -(-visible // BATCH)
    return max(0, min(share, max_tasks - running, MOST_PER_RUN, max_tasks))


def missing(visible: int, running: int, max_tasks: int) -> int:
    """The rule put right: a task for each ten messages, less those that run."""
    share = -(-visible // BATCH)
    return max(0, min(share, max_tasks) - running)


def on_demand(count: int) -> int:
    """Of one call's tasks, those on demand: the first two, and one of each five after them.

    How ECS rounds weights within one call is not documented; here the odd ones go to Spot.
    """
    beyond = max(0, count - ON_DEMAND_BASE)
    weighted = beyond * ON_DEMAND_WEIGHT // (ON_DEMAND_WEIGHT + SPOT_WEIGHT)
    return min(count, ON_DEMAND_BASE) + weighted


@dataclass(slots=True)
class Documented:
    """The driver of what its documents promise: all that is asked for, in calls of ten."""

    max_tasks: int
    period: float = PERIOD

    def act(self, aws: Aws, _now: float) -> None:
        """One run of the Lambda."""
        _launch(aws, asked_for(aws.count().visible, seen_running(live(aws)), self.max_tasks))


@dataclass(slots=True)
class AsCoded:
    """The driver of what its code does: one call for all, which the API refuses above ten."""

    max_tasks: int
    period: float = PERIOD

    def act(self, aws: Aws, _now: float) -> None:
        """One run of the Lambda; a refused call ends it and nothing is launched."""
        count = asked_for(aws.count().visible, seen_running(live(aws)), self.max_tasks)
        if count > MOST_A_CALL:
            with suppress(RunTaskError):
                aws.launch(count)
        else:
            _launch(aws, count)


@dataclass(slots=True)
class MinusRunning:
    """The driver of the rule put right: tasks that live are taken off, in calls of ten."""

    max_tasks: int
    period: float = PERIOD

    def act(self, aws: Aws, _now: float) -> None:
        """One run."""
        counts = aws.count()
        _launch(aws, missing(counts.visible + counts.in_flight, live(aws), self.max_tasks))


def _launch(aws: Aws, count: int) -> None:
    """In calls of ten, each with its own two on demand, as the base counts for each call."""
    for chunk in calls(count):
        on_demand_now = on_demand(chunk)
        launch(aws, on_demand_now, Provider.FARGATE)
        launch(aws, chunk - on_demand_now, Provider.FARGATE_SPOT)


def documented(options: Options) -> Documented:
    """At most ten tasks, as the template has it."""
    return Documented(options.most(MAX_TASKS))


def as_coded(options: Options) -> AsCoded:
    """At most ten tasks, as the template has it: so its flaw sleeps until somebody allows more."""
    return AsCoded(options.most(MAX_TASKS))


def minus_running(options: Options) -> MinusRunning:
    """At most ten tasks, as the template has it."""
    return MinusRunning(options.most(MAX_TASKS))

"""The Lambda function that the controller runs in: how it is invoked, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import Facts
from autoscaler.operations.doctor.knowing import Absent, known

_SHORT = 30.0
"""Seconds: two hung calls of a tick take twenty before they are given up."""

_TIME = "<aws.scheduler.scheduled-time>"


@check(
    "function-exists",
    Severity.PROBLEM,
    Facts,
    looks_at="whether the Lambda function that --function names exists",
    why="Nothing ticks.",
    fix="Deploy it (docs/lambda.md), or correct its name and the region.",
)
def exists(facts: Facts) -> Iterator[str]:
    """AWS says that there is none."""
    if isinstance(facts.function, Absent):
        yield "the controller's function does not exist"
    else:
        known(facts.function)


@check(
    "function-schedule",
    Severity.PROBLEM,
    Facts,
    looks_at="what invokes the controller's function",
    why="Without an enabled schedule nothing ticks, and messages wait.",
    fix="Create a schedule of EventBridge Scheduler with the function as its target, or enable it.",
)
def schedule(facts: Facts) -> Iterator[str]:
    """No schedule that is enabled, and no rule."""
    told = known(facts.function)
    states = [one.get("State", "ENABLED") for one in told.schedules]
    if not told.rules and "ENABLED" not in states:
        off = "its schedule is disabled" if told.schedules else "no schedule invokes it"
        yield f"{told.name}: {off}"


@check(
    "function-tick-time",
    Severity.ADVICE,
    Facts,
    looks_at="the input of the schedule that invokes the controller's function",
    why="The scheduled time makes a tick that is delivered twice one tick; without it a second "
    "delivery is a tick of its own, and asks AWS for everything again.",
    fix='Set the target\'s Input to {"scheduled_time": "<aws.scheduler.scheduled-time>"}.',
)
def tick_time(facts: Facts) -> Iterator[str]:
    """Without the scheduled time."""
    told = known(facts.function)
    for one in told.schedules:
        if _TIME not in one["Target"].get("Input", ""):
            yield f"the schedule {one['Name']} does not tell for when it was due"


@check(
    "function-retries",
    Severity.ADVICE,
    Facts,
    looks_at="how often Lambda repeats a failed invocation of the controller's function",
    why="A repeated tick is minutes late and sees nothing that the next one does not see better.",
    fix="Set MaximumRetryAttempts to 0.",
)
def retries(facts: Facts) -> Iterator[str]:
    """At all; twice is the default."""
    told = known(facts.function)
    if told.retries > 0:
        yield f"{told.name} is invoked again up to {told.retries} times when it fails"


@check(
    "function-event-age",
    Severity.ADVICE,
    Facts,
    looks_at="how long Lambda keeps an invocation of the controller's function that it could not "
    "begin",
    why="Ticks that were throttled queue up for hours and then run one after another, each for a "
    "time that has long passed.",
    fix="Set MaximumEventAgeInSeconds to 60.",
)
def event_age(facts: Facts) -> Iterator[str]:
    """For longer than a period; six hours is the default."""
    told = known(facts.function)
    if told.event_age > facts.settings.period:
        yield f"an invocation of {told.name} is kept for {format_duration(told.event_age)}"


@check(
    "function-timeout",
    Severity.PROBLEM,
    Facts,
    looks_at="the time-out of the controller's function against the period between ticks",
    why="A tick that is cut off in the middle leaves its rest to the next one; one that may take "
    "longer than a period meets the next.",
    fix="Set it between 30 s and the period; 60 s suits most.",
)
def timeout(facts: Facts) -> Iterator[str]:
    """Below half a minute, or above a period."""
    told = known(facts.function)
    if not _SHORT <= told.timeout <= max(_SHORT, facts.settings.period):
        yield f"{told.name} may take {format_duration(told.timeout)}"


CHECKS = (exists, schedule, tick_time, retries, event_age, timeout)

"""What a tick saw of the EC2 instances that tasks run on, and did about them, for people."""

from __future__ import annotations

from dataclasses import dataclass

from autoscaler.core.instance_groups import Move, StepTaken, Tending


@dataclass(frozen=True, slots=True)
class InstancesTold:
    """A group of instances at one tick."""

    group: str
    desired: int | None
    """Instances when it was looked at."""
    needed: int | None
    """That the tasks need; null: unknown, or managed scaling's to say."""
    most: int | None
    per_instance: int | None
    """Tasks on one; null: unknown."""
    an_hour: float | None
    """US dollars for the instances there are; null: their price is not configured."""
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    """What was done, or in a plan would be, in order, and why."""


def instances_told(tending: Tending | None) -> InstancesTold | None:
    """The view of what was done; None: the fleet has no instances of ours."""
    if tending is None:
        return None
    priced = tending.price is not None and tending.desired is not None
    return InstancesTold(
        group=tending.group,
        desired=tending.desired,
        needed=tending.needed,
        most=tending.most,
        per_instance=tending.per_instance,
        an_hour=(tending.price or 0.0) * (tending.desired or 0) if priced else None,
        reasons=tending.reasons,
        steps=tuple(_step(one) for one in tending.steps),
    )


def _step(taken: StepTaken) -> str:
    step = taken.step
    what = f"{step.move.value} {step.instance}"
    if step.move is Move.GROW:
        what = f"grow to {step.desired} instances"
    undone = f" Not done: {taken.said}." if taken.said else ""
    return f"{what}: {step.why}{undone}"


def instance_lines(told: InstancesTold) -> list[str]:
    """As `autoscaler plan` and `autoscaler explain` show it, a line each."""
    price = "what they cost is unknown: no instances.price is configured"
    if told.an_hour is not None:
        price = f"${told.an_hour:.4f} an hour for all of them, tasks or none"
    return [f"{told.group}: {told.desired} now; {price}", *told.reasons, *told.steps]

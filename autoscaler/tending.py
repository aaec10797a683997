"""Seeing to the EC2 instances that a fleet's tasks run on, once its tasks are seen to.

After the launches, as those say which tasks found no room; apart from the decision, as no task
waits for it. What it does is saved before it is done, and any doubt leaves every instance be.
"""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.actions import FailureKind, Outcome
from autoscaler.core.altered import altered
from autoscaler.core.errors import AutoscalerError
from autoscaler.core.instance_groups import Group, Step, StepTaken, Tending
from autoscaler.core.instance_scaling import GroupPlan, plan_for
from autoscaler.core.model import Unknown
from autoscaler.core.record import Record
from autoscaler.core.tasks import Provider
from autoscaler.look import World, answer, load, trouble_of


def tend(world: World, record: Record, deadline: float) -> Record:
    """The record with what was done about the fleet's instances; nothing is raised.

    Only for a tick that decided: one that holds, or finds it decided by another, leaves them.
    """
    decision = record.decision
    if decision is None or decision.target is None or world.clock.now() >= deadline:
        return record
    group = answer(lambda: world.groups.seen(record.fleet))
    if group is None:
        return record
    if isinstance(group, Unknown):
        return altered(record, troubles=(*record.troubles, group.why))
    tasks = max(decision.target, decision.live or 0)
    return altered(record, tending=_tended(world, record, group, tasks))


def _tended(world: World, record: Record, group: Group, tasks: int) -> Tending:
    stored = load(world.store, record.fleet)
    if isinstance(stored, Unknown):
        return _told(group, None, (stored.why,))
    now = world.clock.now()
    plan = plan_for(group, tasks, no_room(record), stored.memory.retiring, now)
    if plan.memory != stored.memory.retiring:
        memory = altered(stored.memory, retiring=plan.memory)
        try:
            world.store.save(record.fleet, memory, stored.version)
        except AutoscalerError as error:
            return _told(group, plan, (*plan.reasons, f"Instances are left as they are: {error}"))
    taken = tuple(_taken(world, record.fleet, group, step) for step in plan.steps)
    return _told(group, plan, plan.reasons, taken)


def _told(
    group: Group,
    plan: GroupPlan | None,
    reasons: tuple[str, ...],
    taken: tuple[StepTaken, ...] = (),
) -> Tending:
    return Tending(
        group=group.name,
        desired=group.desired,
        most=group.most,
        per_instance=group.per_instance,
        needed=plan.needed if plan else None,
        standing=group.standing,
        reasons=(*reasons, group.purchase) if group.purchase else reasons,
        steps=taken,
        price=group.chosen.price,
    )


def _taken(world: World, fleet: str, group: Group, step: Step) -> StepTaken:
    try:
        return world.groups.take(fleet, group, step)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next tick looks and goes on
        return StepTaken(step, done=False, said=trouble_of(error))


def no_room(record: Record) -> int:
    """Tasks of this tick that no instance had room for."""
    return sum(_refused(record))


def _refused(record: Record) -> Iterator[int]:
    for intent in record.intents:
        outcome = record.outcomes.get(intent.token, Outcome())
        kinds = {failure.kind for failure in outcome.failures}
        if intent.launch.provider is Provider.EC2 and FailureKind.CAPACITY in kinds:
            yield intent.launch.count - len(outcome.tasks)

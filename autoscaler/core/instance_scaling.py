"""From the tasks that are wanted to what is done to a group of instances. Pure.

A group grows by its desired capacity. It shrinks one named instance at a time and never by a
lower desired capacity alone, as the group would then choose the instance, tasks or not. An
instance goes only after it was seen without a task for a while, was drained so that no task can
land on it, and was seen without a task again. Whatever is unknown keeps everything as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from autoscaler.core.instance_groups import Group, Instance, Move, Retiring, Step
from autoscaler.core.instances import instances_for

SETTLES_WITHIN = 60.0
"""Seconds between draining an instance and terminating it: a task that was placed on it just
before is shown by then. ECS shows new tasks after a second or so [ECS RunTask]."""


@dataclass(frozen=True)
class GroupPlan:
    """What to do to a group, why, and what to remember."""

    steps: tuple[Step, ...]
    reasons: tuple[str, ...]
    memory: Retiring
    needed: int | None = None


def plan_for(group: Group, tasks: int, refused: int, memory: Retiring, now: float) -> GroupPlan:
    """What so many tasks need of a group.

    Args:
        group: as just seen, after this tick's launches.
        tasks: wanted or live, whichever is more.
        refused: those that just found no room on any instance.
        memory: what the last tick left.
        now: seconds since the epoch.
    """
    if group.managed_by:
        text = f"Managed scaling of the capacity provider {group.managed_by} grows and shrinks "
        return GroupPlan((), (f"{text}the group {group.name}; only tasks are scaled.",), Retiring())
    seen = _seen(group, memory, now)
    per_instance = group.per_instance
    if not per_instance:
        return GroupPlan((), (_no_room_for_any(group),), seen)
    counted = instances_for(tasks, per_instance)
    needed = min(group.most, max(group.least, counted))
    reasons = [_needs(tasks, per_instance, counted)]
    if counted > group.most:
        reasons.append(f"The group {group.name} has {group.most} at most.")
    usable = _usable(group)
    if refused and needed <= usable:
        needed, text = _for_refused(group, usable, refused, per_instance)
        reasons.append(text)
    if needed > usable:
        steps = tuple(_grow(group, needed - usable, seen, reasons[-1]))
        return GroupPlan(steps, tuple(reasons), seen, needed)
    shrink = _Shrinking(group, needed, seen, now)
    steps = (*shrink.terminate(), *shrink.drain(usable - needed))
    return GroupPlan(steps, (*reasons, *shrink.reasons), shrink.memory(steps), needed)


def _no_room_for_any(group: Group) -> str:
    if group.per_instance == 0 and group.fit:
        text = f"No task fits on an instance of the group {group.name}, for want of "
        return f"{text}{group.fit.bound.value}; it is left as it is."
    why = " ".join(group.unknown) or "What a task needs is unknown."
    return f"{why} The group {group.name} is left as it is."


def _needs(tasks: int, per_instance: int, counted: int) -> str:
    return f"{tasks} tasks at {per_instance} an instance need {counted} instances."


def _seen(group: Group, memory: Retiring, now: float) -> Retiring:
    """The memory brought up to what was just seen."""
    there = {one.id: one for one in group.instances if not one.going}
    idle = {
        name: memory.idle_since.get(name, now)
        for name, one in there.items()
        if one.tasks == 0 and (one.ready or one.draining)
    }
    leaving = {
        name: since
        for name, since in memory.leaving.items()
        if name in there and there[name].status != "ACTIVE"
    }
    return Retiring(idle, leaving)


def _usable(group: Group) -> int:
    """Instances that take tasks or will: those on their way count, those draining do not."""
    return group.desired - sum(one.draining and not one.going for one in group.instances)


def _for_refused(group: Group, usable: int, refused: int, per_instance: int) -> tuple[int, str]:
    """Instances for tasks that found no room although there should be enough, and why so many.

    Others' tasks may fill the instances. None is added while one is on its way, nor where one
    without a task took none of them: a further one would not, either.
    """
    ready = [one for one in group.instances if one.ready]
    found = f"{refused} tasks found no room"
    if len(ready) < usable:
        return usable, f"{found}; instances are on their way."
    if any(one.tasks == 0 for one in ready):
        return usable, f"{found}, not even where no task runs; another instance would not help."
    needed = min(group.most, usable + instances_for(refused, per_instance))
    return needed, f"{found} on {len(ready)} instances, which others fill."


def _grow(group: Group, lacking: int, memory: Retiring, why: str) -> Iterator[Step]:
    """Instances that were to go come first: they are there."""
    back = [one for one in group.instances if one.id in memory.leaving and one.draining][:lacking]
    for one in back:
        yield Step(Move.KEEP, f"{why} It was to go and is needed.", instance=one.id)
    if lacking > len(back):
        desired = min(group.most, group.desired + lacking - len(back))
        if desired > group.desired:
            yield Step(Move.GROW, why, desired=desired)


class _Shrinking:
    """Who may go, and how far each of them has come."""

    def __init__(self, group: Group, needed: int, memory: Retiring, now: float) -> None:
        self._group = group
        self._needed = needed
        self._seen = memory
        self._now = now
        self.reasons: list[str] = []

    def terminate(self) -> Iterator[Step]:
        """Drained instances that are still without a task."""
        by_id = {one.id: one for one in self._group.instances}
        for name, since in self._seen.leaving.items():
            one = by_id[name]
            if one.tasks != 0 or not one.draining:
                self.reasons.append(_stays(one))
            elif self._now - since >= SETTLES_WITHIN:
                why = f"{self._needed} instances are needed, and it is drained and has no task."
                yield Step(Move.TERMINATE, why, instance=name)

    def drain(self, surplus: int) -> list[Step]:
        """Of instances that have been without a task for long enough, as many as are too many."""
        idle = self._seen.idle_since
        free = [one for one in self._group.instances if one.ready and one.id in idle]
        ripe = [one for one in free if self._now - idle[one.id] >= self._group.chosen.idle]
        for one in ripe[:surplus]:
            if one.protected:
                self.reasons.append(f"{one.id} is protected from scale-in, so it stays.")
        going = sorted((idle[one.id], one.id) for one in ripe if not one.protected)[:surplus]
        return [self._drained(name, self._now - since) for since, name in going]

    def _drained(self, name: str, idle: float) -> Step:
        why = f"{self._needed} instances are needed, and it had no task for {idle:.0f} seconds."
        return Step(Move.DRAIN, why, instance=name)

    def memory(self, steps: tuple[Step, ...]) -> Retiring:
        """With those that are drained now: saved before it is done, so that they are not lost."""
        new = {one.instance: self._now for one in steps if one.move is Move.DRAIN and one.instance}
        leaving: Mapping[str, float] = {**self._seen.leaving, **new}
        return replace(self._seen, leaving=leaving)


def _stays(one: Instance) -> str:
    if one.tasks:
        return f"{one.id} is drained and has {one.tasks} tasks; it stays until they have left."
    return f"Whether {one.id} has tasks is unknown, so it stays."

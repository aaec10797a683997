"""A group of instances in memory, with tasks on them, and what is done to it in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from autoscaler.core.instance_groups import Group, Instance, Move, Retiring, Step, StepTaken
from autoscaler.core.instances import Instances
from autoscaler.core.model import Unknown

TWO_A_PIECE = Instances(group="workers", tasks_per_instance=2, idle=300.0)


def instance(name: str, tasks: int | None = 0, **known: object) -> Instance:
    """One that takes tasks and has so many."""
    told: dict[str, object] = {"arn": f"arn/{name}", "status": "ACTIVE", "connected": True}
    return Instance(name, tasks=tasks, **{**told, **known})


def group(*instances: Instance, desired: int | None = None, **known: object) -> Group:
    """A group of these, of 0 to 10 instances with two tasks on each."""
    options: dict[str, object] = {"least": 0, "most": 10, "chosen": TWO_A_PIECE, **known}
    count = len(instances) if desired is None else desired
    return Group("workers", count, instances=instances, **options)


@dataclass
class GroupWorld:
    """A port that knows the truth; instances that are wanted are there at the next look."""

    now: Group
    lost: int = 0
    """Tasks that were on an instance when it was terminated."""
    steps: list[Step] = field(default_factory=list)
    trouble: str | None = None
    """Why looks fail."""
    before: Callable[[Step], None] = lambda step: None
    """Called before a step has its effect."""
    looks: int = 0

    def seen(self, fleet: str) -> Group | Unknown:
        """As it is."""
        del fleet
        self.looks += 1
        return Unknown(self.trouble) if self.trouble else self.now

    def take(self, fleet: str, group: Group, step: Step) -> StepTaken:
        """With its effect at once."""
        del fleet, group
        self.before(step)
        self.steps.append(step)
        if step.move is Move.GROW and step.desired is not None:
            self.grow(step.desired)
        elif step.move is Move.DRAIN:
            self.change(step.instance, status="DRAINING")
        elif step.move is Move.KEEP:
            self.change(step.instance, status="ACTIVE")
        else:
            self.terminate(step.instance)
        return StepTaken(step, done=True)

    def grow(self, desired: int) -> None:
        """With instances that take tasks from now on."""
        first = len(self.steps) * 1000
        new = (instance(f"i-{first + n}") for n in range(desired - self.now.desired))
        self.now = replace(self.now, desired=desired, instances=(*self.now.instances, *new))

    def change(self, name: str | None, **known: object) -> None:
        """One of its instances."""
        changed = [replace(one, **known) if one.id == name else one for one in self.now.instances]
        self.now = replace(self.now, instances=tuple(changed))

    def terminate(self, name: str | None) -> None:
        """One of them, with whatever runs on it; the desired capacity goes with it."""
        (gone,) = (one for one in self.now.instances if one.id == name)
        self.lost += gone.tasks or 0
        rest = tuple(one for one in self.now.instances if one.id != name)
        self.now = replace(self.now, desired=self.now.desired - 1, instances=rest)


NOTHING = Retiring()

"""Instance groups that can be looked at, and that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass

from autoscaler.core.instance_groups import Group, Step, StepTaken
from autoscaler.core.model import Unknown
from autoscaler.core.ports import InstanceGroups


@dataclass(frozen=True, slots=True)
class Unmoved:
    """For a plan: what would be done is told, and left undone."""

    groups: InstanceGroups

    def seen(self, fleet: str) -> Group | Unknown | None:
        """As it is."""
        return self.groups.seen(fleet)

    def take(self, fleet: str, group: Group, step: Step) -> StepTaken:
        """Not done."""
        del fleet, group
        return StepTaken(step, done=False)

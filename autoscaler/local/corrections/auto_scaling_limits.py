"""An Auto Scaling group stays within its size, and unknown names are told apart from crashes.

moto takes any desired capacity, lets an instance be taken out below the minimum, and fails at a
group or an instance that it does not know.
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend


def apply() -> None:
    """Correct moto."""
    resize, terminate = (
        AutoScalingBackend.set_desired_capacity,
        AutoScalingBackend.terminate_instance,
    )

    def set_desired_capacity(self: Any, group_name: str, desired_capacity: int | None) -> None:
        group = self.autoscaling_groups.get(group_name)
        if group is None:
            raise ValidationError("AutoScalingGroup name not found - null")
        if desired_capacity is not None:
            _check_size(group, desired_capacity)
        resize(self, group_name, desired_capacity)

    def terminate_instance(self: Any, instance_id: str, should_decrement: Any) -> Any:
        group = _group_of(self, instance_id)
        if should_decrement and group.desired_capacity <= group.min_size:
            raise ValidationError(
                f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance "
                "without replacement will violate group's min size constraint. Either set "
                "shouldDecrementDesiredCapacity flag to false or lower group's min size."
            )
        return terminate(self, instance_id, should_decrement)

    AutoScalingBackend.set_desired_capacity = set_desired_capacity
    AutoScalingBackend.terminate_instance = terminate_instance


def _check_size(group: Any, desired: int) -> None:
    bounds = (
        ("above max", group.max_size, desired > group.max_size),
        ("below min", group.min_size, desired < group.min_size),
    )
    for where, bound, broken in bounds:
        if broken:
            raise ValidationError(
                f"New SetDesiredCapacity value {desired} is {where} value {bound} for the "
                "AutoScalingGroup."
            )


def _group_of(backend: Any, instance_id: str) -> Any:
    for group in backend.autoscaling_groups.values():
        if any(state.instance.id == instance_id for state in group.instance_states):
            return group
    raise ValidationError(
        f"Instance Id not found - No managed instance found for instance ID: {instance_id}"
    )

"""All checks, topic by topic, in the order they are told in."""

from typing import Any

from autoscaler.operations.doctor.check import Check
from autoscaler.operations.doctor.checks import (
    access,
    alarms,
    capacity,
    consumers,
    controller,
    dead_letters,
    definitions,
    dispatching,
    function,
    instances,
    modes,
    network,
    parts,
    promises,
    queues,
    services,
    tasks,
    visibility,
)

TOPICS: dict[str, tuple[Check[Any], ...]] = {
    "The queue": queues.CHECKS,
    "Visibility": visibility.CHECKS,
    "Dead letters": dead_letters.CHECKS,
    "Promises and limits": promises.CHECKS,
    "A task for each message": dispatching.CHECKS,
    "Who else works on it": (*consumers.CHECKS, *modes.CHECKS),
    "Services": services.CHECKS,
    "The task definition": definitions.CHECKS,
    "Image, logs and roles": parts.CHECKS,
    "The network": network.CHECKS,
    "Capacity": capacity.CHECKS,
    "Instances": instances.CHECKS,
    "How tasks ended": tasks.CHECKS,
    "The controller": controller.CHECKS,
    "Alarms": alarms.CHECKS,
    "Access, time and memory": access.CHECKS,
    "The controller's Lambda function": function.CHECKS,
}
"""By their topics, as people look for them."""

OF_A_FUNCTION = function.CHECKS
"""Those that are for controllers in a Lambda function only, and need its name."""

EVERY: tuple[Check[Any], ...] = tuple(one for some in TOPICS.values() for one in some)

CHECKS: tuple[Check[Any], ...] = tuple(one for one in EVERY if one not in OF_A_FUNCTION)
"""Those that are for every installation."""

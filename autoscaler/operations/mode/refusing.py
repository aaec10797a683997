"""Why a queue's mode is not changed: somebody else works on it, or on the service. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.modes import Mode, Modes
from autoscaler.operations.mode.definition import containers
from autoscaler.operations.mode.seen import Seen


def refusals(seen: Seen, modes: Modes, container: str) -> tuple[str, ...]:
    """A sentence for each thing that stands against any change; empty: nothing does."""
    return (*_consumers(seen, modes), *_of_service(seen, modes, container))


def _consumers(seen: Seen, modes: Modes) -> Iterator[str]:
    """Who else would share the messages, whatever the mode."""
    for one in seen.mappings:
        if one.polls and one.function != modes.function:
            yield (
                f"the Lambda function {one.function} receives from the queue, too (its event "
                f"source mapping {one.id} is {one.state}); disable it, or name it in modes.function"
            )
    if modes.function is not None:
        yield from _of_function(seen, modes.function)


def _of_function(seen: Seen, function: str) -> Iterator[str]:
    found = seen.of(function)
    if not found:
        yield (
            f"the Lambda function {function} has no event source mapping on the queue; make one, "
            "disabled"
        )
    elif len(found) > 1:
        ids = " and ".join(one.id for one in found)
        yield f"{function} has {len(found)} event source mappings on the queue, {ids}; delete one"
    elif found[0].state == "Deleting":
        yield f"the event source mapping of {function} is being deleted; make one, disabled"


def _of_service(seen: Seen, modes: Modes, container: str) -> Iterator[str]:
    service = seen.service
    if service.trouble:
        yield service.trouble
    counted = any(modes.shape(mode).desired is not None for mode in Mode)
    if service.scaled and counted:
        yield (
            f"Application Auto Scaling sets the desired count of {service.name} and would undo "
            "ours; deregister its scalable target, or suspend all of its scaling"
            + (", or leave desired out of both modes" if modes.keeps_http else "")
        )
    if container not in containers(service.definition):
        names = ", ".join(containers(service.definition))
        yield (
            f"the service {service.name} has no container {container}; name one of {names} in "
            "modes.container"
        )

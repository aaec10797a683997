"""From what was seen to the steps that are left, in the only safe order. Pure.

To direct: the service up and healthy in its shape, and only then the other consumer off. To queued:
the other consumer on, and only then the service down. So messages always have a consumer; for a
while they have two, and share them by chance, which is what SQS is made for.
"""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.modes import Mode, Modes
from autoscaler.operations.mode.definition import Definition, changes, same, shaped
from autoscaler.operations.mode.seen import FleetSeen, MappingSeen, Seen, ServiceSeen
from autoscaler.operations.mode.steps import (
    Register,
    Roll,
    Step,
    StopTasks,
    SwitchFleet,
    SwitchMapping,
    Unprotect,
    Wait,
)

_TO_COME = "that revision"  # it has no number before it is registered
_STATES = {True: "paused", False: "launching"}


def plan(
    seen: Seen, modes: Modes, container: str, to: Mode, *, stop_tasks: bool = False
) -> tuple[Step, ...]:
    """What is left to do and to wait for until the queue is in a mode; empty: it is.

    Tasks of the fleet leave once they find the queue empty, and those of the service are protected
    while they hold messages. A busy queue is never empty: with `stop_tasks` both are stopped.
    """
    service = tuple(_service(seen.service, modes, container, to))
    if stop_tasks and seen.service.protected:
        service = tuple(_unprotecting(seen.service, service))
    other = tuple(_others(seen, modes, on=to is Mode.QUEUED))
    aside = tuple(_aside(seen, modes))
    if stop_tasks:
        aside, other = _stopping(aside), _stopping(other)
    return (*aside, *service, *other) if to is Mode.DIRECT else (*aside, *other, *service)


def _aside(seen: Seen, modes: Modes) -> Iterator[Step]:
    """Where a function's mapping is the other consumer, the controller is none in any mode."""
    if modes.function is not None and seen.fleet is not None:
        yield from _fleet(seen.fleet, on=False)


def _unprotecting(service: ServiceSeen, steps: tuple[Step, ...]) -> Iterator[Step]:
    for one in steps:
        if isinstance(one, Wait):
            does = f"let ECS stop tasks of {service.name} that hold messages"
            yield Unprotect("unprotect", does, f"{service.protected} protected", "0 protected")
        yield one


def _stopping(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(
        StopTasks("stop-tasks", "ask the tasks to stop, and wait for it", one.before, one.after)
        if isinstance(one, Wait) and one.for_tasks
        else one
        for one in steps
    )


def _others(seen: Seen, modes: Modes, *, on: bool) -> Iterator[Step]:
    if modes.function is not None:
        (mapping,) = seen.of(modes.function)
        yield from _mapping(mapping, on=on)
    elif seen.fleet is not None:
        yield from _fleet(seen.fleet, on=on)


def _mapping(mapping: MappingSeen, *, on: bool) -> Iterator[Step]:
    """Lambda takes no change of a mapping that it is changing."""
    to, toward = ("Enabled", "Enabling") if on else ("Disabled", "Disabling")
    if mapping.state == to:
        return
    whose, verb = f"the mapping of {mapping.function}", "on" if on else "off"
    if mapping.state not in ("Enabled", "Disabled", toward):
        does = f"wait until Lambda has done with {whose}"
        yield Wait("await-mapping", does, mapping.state, "at rest")
    if mapping.state != toward:
        does = f"switch {whose} {verb}"
        yield SwitchMapping(f"mapping-{verb}", does, mapping.state, to, mapping.id, on)
    yield Wait(f"await-{to.lower()}", f"wait until {whose} is {to}", mapping.state, to)


def _fleet(fleet: FleetSeen, *, on: bool) -> Iterator[Step]:
    if fleet.paused is on:
        yield SwitchFleet(
            "resume" if on else "pause",
            f"let the controller launch tasks of {fleet.name}"
            if on
            else f"let the controller launch no more tasks of {fleet.name}",
            _STATES[fleet.paused],
            _STATES[not on],
            on,
        )
    if not on and fleet.live:
        yield Wait(
            "await-tasks",
            f"wait until the tasks of {fleet.name} have left by themselves",
            f"{fleet.live} live",
            "0 live",
            for_tasks=True,
        )


def _service(service: ServiceSeen, modes: Modes, container: str, to: Mode) -> Iterator[Step]:
    shape = modes.shape(to)
    wanted = shaped(service.definition, shape, container) if shape.sized else service.definition
    arn = _revision(service, wanted)
    if arn is None:
        before, after = changes(service.definition, wanted)
        does = f"register a revision of {_name(service.arn).partition(':')[0]}"
        yield Register("register", does, before, after, wanted)
    rolled = arn != service.arn
    counted = shape.desired not in (None, service.desired)
    if rolled or counted:
        yield Roll(
            "roll",
            f"update the service {service.name}",
            _state(service.desired, _name(service.arn)),
            _state(
                service.desired if shape.desired is None else shape.desired,
                _name(arn) if arn else _TO_COME,
            ),
            arn if rolled else None,
            shape.desired if counted else None,
        )
    if rolled or counted or not service.settled:
        yield _await(service, shape.desired, rolled=rolled or counted)


def _await(service: ServiceSeen, desired: int | None, *, rolled: bool) -> Wait:
    count = service.desired if desired is None else desired
    does = (
        f"wait until {service.name} is up and healthy"
        if count
        else f"wait until the tasks of {service.name} have stopped"
    )
    return Wait(
        "await-service",
        does,
        f"{service.running} running of {service.desired}"
        + (f", {service.protected} protected" if service.protected else ""),
        f"{count} running of {count}",
        None if rolled else service.failure,
        for_tasks=True,
    )


def _revision(service: ServiceSeen, wanted: Definition) -> str | None:
    """The revision that is as wanted; a run that was cut short may have made it. None: none is."""
    if same(service.definition, wanted):
        return service.arn
    return service.latest_arn if same(service.latest, wanted) else None


def _state(desired: int, revision: str) -> str:
    return f"desired {desired} of {revision}"


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


# ----------------------------------------------------------------------------- who works on it


def consumers(seen: Seen, modes: Modes, container: str) -> tuple[str, ...]:
    """Who receives from the queue now, or may."""
    found = []
    if _polls(seen.service, modes, container):
        found.append(f"the service {seen.service.name}")
    found += [f"the Lambda function {one.function}" for one in seen.mappings if one.polls]
    fleet = seen.fleet
    if fleet is not None and (not fleet.paused or fleet.live):
        found.append(f"the fleet {fleet.name}")
    return tuple(found)


def _polls(service: ServiceSeen, modes: Modes, container: str) -> bool:
    """Whether any task of the service may poll: while it is rolled, old ones run beside new."""
    if not service.desired and not service.running and not service.pending:
        return False
    quiet = modes.keeps_http and same(
        service.definition, shaped(service.definition, modes.queued, container)
    )
    return not (quiet and service.settled)


def now(seen: Seen, modes: Modes, container: str) -> Mode | None:
    """The mode the queue is in; None: between two of them."""
    return next((mode for mode in Mode if not plan(seen, modes, container, mode)), None)

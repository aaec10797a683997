"""What was seen, put into facts by name, with what follows from several answers together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeAlias

from autoscaler.aws.clients import Place
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Facts, FleetFacts, QueueFacts, ServiceFacts, Told
from autoscaler.operations.doctor.knowing import NotKnownError, known, told
from autoscaler.operations.doctor.reading import command_of, container_of

_OUR_WORKER = ("autoscaler worker", "autoscaler.worker")

Seen: TypeAlias = Mapping[tuple[str, str], Mapping[str, Any]]
"""By what was looked at, ``queue`` and its name, say, each fact or why it is unknown."""


def assembled(settings: Settings, account: Account, seen: Seen, now: float) -> Facts:
    """All facts of an installation, at this second since 1970."""
    return Facts(
        settings=settings,
        queues={name: _queue(settings, name, seen, now) for name in settings.queues},
        fleets={
            name: FleetFacts(
                name=name,
                settings=one,
                installation=settings.installation,
                account={"region": account.region(Place(one.region)), "role": one.role},
                memory=seen["memory", name]["all"],
                moded=_moded(settings, name),
                **seen["fleet", name],
            )
            for name, one in settings.fleets.items()
        },
        services={
            name: ServiceFacts(name, one, **seen["service", name])
            for name, one in settings.services.items()
        },
        **seen["installation", ""],
    )


def _moded(settings: Settings, fleet: str) -> frozenset[str]:
    queues = (one for one in settings.queues.values() if one.fleet == fleet)
    return frozenset(one.modes.service for one in queues if one.modes)


def _queue(settings: Settings, name: str, seen: Seen, now: float) -> QueueFacts:
    queue = settings.queues[name]
    fleet = settings.every_fleet[queue.fleet]
    memory = seen["memory", queue.fleet]["all"]
    kind = "fleet" if isinstance(fleet, FleetSettings) else "service"
    definition = seen[kind, queue.fleet]["definition"]
    return QueueFacts(
        name=name,
        settings=queue,
        fleet=fleet,
        period=settings.period,
        now=now,
        memory=memory,
        work=told(partial(_work, name, queue, memory)),
        start_up=told(partial(_start_up, memory)),
        extended=told(partial(_extended, fleet, definition)),
        **seen["queue", name],
    )


def _work(name: str, queue: QueueSettings, memory: Memory | Unknown) -> float:
    """Seconds a message takes: the longest that a policy is given, or else as learned."""
    given = [work for one in queue.policies.values() if (work := getattr(one, "work", None))]
    if given:
        return float(max(given))
    work = known(memory).learned.queue(name).work.high
    if work is None:
        raise NotKnownError("how long a message takes has not been learned yet")
    return work


def _extended(fleet: FleetSettings | ServiceSettings, definition: Told | Unknown) -> bool:
    """As far as commands tell; an image's own command is not seen."""
    if isinstance(fleet, ServiceSettings):
        every = known(definition)["containerDefinitions"]
        texts = [" ".join([*(e.get("entryPoint") or []), *(e.get("command") or [])]) for e in every]
        return any(mark in text for mark in _OUR_WORKER for text in texts)
    container = container_of(known(definition), fleet.container)
    words = [*(container.get("entryPoint") or []), *command_of(fleet, container)]
    return any(mark in " ".join(words) for mark in _OUR_WORKER)


def _start_up(memory: Memory | Unknown) -> float:
    """Seconds from launch to start, of the slower provider."""
    means = (mean.high for mean in known(memory).learned.start_up.values())
    seconds = [one for one in means if one is not None]
    if not seconds:
        raise NotKnownError("how long a task takes to start has not been learned yet")
    return max(seconds)

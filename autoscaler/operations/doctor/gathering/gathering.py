"""All looks of one examination: carried out together, put into facts by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from autoscaler.aws.addresses import queue_address
from autoscaler.aws.clients import Clients, Place
from autoscaler.core.errors import AutoscalerError
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.settings import QueueSettings, Settings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Facts
from autoscaler.operations.doctor.gathering.assembling import assembled
from autoscaler.operations.doctor.gathering.fleets import FleetLooks
from autoscaler.operations.doctor.gathering.function import FunctionLooks
from autoscaler.operations.doctor.gathering.installation import InstallationLooks
from autoscaler.operations.doctor.gathering.memories import memory
from autoscaler.operations.doctor.gathering.network import NetworkLooks
from autoscaler.operations.doctor.gathering.parts import PartLooks
from autoscaler.operations.doctor.gathering.queues import QueueLooks
from autoscaler.operations.doctor.gathering.services import ServiceLooks
from autoscaler.operations.doctor.gathering.suspended import SuspendedLooks
from autoscaler.operations.doctor.knowing import Absent, told

Looks = dict[str, Callable[[], Any]]
"""By the name of a fact, how to look for it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be examined."""

    settings: Settings
    clock: Callable[[], float]
    """The time, in seconds since 1970."""
    controller_role: str | None = None
    """ARN of the role that the controller works in; None: that of whoever asks."""
    function: str | None = None
    """The Lambda function that it runs in; None: in none, or nobody says."""


def gather(request: Request, clients: Clients) -> Facts:
    """Everything the checks need.

    Raises:
        AutoscalerError: not a single look at AWS succeeded; it says why the first did not.
    """
    settings, account = request.settings, Account(clients)
    fleets = {name: FleetLooks(account, one) for name, one in settings.fleets.items()}
    queues = {name: _queue_looks(settings, account, one) for name, one in settings.queues.items()}
    once = InstallationLooks(
        account,
        settings,
        request.clock,
        request.controller_role,
        [*queues.values()],
        [*fleets.values()],
    )
    looks: dict[tuple[str, str], Looks] = {
        ("installation", ""): {
            **once.all(),
            **FunctionLooks(account, request.function).all(),
            **SuspendedLooks(account, settings).all(),
        }
    }
    for name, queue in queues.items():
        looks["queue", name] = queue.all()
    for name, service in settings.services.items():
        looks["service", name] = ServiceLooks(account, service).all()
        looks["memory", name] = {"all": partial(memory, settings, account, name)}
    for name, fleet in fleets.items():
        looks["fleet", name] = _all_of(fleet, _served(settings, name, queues))
        looks["memory", name] = {"all": partial(memory, settings, account, name)}
    seen = _carried_out(clients, looks)
    return assembled(settings, account, seen, request.clock())


def _queue_looks(settings: Settings, account: Account, queue: QueueSettings) -> QueueLooks:
    fleet = settings.every_fleet[queue.fleet]
    region = queue_address(queue.queue).region or fleet.region
    payloads = queue.dispatch.payloads if queue.dispatch else None
    return QueueLooks(account, Place(region, fleet.role), queue.queue, payloads)


def _served(
    settings: Settings, fleet: str, queues: Mapping[str, QueueLooks]
) -> list[Callable[[], Mapping[str, str]]]:
    return [queues[name].attributes for name, one in settings.queues.items() if one.fleet == fleet]


def _all_of(fleet: FleetLooks, queues: list[Callable[[], Mapping[str, str]]]) -> Looks:
    parts = PartLooks(fleet, fleet.account, queues)
    network = NetworkLooks(fleet.account, fleet.settings)
    return {**fleet.all(), **parts.all(), **network.all()}


def _carried_out(
    clients: Clients, looks: Mapping[tuple[str, str], Looks]
) -> Mapping[tuple[str, str], dict[str, Any]]:
    """What each look gave, or why it gave nothing; all of them at a time."""
    flat = [(whose, fact, look) for whose, some in looks.items() for fact, look in some.items()]
    answers = clients.parallel(lambda one: told(one[2]), flat)
    _refuse_blindness(answers)
    seen: dict[tuple[str, str], dict[str, Any]] = {whose: {} for whose in looks}
    for (whose, fact, _), answer in zip(flat, answers, strict=True):
        seen[whose][fact] = answer
    return seen


def _refuse_blindness(answers: list[Any]) -> None:
    """Where nobody can see anything there is one reason, and a list of fifty says it badly."""
    blind = [one for one in answers if type(one) is Unknown]
    if blind and not any(map(_was_seen, answers)):
        raise AutoscalerError(blind[0].why)


def _was_seen(answer: object) -> bool:
    """Whether it came from AWS; that something is absent did, too."""
    if isinstance(answer, Unknown | Memory):
        return isinstance(answer, Absent)
    return bool(answer)

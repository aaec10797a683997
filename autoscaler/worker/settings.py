"""A worker's settings: each from a flag, else from the environment, else its default."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autoscaler.worker.dispatched import read_note
from autoscaler.worker.errors import UserError
from autoscaler.worker.flags import parse
from autoscaler.worker.options import PREFIX
from autoscaler.worker.per_queue import PerQueue

FOREVER_SLOTS = 3
"""What a service takes at a time unless told otherwise; a task that drains takes one."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """How one queue is served; `address` is its name or URL as given. None: not set."""

    name: str
    address: str
    handler: str | None
    concurrency: int
    weight: float
    batch: int
    poll_seconds: int
    wait_seconds: float
    visibility_seconds: int | None
    time_limit_seconds: float | None
    retry_cap_seconds: float


@dataclass(frozen=True, slots=True)
class CommandSettings:
    """The command that handles messages in place of a Python function.

    `retry_statuses` are exit statuses that mean: later, and no failure. `stop_signal` tells its
    processes that the worker was asked to stop; None: they are not told.
    """

    line: str
    lives_on: bool
    retry_statuses: frozenset[int]
    processes: int
    stop_signal: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """A worker's settings, read and checked. None: not set; 0 `circuit_failures`: no circuit."""

    queues: tuple[QueueSettings, ...]
    command: CommandSettings | None
    slots: int
    forever: bool
    minimum_stay_seconds: float
    stay_until_epoch: float | None
    lifetime_seconds: float | None
    grace_seconds: float
    circuit_failures: int
    circuit_seconds: float
    health_port: int | None
    emf_seconds: float | None
    status_db: str | None
    hooks: tuple[str, ...]
    agent: str | None = None
    """The address of the container agent that is to protect the task; None: nothing does."""
    dispatched: bool = False


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read flags first, then the environment, then defaults; raises UserError.

    Prints help and raises SystemExit for `--help`, as argparse does.
    """
    read = parse(arguments, environment)
    if read.dispatched:
        read.queue = (read_note(environment).queue,)
    slots = read.slots or (FOREVER_SLOTS if read.forever else 1)
    command = _command(read, slots)
    queues = _queues(read, slots)
    _check_handlers(queues, command)
    failures, within = read.circuit
    settings = Settings(
        queues=queues,
        command=command,
        slots=slots,
        forever=read.forever,
        minimum_stay_seconds=read.minimum_stay,
        stay_until_epoch=read.stay_until,
        lifetime_seconds=read.lifetime,
        grace_seconds=read.grace,
        circuit_failures=failures,
        circuit_seconds=within,
        health_port=read.health_port,
        emf_seconds=read.emf,
        status_db=read.status_db,
        hooks=read.hook or (),
        agent=_agent(read, environment),
    )
    return _of_a_payload(settings) if read.dispatched else settings


def _agent(read: Namespace, environment: Mapping[str, str]) -> str | None:
    """ECS names the agent in tasks alone; anywhere else there is nothing to be protected from."""
    wanted = read.forever if read.protect is None else read.protect
    return (environment.get("ECS_AGENT_URI") or None) if wanted else None


def _of_a_payload(settings: Settings) -> Settings:
    """Without the patience that a queue deserves: a payload's end is its end."""
    queues = tuple(replace(one, wait_seconds=0.0, poll_seconds=0) for one in settings.queues)
    return replace(
        settings,
        queues=queues,
        forever=False,
        minimum_stay_seconds=0.0,
        stay_until_epoch=None,
        dispatched=True,
    )


def _command(read: Namespace, slots: int) -> CommandSettings | None:
    line = read.exec or read.exec_stream
    if not line:
        return None
    if read.exec and read.exec_stream:
        raise UserError("--exec and --exec-stream are two ways to do the same: give one of them")
    processes = min(read.exec_processes or slots, slots)
    return CommandSettings(line, bool(read.exec_stream), read.exec_retry, processes, read.exec_stop)


def _queues(read: Namespace, slots: int) -> tuple[QueueSettings, ...]:
    if not read.queue:
        raise UserError(_missing("--queue", PREFIX + "QUEUE"))
    names = [address.rpartition("/")[2] for address in read.queue]
    if len(set(names)) < len(names):
        raise UserError("--queue names a queue twice; a worker tells its queues by their names")
    return tuple(
        _queue(name, address, read, slots, names)
        for name, address in zip(names, read.queue, strict=True)
    )


def _queue(
    name: str, address: str, read: Namespace, slots: int, names: Sequence[str]
) -> QueueSettings:
    def own(option: str) -> Any:
        values: PerQueue = getattr(read, option)
        return values.of(name, names)

    return QueueSettings(
        name=name,
        address=address,
        handler=own("handler"),
        concurrency=min(own("concurrency") or slots, slots),
        weight=own("weight"),
        batch=own("batch"),
        poll_seconds=own("poll"),
        wait_seconds=own("wait"),
        visibility_seconds=own("visibility"),
        time_limit_seconds=own("time_limit"),
        retry_cap_seconds=own("retry_cap"),
    )


def _check_handlers(queues: Sequence[QueueSettings], command: CommandSettings | None) -> None:
    handled = [queue for queue in queues if queue.handler]
    if command and handled:
        raise UserError("--handler and --exec or --exec-stream exclude each other: give one")
    if not command and len(handled) < len(queues):
        name = next(queue.name for queue in queues if not queue.handler)
        alone = "" if len(queues) == 1 else f" for the queue {name}"
        raise UserError(_missing(f"--handler, --exec or --exec-stream{alone}", PREFIX + "HANDLER"))


def _missing(flag: str, variable: str) -> str:
    return f"{flag} is missing: give it or set {variable}; see `autoscaler worker --help`"

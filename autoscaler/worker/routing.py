"""Which handler takes which queue's messages."""

from collections.abc import Mapping
from dataclasses import dataclass

from autoscaler.worker.bench import Handler, Then
from autoscaler.worker.fetching import Fetching
from autoscaler.worker.handlers import load, runner
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Payloads
from autoscaler.worker.settings import CommandSettings, Settings


@dataclass(frozen=True, slots=True)
class Router:
    """Gives each message to its queue's handler."""

    handlers: Mapping[str, Handler]

    def start(self, message: Message, then: Then) -> None:
        """Begin handling a message."""
        self.handlers[message.queue].start(message, then)

    def abandon(self, message: Message) -> None:
        """Ask for an end of handling it."""
        self.handlers[message.queue].abandon(message)

    def close(self) -> None:
        """Close every handler."""
        for handler in set(self.handlers.values()):
            handler.close()


def handler_of(settings: Settings, payloads: Payloads) -> Handler:
    """Return what handles a worker's messages, once their bodies are there; raises UserError."""
    inner = _commands(settings.command, settings.slots) if settings.command else _router(settings)
    return Fetching(inner, payloads, settings.slots)


def _commands(command: CommandSettings, slots: int) -> Handler:
    from autoscaler.worker.commands import Commands  # noqa: PLC0415 - functions need no processes
    from autoscaler.worker.streams import Streams  # noqa: PLC0415

    return Streams(command) if command.lives_on else Commands(command, slots)


def _router(settings: Settings) -> Handler:
    """Return the only handler there is, or one that tells the queues apart."""
    named = {queue.name: queue.handler for queue in settings.queues if queue.handler}
    made = {name: runner(load(name), settings.slots) for name in dict.fromkeys(named.values())}
    if len(made) == 1:
        return next(iter(made.values()))
    return Router({queue: made[name] for queue, name in named.items()})

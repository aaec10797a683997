"""Dispatch for one queue, put together; the same for the service and for the Lambda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autoscaler.aws.carriers import CarrierLaunches
from autoscaler.aws.clients import Clients
from autoscaler.aws.crew import EcsCrew
from autoscaler.aws.mailbox import Mailbox
from autoscaler.core.actions import Outcome
from autoscaler.core.dispatch_settings import DispatchSettings
from autoscaler.core.ports import Clock, Pace
from autoscaler.core.settings import Settings
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import Dispatch, End, Fate, Rules
from autoscaler.dispatch.messages import Group, Incoming
from autoscaler.dispatch.payload import ON_DONE
from autoscaler.dispatch.ports import Carrier, Launches
from autoscaler.telemetry import stdout
from autoscaler.telemetry.dispatches import Tally

_WORRYING = frozenset({End.REFUSED, End.UNSURE})


@dataclass(frozen=True, slots=True)
class _Counted:
    """Launches, with a count of their answers."""

    launches: Launches
    tally: Tally

    def start(self, group: Group, token: str, n: int, provider: Provider) -> Outcome:
        """As those do."""
        outcome = self.launches.start(group, token, n, provider)
        self.tally.asked(provider, outcome)
        return outcome


class Dispatcher:
    """Starts the tasks of one queue's messages."""

    def __init__(
        self, settings: Settings, clients: Clients, name: str, pace: Pace, clock: Clock
    ) -> None:
        self.name = name
        self.mailbox = Mailbox(settings, clients, name)
        queue = settings.queues[name]
        fleet = settings.fleets[queue.fleet]
        self.options = queue.dispatch or DispatchSettings()
        self._crew = EcsCrew(settings, clients, queue.fleet, clock.now)
        self.tally = Tally(name, queue.fleet)
        launches = CarrierLaunches(
            settings, clients, self.mailbox, self._crew, pace, self.tally.offloaded
        )
        self._launches = _Counted(launches, self.tally)
        self.rules = Rules(
            installation=settings.installation,
            fleet=queue.fleet,
            group_by=self.options.group_by,
            ack=self.options.ack,
            max_tasks=fleet.limits.max_tasks,
            spot=fleet.spot,
            on_demand=Provider(fleet.capacity.upper()),
        )

    @property
    def deletes(self) -> bool:
        """Whether messages are deleted here; else their tasks do it."""
        return self.rules.ack != ON_DONE

    def live(self) -> Sequence[Carrier]:
        """The fleet's live tasks.

        Raises:
            ObservationError: ECS did not tell.
        """
        return self._crew.live()

    def dispatch(self, messages: Sequence[Incoming], live: Sequence[Carrier]) -> list[Fate]:
        """Start a task for each group without one, and log what became of each.

        Raises:
            ObservationError: ECS did not tell whether messages that come again have a task.
        """
        fates = Dispatch(self.rules, live, self._crew, self._launches).run(messages)
        self.tally.ended(fates)
        for fate in fates:
            stdout.say(
                f"dispatch_{fate.end.value}",
                "warning" if fate.end in _WORRYING else "info",
                queue=self.name,
                messages=[message.id for message in fate.messages],
                task=fate.task,
                why=fate.why,
            )
        return fates

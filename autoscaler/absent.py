"""What stands in a world for a port that it does not have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autoscaler.core.actions import Failure, Outcome
from autoscaler.core.instance_groups import Group, Step, StepTaken
from autoscaler.core.model import Unknown
from autoscaler.core.signals import Signal
from autoscaler.core.suspension import Suspension
from autoscaler.core.tasks import Provider


class Unpaced:
    """A pace without limit."""

    def take(self, fleet: str, provider: Provider, count: int, now: float) -> int:
        """All of them."""
        del fleet, provider, now
        return count


class NoTariffs:
    """A world where nobody knows what a task costs."""

    def of(self, fleets: Collection[str]) -> Mapping[str, Unknown]:
        """None of them."""
        return dict.fromkeys(fleets, Unknown("this world has no prices"))


class NoSignals:
    """A world that has no signals: all that policies need of them is unknown."""

    def fetch(
        self, wanted: Mapping[str, Collection[Signal]], now: float
    ) -> Mapping[str, Mapping[str, Unknown]]:
        """None of them."""
        del now
        unknown = Unknown("this world has no signals")
        return {fleet: {one.key: unknown for one in signals} for fleet, signals in wanted.items()}


class NoServices:
    """A world without services: nothing is known of one, and none can be set."""

    def seen(self, fleets: Collection[str]) -> Mapping[str, Unknown]:
        """None of them."""
        return dict.fromkeys(fleets, Unknown("this world has no services"))

    def set_desired(self, fleet: str, count: int) -> Outcome:
        """Refused."""
        del fleet, count
        return Outcome(failures=(Failure("this world has no services"),))

    def suspend(self, fleet: str, suspension: Suspension) -> Outcome:
        """Refused."""
        del fleet, suspension
        return Outcome(failures=(Failure("this world has no services"),))


class NoInstanceGroups:
    """A world where no fleet runs on instances of ours."""

    def seen(self, fleet: str) -> None:
        """None has any."""
        del fleet

    def take(self, fleet: str, group: Group, step: Step) -> StepTaken:
        """Not done."""
        del fleet, group
        return StepTaken(step, done=False, said="this world has no instances")

"""A queue with a service, an event source mapping and a fleet, which take their time to change.

Changes come by the very steps of a plan. Whoever polls is noted whenever time passes, so that a
test can tell whether messages ever had nobody, or two for longer than is stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from autoscaler.core.modes import Modes, Shape
from autoscaler.operations.mode.definition import Definition, same, shaped
from autoscaler.operations.mode.seen import Deployment, FleetSeen, MappingSeen, Seen, ServiceSeen
from autoscaler.operations.mode.steps import (
    Register,
    Roll,
    Step,
    StopTasks,
    SwitchFleet,
    SwitchMapping,
    Unprotect,
)

LEAVES = Modes("web", Shape(desired=2), function="dispatch")
ROLLED = Modes(
    "web",
    Shape(desired=3, cpu=1024, memory=2048, environment={"POLL": "yes"}),
    Shape(desired=1, cpu=256, memory=512, environment={"POLL": "no"}),
    keeps_http=True,
    function="dispatch",
)
CONTAINER = "app"
TAKES = 12.0
"""Seconds for a deployment, and for a mapping to change."""


def definition(**changed: Any) -> Definition:
    """Of the service, as it can be registered."""
    app = {"name": CONTAINER, "image": "app:1", "environment": [{"name": "LOG", "value": "info"}]}
    side = {"name": "side", "image": "side:1"}
    return {
        "family": "web",
        "cpu": "512",
        "memory": "1024",
        "containerDefinitions": [app, side],
        **changed,
    }


def arn(revision: int) -> str:
    return f"arn:aws:ecs:eu-west-2:123456789012:task-definition/web:{revision}"


@dataclass
class ModeWorld:
    """Starts in queued mode, as `modes` have it; `function` None: with the fleet."""

    modes: Modes
    revisions: list[Definition] = field(default_factory=lambda: [definition()])
    current: int = 0
    running: dict[int, int] = field(default_factory=dict)
    desired: int = 0
    rolls_until: float = 0.0
    mapping: str = "Enabled"
    changes_at: float = 0.0
    paused: bool = False
    live: int = 0
    busy: bool = False
    """Whether the queue is never empty: no task leaves by itself, and each is protected."""
    kept: bool = False
    """Whether protection keeps the service's tasks."""
    clock: float = 0.0
    polled: list[tuple[float, frozenset[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        shape = self.modes.queued
        self.revisions = [shaped(self.revisions[0], shape, CONTAINER)]
        self.desired = shape.desired or 0
        self.running = {0: self.desired} if self.desired else {}
        self.paused = self.modes.function is not None
        self._note()

    # ------------------------------------------------------------------------ looks and steps

    def seen(self) -> Seen:
        """As AWS would tell."""
        told = sum(self.running.values())
        rolling = self.clock < self.rolls_until
        service = ServiceSeen(
            name="web",
            desired=self.desired,
            running=told,
            pending=0,
            arn=arn(self.current),
            definition=self.revisions[self.current],
            latest_arn=arn(len(self.revisions) - 1),
            latest=self.revisions[-1],
            deployments=(
                Deployment(
                    arn(self.current),
                    self.running.get(self.current, 0),
                    0,
                    "IN_PROGRESS" if rolling else "COMPLETED",
                ),
            ),
            protected=told if self.kept else 0,
        )
        mappings = (MappingSeen("u-1", "dispatch", self.mapping),) if self.modes.function else ()
        return Seen(service, mappings, FleetSeen("thumbnailers", self.paused, self.live))

    def do(self, step: Step) -> None:
        """Begin what a step says."""
        match step:
            case Register():
                self.revisions.append(step.definition)
            case Roll():
                self._roll(step)
            case SwitchMapping():
                assert self.mapping in ("Enabled", "Disabled"), "Lambda takes no change meanwhile"
                self.mapping = "Enabling" if step.on else "Disabling"
                self.changes_at = self.clock + TAKES
            case Unprotect():
                self.kept = False
            case StopTasks():
                self.live = 0
            case SwitchFleet():
                self.paused = not step.on
        self._note()

    def _roll(self, step: Roll) -> None:
        if step.arn is not None:
            self.current = int(step.arn.rpartition(":")[2])
        if step.desired is not None:
            self.desired = step.desired
        self.rolls_until = self.clock + TAKES
        self.kept = self.busy and bool(self.running)

    # ------------------------------------------------------------------------------------ time

    def now(self) -> float:
        return self.clock

    def sleep(self, seconds: float) -> None:
        """What is on its way arrives in time; the fleet launches, and its tasks leave."""
        self.clock += seconds
        if self.clock >= self.rolls_until and not self.kept:
            self.running = {self.current: self.desired} if self.desired else {}
        if self.clock >= self.changes_at:
            self.mapping = {"Enabling": "Enabled", "Disabling": "Disabled"}.get(
                self.mapping, self.mapping
            )
        if self.modes.function is None:
            leaving = self.paused and not self.busy
            self.live = max(0, self.live - 1) if leaving else self.live if self.paused else 1
        self._note()

    # --------------------------------------------------------------------------------- claims

    def polling(self) -> frozenset[str]:
        """Who may receive at this very moment, by the truth and not by what AWS tells."""
        found = set()
        if any(count and self._polls(number) for number, count in self.running.items()):
            found.add("service")
        if self.modes.function and self.mapping != "Disabled":
            found.add("mapping")
        if not self.paused or self.live:
            found.add("fleet")
        return frozenset(found)

    def _polls(self, revision: int) -> bool:
        if not self.modes.keeps_http:
            return True
        wanted = shaped(self.revisions[revision], self.modes.queued, CONTAINER)
        return not same(self.revisions[revision], wanted)

    def _note(self) -> None:
        self.polled.append((self.clock, self.polling()))

    @property
    def ever_alone(self) -> bool:
        """Whether messages ever had nobody."""
        return any(not who for _, who in self.polled)

    @property
    def shared_seconds(self) -> float:
        """How long two received."""
        pairs = zip(self.polled, self.polled[1:], strict=False)
        return sum(after - before for (before, who), (after, _) in pairs if len(who) > 1)


def by_the_fleet(modes: Modes) -> Modes:
    """The same modes with this controller's fleet as the other consumer."""
    return replace(modes, function=None)

"""Carries a plan out: one step, then another look, until nothing is left.

The plan is made anew from what is seen, so that it does not matter where the last run ended, or
whether somebody else does the same at the same time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from autoscaler.core.errors import AutoscalerError
from autoscaler.operations.mode.steps import Step, Wait

LOOK_EVERY_SECONDS = 5.0
"""Between two looks while waiting; mappings and deployments take a minute or more."""


class Hands(Protocol):
    """Does what a step says."""

    def do(self, step: Step) -> None:
        """Do it; doing it twice is as doing it once. Raises AutoscalerError."""


class Passing(Protocol):
    """Passes time."""

    def now(self) -> float:
        """Seconds, which never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait so long."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, and how long it took; a wait from its beginning to its end."""

    step: Step
    seconds: float


class StuckError(AutoscalerError):
    """A step takes too long, or cannot come to its end; what was done so far stays done."""


@dataclass(slots=True)
class Switching:
    """One switch: `plan` looks, and tells what is left."""

    plan: Callable[[], tuple[Step, ...]]
    hands: Hands
    time: Passing
    patience: float
    """Seconds that one step may take."""

    def run(self, begin: Callable[[Step], None], end: Callable[[Taken], None]) -> None:
        """Take every step. `begin` is told of each before, and `end` after it.

        Raises:
            StuckError: run it again to go on from there.
            AutoscalerError: AWS refused something; likewise.
        """
        done: set[str] = set()
        left = self.plan()
        while left:
            step, since = left[0], self.time.now()
            begin(step)
            if not isinstance(step, Wait) and step.name not in done:
                self.hands.do(step)
                done.add(step.name)
            left = self._left_after(step, since)
            end(Taken(step, self.time.now() - since))

    def _left_after(self, step: Step, since: float) -> tuple[Step, ...]:
        """What is left once a step has come to its end: lists may be late to show what was done."""
        while (left := self.plan()) and left[0].name == step.name:
            first = left[0]
            if isinstance(first, Wait) and first.failure:
                raise StuckError(f"cannot {first.does}: {first.failure}")
            if self.time.now() - since >= self.patience:
                raise StuckError(_too_long(first, self.time.now() - since))
            self.time.sleep(LOOK_EVERY_SECONDS)
        return left


def _too_long(step: Step, seconds: float) -> str:
    busy = isinstance(step, Wait) and step.for_tasks
    return (
        f"after {seconds:.0f} s it is still {step.before}, not {step.after} ({step.does}); what is "
        f"done stays done: run it again to go on"
        + (", or with --stop-tasks where tasks never rest" if busy else "")
    )

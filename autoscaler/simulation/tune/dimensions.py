"""What an option can be tried at: whole numbers, durations, a few values, steps of age.

Whole numbers and durations are drawn on a logarithmic scale: from 1 to 2 tasks is as much of a
change as from 50 to 100. What is drawn is rounded to what people write before it is simulated, so
that the file that comes out of a search holds the very values that were tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

_STEPS = ((60.0, 1.0), (600.0, 5.0), (7_200.0, 60.0), (float("inf"), 300.0))
"""Below so many seconds, durations are told in steps of so many."""


class Suggest(Protocol):
    """What proposes values: a trial of Optuna, one that is under way or one that was."""

    def suggest_int(self, name: str, low: int, high: int, *, log: bool) -> int:
        """A whole number."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool) -> float:
        """A number."""

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """One of these."""


class Dimension(Protocol):
    """Where the values of one option are drawn from."""

    def draw(self, trial: Suggest, name: str) -> Any:
        """A value as it is written in a file; None: the option is left out."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    low: int
    high: int

    def draw(self, trial: Suggest, name: str) -> int:
        """From ``low`` to ``high``, both included."""
        return trial.suggest_int(name, self.low, self.high, log=True)


@dataclass(frozen=True, slots=True)
class Time:
    """A duration; both ends are seconds."""

    low: float
    high: float

    def draw(self, trial: Suggest, name: str) -> str:
        """Such as ``4m30s``."""
        return written(trial.suggest_float(name, self.low, self.high, log=True))


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values; None leaves the option out."""

    values: tuple[Any, ...]

    def draw(self, trial: Suggest, name: str) -> Any:
        """As it stands there."""
        return trial.suggest_categorical(name, self.values)


@dataclass(frozen=True, slots=True)
class Given:
    """What is not searched: it follows from the world or the trace. None: nothing is written."""

    value: Any

    def draw(self, trial: Suggest, name: str) -> Any:
        """Always the same."""
        del trial, name
        return self.value


@dataclass(frozen=True, slots=True)
class AgeLadder:
    """Steps of age, each from twice the age of the one before and with twice its tasks.

    So three numbers are searched, and not two for each step.
    """

    first: Time
    tasks: Whole
    most: int
    """Steps."""

    def draw(self, trial: Suggest, name: str) -> list[Mapping[str, Any]]:
        """The steps, the lowest first."""
        count = Whole(1, self.most).draw(trial, f"{name}.count")
        first = trial.suggest_float(f"{name}.from", self.first.low, self.first.high, log=True)
        add = self.tasks.draw(trial, f"{name}.add")
        return [
            {"from": written(rounded(first) * 2**place), "add": add * 2**place}
            for place in range(count)
        ]


def rounded(seconds: float) -> float:
    """A duration as people choose them: to the second, to 5 s, to the minute, to 5 min."""
    step = next(step for below, step in _STEPS if seconds < below)
    return max(step, round(seconds / step) * step)


def written(seconds: float) -> str:
    """A rounded duration as it stands in a file, such as ``1h30m``."""
    left, text = int(rounded(seconds)), ""
    for size, unit in ((3_600, "h"), (60, "m"), (1, "s")):
        whole, left = divmod(left, size)
        text += f"{whole}{unit}" if whole else ""
    return text

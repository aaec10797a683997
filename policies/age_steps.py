"""Age steps: the longer the oldest message has waited, the more tasks are added to what lives.

want = live + the step's ``add``, or its ``add_percent`` of what lives. As AWS's step scaling
does it: a step's lower bound is in it and its upper bound is not, a percentage is rounded down
and is 1 at the least, and while a cooldown runs only a larger step adds, and only what it has
more [Application Auto Scaling, StepAdjustment and step scaling policies].

The age is CloudWatch's ApproximateAgeOfOldestMessage, one datapoint a minute, one to three
minutes late. It is blind in three ways. An empty queue has none. A standard queue leaves out
messages that were received three times or more, so an age may look well while everything fails.
On a FIFO queue one blocked group raises it, whatever is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from autoscaler.core.codec import decode
from autoscaler.core.laws import Law
from autoscaler.core.minutes import in_a_row
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.units import AtLeast, AtMost, Duration, format_duration

_BLIND = "A standard queue's age leaves out messages received three times or more."
_NO_AGE = f"CloudWatch has no age of the last 5 minutes, though messages are there. {_BLIND}"
_TWO_WAYS = "a step takes add or add_percent, and one of them only"


@dataclass(frozen=True, slots=True)
class Step:
    """What is added from one age on, up to the next step's."""

    from_: Duration
    """Seconds the oldest message has waited, this age included."""
    to: Duration | None = None
    """Up to here, this age left out. None: up to the next step, or without end."""
    add: Annotated[int, AtLeast(1)] | None = None
    """Tasks. At least 1: tasks leave by themselves, and no step stops one."""
    add_percent: Annotated[float, AtLeast(1)] | None = None
    """Of the live tasks, rounded down, but 1 at the least where there is one."""

    def __post_init__(self) -> None:
        """Refuse what adds nothing, or in two ways, or over no age."""
        if (self.add is None) == (self.add_percent is None):
            raise ValueError(_TWO_WAYS)
        if self.to is not None and self.to <= self.from_:
            raise ValueError("a step ends above where it begins; raise its to or lower its from")

    def tasks(self, live: int) -> int:
        """How many it adds to so many [StepAdjustment: 0 to 1 is 1, more is rounded down]."""
        if self.add_percent is None:
            return self.add or 0
        share = live * self.add_percent / 100.0
        return max(1, int(share + 1e-9)) if share else 0


@dataclass(frozen=True, slots=True)
class Added:
    """The newest addition, as the notes keep it."""

    at: float
    """When it was made; the cooldown runs from here."""
    through: float
    """End of the newest datapoint that was acted on. None is acted on twice."""
    live: int
    """Tasks that lived before."""
    tasks: int
    """How many it added to them."""
    total: int | None
    """What is wanted for as long as the cooldown; None: the breach has ended meanwhile."""

    def notes(self) -> dict[str, float | None]:
        """As a policy's notes keep it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class AgeSteps:
    """More tasks in steps, by how long the oldest message has waited.

    Below the first step it wants nothing of its own and leaves the others' wants alone. What a
    step has added stays wanted while the breach and the cooldown last: an addition that a limit,
    a shortage or a failure took away is made good, and none is made twice.
    """

    steps: tuple[Step, ...]
    """From the lowest age to the highest; each ends where the next begins."""
    breaches: Annotated[int, AtLeast(1), AtMost(7)] = 2
    """Datapoints of one minute each that must be in a row; a missing one breaks it.

    At most 7: a look goes back ten minutes, and the newest three may not be there yet.
    """
    cooldown: Duration = 300.0
    """Seconds after an addition in which only a larger step adds; the default is AWS's."""

    needs: ClassVar[tuple[Need, ...]] = ()  # none is unknown on an empty queue: it has no age
    laws: ClassVar = (Law.AGE,)

    def __post_init__(self) -> None:
        """Refuse steps that leave a gap, overlap, do not rise or add in two ways."""
        if not self.steps:
            raise ValueError("there is no step; write steps: [{from: 5m, add: 1}]")
        for step, higher in pairwise(self.steps):
            _check_joint(step, higher)

    def advise(self, seen: Observation) -> Advice:
        """Want what lives and the step's tasks, once the age was in it for long enough."""
        added = _recalled(seen.notes)
        if seen.reading.idle:
            return _rest(added, "The queue is empty: there is no age, and nothing to add for.")
        row = in_a_row(seen.reading, "oldest_age", self.breaches, seen.now)
        if not row:
            return Advice.abstain(_NO_AGE)
        if len(row) < self.breaches:
            return _rest(added, f"{len(row)} of {self.breaches} datapoints in a row so far.")
        age = min(minute.oldest_age or 0.0 for minute in row)
        told = f"The oldest message waited {format_duration(age)} or more for {len(row)} min"
        step = self._step(age)
        if step is None:
            return _rest(added, f"{told}: no step. {_BLIND}")
        return self._breached(seen, step, added, row[0].ends_at, told)

    def _step(self, age: float) -> Step | None:
        reached = [step for step in self.steps if step.from_ <= age]
        ends = reached[-1].to if reached else 0.0
        return reached[-1] if ends is None or age < ends else None

    def _breached(
        self, seen: Observation, step: Step, added: Added | None, newest: float, told: str
    ) -> Advice:
        if added is None or seen.now >= added.at + self.cooldown:
            before = Added(seen.now, added.through if added else 0.0, seen.live, 0, None)
        else:
            before = added
        more = step.tasks(before.live) - before.tasks
        if more <= 0 or newest <= before.through:
            return _as_before(before, told)
        onto = seen.live if before.total is None else before.total
        total = onto + more
        now = Added(seen.now, newest, before.live, before.tasks + more, total)
        why = f"{told}: {more} more than {onto}, {total} wanted."
        return Advice(want=total, why=why, notes=now.notes())


def _rest(added: Added | None, why: str) -> Advice:
    """No breach: no want of its own, and what was added before is wanted no longer."""
    over = None if added is None else replace(added, total=None).notes()
    return Advice(at_least=0, why=why, notes=over)


def _as_before(before: Added, told: str) -> Advice:
    """A breach that nothing more is added for; what it has added so far stays wanted."""
    still = "" if before.total is None else f", {before.total} stay wanted"
    return Advice(want=before.total, at_least=0, why=f"{told}: none more for now{still}.")


def _recalled(notes: Mapping[str, Any] | None) -> Added | None:
    """What was added last; nothing where another version's notes cannot be read."""
    if not notes:
        return None
    try:
        return decode(Added, notes)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _check_joint(step: Step, higher: Step) -> None:
    if (step.add is None) != (higher.add is None):
        raise ValueError("some steps have add and others add_percent; write all in one way")
    begins = format_duration(higher.from_)
    if higher.from_ <= step.from_:
        earlier = format_duration(step.from_)
        raise ValueError(f"the step from {begins} comes after the one from {earlier}; sort them")
    if step.to is not None and step.to != higher.from_:
        what = "leave a gap" if step.to < higher.from_ else "overlap"
        ends = format_duration(step.to)
        raise ValueError(
            f"a step to {ends} and the next from {begins} {what}; "
            "let one end where the next begins, or leave out its to"
        )
    if (step.add or step.add_percent or 0) > (higher.add or higher.add_percent or 0):
        raise ValueError(f"the step from {begins} adds less than the one before; let it add more")

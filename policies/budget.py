"""Budget: so much money an hour, a day or a month for a fleet; new tasks wait when it is short.

    left  = dollars - spent - what tasks under way will cost up to their expected end
    new   = left / what one more task costs

From ``slow_from`` on, the fleet is moreover held to the number of tasks that what is left can pay
until the period ends, and to one where that is none. No running task is ever too many.

Money is that of all tasks of the fleet: a budget on one of its queues bounds them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from autoscaler.core import needs
from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.core.model import Advice, Observation
from autoscaler.core.periods import HOUR, Per, span
from autoscaler.core.spending import Money, billed, rate_of
from autoscaler.core.tasks import Task
from autoscaler.core.units import AtLeast, AtMost
from autoscaler.core.wallclock import TimeZone, shown, zone_of

_A: Mapping[Per, str] = {"hour": "an hour", "day": "a day", "month": "a month"}
MOST = 1_000_000
"""New tasks; a budget that could pay more bounds nothing."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds a fleet's new tasks by the money that is left of a period's."""

    dollars: Annotated[float, AtLeast(0.01)]
    """US dollars for the billed seconds of the fleet's tasks."""
    per: Per = "day"
    """The period in which it may be spent."""
    timezone: TimeZone = "UTC"
    """Whose days and months count."""
    slow_from: Annotated[float, AtLeast(0), AtMost(1)] = 0.8
    """Share of the money from which tasks are slowed down; 1: never."""

    needs: ClassVar = (needs.price,)

    def advise(self, seen: Observation) -> Advice:
        """At most so many new tasks as the period's money can pay."""
        if seen.money is None:
            return Advice.abstain("The price of a task is unknown, so money bounds nothing.")
        start, end = span(self.per, seen.now, zone_of(self.timezone))
        base = _base(seen.notes, start, seen.money)
        account = _Account(self, seen, seen.money, seen.money.spent - base, end)
        new = account.new_tasks
        return Advice(
            new_tasks=new,
            look_again_at=end if new == 0 and account.live == 0 else None,
            why=account.told(),
            notes={"start": start, "spent": base},
        )


def _base(notes: Mapping[str, Any] | None, start: float, money: Money) -> float:
    """What had been spent when the period began; at its first tick, all there is."""
    kept = notes or {}
    spent = kept.get("spent")
    if kept.get("start") != start or isinstance(spent, bool) or not isinstance(spent, int | float):
        return money.spent
    return float(spent) if 0 <= spent <= money.spent else money.spent


class _Account:
    """The money of one period, as it stands."""

    def __init__(
        self, budget: Budget, seen: Observation, money: Money, spent: float, end: float
    ) -> None:
        self.budget, self.seen, self.money = budget, seen, money
        self.spent, self.end, self.seconds = spent, end, max(0.0, end - seen.now)
        self.life = max(MINIMUM_SECONDS, money.life or 0.0)
        self.one = money.tariff.dearest * max(MINIMUM_SECONDS, min(self.life, self.seconds))
        tasks = seen.fleet.tasks if seen.fleet else ()
        self.live, self.rates = seen.live, [rate_of(money.tariff, task) for task in tasks]
        self.rate = sum(self.rates)
        self.under_way = sum(self._to_come(tasks)) + (self.live - len(tasks)) * self.one
        self.affordable = _whole(budget.dollars - spent - self.under_way, self.one)
        self.sustained = self._sustained()
        self.new_tasks = self._new_tasks()

    def _to_come(self, tasks: Iterable[Task]) -> Iterator[float]:
        """What each task will still cost in this period, up to its expected end.

        That is when an average one ends; one that has outlived it lasts until the next tick,
        which counts it again. What has not begun has its paid minute before it.
        """
        life, rest, tick = self.life, self.seconds, self.seen.next_tick_at - self.seen.now
        for task, rate in zip(tasks, self.rates, strict=True):
            so_far = billed(task)
            yield rate * max(min(max(life - so_far, tick), rest), MINIMUM_SECONDS - so_far)

    def _sustained(self) -> int:
        """Tasks that what is left can pay until the period ends; one at least."""
        live = len(self.rates)
        rate = self.rate / live if live else self.money.tariff.dearest
        return max(1, _whole(self.budget.dollars - self.spent, rate * self.seconds))

    def _new_tasks(self) -> int:
        if self.spent + self.under_way < self.budget.slow_from * self.budget.dollars:
            return self.affordable
        return min(self.affordable, max(0, self.sustained - self.live))

    def told(self) -> str:
        """How the money stands, in sentences."""
        budget, zone = self.budget, zone_of(self.budget.timezone)
        stand = (
            f"{_dollars(self.spent)} of {_dollars(budget.dollars)} {_A[budget.per]} are spent and "
            f"{_dollars(self.under_way)} more are under way"
        )
        return f"{stand}: {self._means(zone)}{self._forecast(zone)}{self._estimate()}"

    def _means(self, zone: ZoneInfo) -> str:
        if self.affordable == 0:
            return f"no new task before {shown(self.end, zone)}."
        if self.new_tasks < self.affordable:
            end = shown(self.end, zone)
            return f"slowed down to {self.sustained} in all until {end}, {self.new_tasks} more."
        if self.new_tasks < MOST:
            return f"{self.new_tasks} new tasks can be paid."
        return "new tasks are not bounded."

    def _forecast(self, zone: ZoneInfo) -> str:
        """When it will bind at the present rate."""
        if self.rate <= 0:
            return ""
        used_up = self.seen.now + max(0.0, self.budget.dollars - self.spent) / self.rate
        until = f"is used up on {shown(used_up, zone)}" if used_up < self.end else "lasts"
        return f" At the present {_dollars(self.rate * HOUR)} an hour it {until}."

    def _estimate(self) -> str:
        names = " and ".join(self.money.tariff.estimates)
        return f" The price of {names} is an estimate." if names else ""


def _whole(dollars: float, price: float) -> int:
    """How often a price goes into an amount; a billionth below a whole number is one."""
    if price <= 0 or dollars >= price * MOST:
        return MOST
    return 0 if dollars <= 0 else int(dollars / price + 1e-9)


def _dollars(amount: float) -> str:
    return f"${amount:.2f}" if amount >= 1 else f"${amount:.4f}"

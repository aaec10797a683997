"""Cost window: bounds that hold at certain times, such as a ceiling in office hours.

A window is open whenever the wall clock of its time zone shows a time inside it. While it is
open, ``at_most`` is a ceiling, ``at_least`` a floor whose tasks stay until the window closes,
``spot_share`` the share of new tasks on Spot, and ``pause`` lets no new task start. ``unless_age``
and ``unless_depth`` lift ceiling and pause while messages wait too long or too many wait.

A policy is one window. Where several are open at once the strictest holds: the largest floor,
the smallest ceiling, the smallest share of Spot; a ceiling goes before a floor, a pause before
everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from autoscaler.core.model import Advice, Observation, Reading
from autoscaler.core.needs import Need
from autoscaler.core.units import AtLeast, AtMost, Duration, format_duration
from autoscaler.core.wallclock import Days, TimeOfDay, TimeZone
from autoscaler.core.windows import Season, Window, window


@dataclass(frozen=True, slots=True)
class CostWindow:
    """Bounds that hold while a window of time is open."""

    days: Days = "mon-sun"
    """On which it opens, such as ``mon-fri`` or ``sat,sun``."""
    from_: TimeOfDay = "00:00"
    """The first minute inside it."""
    to: TimeOfDay = "24:00"
    """The first minute outside it; at or before ``from``: of the next day."""
    timezone: TimeZone = "UTC"
    """Whose wall clock."""
    season: Season | None = None
    """The dates on which it opens; None: all year round."""
    at_most: Annotated[int, AtLeast(0)] | None = None
    """The most tasks this queue may want."""
    at_least: Annotated[int, AtLeast(0)] | None = None
    """The fewest; they stay until the window closes."""
    spot_share: Annotated[float, AtLeast(0), AtMost(1)] | None = None
    """Share of new tasks on Spot; it can lower the fleet's own, not raise it."""
    pause: bool = False
    """Start no task for this queue; what runs goes on."""
    unless_age: Duration | None = None
    """Seconds the oldest message may wait before ceiling and pause are lifted."""
    unless_depth: Annotated[int, AtLeast(1)] | None = None
    """Messages that may wait before they are lifted."""

    needs: ClassVar[tuple[Need, ...]] = ()

    def __post_init__(self) -> None:
        self._window()
        bounds = (self.at_most, self.at_least, self.spot_share)
        if not self.pause and bounds == (None, None, None):
            raise ValueError("it does nothing; give at_most, at_least, spot_share or pause")
        if self.pause and (self.at_most, self.at_least) != (None, None):
            raise ValueError("pause leaves nothing to at_most and at_least; remove them")
        lifts = self.unless_age is not None or self.unless_depth is not None
        if lifts and not self.pause and self.at_most is None:
            raise ValueError("unless_age and unless_depth lift at_most or pause; there is neither")
        if self.at_most is not None and (self.at_least or 0) > self.at_most:
            raise ValueError(f"at_least, {self.at_least}, is above at_most, {self.at_most}")

    def advise(self, seen: Observation) -> Advice:
        """While the window is open, its bounds; nothing otherwise."""
        span = self._window()
        is_open, changes = self.state(seen.now)
        until = span.told(changes)
        if not is_open:
            return Advice(why=f"The window is closed {until}.")
        danger = self._danger(seen.reading)
        at_most = None if danger else self.at_most
        pause = self.pause and not danger
        means = f", but lifted: {danger}" if danger else f": {self._bounds()}"
        return Advice(
            at_least=self.at_least,
            at_most=at_most,
            pause=pause,
            spot_share=self.spot_share,
            stay_until=None if self.at_least is None else changes,
            look_again_at=changes if pause or at_most == 0 else None,
            why=f"The window is open {until}{means}.",
        )

    def state(self, at: float) -> tuple[bool, float | None]:
        """Whether the window is open at this second, and when that changes; None: never."""
        return self._window().state(at)

    def _window(self) -> Window:
        return window(self.days, self.from_, self.to, self.timezone, self.season)

    def _danger(self, reading: Reading) -> str | None:
        """Why the promise is in danger; an unknown age or count is no such reason."""
        age, visible = reading.oldest_age, reading.visible
        if self.unless_age is not None and age is not None and age >= self.unless_age:
            limit = format_duration(self.unless_age)
            return f"the oldest message has waited {format_duration(age)}, unless_age is {limit}"
        if self.unless_depth is not None and (visible or 0) >= self.unless_depth:
            return f"{visible} messages wait, unless_depth is {self.unless_depth}"
        return None

    def _bounds(self) -> str:
        bounds = {
            "at least": self.at_least,
            "at most": self.at_most,
            "a Spot share of": self.spot_share,
        }
        told = [f"{word} {bound}" for word, bound in bounds.items() if bound is not None]
        return ", ".join([*told, "no new tasks"] if self.pause else told)

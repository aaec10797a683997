"""ECS's scheduler of a service: it keeps as many tasks as the desired count says.

Of a surplus the newest are stopped. ECS looks at zones and not at work [ECS UpdateService], so the
newest stand for any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from autoscaler.simulation.stage import Stage


class Scheduler:
    """Of the one service in a world."""

    def __init__(
        self, stage: Stage, living: Mapping[int, int], start: Callable[[], object]
    ) -> None:
        self._stage, self._living, self._start = stage, living, start
        self.desired: int | None = None
        """None: the fleet is no service."""

    @property
    def surplus(self) -> int:
        """Living tasks that are too many; below zero: so many are missing."""
        return 0 if self.desired is None else len(self._living) - self.desired

    def stop_any(self, count: int, grace: float) -> None:
        """Another count; who works may be stopped, and has the grace to finish in."""
        self._stage.serves()
        self.desired = count
        self._stop(self._living, grace)

    def stop_unprotected(self, count: int) -> None:
        """Another count; tasks that hold messages protect themselves, and nobody stops these.

        Where that leaves too many, each is stopped as soon as it protects itself no more.
        """
        self._stage.serves(protects=True)
        self.desired = count
        self._stop((one for one in self._living if not self._stage.is_protected(one)), 0.0)

    def make_up(self) -> None:
        """Start what is missing, and tell how many are still too many."""
        for _ in range(-self.surplus):
            self._start()
        self._stage.spare(self.surplus)

    def _stop(self, who: Iterable[int], grace: float) -> None:
        for number in list(who)[::-1][: max(0, self.surplus)]:
            self._stage.stop(number, grace)

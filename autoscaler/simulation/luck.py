"""What is left to chance in a simulated world, each cause by its own stream of draws."""

from __future__ import annotations

import math

from autoscaler.core.tasks import Provider
from autoscaler.simulation.draws import Cause, Stream
from autoscaler.simulation.knobs import Knobs, is_within
from autoscaler.simulation.stage import MINUTE, Start


class Luck:
    """How each start-up, call, count and minute comes out, as often as the knobs say."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self._knobs = knobs
        self._start_up = Stream(seed, Cause.START_UP)
        self._failures = Stream(seed, Cause.START_FAILURES)
        self._spot = Stream(seed, Cause.SPOT)
        self._noise = Stream(seed, Cause.COUNTS)
        self._gaps = Stream(seed, Cause.METRICS)
        self._refusals = Stream(seed, Cause.REFUSALS)
        self._counted = self._called = 0
        self._errors: dict[str, float] = {}

    def blurred(self, what: str, count: int) -> int:
        """The next count of this kind to be told, as wrong as counts are."""
        noise, kept = self._knobs.counts.noise, self._knobs.counts.persistence
        if not noise:
            return count
        drawn = noise * (2.0 * self._noise[self._counted] - 1.0)
        self._counted += 1
        error = kept * self._errors.get(what, 0.0) + math.sqrt(1.0 - kept * kept) * drawn
        self._errors[what] = min(noise, max(-noise, error))
        return round(count * (1.0 + self._errors[what]))

    def is_gap(self, minute: int) -> bool:
        """Whether this minute never gets a datapoint."""
        gaps = self._knobs.metrics.gaps
        return bool(gaps) and self._gaps[minute] < gaps

    def refuses(self, now: float) -> bool:
        """Whether ECS turns the next call away."""
        if is_within(self._knobs.launches.outages, now):
            return True
        refused = self._knobs.launches.refused
        if not refused:
            return False
        self._called += 1
        return self._refusals[self._called] < refused

    def start(self, number: int, provider: Provider, now: float, stay_until: float) -> Start:
        """How the task of this number comes up that is launched now."""
        knobs = self._knobs
        times = 2.0 if is_within(knobs.start_up.slow, now) else 1.0
        pull_at = now + times * knobs.start_up.unbilled * self._varied(2 * number)
        usable_at = pull_at + times * knobs.start_up.billed * self._varied(2 * number + 1)
        paid = pull_at + MINUTE if knobs.workers.paid_minute else -math.inf
        failures = knobs.start_up.failures
        return Start(
            pull_at=pull_at,
            usable_at=usable_at,
            fails=bool(failures) and self._failures[number] < failures,
            not_before=max(paid, stay_until),
            warned_at=usable_at + self._until_interrupted(number, provider),
        )

    def _varied(self, index: int) -> float:
        jitter = self._knobs.start_up.jitter
        return 1.0 + jitter * (2.0 * self._start_up[index] - 1.0) if jitter else 1.0

    def _until_interrupted(self, number: int, provider: Provider) -> float:
        rate = self._knobs.spot.interruptions_per_hour / 3600.0
        if not rate or provider is not Provider.FARGATE_SPOT:
            return math.inf
        return -math.log(1.0 - self._spot[number]) / rate

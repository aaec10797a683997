"""CloudWatch's statistics, in periods that begin on whole multiples of the period."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PERCENTILE = re.compile(r"p(100|\d{1,2}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Sample:
    """A datapoint as it was put: one value, or a statistic set of `count` values.

    `at` is seconds since the epoch.
    """

    at: float
    total: float
    least: float
    most: float
    count: float = 1.0

    @classmethod
    def of(cls, at: float, value: float) -> Sample:
        """Make the sample of a single value."""
        return cls(at, value, value, value)


def by_period(samples: Iterable[Sample], period: int) -> dict[float, list[Sample]]:
    """Group samples by the period they fall in, named by its first second, in time order."""
    found: dict[float, list[Sample]] = defaultdict(list)
    for sample in samples:
        found[sample.at // period * period].append(sample)
    return dict(sorted(found.items()))


def statistic(name: str, samples: Sequence[Sample]) -> float:
    """Compute one statistic. Raises ValueError with a sentence for one that is not known."""
    total = math.fsum(sample.total for sample in samples)
    count = math.fsum(sample.count for sample in samples)
    basic = {
        "SampleCount": count,
        "Sum": total,
        "Average": total / count,
        "Minimum": min(sample.least for sample in samples),
        "Maximum": max(sample.most for sample in samples),
    }
    if name in basic:
        return basic[name]
    asked = _PERCENTILE.fullmatch(name)
    if asked is None:
        raise ValueError(f"{name} is not known here; use {', '.join(basic)} or one like p99")
    return _percentile(sorted(each.total / each.count for each in samples), float(asked[1]) / 100)


def _percentile(values: Sequence[float], share: float) -> float:
    """Interpolate between the two nearest values; a statistic set counts as its mean."""
    at = share * (len(values) - 1)
    below = values[math.floor(at)]
    return below + (values[math.ceil(at)] - below) * (at - math.floor(at))

"""Where a policy's numbers come from, beyond its queue: CloudWatch, or an HTTP endpoint.

Values that say what to fetch; a world's port ``Signals`` fetches them. Whatever cannot be
fetched, or is too old, is unknown, and the policy that needs it abstains.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from autoscaler.core.units import Duration, Matching

LONGEST_PERIOD = 3600.0
"""Seconds; a mean over more than an hour is no measure of what a fleet needs now."""
LONGEST_WAIT = 10.0
"""Seconds; the whole tick waits for the slowest signal."""
MOST_IN_A_FORMULA = 100
"""Metrics; one call takes 500 queries, so a signal never fills one alone [GetMetricData]."""

_STATISTIC = Matching(
    r"^(Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|wm|tc|ts)\d{1,2}(\.\d+)?)$",
    "Average, Sum, Minimum, Maximum, SampleCount, or one such as p99",
)
_ADDRESS = Matching(
    r"^https?://[^/?#\s@]+([/?]\S*)?$",
    "an address such as http://jobs.internal/waiting, without user and password",
)
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")  # [CloudWatch MetricDataQuery.Id]
_PATH = re.compile(r"(?:\.[^.\[\]]+|\[\d{1,6}\])*")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True)
class CloudWatchMetric:
    """The newest whole period of one CloudWatch metric, in its fleet's region and role."""

    namespace: str
    """Such as ``AWS/ECS``."""
    name: str
    """Such as ``CPUUtilization``."""
    dimensions: Mapping[str, str] = field(default_factory=dict)
    """All the metric has, and exactly these: CloudWatch adds nothing up over dimensions."""
    statistic: Annotated[str, _STATISTIC] = "Average"
    """Average, Sum, Minimum, Maximum, SampleCount, or one such as ``p99``."""
    period: Duration = 60.0
    """Seconds, in whole minutes, an hour at most."""

    def __post_init__(self) -> None:
        _check_period(self.period)

    @cached_property
    def key(self) -> str:
        """The same text for the same metric, and for no other."""
        dimensions = dict(sorted(self.dimensions.items()))
        return f"{self.namespace} {self.name} {dimensions} {self.statistic} {self.period:.0f}s"


@dataclass(frozen=True)
class CloudWatchExpression:
    """The newest whole period of a formula over metrics: CloudWatch's metric math."""

    formula: str
    """Such as ``waiting / tasks``; it must give one series."""
    metrics: Mapping[str, CloudWatchMetric] = field(default_factory=dict)
    """By the names they have in the formula; a name begins with a small letter."""
    period: Duration = 60.0
    """Seconds, in whole minutes, an hour at most; that of its metrics, too."""

    def __post_init__(self) -> None:
        _check_period(self.period)
        if len(self.metrics) > MOST_IN_A_FORMULA:
            raise ValueError(f"{len(self.metrics)} metrics are too many; at most 100 are allowed")
        for name, metric in self.metrics.items():
            if not _ID.fullmatch(name):
                raise ValueError(f"{name} cannot be in a formula; write a name such as waiting")
            if metric.period != self.period:
                raise ValueError(f"{name} has another period than its formula; write the same")

    @cached_property
    def key(self) -> str:
        """The same text for the same formula over the same metrics, and for no other."""
        metrics = {name: metric.key for name, metric in sorted(self.metrics.items())}
        return f"{self.formula} of {metrics} {self.period:.0f}s"


@dataclass(frozen=True)
class HttpNumber:
    """A number in the JSON that an HTTP endpoint answers with."""

    url: Annotated[str, _ADDRESS]
    """It shows in records and logs, so it may hold no secret; redirects are not followed."""
    path: str = "$"
    """Where in the answer the number is, such as ``$.jobs[0].waiting``; ``$``: all of it."""
    time_out: Duration = 2.0
    """Seconds for the whole answer, 10 at most: the tick waits for it."""

    def __post_init__(self) -> None:
        steps(self.path)
        if not 0 < self.time_out <= LONGEST_WAIT:
            raise ValueError("time_out must be more than 0 s and at most 10 s")

    @cached_property
    def key(self) -> str:
        """The same text for the same number, and for no other."""
        return f"{self.path} of {self.url}"


Signal = CloudWatchMetric | CloudWatchExpression | HttpNumber


def steps(path: str) -> tuple[str | int, ...]:
    """The names and indexes that a path goes through: ``$.jobs[0].waiting``, or without ``$.``.

    Raises:
        ValueError: with a sentence that shows the accepted form.
    """
    text = path.removeprefix("$")
    if text == path and not path.startswith("["):
        text = f".{path}"
    if not _PATH.fullmatch(text):
        raise ValueError(f"{path!r} is not a path; write one such as $.jobs[0].waiting")
    return tuple(name or int(index) for name, index in _STEP.findall(text))


def _check_period(seconds: float) -> None:
    if not 60 <= seconds <= LONGEST_PERIOD or seconds % 60:
        raise ValueError("period must be in whole minutes, from 1m to 1h")

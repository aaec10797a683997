"""What a user may set about the local AWS: delays, periods, where it listens and writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autoscaler.local.faults.reading import read_script

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from autoscaler.local.faults.script import Script


@dataclass(frozen=True, slots=True)
class TaskDelays:
    """How long a task spends, in seconds, in the states a Fargate task passes through.

    The defaults make 35 s from RunTask to RUNNING: a small image on Fargate takes 30 to 90 s.
    """

    provisioning: float = 15.0
    pull: float = 20.0
    deprovisioning: float = 10.0

    def __post_init__(self) -> None:
        if min(self.provisioning, self.pull, self.deprovisioning) < 0:
            raise ValueError("a task's delays cannot be negative; give 0s or more")

    @classmethod
    def start_up(cls, seconds: float, *, deprovisioning: float = 1.0) -> TaskDelays:
        """Share a whole start-up of this many seconds: a third to provision, the rest to pull."""
        return cls(seconds / 3, seconds * 2 / 3, deprovisioning)


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Everything about one local AWS that its user chooses.

    `metrics_period` is how many real seconds pass between two publications of the AWS/SQS metrics
    (60 on AWS). A shorter period only publishes more often: timestamps stay real, rounded down to
    the minute as AWS does, so that several publications fall into the current minute and a client
    asking for `Period=60` still gets one aligned datapoint a minute. `metrics_early`, whole minutes
    in seconds, puts them into an earlier minute: with 60 they are in the newest whole one, for
    clients that leave out the current minute and users who cannot wait for its end. `port` 0 takes
    any free port. Without a `data_dir` (task logs, the server's own log) a temporary one is made
    and removed.
    `mapping_toggle` is how many seconds a Lambda event source mapping takes to change its state.
    `faults` is a fault script as its file holds it (docs/local-aws.md), in force from the start.
    """

    region: str = "eu-west-2"
    delays: TaskDelays = field(default_factory=TaskDelays)
    metrics_period: float = 60.0
    metrics_early: float = 0.0
    mapping_toggle: float = 5.0
    port: int = 0
    data_dir: Path | None = None
    faults: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.metrics_period <= 0:
            raise ValueError("the metrics period must be longer than 0 seconds")
        if self.metrics_early % 60 or self.metrics_early < 0:
            raise ValueError("metrics can be early by whole minutes only, such as 60 seconds")
        if self.mapping_toggle < 0:
            raise ValueError(
                "an event source mapping cannot change its state before it is asked to"
            )
        self.script()

    def script(self) -> Script:
        """Return the fault script, read. Raises ValueError with a sentence."""
        return read_script(self.faults)

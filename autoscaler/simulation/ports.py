"""The controller's ports on the simulated AWS: as little as can be between tick and kernel."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Mapping

from autoscaler.aws.quiet import Quiet
from autoscaler.core.actions import Failure, FailureKind, Intent, Outcome
from autoscaler.core.advice import needs_history
from autoscaler.core.cost import Tariff, TaskSize, tariff
from autoscaler.core.model import Minute, Reading
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import LaunchRate
from autoscaler.core.tasks import Task, TaskState
from autoscaler.look import World
from autoscaler.simulation.kernel import layout
from autoscaler.simulation.pacing import Paced
from autoscaler.simulation.run import PROVIDERS, TaskEnd
from autoscaler.simulation.service_port import OnDemand, services_of
from autoscaler.simulation.world import SHORT, MinuteSeen, RunTaskError, SimulatedAws
from autoscaler.simulation.writing_down import KeptMemory, RecordKeeping

MINUTES = 10
"""How far back a look goes, as the real one does (``autoscaler/aws/metrics.py``)."""
METRICS = 3
"""Asked for at each look: sent, deleted and age; a fourth where workers publish theirs."""
KINDS: Mapping[str, FailureKind] = {
    "InvalidParameterException": FailureKind.DEFINITION,
    "ServerException": FailureKind.OTHER,
    "ThrottlingException": FailureKind.THROTTLED,
}
REMEMBERED = 1000
"""Tokens whose outcome can be asked for again: far more than one tick ever repeats."""
NO_CAPACITY = Failure(SHORT, kind=FailureKind.CAPACITY)
STOP_CODES: Mapping[int, str] = {
    TaskEnd.LEFT: "EssentialContainerExited",
    TaskEnd.INTERRUPTED: "SpotInterruption",
    TaskEnd.STOPPED: "ServiceSchedulerInitiated",
    TaskEnd.FAILED: "TaskFailedToStart",
}
STATES: Mapping[int, TaskState] = {
    layout.VACANT: TaskState.STOPPED,
    layout.STARTING: TaskState.STARTING,
    layout.WORKING: TaskState.RUNNING,
    layout.STOPPING: TaskState.STOPPING,
}


def simulated_world(
    aws: SimulatedAws, book: Rulebook, records: RecordKeeping, rate: LaunchRate
) -> World:
    """All ports of a tick."""
    (fleet,) = book.fleets
    watched = [one.name for one in fleet.queues if needs_history(one.policies.values())]
    ports = Ports(aws, book.installation, fleet.name, watched)
    return World(
        clock=ports,
        queues=ports,
        tasks=ports,
        actions=ports,
        store=KeptMemory(),
        records=records.into(aws.records),
        pace=Paced(rate),
        tariffs=OnDemand(ports) if fleet.service else ports,
        services=services_of(aws, fleet),
        bookable=True,
    )


class Ports:
    """Clock, queues, tasks, actions and tariffs of one world."""

    def __init__(
        self, aws: SimulatedAws, installation: str, fleet: str, watched: Collection[str] = ()
    ) -> None:
        self._aws, self._fleet = aws, fleet
        self._epoch = aws.trace.starts_at
        self._prefix = f"{installation}/"
        self._quiet = Quiet(watched)
        self._minutes: deque[Minute] = deque(maxlen=MINUTES)
        self._next_minute = 0
        self._listed: frozenset[str] = frozenset()
        self._made_by: dict[int, Intent] = {}
        self._tasks: dict[int, Task] = {}
        self._outcomes: dict[str, Outcome] = {}

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._epoch + self._aws.now

    # ------------------------------------------------------------------------------- queues

    def read(self, queues: Collection[str], now: float) -> Mapping[str, Reading]:
        """The one queue's counts, and its minutes unless it is quiet."""
        (queue,) = queues
        minutes = () if self._quiet.is_quiet(queue, now) else self._shown()
        told = self._aws.count()
        reading = Reading(queue, now, told.visible, told.in_flight, told.delayed, minutes)
        self._quiet.note([reading])
        return {queue: reading}

    def _shown(self) -> tuple[Minute, ...]:
        """What CloudWatch shows of the last ten minutes."""
        aws = self._aws
        aws.api_calls["GetMetricData"] += 1
        aws.api_calls["metrics"] += METRICS + aws.knobs.metrics.from_workers
        newest = aws.newest_minute
        for number in range(max(self._next_minute, newest - MINUTES), newest):
            if not aws.is_gap(number):
                self._minutes.append(self._as_told(aws.minute(number)))
        self._next_minute = newest
        oldest = self._epoch + (aws.now // 60.0 - MINUTES) * 60.0
        return tuple(one for one in self._minutes if one.ends_at > oldest)

    def _as_told(self, seen: MinuteSeen) -> Minute:
        return Minute(
            ends_at=self._epoch + seen.ends_at,
            sent=seen.sent,
            deleted=seen.deleted,
            oldest_age=seen.oldest_age,
            busy_seconds=seen.busy_seconds,
        )

    # -------------------------------------------------------------------------------- tasks

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The tasks that live and were not told to stop."""
        aws = self._aws
        aws.api_calls["ListTasks"] += 1
        if aws.news:
            for number in aws.news:
                self._tasks.pop(number, None)
            aws.news.clear()
            self._listed = frozenset(self._id(number) for number in aws.living)
        return dict.fromkeys(fleets, self._listed)

    def described(self, wanted: Mapping[str, frozenset[str]]) -> Mapping[str, Mapping[str, Task]]:
        """The wanted tasks, all of the one fleet."""
        self._aws.api_calls["DescribeTasks"] += 1
        return {
            fleet: {one: self._task(one) for one in sorted(ids)} for fleet, ids in wanted.items()
        }

    def _id(self, number: int) -> str:
        return f"{self._prefix}{number}"

    def _task(self, task_id: str) -> Task:
        number = int(task_id.removeprefix(self._prefix))
        return self._tasks.get(number) or self._seen(number, task_id)

    def _seen(self, number: int, task_id: str) -> Task:
        """As ECS describes it; kept while nothing about it can change."""
        stage, now = self._aws.stage, self._aws.now
        state = STATES[stage.phase(number)]
        launched_at, pull_at, usable_at, left_at, _, _, _, provider, end = stage.state.tasks[
            number
        ].item()
        stopped = state is TaskState.STOPPED
        made_by = self._made_by.pop(number, None) if stopped else self._made_by.get(number)
        task = Task(
            id=task_id,
            fleet=self._fleet,
            provider=PROVIDERS[provider],
            state=state,
            token=made_by.token if made_by else None,
            stay_until=made_by.launch.stay_until if made_by else None,
            created_at=self._epoch + launched_at,
            pull_started_at=self._epoch + pull_at if pull_at <= now else None,
            started_at=self._epoch + usable_at if usable_at <= now else None,
            stopped_at=self._epoch + left_at if stopped else None,
            stop_code=STOP_CODES[end] if stopped else None,
            exit_code=0 if stopped else None,
        )
        if state is TaskState.RUNNING:
            self._tasks[number] = task
        return task

    # ------------------------------------------------------------------------------ actions

    def launch(self, fleet: str, intent: Intent) -> Outcome:
        """RunTask under the intent's token; repeated, it tells what it told before."""
        del fleet
        if intent.token not in self._outcomes:
            self._outcomes[intent.token] = self._run(intent)
            if len(self._outcomes) > REMEMBERED:
                del self._outcomes[next(iter(self._outcomes))]
        return self._outcomes[intent.token]

    def _run(self, intent: Intent) -> Outcome:
        launch = intent.launch
        stay_until = -math.inf if launch.stay_until is None else launch.stay_until - self._epoch
        try:
            numbers = self._aws.run_task(launch.count, launch.provider, stay_until)
        except RunTaskError as error:
            failure = Failure(error.code, error.message, KINDS[error.code])
            return Outcome(failures=(failure,), turned_away=True)
        self._made_by |= dict.fromkeys(numbers, intent)
        lacking = (NO_CAPACITY,) * (launch.count - len(numbers))
        return Outcome(tuple(self._id(number) for number in numbers), lacking)

    # ------------------------------------------------------------------------------ tariffs

    def of(self, fleets: Collection[str]) -> Mapping[str, Tariff]:
        """What a task costs, from the price table."""
        knobs = self._aws.knobs
        return dict.fromkeys(fleets, tariff(TaskSize(knobs.vcpus, knobs.gigabytes), knobs.region))

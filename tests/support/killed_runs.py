"""`autoscaler mode` as a real process that is killed, by SIGKILL, where a way holds it up."""

from __future__ import annotations

import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from autoscaler.aws.clients import Clients
from autoscaler.cli.mode_open import opened
from autoscaler.config import load
from autoscaler.core.modes import Mode
from autoscaler.operations.mode.looking import look
from autoscaler.operations.mode.plan import consumers, plan
from autoscaler.operations.mode.steps import Step, Wait
from autoscaler.operations.mode.subject import Subject
from support.held_way import READS, HeldWay
from support.mode_runs import Runs, mode_runs
from support.mode_stage import PATIENCE, Stage
from support.processes import kill, wait_for
from support.way import way

MOST_RUNS = 30


@dataclass(frozen=True)
class Ways:
    """What runs need that are to be killed."""

    held: HeldWay
    address: str
    runs: Runs


@dataclass
class Killed:
    """A switch whose every run was killed once it had written, until one found nothing to do."""

    stage: Stage
    ways: Ways
    to: Mode
    steps: list[Step] = field(default_factory=list)
    """At which each run was killed."""
    stood: list[tuple[str, ...]] = field(default_factory=list)
    """Who worked on the queue after each, and before the first; nothing twice in a row."""

    def run(self) -> None:
        """Kill and run again."""
        with opened(load([self.stage.site.write()], {}), "jobs") as (clients, found):
            stands = partial(self._stands, clients, found["jobs"])
            for _ in range(MOST_RUNS):
                steps = stands()
                stop = bool(steps) and steps[0].name in self.names
                if stop:  # it was killed while it waited for that, and still would
                    steps = stands(stop_tasks=True)
                if self._run_ends(steps, stop=stop):
                    stands()
                    return
        raise AssertionError(f"it never ends: {self.names}")

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.steps]

    def _run_ends(self, steps: tuple[Step, ...], *, stop: bool) -> bool:
        """Whether it came to its end before it wrote anything; else it was killed."""
        waits = bool(steps) and isinstance(steps[0], Wait) and not stop
        self.ways.held.hold(2 if waits else math.inf)  # two looks go before the first step
        site = self.stage.site
        log, environment = site.directory / "told", {"AWS_ENDPOINT_URL": self.ways.address}
        process = self.ways.runs.start(self._command(stop=stop), environment, log)
        wait_for(lambda: self.ways.held.at or self.ways.runs.over, "the run", PATIENCE)
        if not self.ways.held.at:
            assert self.ways.runs.status() == 0, log.read_text()
            return True
        kill(process)
        assert self.ways.runs.status() == -signal.SIGKILL
        self.ways.held.let_go()
        waiting = READS.match(self.ways.held.at) is not None
        self.steps.append(next(one for one in steps if isinstance(one, Wait) is waiting))
        return False

    def _command(self, *, stop: bool) -> list[str]:
        options = ["--yes", "--timeout", "2m", "--config", self.stage.site.write()]
        return ["mode", self.to, "jobs", *options, *(["--stop-tasks"] if stop else [])]

    def _stands(
        self, clients: Clients, subject: Subject, *, stop_tasks: bool = False
    ) -> tuple[Step, ...]:
        """What is left to do; it notes who works on the queue."""
        seen, modes, container = look(clients, subject), subject.modes, subject.container
        workers = consumers(seen, modes, container)
        if self.stood[-1:] != [workers]:
            self.stood.append(workers)
        return plan(seen, modes, container, self.to, stop_tasks=stop_tasks)


@contextmanager
def killing(endpoint_url: str) -> Iterator[Ways]:
    """Open the way that such runs take to AWS, and have them started fast."""
    held = HeldWay()
    with mode_runs() as runs, way(endpoint_url, held.meet) as address:
        try:
            yield Ways(held, address, runs)
        finally:
            held.let_go()

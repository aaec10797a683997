"""The fault script in force: it meets calls, interrupts tasks and counts what it did."""

from __future__ import annotations

import threading
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from autoscaler.local.faults.calls import call_of
from autoscaler.local.faults.script import Interruption, Rule, Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autoscaler.local.ecs.api import EcsTasks
    from autoscaler.local.ecs.model import Task
    from autoscaler.local.faults.calls import Call
    from autoscaler.local.wsgi import App, Environ, StartResponse


class Faults:
    """Whatever script is in force, replaceable while requests come in."""

    def __init__(self, script: Script, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._force = Force(script, clock)

    def before(self, behind: App) -> App:
        """Make the WSGI middleware: requests meet the faults, and then `behind`."""
        return lambda environ, start_response: self._force.answer(environ, start_response, behind)

    def replace(self, script: Script) -> None:
        """Let another script come into force now; counts and times begin anew."""
        self._force = Force(script, self._clock)

    def interrupt(self, tasks: EcsTasks) -> None:
        """See Force."""
        self._force.interrupt(tasks)

    def report(self) -> list[dict[str, Any]]:
        """See Force."""
        return self._force.report()


class Force:
    """A script that comes into force now."""

    def __init__(self, script: Script, clock: Callable[[], float]) -> None:
        self._clock, self._started = clock, clock()
        self._looked_at = 0.0
        self._faults = [
            _OnCalls(fault, Random(f"{script.seed}/{number}"))
            if isinstance(fault, Rule)
            else _OnSpot(fault, Random(f"{script.seed}/{number}"))
            for number, fault in enumerate(script.faults)
        ]
        self._calls = [each for each in self._faults if isinstance(each, _OnCalls)]
        self._spot = [each for each in self._faults if isinstance(each, _OnSpot)]

    def answer(
        self, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """Answer one request: the first fault stands outermost, `behind` is inside of all."""
        call = call_of(environ) if self._calls else None
        if call is None:
            return behind(environ, start_response)
        app = behind
        for each in reversed(self._calls):
            app = partial(each.meet, self._seconds, call, app)
        return app(environ, start_response)

    def interrupt(self, tasks: EcsTasks) -> None:
        """Take back the share of running tasks that is due since the last look."""
        if not self._spot:
            return
        now = self._seconds()
        passed, self._looked_at = now - self._looked_at, now
        for each in self._spot:
            if each.fault.period.includes(now):
                tasks.interrupt(partial(each.takes, each.fault.chance_within(passed)), None)

    def report(self) -> list[dict[str, Any]]:
        """Tell how often each fault happened, and how many calls it is about there were."""
        return [each.report() for each in self._faults]

    def _seconds(self) -> float:
        return self._clock() - self._started


class _OnCalls:
    """A fault that happens to calls."""

    def __init__(self, fault: Rule, random: Random) -> None:
        self.fault = fault
        self._random = random
        self._met = self._hit = 0
        self._lock = threading.Lock()

    def meet(
        self,
        seconds: Callable[[], float],
        call: Call,
        behind: App,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Let the fault happen, or pass the call on."""
        about = self.fault.where.includes(call) and self.fault.period.includes(seconds())
        if not about or not self._hits():
            return behind(environ, start_response)
        return self.fault.effect.meet(call, environ, start_response, behind)

    def _hits(self) -> bool:
        with self._lock:
            self._met += 1
            hit = self.fault.which.includes(self._met, self._random.random())
            self._hit += hit
            return hit

    def report(self) -> dict[str, Any]:
        """See Force.report."""
        return {"do": self.fault.do, "met": self._met, "hit": self._hit}


class _OnSpot:
    """A fault that happens to tasks; the engine's thread alone uses it."""

    def __init__(self, fault: Interruption, random: Random) -> None:
        self.fault = fault
        self._random = random
        self._hit = 0

    def takes(self, chance: float, task: Task) -> bool:
        """Whether Spot takes this task back now."""
        running = task.pool == self.fault.provider and task.started_at is not None
        hit = running and self._random.random() < chance
        self._hit += hit
        return hit

    def report(self) -> dict[str, Any]:
        """See Force.report."""
        return {"do": self.fault.do, "hit": self._hit}

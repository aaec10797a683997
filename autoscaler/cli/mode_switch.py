"""A change of mode from the command line: plan, question, steps, report."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass

from autoscaler.aws.clients import Clients
from autoscaler.cli.confirm import confirmed
from autoscaler.cli.mode_text import step_json, step_line, taken_json, taken_line
from autoscaler.cli.options import Output
from autoscaler.core.errors import AutoscalerError, ConfigurationError
from autoscaler.core.modes import Mode
from autoscaler.operations.mode.doing import AwsHands
from autoscaler.operations.mode.looking import look
from autoscaler.operations.mode.plan import plan
from autoscaler.operations.mode.refusing import refusals
from autoscaler.operations.mode.steps import Step
from autoscaler.operations.mode.subject import Subject
from autoscaler.operations.mode.switching import StuckError, Switching, Taken


@dataclass(frozen=True, slots=True)
class Ways:
    """To which mode, and how."""

    to: Mode
    dry_run: bool
    yes: bool
    patience: float
    """Seconds that one step may take."""
    output: Output
    stop_tasks: bool = False


class _Time:
    """This computer's."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def switch(clients: Clients, queue: str, subject: Subject, ways: Ways) -> int:
    """Bring a queue into a mode, step by step; the exit status."""
    steps = _planned(clients, subject, ways)
    if ways.dry_run or not steps:
        return _tell_plan(queue, steps, ways)
    _against_season(queue, subject, ways.to)
    if ways.output is Output.TEXT and not ways.yes:
        _tell_plan(queue, steps, ways)
    if not confirmed(f"Switch {queue} to {ways.to} in {len(steps)} steps: go on?", yes=ways.yes):
        return 1
    return _switch(clients, queue, subject, ways)


def _planned(clients: Clients, subject: Subject, ways: Ways) -> tuple[Step, ...]:
    """What is left to do; raises AutoscalerError, with what stands against it."""
    seen = look(clients, subject)
    against = refusals(seen, subject.modes, subject.container)
    if against:
        raise AutoscalerError("\n".join(against))
    return plan(seen, subject.modes, subject.container, ways.to, stop_tasks=ways.stop_tasks)


def _against_season(queue: str, subject: Subject, to: Mode) -> None:
    season = subject.modes.season
    if season and season.mode(time.time()) is not to:
        raise ConfigurationError(
            f"the season of {queue} says {season.mode(time.time())} today, and `autoscaler mode "
            f"follow` would switch it back; change queues.{queue}.modes.season first"
        )


def _tell_plan(queue: str, steps: tuple[Step, ...], ways: Ways) -> int:
    if ways.output is Output.JSON:
        told = [step_json(one) for one in steps]
        print(json.dumps({"queue": queue, "to": ways.to, "dry_run": ways.dry_run, "steps": told}))
    elif steps:
        print("\n".join(step_line(one) for one in steps))
    else:
        print(f"{queue} is {ways.to}: there is nothing to do")
    return 0


def _switch(clients: Clients, queue: str, subject: Subject, ways: Ways) -> int:
    taken: list[Taken] = []
    text = ways.output is Output.TEXT

    def begin(step: Step) -> None:
        if sys.stderr.isatty():
            print(f"{step.does} ...", file=sys.stderr, flush=True)

    def end(one: Taken) -> None:
        taken.append(one)
        if text:
            print(taken_line(one), flush=True)

    change = Switching(
        lambda: _planned(clients, subject, ways),
        AwsHands(clients, subject),
        _Time(),
        ways.patience,
    )
    stuck = None
    try:
        change.run(begin, end)
    except StuckError as error:
        stuck = str(error)
    _tell_end(queue, taken, ways, stuck)
    return 1 if stuck else 0


def _tell_end(queue: str, taken: list[Taken], ways: Ways, stuck: str | None) -> None:
    if stuck:
        print(f"autoscaler: {stuck}", file=sys.stderr)
    if ways.output is Output.JSON:
        steps = [taken_json(one) for one in taken]
        print(json.dumps({"queue": queue, "to": ways.to, "done": not stuck, "steps": steps}))
    elif not stuck:
        print(f"{queue} is {ways.to}")

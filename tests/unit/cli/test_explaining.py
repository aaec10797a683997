"""What people read of a tick fits a terminal and says everything that was decided."""

from __future__ import annotations

import pytest
from support import values
from support.records import record

from autoscaler.cli.explaining import show
from autoscaler.cli.options import Output
from autoscaler.core.decide import decide
from autoscaler.core.model import Minute, Observation
from autoscaler.core.record import End, Record
from autoscaler.core.rules import FleetRules
from autoscaler.core.tasks import Provider
from autoscaler.telemetry.explanation import explain

LONG = "a policy with much to say [of itself] " * 8


def shown(
    capsys: pytest.CaptureFixture[str], seen: Observation, rules: FleetRules, **changed: object
) -> str:
    decision = decide(seen, rules, {})
    show([explain(record(observation=seen, decision=decision, **changed))], Output.TEXT)
    return capsys.readouterr().out


def test_everything_stays_within_80_columns_and_no_line_ends_in_blanks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "a-queue-with-a-name-longer-than-any-terminal-would-like-it-to-be" * 2
    seen = values.observation(values.blind(name), values.reading(25), signals={LONG: 1.0})
    rules = values.rules(values.queue(values.saying(want=3, why=LONG)), values.queue(name=name))

    lines = shown(capsys, seen, rules, troubles=(LONG,)).splitlines()

    assert max(len(line) for line in lines) <= 80
    assert not [line for line in lines if line != line.rstrip()]
    assert "[of itself]" in " ".join(" ".join(lines).split())


def test_advice_of_every_kind_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    advice = {"want": 3, "at_least": 1, "at_most": 9, "spot_share": 0.5, "new_tasks": 2}
    times = {"stay_until": values.NOW + 60, "look_again_at": values.NOW + 30}
    rules = values.rules(
        values.queue(values.saying(**advice, **times, pause=True), values.saying(), values.Says(3)),
        values.queue(values.NeedsCounts(), name="r"),
    )
    seen = values.observation(values.reading(5), values.blind("r"))

    told = shown(capsys, seen, rules)

    for part in (
        *("pause", "want 3", "at least 1", "at most 9", "new tasks 2", "Spot share 0.5"),
        *("stay until 22:15:00Z", "look again 22:14:30Z", "no opinion", "left out", "abstains"),
    ):
        assert part in told


def test_readings_launches_and_what_aws_said_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    minute = Minute(values.NOW, sent=3.0, deleted=None, oldest_age=190.0)
    seen = values.observation(values.reading(25, minutes=(minute,), dead_letters=4), live=1)
    intents = (values.intent(provider=Provider.FARGATE_SPOT, count=2),)

    told = shown(
        capsys,
        seen,
        values.rules(values.queue(values.saying(want=3))),
        intents=intents,
        tick=int(values.NOW),
    )

    for part in (
        *("25 visible, 0 in flight, 0 delayed", "3 min 10 s", "3 sent, unknown deleted"),
        *("dead letters  4", "1 live: 0 starting, 1 running", "2 on FARGATE_SPOT"),
        *("accepted  1", "refused   Capacity is unavailable"),
    ):
        assert part in told


def test_a_held_tick_says_that_nothing_changes_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    held = Record("house", "f", 1, values.NOW, End.HELD, troubles=("The store is away.",))

    show([explain(held)], Output.TEXT)

    assert capsys.readouterr().out.splitlines() == [
        "fleet f: held, 2023-11-14 22:14:00 UTC",
        "  tasks     unknown",
        "  target    unknown, so nothing changes",
        "  launches  none",
        "  trouble   The store is away.",
        "",
    ]

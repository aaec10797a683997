"""Each check is tripped by its own broken account and no other; a healthy one trips none."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.doctor.broken_definitions import DEFINITIONS
from support.doctor.broken_fleets import FLEETS
from support.doctor.broken_queues import QUEUES
from support.doctor.plan import Built, Plan
from support.doctor.stage import Stage
from support.local_aws import unique

from autoscaler.config import load
from autoscaler.operations.doctor.checks import EVERY, instances, services
from autoscaler.operations.doctor.examination import Verdict, examine
from autoscaler.operations.doctor.facts import Facts
from autoscaler.operations.doctor.gathering import Request, gather
from autoscaler.operations.doctor.gathering.installation import SERVICE_ROLE

PAGE = (Path(__file__).parents[3] / "docs" / "doctor.md").read_text(encoding="utf-8")
NEEDS = PAGE.partition("## What it needs")[2].partition("## How it works")[0].partition("| ---")[2]
DOCUMENTED = {*re.findall(r"`([a-z0-9-]+:[A-Za-z]+)`", NEEDS)}

ALSO = {
    "mode-cut-short": {"queue-paused"},  # half of that switch is a pause
    "visibility-lambda": {"lambda-consumer"},  # mappings of this account are made for an hour
}
"""What cannot but be found as well."""

BROKEN = {check: ways for ways in (QUEUES, DEFINITIONS, FLEETS) for check in ways.by_check}


def examined(
    stage: Stage,
    path: Path,
    role: str | None = None,
    ahead: float = 0.0,
    function: str | None = None,
) -> Sequence[Verdict]:
    settings = load([path], {})
    actor = role or stage.parts.shared["controller"]
    runs_in = function or stage.parts.shared["function"]
    request = Request(settings, lambda: time.time() + ahead, actor, runs_in)
    return examine(gather(request, stage.clients), EVERY)


def found(verdicts: Sequence[Verdict]) -> dict[str, set[str]]:
    """By the name of a queue and its fleet, what was found there."""
    told: dict[str, set[str]] = {}
    for one in verdicts:
        for finding in one.findings:
            told.setdefault(finding.subject.rpartition(" ")[2], set()).add(one.check.id)
    return told


def test_a_healthy_account_trips_nothing_and_leaves_nothing_unknown(stage: Stage) -> None:
    verdicts = examined(stage, stage.configure(stage.build(stage.plan(), "healthy")))

    assert [one for one in verdicts if one.state != "well"] == []


def test_each_check_sees_its_own_broken_account_and_no_other_check_does(stage: Stage) -> None:
    built = [stage.build(stage.plan(), "sound")]
    for check, ways in BROKEN.items():
        plan = ways.broken(check, stage.parts, stage.plan())
        built.append(stage.build(plan, check))

    path = stage.configure(*built)
    stage.calls.clear()

    told = found(examined(stage, path))

    assert {name: told.get(name) for name in BROKEN} == {
        name: {name, *ALSO.get(name, ())} for name in BROKEN
    }
    assert stage.calls - {"sts:GetCallerIdentity"} == DOCUMENTED  # that one needs no permission


def test_the_documented_permissions_only_read() -> None:
    verbs = ("BatchGet", "Describe", "Get", "List", "Simulate")
    assert [one for one in DOCUMENTED if not one.partition(":")[2].startswith(verbs)] == []


def test_every_check_has_its_broken_account() -> None:
    elsewhere = (*services.CHECKS, *instances.CHECKS)  # with tests of their own
    others = [one for one in EVERY if one not in elsewhere]
    assert {*BROKEN, *BROKEN_ONCE} == {one.id for one in others}
    assert {one.id for one in others if one.of is Facts} == {*BROKEN_ONCE}


@dataclass
class Examination:
    """What is asked for, where a whole installation is broken."""

    stage: Stage
    plan: Plan
    changed: dict[str, Any] = field(default_factory=dict)
    role: str | None = None
    ahead: float = 0.0
    function: str | None = None
    twice: bool = False
    """Whether a second fleet serves the same queue."""


def on_demand(asked: Examination) -> None:
    asked.plan.fleet |= {"limits": {"max_tasks": 400}, "spot": {"share": 0.0}}
    asked.plan.fleet["subnets"] = asked.stage.parts.shared["subnets"]


def spot(asked: Examination) -> None:
    asked.plan.fleet |= {"limits": {"max_tasks": 400}, "spot": {"share": 1.0}}


def same_queue(asked: Examination) -> None:
    asked.twice = True


def two_consumers(asked: Examination) -> None:
    def beside(built: Built) -> None:
        asked.stage.parts.service(built, wanted=1)
        modes = {"service": built.name, "direct": {"desired": 1}}
        asked.plan.queue_settings["modes"] = modes

    asked.plan.after.append(beside)


def no_follower(asked: Examination) -> None:
    season = {"direct": [{"from": "01-01", "to": "12-31"}]}
    modes = {"service": "away", "direct": {"desired": 1}, "season": season}
    asked.plan.queue_settings["modes"] = modes


def in_process(asked: Examination) -> None:
    asked.changed["store"] = {"type": "memory"}


def no_table(asked: Examination) -> None:
    asked.changed["store"] = {"type": "dynamodb", "table": "nowhere"}


def ahead(asked: Examination) -> None:
    asked.ahead = 120.0


def less_allowed(asked: Examination) -> None:
    every = ["sqs:*", "cloudwatch:*", "dynamodb:*", "iam:PassRole", "ecs:ListTasks", "ecs:RunTask"]
    asked.role = asked.stage.parts.role(unique("less"), every)


def function(**broken: Any) -> Callable[[Examination], None]:
    def made(asked: Examination) -> None:
        asked.function = asked.stage.parts.controller(unique("controller"), **broken)

    return made


def no_function(asked: Examination) -> None:
    asked.function = "nowhere"


def no_service_role(asked: Examination) -> None:
    iam = asked.stage.parts.api("iam")
    iam.delete_role_policy(RoleName=SERVICE_ROLE, PolicyName="own")
    iam.delete_role(RoleName=SERVICE_ROLE)


BROKEN_ONCE: dict[str, Callable[[Examination], None]] = {
    "on-demand-quota": on_demand,
    "spot-quota": spot,
    "queue-twice": same_queue,
    "mode-consumers": two_consumers,
    "season-not-followed": no_follower,
    "memory-not-shared": in_process,
    "memory-table": no_table,
    "clock": ahead,
    "controller-permissions": less_allowed,
    "function-exists": no_function,
    "function-schedule": function(state="DISABLED"),
    "function-tick-time": function(told="{}"),
    "function-retries": function(retries=2),
    "function-event-age": function(age=21600),
    "function-timeout": function(timeout=3),
    "service-linked-role": no_service_role,
}


@pytest.fixture
def with_service_role(stage: Stage) -> Iterator[None]:
    yield
    with suppress(ClientError):
        stage.parts.role(SERVICE_ROLE)


def tripped(stage: Stage, broken: Callable[[Examination], None]) -> list[str]:
    asked = Examination(stage, stage.plan())
    broken(asked)
    built = stage.build(asked.plan, unique("once"))
    second = replace(built, name=unique("second"))
    second.plan = replace(built.plan, own=frozenset())
    path = stage.configure(built, *([second] if asked.twice else []), **asked.changed)
    verdicts = examined(stage, path, asked.role, asked.ahead, asked.function)
    return [one.check.id for one in verdicts if one.findings]


@pytest.mark.usefixtures("with_service_role")
def test_each_check_of_an_installation_sees_its_own_broken_one(stage: Stage) -> None:
    told = {check: tripped(stage, broken) for check, broken in BROKEN_ONCE.items()}

    assert told == {check: [check] for check in BROKEN_ONCE}

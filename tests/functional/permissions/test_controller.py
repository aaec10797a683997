"""The controller under exactly its policies: every call passes, and each statement is needed."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from support.iam.claims import Policy, broken, idle, requests_of, sids, strangers, without
from support.iam.evaluator import allowed
from support.iam.gate import Gate
from support.iam.stage import Stage, caller, stage_on

from autoscaler import controller
from autoscaler.aws.clients import Clients
from autoscaler.config import load
from autoscaler.core.actions import FailureKind
from autoscaler.core.record import Record
from autoscaler.local import LocalAws
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants
from autoscaler.operations.permissions.looking import look
from autoscaler.runtime.shadow import Shadow
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.records import Nowhere

BROKEN_BY: Mapping[str, str] = {
    "ReadQueues": "sqs:GetQueueAttributes",
    "FindQueues": "sqs:GetQueueUrl",
    "ReadDeadLetters": "sqs:GetQueueAttributes",
    "ReadMetrics": "cloudwatch:GetMetricData",
    "ListTasks": "ecs:ListTasks",
    "DescribeTasks": "ecs:DescribeTasks",
    "LaunchTasks": "ecs:RunTask",
    "TagTasks": "ecs:RunTask",
    "PassRoles": "ecs:RunTask",
    "ReadDefinitions": "ecs:DescribeTaskDefinition",
    "CheckClusters": "ecs:DescribeClusters",
    "KeepMemory": "dynamodb:BatchGetItem",
    "CheckTable": "dynamodb:DescribeTable",
    "AssumeFleetRoles": "sts:AssumeRole",
}
"""The call that fails where a statement is missing."""


class Bench:
    """An installation behind a gate, whose ticks may be run again and again."""

    def __init__(self, aws: LocalAws, stage: Stage, gate: Gate) -> None:
        self.aws, self.stage, self.gate = aws, stage, gate
        self.settings = load([Path(stage.write())], {})
        with mock.patch.dict(os.environ, aws.environment), closing(Clients()) as clients:
            facts = look(self.settings, clients)
        assert facts.notes == ()
        given = {one.part: one for one in grants(self.settings, facts, Wishes())}
        self.role = given[Part.FLEET_ROLE].role or ""
        self._policies = {part: one.policy for part, one in given.items()}
        self._due = itertools.count(int(time.time()), 120)

    def policies(self, part: Part) -> dict[str, Policy]:
        """Of whoever runs the controller, and of the role that the fleet abroad names."""
        return {part.value: self._policies[part], self.role: self._policies[Part.FLEET_ROLE]}

    def watch(self, policies: Mapping[str, Policy]) -> list[Record]:
        """A tick of a shadow, with work to launch for."""
        self.gate.seen.clear()
        self.gate.policies = dict(policies)
        self.stage.send()
        clients = Clients()
        mode = Shadow((), clients)
        settings = mode.settings(self.settings)
        who = caller(self.aws, self.gate, Part.SHADOW.value)
        with who, closing(AwsWorld(settings, Nowhere(), clients)) as made:
            made.require_sound(settings)
            world = mode.world(made.world(settings), settings)
            return controller.tick(world, settings.rulebook(), next(self._due))

    def run(self, part: Part, policies: Mapping[str, Policy], ticks: int = 2) -> list[Record]:
        """Ticks with work to launch for, and at first a memory that cannot be read."""
        self.gate.seen.clear()
        self.gate.policies = dict(policies)
        self.stage.damage("here")
        self.stage.send()
        with (
            caller(self.aws, self.gate, part.value),
            closing(AwsWorld(self.settings, Nowhere())) as made,
        ):
            if part is Part.CONTROLLER:
                made.require_sound(self.settings)
            world, book = made.world(self.settings), self.settings.rulebook()
            return [
                record
                for _ in range(ticks)
                for record in controller.tick(world, book, next(self._due))
            ]


@pytest.fixture(scope="module")
def bench(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with stage_on(aws, tmp_path_factory.mktemp("stage")) as (stage, gate):
        yield Bench(aws, stage, gate)


def launched(records: Iterable[Record]) -> set[str]:
    return {record.fleet for record in records if record.launched}


@pytest.mark.parametrize("part", [Part.CONTROLLER, Part.LAMBDA])
def test_every_call_passes_and_each_part_of_each_policy_is_needed(bench: Bench, part: Part) -> None:
    policies = bench.policies(part)
    records = bench.run(part, policies)

    assert bench.gate.refused() == set()
    assert launched(records) == {"here", "abroad"}
    spared = {part.value: {"WriteLogs"}}  # Lambda's own calls
    if part is Part.LAMBDA:
        spared[bench.role] = {"ReadDefinitions", "CheckClusters"}  # asked by the service alone
    for who, policy in policies.items():
        seen = bench.gate.passed(who)
        for sid in sids(policy) - spared.get(who, set()):
            assert BROKEN_BY[sid] in broken(seen, without(policy, sid)), (who, sid)
        assert idle(policy, requests_of(seen), spared.get(who, ())) == []


def test_a_shadow_passes_under_a_policy_that_reads_and_launches_nothing(bench: Bench) -> None:
    abroad = bench.policies(Part.SHADOW)[bench.role]
    for sid in ("LaunchTasks", "TagTasks", "PassRoles"):
        abroad = without(abroad, sid)
    policies = {**bench.policies(Part.SHADOW), bench.role: abroad}

    records = bench.watch(policies)

    assert bench.gate.refused() == set()
    assert all(one.decision and one.decision.missing for one in records)
    assert launched(records) == set()
    reads = ("Get", "List", "Describe", "AssumeRole")
    called = {request.action for who in policies for request in requests_of(bench.gate.passed(who))}
    assert [one for one in called if not one.partition(":")[2].startswith(reads)] == []
    assert {"ecs:ListTasks", "sqs:GetQueueAttributes"} <= called


def test_whatever_differs_in_one_thing_from_what_is_allowed_is_denied(bench: Bench) -> None:
    policies = bench.policies(Part.CONTROLLER)
    bench.run(Part.CONTROLLER, policies)

    for who, policy in policies.items():
        tried = {
            stranger
            for request in requests_of(bench.gate.passed(who))
            for stranger in strangers(request, bench.stage.mark)
        }
        assert len(tried) > 20
        assert [one for one in tried if allowed(policy, one)] == []


@pytest.mark.parametrize("sid", ["LaunchTasks", "TagTasks", "PassRoles"])
def test_without_a_permission_to_launch_nothing_is_launched_and_the_record_says_why(
    bench: Bench, sid: str
) -> None:
    policies = bench.policies(Part.CONTROLLER)
    own = {"controller": without(policies["controller"], sid)}

    records = bench.run(Part.CONTROLLER, {**policies, **own}, ticks=1)

    assert bench.gate.refused() == {"ecs:RunTask"}
    assert launched(records) == {"abroad"}
    [here] = [record for record in records if record.fleet == "here"]
    failures = [one for outcome in here.outcomes.values() for one in outcome.failures]
    assert {one.kind for one in failures} == {FailureKind.DENIED}
    assert "access to RunTask is denied" in failures[0].detail

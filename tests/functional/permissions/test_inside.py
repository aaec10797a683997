"""A worker in its task's role, and a sender: every call passes, and all of a policy is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from support.iam.claims import Policy, broken, idle, requests_of, strangers, without
from support.iam.evaluator import allowed
from support.iam.gate import Gate
from support.iam.stage import Stage, caller

from autoscaler.aws.clients import Clients
from autoscaler.config import load
from autoscaler.local import LocalAws
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants
from autoscaler.operations.permissions.looking import look

TOO_LARGE = 1_100_000
BROKEN_BY = {
    "SendMessages": "sqs:SendMessageBatch",
    "UseKeys": {"sender": "sqs:SendMessageBatch", "task": "sqs:ReceiveMessage"},
    "PutPayloads": "s3:PutObject",
    "WorkOnQueues": "sqs:ReceiveMessage",
    "FetchPayloads": "s3:GetObject",
}


@pytest.fixture
def policies(aws: LocalAws, stage: Stage, gate: Gate) -> dict[str, Policy]:
    """Of the sender and of the fleet's task, for a configuration with one fleet."""
    changed = {"fleets": {"here": stage.configuration["fleets"]["here"]}}
    queues = {name: one for name, one in stage.configuration["queues"].items() if name != "theirs"}
    settings = load([Path(stage.write(queues=queues, **changed))], {})
    with mock.patch.dict(os.environ, aws.environment), closing(Clients()) as clients:
        facts = look(settings, clients)
    found = grants(settings, facts, Wishes(payloads=(stage.mark,)))
    given = {one.part.value: one.policy for one in found if one.part in (Part.SENDER, Part.TASK)}
    gate.policies = dict(given)
    return given


def run(aws: LocalAws, gate: Gate, who: str, *arguments: str) -> None:
    with caller(aws, gate, who):
        done = subprocess.run(
            [sys.executable, "-m", *arguments], capture_output=True, check=False, timeout=60
        )
    assert done.returncode == 0, done.stderr.decode()


def test_messages_are_sent_and_worked_on_with_nothing_to_spare(
    aws: LocalAws, stage: Stage, gate: Gate, policies: dict[str, Policy]
) -> None:
    lines = stage.folder / "lines"
    lines.write_text("\n".join(["small", "bad", "x" * TOO_LARGE]) + "\n")
    for queue in ("jobs", "more"):
        sent = ["autoscaler", "send", f"{stage.mark}-{queue}", str(lines)]
        run(aws, gate, "sender", *sent, "--bucket", stage.mark)
    worker = ["autoscaler.worker", "--queue", f"{stage.mark}-jobs,{stage.mark}-more"]
    handler = ["--exec", "grep -qvx bad", "--slots", "4", "--retry-cap", "1s"]
    run(aws, gate, "task", *worker, *handler, "--minimum-stay", "0", "--wait", "200ms")

    assert gate.refused() == set()
    assert stage.s3.list_objects_v2(Bucket=stage.mark)["KeyCount"] == 0
    for who, policy in policies.items():
        seen = gate.passed(who)
        for statement in policy["Statement"]:
            sid = statement["Sid"]
            named = BROKEN_BY[sid]
            call = named if isinstance(named, str) else named[who]
            assert call in broken(seen, without(policy, sid)), (who, sid)
        requests = requests_of(seen)
        assert idle(policy, requests) == []
        others = {one for each in requests for one in strangers(each, stage.mark)}
        assert [one for one in others if allowed(policy, one)] == []

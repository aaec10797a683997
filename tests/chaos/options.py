"""What one chaos run is: how much work, which chances, how big a fleet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Options:
    messages: int = 3000
    seed: int = 1
    max_tasks: int = 8
    controllers: int = 2

    @property
    def patience(self) -> float:
        """Seconds after which a run is called stuck."""
        return 240.0 + 0.1 * self.messages

    @property
    def bursts(self) -> int:
        """The work comes in bursts, with pauses that let the fleet shrink."""
        return max(3, min(20, self.messages // 100))


def faults(seed: int) -> dict[str, Any]:
    """30 % of RunTask throttled, in both forms; the rest is what a bad day has.

    Half of the running Spot tasks a minute comes to about a tenth of all, as they live for some
    12 seconds. Sending is left alone: a message sent twice after a lost reply would be two.
    """
    sqs = ["sqs:ReceiveMessage", "sqs:DeleteMessageBatch", "sqs:GetQueueAttributes"]
    some = {"chance": 0.03}
    return {
        "seed": seed,
        "faults": [
            {"do": "delay", "calls": ["ecs:*", "dynamodb:*"], "by": "60ms", "chance": 0.2},
            {"do": "throttle", "calls": "ecs:RunTask", "chance": 0.2},
            {"do": "throttle_by_ec2", "chance": 0.125},
            {"do": "fail", "calls": ["ecs:*", "cloudwatch:*", "dynamodb:*", *sqs], **some},
            {"do": "fail_after", "calls": ["ecs:RunTask", "dynamodb:UpdateItem"], **some},
            {"do": "lose_reply", "calls": "ecs:RunTask", "chance": 0.1},
            {"do": "lose_reply", "calls": ["dynamodb:*", *sqs], **some},
            {"do": "throttle", "calls": ["ecs:ListTasks", "dynamodb:*", *sqs], **some},
            {"do": "stale_list", "by": "4s", "chance": 0.3},
            {"do": "hide_new", "younger_than": "4s", "chance": 0.3},
            {"do": "short", "provider": "FARGATE_SPOT", "from": "30s", "until": "36s"},
            {"do": "short", "most": 1, "reason": "vcpu_quota", "chance": 0.05},
            {"do": "interrupt", "share_per_minute": 0.5},
        ],
    }

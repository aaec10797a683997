"""What AWS does by itself in our roles is allowed, and nothing is allowed beyond it.

No call of ours makes these requests: they are as the documentation of each service has them.
"""

from __future__ import annotations

import pytest
from support.iam.claims import idle, strangers
from support.iam.evaluator import Request, allowed
from support.iam.examples import HOME, grant

from autoscaler.operations.permissions.grants import Part

LINES = HOME.arn("logs", "log-group:/house/worker:log-stream:worker/main/0a1b")
FUNCTION_LINES = HOME.arn("logs", "log-group:/aws/lambda/scaler:log-stream:2026/01/31/[$LATEST]0a")
REPOSITORY = HOME.arn("ecr", "repository/team/worker")

DONE = {
    Part.EXECUTION: [
        Request("ecr:GetAuthorizationToken", "*"),
        Request("ecr:BatchGetImage", REPOSITORY),
        Request("ecr:GetDownloadUrlForLayer", REPOSITORY),
        Request("logs:CreateLogGroup", HOME.arn("logs", "log-group:/house/worker:log-stream:")),
        Request("logs:CreateLogStream", LINES),
        Request("logs:PutLogEvents", LINES),
        Request("secretsmanager:GetSecretValue", HOME.arn("secretsmanager", "secret:db-AbCdEf")),
        Request(
            "secretsmanager:GetSecretValue", HOME.arn("secretsmanager", "secret:registry-AbCdEf")
        ),
        Request("ssm:GetParameters", HOME.arn("ssm", "parameter/team/token")),
        Request("ssm:GetParameters", HOME.arn("ssm", "parameter/team/other")),
        Request("ssm:GetParameters", HOME.arn("ssm", "parameter/logs-token")),
        Request("s3:GetObject", "arn:aws:s3:::house-files/worker.env"),
        Request("s3:GetBucketLocation", "arn:aws:s3:::house-files"),
    ],
    Part.SCHEDULER: [Request("lambda:InvokeFunction", HOME.arn("lambda", "function:scaler"))],
}


@pytest.mark.parametrize("part", DONE)
def test_it_is_allowed_with_nothing_to_spare(part: Part) -> None:
    policy = grant(part).policy

    assert [one for one in DONE[part] if not allowed(policy, one)] == []
    assert idle(policy, DONE[part]) == []


def test_the_function_may_write_to_its_own_log_group_only() -> None:
    policy = grant(Part.LAMBDA).policy

    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        request = Request(action, FUNCTION_LINES)
        assert allowed(policy, request)
        assert not any(allowed(policy, one) for one in strangers(request, "scaler"))

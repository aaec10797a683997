"""Every API call that stands in the code has its action in a statement, and the reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name
from support.iam.evaluator import all_of
from support.iam.examples import dispatched, given, moded, steered
from support.iam.on_instances import on_instances
from support.iam.requests import ACTIONS

import autoscaler

ROOT = Path(autoscaler.__file__).parent
ROOMS = ("aws", "cli", "operations", "runtime", "telemetry", "worker")
SERVICES = (
    "sqs",
    "ecs",
    "cloudwatch",
    "dynamodb",
    "s3",
    "sts",
    "ec2",
    "ssm",
    "lambda",
    "autoscaling",
    "application-autoscaling",
)
"""Whose methods the code calls by name; the doctor names others' in texts, with the service."""

MADE_BY_OTHERS = {
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "iam:PassRole",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "lambda:InvokeFunction",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:GetBucketLocation",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameters",
    "ecs:TagResource",
    "sts:AssumeRole",
}
"""By AWS on somebody's behalf, or by botocore: no call of ours has their names."""

FREE = {"sts:GetCallerIdentity"}
"""Needs no permission."""


@cache
def session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def services() -> frozenset[str]:
    return frozenset(session().get_available_services())


@cache
def operations(service: str) -> dict[str, str]:
    """By the method's name, the operation; names of one word are other libraries' as well."""
    model = session().get_service_model(service)
    named = {xform_name(name): name for name in model.operation_names}
    return {method: name for method, name in named.items() if "_" in method}


def texts() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.read_text(encoding="utf-8")


def calls() -> set[str]:
    """All that the code calls, as actions."""
    found = set()
    for text in texts():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found |= of_method(node.func.attr)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= of_text(node.value)
    return {ACTIONS.get(call, call) for call in found}


def of_method(name: str) -> set[str]:
    return {
        f"{service}:{operations(service)[name]}"
        for service in SERVICES
        if name in operations(service)
    }


def of_text(text: str) -> set[str]:
    """Names of pages' operations, and calls such as ``ecs.list_services``."""
    service, _, method = text.rpartition(".")
    if not service:
        return of_method(text)
    if "_" not in method or service not in services():
        return set()
    name = {"service-quotas": "servicequotas"}.get(service, service)
    return {f"{name}:{operations(service)[method]}"} if method in operations(service) else set()


def test_every_call_in_the_code_has_its_action_and_every_action_its_call() -> None:
    permitted = {
        action
        for one in (*given(), *dispatched(), *moded(), *on_instances(), *steered())
        for statement in one.policy["Statement"]
        for action in all_of(statement["Action"])
    }
    made = calls()

    assert made - FREE - permitted == set()
    assert permitted - made == MADE_BY_OTHERS
    assert len(made) > 30

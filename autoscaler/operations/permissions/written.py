"""Grants as documents: JSON, and a CloudFormation template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from autoscaler.operations.permissions.grants import PURPOSES, Grant

MOST_CHARACTERS = {"AWS::IAM::Role": 10_240, "AWS::IAM::ManagedPolicy": 6_144}
"""Of all policies inside a role together, and of one managed policy, without white space [IAM
quotas]."""


def oversize(given: Iterable[Grant]) -> list[str]:
    """A sentence for each policy that IAM would refuse, with what to do."""
    return [
        f"the policy of the {one.part} has {length:,} characters and IAM takes {most:,}: divide "
        "the fleets among several installations, or name queues with a common beginning and "
        "write it with an asterisk in place of their ARNs"
        for one in given
        if (length := _length(one)) > (most := MOST_CHARACTERS[_kind(one)])
    ]


def _length(one: Grant) -> int:
    return len(json.dumps(one.policy, separators=(",", ":")))


def _kind(one: Grant) -> str:
    """What it becomes in a template."""
    return "AWS::IAM::ManagedPolicy" if one.role else "AWS::IAM::Role"


def as_json(given: Iterable[Grant]) -> list[dict[str, Any]]:
    """All there is to know of each."""
    return [
        {
            "for": one.part.value,
            "fleets": list(one.fleets),
            "role": one.role,
            "policy": one.policy,
            "trust": one.trust_policy,
            "why": one.reasons,
        }
        for one in given
    ]


def as_template(installation: str, given: Sequence[Grant]) -> dict[str, Any]:
    """A template: a role for each, or a policy added to the role that is there already.

    A role without any permission is still one: ECS wants a task role for credentials at all.
    """
    names = _logical_names(given)
    resources = {
        name: _addition(one) if one.role else _role(one)
        for name, one in zip(names, given, strict=True)
        if one.statements
    }
    outputs = {
        f"{name}Arn": {"Value": {"Fn::GetAtt": [name, "Arn"]}}
        for name, resource in resources.items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Permissions of the installation {installation} of queue-autoscaler",
        "Resources": resources,
    }
    return {**template, "Outputs": outputs} if outputs else template


def _role(one: Grant) -> dict[str, Any]:
    return {
        "Type": _kind(one),
        "Properties": {
            "Description": PURPOSES[one.part].replace("`", ""),
            "AssumeRolePolicyDocument": one.trust_policy,
            "Policies": [{"PolicyName": one.part.value, "PolicyDocument": one.policy}],
        },
    }


def _addition(one: Grant) -> dict[str, Any]:
    return {
        "Type": _kind(one),
        "Properties": {
            "Description": PURPOSES[one.part].replace("`", ""),
            "PolicyDocument": one.policy,
            "Roles": [str(one.role).rpartition("/")[2]],
        },
    }


def _logical_names(given: Sequence[Grant]) -> list[str]:
    """``TaskRole``; ``TaskRole2`` where there are several of a part."""
    counts: dict[str, int] = {}
    names = []
    for one in given:
        stem = "".join(word.capitalize() for word in one.part.value.split("-")).removesuffix("Role")
        counts[stem] = counts.get(stem, 0) + 1
        number = "" if counts[stem] == 1 else str(counts[stem])
        names.append(f"{stem}{'Policy' if one.role else 'Role'}{number}")
    return names

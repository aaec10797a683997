"""Grants as documents: JSON, and a CloudFormation template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autoscaler.operations.permissions.grants import PURPOSES, Grant


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
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Description": PURPOSES[one.part].replace("`", ""),
            "AssumeRolePolicyDocument": one.trust_policy,
            "Policies": [{"PolicyName": one.part.value, "PolicyDocument": one.policy}],
        },
    }


def _addition(one: Grant) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
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

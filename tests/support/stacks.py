"""Stacks on the local AWS: what its CloudFormation ignores is made through its own API.

A resource that is ignored and that nobody here knows how to make is an error, so that no template
seems to work because half of it was left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cfnlint.decode.cfn_yaml import load

from support.local_aws import client

ACCOUNT, REGION = "123456789012", "eu-west-2"
GONE = object()
"""What AWS::NoValue stands for."""


@dataclass
class Stack:
    """A template with its parameters, and what became of its resources."""

    endpoint: str
    name: str
    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    made: dict[str, str] = field(default_factory=dict)
    """Physical ids by logical ones."""
    ignored: set[str] = field(default_factory=set)
    """Types of resources that CloudFormation here left out."""

    @classmethod
    def of(cls, endpoint: str, name: str, path: Path, **parameters: str) -> Stack:
        template = load(str(path))
        defaults = {
            key: str(one["Default"])
            for key, one in template["Parameters"].items()
            if "Default" in one
        }
        return cls(endpoint, name, template, {**defaults, **parameters})

    @property
    def outputs(self) -> dict[str, str]:
        cloudformation = client(self.endpoint, "cloudformation")
        (stack,) = cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def create(self, path: Path) -> Stack:
        """Have CloudFormation create it, then make what was ignored."""
        given = [{"ParameterKey": k, "ParameterValue": v} for k, v in self.parameters.items()]
        client(self.endpoint, "cloudformation").create_stack(
            StackName=self.name,
            TemplateBody=path.read_text(),
            Parameters=given,
            Capabilities=["CAPABILITY_IAM"],
        )
        return self.complete()

    def complete(self) -> Stack:
        """Make what CloudFormation ignored of a stack that is there."""
        cloudformation = client(self.endpoint, "cloudformation")
        found = cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        self.made = {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for one in found
            if one.get("PhysicalResourceId")
        }
        for name, resource in self.template["Resources"].items():
            if name not in self.made and self._holds(resource.get("Condition")):
                self.ignored.add(resource["Type"])
                MAKERS[resource["Type"]](self.endpoint, self.value(resource["Properties"]))
        for name, resource in self.template["Resources"].items():
            if resource["Type"] == "AWS::S3::Bucket":
                self.ignored |= _fill_bucket(self.endpoint, self.made[name], self.properties(name))
        return self

    def properties(self, name: str) -> Any:
        """Of a resource, with everything filled in."""
        return self.value(self.template["Resources"][name]["Properties"])

    # ------------------------------------------------------------------------------ values

    def value(self, part: Any) -> Any:
        """What a part of the template comes to."""
        if isinstance(part, list):
            return [one for each in part if (one := self.value(each)) is not GONE]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            ((key, argument),) = part.items()
            if key == "Ref" or key.startswith("Fn::"):
                return FUNCTIONS[key](self, argument)
        values = {key: self.value(each) for key, each in part.items()}
        return {key: each for key, each in values.items() if each is not GONE}

    def ref(self, name: str) -> Any:
        pseudo = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::StackName": self.name,
            "AWS::NoValue": GONE,
        }
        if name in pseudo:
            return pseudo[name]
        if name not in self.parameters:
            return self.made[name]
        kind = self.template["Parameters"][name]["Type"]
        return int(self.parameters[name]) if kind == "Number" else self.parameters[name]

    def attribute(self, name: str, attribute: str) -> str:
        assert attribute == "Arn", f"{name}.{attribute} is not looked up here"
        kind = self.template["Resources"][name]["Type"]
        return ARNS[kind](self.endpoint, self.made[name])

    def substitute(self, argument: Any) -> str:
        text, more = argument if isinstance(argument, list) else (argument, {})
        known = self.value(more)

        def one(match: re.Match[str]) -> str:
            name, _, attribute = match[1].partition(".")
            return str(
                known.get(name)
                or (self.attribute(name, attribute) if attribute else self.ref(name))
            )

        return re.sub(r"\$\{([^}]+)\}", one, text)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or self.truth(self.template["Conditions"][condition])

    def truth(self, rule: Any) -> bool:
        ((key, argument),) = rule.items()
        if key == "Condition":
            return self._holds(argument)
        if key == "Fn::Equals":
            first, second = map(str, map(self.value, argument))
            return first == second
        found = map(self.truth, argument)
        return not next(found) if key == "Fn::Not" else {"Fn::And": all, "Fn::Or": any}[key](found)


FUNCTIONS: Mapping[str, Callable[[Stack, Any], Any]] = {
    "Ref": Stack.ref,
    "Fn::GetAtt": lambda stack, argument: stack.attribute(*argument),
    "Fn::Sub": Stack.substitute,
    "Fn::If": lambda stack, argument: stack.value(
        argument[1] if stack._holds(argument[0]) else argument[2]
    ),
}

ARNS: Mapping[str, Callable[[str, str], str]] = {
    "AWS::SQS::Queue": lambda _, url: f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}",
    "AWS::Lambda::Function": lambda _, name: f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
    "AWS::IAM::Role": lambda _, name: f"arn:aws:iam::{ACCOUNT}:role/{name}",
}


# ------------------------------------------------------------- what CloudFormation here ignores


def _queue_policy(endpoint: str, wanted: Mapping[str, Any]) -> None:
    for url in wanted["Queues"]:
        client(endpoint, "sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": json.dumps(wanted["PolicyDocument"])}
        )


def _invocations(endpoint: str, wanted: Mapping[str, Any]) -> None:
    client(endpoint, "lambda").put_function_event_invoke_config(**wanted)


def _schedule(endpoint: str, wanted: Mapping[str, Any]) -> None:
    client(endpoint, "scheduler").create_schedule(**wanted)


def _alarm(endpoint: str, wanted: Mapping[str, Any]) -> None:
    client(endpoint, "cloudwatch").put_metric_alarm(**wanted)


def _fill_bucket(endpoint: str, name: str, wanted: Mapping[str, Any]) -> set[str]:
    """Give a bucket the properties it was made without; returns which."""
    s3 = client(endpoint, "s3")
    missing = set()
    try:
        s3.get_public_access_block(Bucket=name)
    except s3.exceptions.ClientError:
        missing.add("PublicAccessBlockConfiguration")
        s3.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration=wanted["PublicAccessBlockConfiguration"],
        )
    has = s3.get_bucket_notification_configuration(Bucket=name)
    queues = wanted.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
    if queues and not has.get("QueueConfigurations"):
        missing.add("NotificationConfiguration")
        told = [{"QueueArn": one["Queue"], "Events": [one["Event"]]} for one in queues]
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"QueueConfigurations": told}
        )
    return {f"AWS::S3::Bucket.{one}" for one in missing}


MAKERS: Mapping[str, Callable[[str, Any], None]] = {
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::Lambda::EventInvokeConfig": _invocations,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::CloudWatch::Alarm": _alarm,
}

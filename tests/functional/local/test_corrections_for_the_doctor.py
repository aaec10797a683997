"""What moto lacks for the doctor, and that plain moto still lacks it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from support.local_aws import client, unique

from autoscaler.local import LocalAws

# --------------------------------------------------------------- corrections/iam_simulation.py


def statement(effect: str, action: str, resource: str) -> dict[str, str]:
    return {"Effect": effect, "Action": action, "Resource": resource}


def policy(*statements: dict[str, str]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(iam: Any) -> tuple[str, str]:
    name = unique("role")
    trust = policy({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"})
    return name, iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]


def decisions(iam: Any, arn: str, *actions: str, on: str = "*") -> list[str]:
    answer = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=actions, ResourceArns=[on]
    )
    return [one["EvalDecision"] for one in answer["EvaluationResults"]]


def test_a_role_may_do_what_its_own_policies_allow_where_they_allow_it(aws: LocalAws) -> None:
    iam = client(aws.endpoint_url, "iam")
    name, arn = role(iam)
    allowed = statement("Allow", "sqs:Receive*", "arn:aws:sqs:*:jobs")
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(allowed))
    here = "arn:aws:sqs:eu-west-2:1:jobs"

    assert decisions(iam, arn, "sqs:ReceiveMessage", "sqs:SendMessage", on=here) == [
        "allowed",
        "implicitDeny",
    ]
    assert decisions(iam, arn, "sqs:ReceiveMessage", on="other") == ["implicitDeny"]


def test_what_an_attached_policy_denies_no_other_allows(aws: LocalAws) -> None:
    iam = client(aws.endpoint_url, "iam")
    name, arn = role(iam)
    everything = policy(statement("Allow", "*", "*"))
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=everything)
    assert decisions(iam, arn, "ecs:RunTask") == ["allowed"]

    denied = policy(statement("Deny", "ecs:*", "*"))
    made = iam.create_policy(PolicyName=name, PolicyDocument=denied)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=made)

    assert decisions(iam, arn, "ecs:RunTask", "sqs:SendMessage") == ["explicitDeny", "allowed"]


def test_a_user_is_simulated_as_well(aws: LocalAws) -> None:
    iam = client(aws.endpoint_url, "iam")
    name = unique("user")
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    allowed = policy(statement("Allow", "ecs:ListTasks", "*"))
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=allowed)

    assert decisions(iam, arn, "ecs:ListTasks", "ecs:RunTask") == ["allowed", "implicitDeny"]


def test_simulation_is_still_missing_in_moto(moto: str) -> None:
    """Else delete corrections/iam_simulation.py."""
    iam = client(moto, "iam")
    with pytest.raises((ClientError, ResponseParserError)):
        decisions(iam, role(iam)[1], "ecs:RunTask")


# --------------------------------------------------------------- corrections/service_quotas.py


@pytest.mark.parametrize("code", ["L-3032A538", "L-36FBB829"])
def test_fargate_has_quotas_of_vcpus(aws: LocalAws, code: str) -> None:
    quotas = client(aws.endpoint_url, "service-quotas")

    told = quotas.get_service_quota(ServiceCode="fargate", QuotaCode=code)["Quota"]

    assert (told["Value"], "vCPU" in told["QuotaName"]) == (64.0, True)


def test_quotas_that_nobody_knows_are_still_refused(aws: LocalAws) -> None:
    quotas = client(aws.endpoint_url, "service-quotas")
    with pytest.raises(ClientError):
        quotas.get_service_quota(ServiceCode="fargate", QuotaCode="L-00000000")


def test_fargates_quotas_are_still_missing_in_moto(moto: str) -> None:
    """Else delete corrections/service_quotas.py."""
    with pytest.raises(ClientError):
        client(moto, "service-quotas").get_service_quota(
            ServiceCode="fargate", QuotaCode="L-3032A538"
        )

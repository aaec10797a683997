"""Who may take a role: the trust policies of the roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from autoscaler.aws.roles import SESSION_NAME
from autoscaler.operations.permissions.facts import Site


class Trust(Protocol):
    """Whoever a role is for."""

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""


@dataclass(frozen=True, slots=True)
class EcsTasks:
    """Tasks of ECS in this account and region: no other account can have ECS take the role."""

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""
        return _trust(
            {"Service": "ecs-tasks.amazonaws.com"},
            {
                "StringEquals": {"aws:SourceAccount": site.account},
                "ArnLike": {"aws:SourceArn": site.arn("ecs", "*")},
            },
        )


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """Functions of Lambda, which takes no condition here."""

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""
        del site
        return _trust({"Service": "lambda.amazonaws.com"}, {})


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Schedules of EventBridge Scheduler in this account."""

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""
        return _trust(
            {"Service": "scheduler.amazonaws.com"},
            {"StringEquals": {"aws:SourceAccount": site.account}},
        )


@dataclass(frozen=True, slots=True)
class PodIdentity:
    """Pods of EKS by Pod Identity, which tags the session with what the pod is."""

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""
        condition = {"StringEquals": {"aws:SourceAccount": site.account}}
        return _trust(
            {"Service": "pods.eks.amazonaws.com"}, condition, "sts:AssumeRole", "sts:TagSession"
        )


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """One service account of Kubernetes, by its cluster's OIDC provider (IRSA)."""

    provider: str
    """Its issuer, without ``https://``."""
    namespace: str
    name: str

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""
        arn = f"arn:{site.partition}:iam::{site.account}:oidc-provider/{self.provider}"
        account = f"system:serviceaccount:{self.namespace}:{self.name}"
        claims = {
            f"{self.provider}:sub": account,
            f"{self.provider}:aud": "sts.amazonaws.com",
        }
        condition = {"StringEquals": claims}
        return _trust({"Federated": arn}, condition, "sts:AssumeRoleWithWebIdentity")


@dataclass(frozen=True, slots=True)
class Controller:
    """The controller of an account, which that account's own policies let take the role."""

    home: Site

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a fleet's role."""
        del site
        account = f"arn:{self.home.partition}:iam::{self.home.account}:root"
        return _trust({"AWS": account}, {"StringEquals": {"sts:RoleSessionName": SESSION_NAME}})


@dataclass(frozen=True, slots=True)
class People:
    """People and programs of the account, as its own policies let them."""

    def document(self, site: Site) -> dict[str, Any]:
        """The trust policy of a role of theirs."""
        return _trust({"AWS": f"arn:{site.partition}:iam::{site.account}:root"}, {})


def _trust(
    principal: Mapping[str, str], condition: Mapping[str, Mapping[str, str]], *actions: str
) -> dict[str, Any]:
    allowed = list(actions or ("sts:AssumeRole",))
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": dict(principal),
        "Action": allowed[0] if len(allowed) == 1 else allowed,
    }
    if condition:
        statement["Condition"] = {operator: dict(keys) for operator, keys in condition.items()}
    return {"Version": "2012-10-17", "Statement": [statement]}

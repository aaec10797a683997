"""What a task definition needs of ECR, CloudWatch Logs, Secrets Manager, SSM and S3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autoscaler.operations.permissions.facts import DefinitionFacts, LogGroup, Site
from autoscaler.operations.permissions.statement import distinct

_IN_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws|on\.aws)[^/]*/"
    r"(?P<name>[^:@]+)"
)
"""An image in a private registry of ECR: its host, then the repository's name [ECR registries]."""

_SECRET = re.compile(r"arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:[^:]+")
"""A secret's ARN; a JSON key, a version's stage and its id may follow [ECS secrets]."""


def definition_facts(told: Mapping[str, Any], site: Site) -> DefinitionFacts:
    """Read a task definition as DescribeTaskDefinition tells it."""
    containers = told.get("containerDefinitions", [])
    named = list(_named(containers))
    return DefinitionFacts(
        task_role=_role(told.get("taskRoleArn"), site),
        execution_role=_role(told.get("executionRoleArn"), site),
        repositories=distinct(_repositories(containers, site)),
        log_groups=tuple(dict.fromkeys(_log_groups(containers, site))),
        secrets=distinct(found[0] for text in named if (found := _SECRET.match(text))),
        parameters=distinct(_parameter(text, site) for text in named if not _SECRET.match(text)),
        files=distinct(
            one["value"] for each in containers for one in each.get("environmentFiles", ())
        ),
    )


def _role(text: str | None, site: Site) -> str | None:
    """A role's ARN; a task definition may name it in short [ECS task definition parameters]."""
    if not text:
        return None
    return text if text.startswith("arn:") else site.role(text)


def _repositories(containers: Iterable[Mapping[str, Any]], site: Site) -> Iterator[str]:
    for each in containers:
        if found := _IN_ECR.match(each.get("image", "")):
            there = Site(site.partition, found["region"], found["account"])
            yield there.arn("ecr", f"repository/{found['name']}")


def _log_groups(containers: Iterable[Mapping[str, Any]], site: Site) -> Iterator[LogGroup]:
    for each in containers:
        options = each.get("logConfiguration", {}).get("options", {})
        if name := options.get("awslogs-group"):
            region = options.get("awslogs-region", site.region)
            create = options.get("awslogs-create-group") == "true"
            yield LogGroup(Site(site.partition, region, site.account), name, create)


def _named(containers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """All that is read in from elsewhere: variables, options of logs, a registry's password."""
    for each in containers:
        logs = each.get("logConfiguration", {})
        yield from (one["valueFrom"] for one in each.get("secrets", ()))
        yield from (one["valueFrom"] for one in logs.get("secretOptions", ()))
        if password := each.get("repositoryCredentials", {}).get("credentialsParameter"):
            yield password


def _parameter(text: str, site: Site) -> str:
    """A parameter's ARN; one of the same region may be named alone [ECS secrets]."""
    return text if text.startswith("arn:") else site.arn("ssm", f"parameter/{text.lstrip('/')}")

"""What policies are made of, beyond a configuration: values, found by `looking`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Site:
    """A region of an account."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something here."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def role(self, name: str) -> str:
        """The ARN of a role; roles have no region."""
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """A queue of the configuration. ``key`` is what it is encrypted with, None: SQS's own key."""

    arn: str
    dead_letters: str | None = None
    """Its dead-letter queue's ARN."""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class LogGroup:
    """Where a container's lines go; ``create`` says that the task may have to make it."""

    site: Site
    name: str
    create: bool = False

    @property
    def arn(self) -> str:
        """Its streams' ARNs."""
        return self.site.arn("logs", f"log-group:{self.name}:*")


@dataclass(frozen=True, slots=True)
class DefinitionFacts:
    """What a task definition needs of others before its containers run; ARNs."""

    task_role: str | None = None
    execution_role: str | None = None
    repositories: tuple[str, ...] = ()
    """In ECR; public images need no permission."""
    log_groups: tuple[LogGroup, ...] = ()
    secrets: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    """Of SSM."""
    files: tuple[str, ...] = ()
    """Of environment variables, in S3."""

    @property
    def roles(self) -> tuple[str, ...]:
        """That RunTask hands to its tasks."""
        return tuple(role for role in (self.task_role, self.execution_role) if role)


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service whose task definition a mode registers anew."""

    definition: str
    """ARN of every revision of its family."""
    roles: tuple[str, ...] = ()
    """ARNs of its task role and its execution role."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The account as the configuration meets it."""

    home: Site
    """Of whoever runs the controller: its credentials' account, the environment's region."""
    fleets: Mapping[str, Site]
    queues: Mapping[str, QueueFacts]
    definitions: Mapping[str, DefinitionFacts]
    """By fleet."""
    notes: tuple[str, ...] = ()
    """What could not be found, a sentence each, and what is left out because of that."""
    services: Mapping[str, ServiceFacts] = field(default_factory=dict)
    """By queue: those of its modes."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What neither configuration nor account tells."""

    function: str = "queue-autoscaler"
    """The Lambda function's name."""
    configuration: str | None = None
    """Where the function reads its configuration, ``s3://bucket/key`` or ``ssm:/name``."""
    records: str | None = None
    """Where the function keeps its records, ``s3://bucket/prefix``."""
    payloads: tuple[str, ...] = ()
    """Where large bodies lie: buckets that `send` is given, or ``bucket/prefix`` of others."""

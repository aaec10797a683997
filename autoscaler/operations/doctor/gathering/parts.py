"""What is asked about the parts of a task definition: image, logs and roles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Image, Told
from autoscaler.operations.doctor.gathering.fleets import FleetLooks
from autoscaler.operations.doctor.gathering.simulation import Ask, denied
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError, told
from autoscaler.operations.doctor.reading import awslogs, container_of

_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[^/]+/"
    r"(?P<name>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?"
)

_LISTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    *_LISTS,
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)

WORKING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
"""What any worker does with a queue."""


@dataclass(frozen=True, slots=True)
class PartLooks:
    """Looks at what a task definition names; raises as ``FleetLooks`` does."""

    fleet: FleetLooks
    account: Account
    queues: Sequence[Callable[[], Mapping[str, str]]]
    """Looks at the attributes of the queues that the fleet serves."""

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {
            "image": self.image,
            "log_groups": self.log_groups,
            "task_role": lambda: self._role("taskRoleArn"),
            "execution_role": lambda: self._role("executionRoleArn"),
            "task_role_denied": self.task_role_denied,
        }

    def image(self) -> Image | None:
        """Of the container that works, if it is in ECR."""
        text = container_of(self.fleet.definition(), self.fleet.settings.container)["image"]
        found = _ECR.fullmatch(text)
        if found is None:
            return None
        there = {"imageDigest": found["digest"]} if found["digest"] else {}
        answer = self.account.ask(
            Place(found["region"], self.fleet.settings.role),
            "ecr.batch_get_image",
            f"look at the image {text}",
            absent=["RepositoryNotFoundException"],
            registryId=found["account"],
            repositoryName=found["name"],
            imageIds=[there or {"imageTag": found["tag"] or "latest"}],
            acceptedMediaTypes=list(_MANIFESTS),
        )
        if not answer.get("images"):
            raise NotThereError(f"there is no image {text}")
        return Image(told(partial(_architectures, text, answer["images"][0]["imageManifest"])))

    def log_groups(self) -> Mapping[str, Told | None]:
        """Those that containers write to by the driver awslogs."""
        wanted = {
            group: options.get("awslogs-region")
            for options in map(awslogs, self.fleet.definition()["containerDefinitions"])
            if options and (group := options.get("awslogs-group"))
        }
        return {name: self._log_group(name, region) for name, region in wanted.items()}

    def _log_group(self, name: str, region: str | None) -> Told | None:
        groups = self.account.pages(
            Place(region or self.fleet.settings.region, self.fleet.settings.role),
            "logs.describe_log_groups",
            "logGroups",
            f"look at the log group {name}",
            logGroupNamePrefix=name,
        )
        return next((one for one in groups if one["logGroupName"] == name), None)

    def _role(self, kind: str) -> Told | None:
        arn = self.fleet.definition().get(kind)
        if not arn:
            return None
        name = arn.rpartition("/")[2]
        answer = self.account.ask(
            self.fleet.place,
            "iam.get_role",
            f"look at the role {name}",
            absent=["NoSuchEntity"],
            RoleName=name,
        )
        role: Told = answer["Role"]
        return role

    def task_role_denied(self) -> Sequence[str]:
        """What a worker does with its queues and this role does not allow."""
        role = self._role("taskRoleArn")
        if role is None:
            raise NotKnownError("the task definition names no task role")
        asks = [ask for look in self.queues for ask in self._asks(look(), role["Arn"])]
        return denied(self.account, asks)

    def _asks(self, queue: Mapping[str, str], role: str) -> list[Ask]:
        """What a worker needs of one queue: with a key of its own, to decrypt as well."""
        asks = [Ask(self.fleet.place, role, WORKING, queue["QueueArn"])]
        key = queue.get("KmsMasterKeyId", "")
        if key and not key.startswith("alias/aws/"):
            answer = self.account.ask(
                self.fleet.place, "kms.describe_key", f"look at the key {key}", KeyId=key
            )
            arn = answer["KeyMetadata"]["Arn"]
            asks.append(Ask(self.fleet.place, role, ("kms:Decrypt",), arn))
        return asks


def _architectures(image: str, manifest: str) -> frozenset[str]:
    """Of an image for several; a single one tells it only inside a layer that is not pulled."""
    entries = json.loads(manifest).get("manifests")
    if entries is None:
        raise NotKnownError(
            f"the image {image} is for one architecture, which its manifest does not name"
        )
    return frozenset(one.get("platform", {}).get("architecture", "") for one in entries)

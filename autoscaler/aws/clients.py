"""The AWS clients of this program: a session a role, one client a service, region and role."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.hooks import HierarchicalEmitter

from autoscaler import __version__
from autoscaler.aws.attempts import Attempts
from autoscaler.aws.parallel import Parallel
from autoscaler.aws.revisions import Revisions
from autoscaler.aws.roles import assume
from autoscaler.aws.service_tasks import SeenServices
from autoscaler.core.errors import ConfigurationError

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_sqs import SQSClient

PARALLEL = 32
"""Calls at a time. At 20 ms a call that is 1,600 a second, about what one process can handle."""

USER_AGENT = f"Botocore/{botocore.__version__} queue-autoscaler/{__version__}"
"""Given whole: botocore puts its own together anew for every call, a seventh of a call's work."""


def config() -> Config:
    """How every client behaves.

    A tick is due every two minutes, and botocore waits 60 s for a connection and 60 s for an
    answer unless told otherwise: one hung call would eat it. Mode ``standard`` makes three
    attempts, or as many as ``AWS_MAX_ATTEMPTS`` says.
    """
    return Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard"},
        max_pool_connections=PARALLEL,
        user_agent=USER_AGENT,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where, and as whom, AWS is asked."""

    region: str | None
    role: str | None = None


class Clients:
    """Creates each client when it is first asked for; any thread may ask.

    Everything not set here comes from the environment as for any AWS tool: credentials,
    profile, ``AWS_ENDPOINT_URL`` and its kind for one service, proxies, certificates.
    """

    def __init__(self) -> None:
        self._hooks = HierarchicalEmitter()
        self._session = botocore.session.Session(event_hooks=self._hooks)
        self._in_roles: dict[str, Session] = {}
        self._config = config()
        self._lock = threading.RLock()
        self._made: dict[tuple[str, str | None, str | None], Any] = {}
        self.parallel = Parallel(PARALLEL)
        """For calls that do not themselves wait for it."""
        self.revisions = Revisions()
        self.seen_services = SeenServices()
        self.run_task_attempts = Attempts()
        self.run_task_attempts.watch(self._session, "ecs.RunTask")
        self.run_task_attempts.watch(self._session, "ecs.UpdateService")
        scaling = "application-auto-scaling.RegisterScalableTarget"
        self.run_task_attempts.watch(self._session, scaling)

    def region(self, given: str | None) -> str | None:
        """The given region, or the one of the environment; None where that has none.

        botocore itself reads ``AWS_DEFAULT_REGION`` only; ECS sets ``AWS_REGION`` in tasks.
        """
        return given or os.environ.get("AWS_REGION") or self._configured_region()

    def _configured_region(self) -> str | None:
        try:
            return cast("str | None", self._session.get_config_variable("region"))
        except BotoCoreError:  # a missing profile; creating a client tells it
            return None

    def sqs(self, region: str | None, role: str | None = None) -> SQSClient:
        """The SQS client of a region, in a role where one is given."""
        return cast("SQSClient", self._client("sqs", region, role))

    def ecs(self, region: str | None, role: str | None = None) -> ECSClient:
        """The ECS client of a region, in a role where one is given."""
        return cast("ECSClient", self._client("ecs", region, role))

    def cloudwatch(self, region: str | None, role: str | None = None) -> CloudWatchClient:
        """The CloudWatch client of a region, in a role where one is given."""
        return cast("CloudWatchClient", self._client("cloudwatch", region, role))

    def dynamodb(self, region: str | None) -> DynamoDBClient:
        """The DynamoDB client of a region; the memory is the installation's, in no role."""
        return cast("DynamoDBClient", self._client("dynamodb", region, None))

    def service(self, name: str, place: Place) -> Any:
        """The client of any service there; for one-off work, which asks many of them."""
        return self._client(name, place.region, place.role)

    def ec2(self, region: str | None) -> Any:
        """The EC2 client of a region; asked for networks only, and only by one-off work."""
        return self._client("ec2", region, None)

    def _client(self, service: str, region: str | None, role: str | None) -> Any:
        key = (service, self.region(region), role)
        made = self._made.get(key)
        return self._make(*key) if made is None else made

    def _make(self, service: str, region: str | None, role: str | None) -> Any:
        key = (service, region, role)
        with self._lock:  # creating clients is not thread-safe [boto3 guide, clients]
            if key not in self._made:
                session = self._session if role is None else self._in_role(role, region)
                self._made[key] = self._create(session, service, region)
            return self._made[key]

    def _in_role(self, role: str, region: str | None) -> Session:
        if role not in self._in_roles:
            # the same hooks and service models as the first session's, which has registered them
            session = botocore.session.Session(
                event_hooks=self._hooks, include_builtin_handlers=False
            )
            session.register_component("data_loader", self._session.get_component("data_loader"))
            assume(role, self._session, lambda **keys: self._sts(region, **keys), session)
            self._in_roles[role] = session
        return self._in_roles[role]

    def _sts(self, region: str | None, **keys: Any) -> Any:
        with self._lock:
            return self._create(self._session, "sts", region, **keys)

    def _create(self, session: Session, service: str, region: str | None, **keys: Any) -> Any:
        try:
            return session.create_client(service, region_name=region, config=self._config, **keys)
        except BotoCoreError:
            raise
        except ValueError as error:  # all that botocore raises for an address that is none
            raise ConfigurationError(
                f"{error}; write AWS_ENDPOINT_URL like https://host:port, or leave it unset"
            ) from error

    def close(self) -> None:
        """End the threads and close the connections."""
        self.parallel.close()
        for client in self._made.values():
            client.close()

"""What is asked about one queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from autoscaler.aws.addresses import queue_address
from autoscaler.aws.clients import Place
from autoscaler.core.dispatch_settings import Payloads
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import LambdaConsumer, Told
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError, told

NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
"""The old code and the new one, by protocol."""

_OFF = frozenset({"Disabled", "Disabling", "Deleting"})
"""States of an event source mapping [Lambda GetEventSourceMapping]."""

_MANAGED_KEY = "alias/aws/sqs"
"""SQS's own key: nobody configures it, and only this account's roles may use it [SQS SSE]."""


@dataclass(frozen=True, slots=True)
class QueueLooks:
    """Looks at one queue; each method asks AWS and raises NotKnownError where it cannot."""

    account: Account
    place: Place
    text: str
    """Name, URL or ARN."""
    payloads: Payloads | None = None
    """Where payloads are kept; None: nowhere."""

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {
            "attributes": self.attributes,
            "dead_letters": self.dead_letters,
            "sources": self.sources,
            "lambdas": self.lambdas,
            "alarms": self.alarms,
            "key": self.key,
            "payload_days": self.payload_days,
        }

    def attributes(self) -> Mapping[str, str]:
        """All of them, as text."""
        return self._attributes_at(self._url())

    def dead_letters(self) -> Mapping[str, str] | None:
        """Of the queue its RedrivePolicy names, in the same account and region [SQS]."""
        policy = json.loads(self.attributes().get("RedrivePolicy") or "{}")
        arn = str(policy.get("deadLetterTargetArn") or "")
        if not arn:
            return None
        start = self._url().rpartition("/")[0]
        return self._attributes_at(f"{start}/{arn.rpartition(':')[2]}")

    def sources(self) -> Sequence[str]:
        """URLs of queues whose dead letters it takes."""
        return self.account.pages(
            self.place,
            "sqs.list_dead_letter_source_queues",
            "queueUrls",
            f"look for queues with dead letters in {self.text}",
            QueueUrl=self._url(),
        )

    def lambdas(self) -> Sequence[LambdaConsumer]:
        """Functions with an event source mapping on it; one that is about to change is on."""
        mappings = self.account.pages(
            self.place,
            "lambda.list_event_source_mappings",
            "EventSourceMappings",
            f"look for Lambda functions that receive from {self.text}",
            EventSourceArn=self.attributes()["QueueArn"],
        )
        return [
            LambdaConsumer(
                function=_name(one["FunctionArn"]),
                on=one["State"] not in _OFF,
                timeout=told(partial(self._timeout, one["FunctionArn"])),
                state=one["State"],
                reports="ReportBatchItemFailures" in one.get("FunctionResponseTypes", ()),
            )
            for one in mappings
        ]

    def alarms(self) -> Sequence[Told]:
        """All alarms on metrics in the region: one look serves every queue."""
        return self.account.pages(
            self.place,
            "cloudwatch.describe_alarms",
            "MetricAlarms",
            "look at the alarms",
            AlarmTypes=["MetricAlarm"],
        )

    def key(self) -> Told | None:
        """Its KMS key, if it is one that people manage."""
        name = self.attributes().get("KmsMasterKeyId", "")
        if not name or name == _MANAGED_KEY:
            return None
        answer = self.account.ask(
            self.place,
            "kms.describe_key",
            f"look at the key {name}",
            absent=["NotFoundException"],
            KeyId=name,
        )
        metadata: Told = answer["KeyMetadata"]
        return metadata

    def payload_days(self) -> int | None:
        """Of the rule that deletes them first; NotThereError: there is no bucket."""
        if self.payloads is None or self._without_lifecycle():
            return None
        rules = self._lifecycle("NoSuchBucket")["Rules"]
        key = f"{self.payloads.prefix.strip('/')}/"
        days = [
            int(rule["Expiration"]["Days"])
            for rule in rules
            if rule["Status"] == "Enabled" and "Days" in rule.get("Expiration", {})
            if key.startswith(rule.get("Filter", {}).get("Prefix", rule.get("Prefix", "")))
        ]
        return min(days, default=None)

    def _without_lifecycle(self) -> bool:
        try:
            self._lifecycle("NoSuchLifecycleConfiguration")
        except NotThereError:
            return True
        except NotKnownError:  # whatever it is, it is told by the look that needs it
            return False
        return False

    def _lifecycle(self, absent: str) -> Told:
        bucket = self.payloads.bucket if self.payloads else ""
        answer: Told = self.account.ask(
            self.place,
            "s3.get_bucket_lifecycle_configuration",
            f"look at the lifecycle of the bucket {bucket}",
            absent=[absent],
            Bucket=bucket,
        )
        return answer

    def _url(self) -> str:
        address = queue_address(self.text)
        if address.url:
            return address.url
        owner = {"QueueOwnerAWSAccountId": address.account} if address.account else {}
        answer = self.account.ask(
            self.place,
            "sqs.get_queue_url",
            f"find the queue {self.text}",
            absent=NO_QUEUE,
            QueueName=address.name,
            **owner,
        )
        url: str = answer["QueueUrl"]
        return url

    def _attributes_at(self, url: str) -> Mapping[str, str]:
        answer = self.account.ask(
            self.place,
            "sqs.get_queue_attributes",
            f"look at the queue {url.rpartition('/')[2]}",
            absent=NO_QUEUE,
            QueueUrl=url,
            AttributeNames=["All"],
        )
        attributes: Mapping[str, str] = answer["Attributes"]
        return attributes

    def _timeout(self, arn: str) -> float:
        answer = self.account.ask(
            self.place,
            "lambda.get_function_configuration",
            f"look at the function {_name(arn)}",
            absent=["ResourceNotFoundException"],
            FunctionName=arn,
        )
        if "Timeout" not in answer:
            raise NotThereError(f"the function {_name(arn)} tells no time-out")
        return float(answer["Timeout"])


def _name(function_arn: str) -> str:
    return function_arn.rpartition(":function:")[2] or function_arn

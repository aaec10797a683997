"""What moto misses about event source mappings, and that plain moto still misses it."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from support.local_aws import client, unique, until

from autoscaler.local import LocalAws


class Mapped:
    """A function behind a queue."""

    def __init__(self, endpoint_url: str, *, enabled: bool = True) -> None:
        self.api, iam = client(endpoint_url, "lambda"), client(endpoint_url, "iam")
        self.name = unique("function")
        queue = client(endpoint_url, "sqs").create_queue(QueueName=self.name)["QueueUrl"]
        self.queue = f"arn:aws:sqs:eu-west-2:{queue.split('/')[-2]}:{self.name}"
        role = iam.create_role(RoleName=self.name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.arn: str = self.api.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role,
            Handler="a.b",
            Code={"ZipFile": archive()},
        )["FunctionArn"]
        self.first = self.api.create_event_source_mapping(
            FunctionName=self.arn, EventSourceArn=self.queue, Enabled=enabled
        )
        self.uuid: str = self.first["UUID"]

    def state(self) -> str:
        told: str = self.api.get_event_source_mapping(UUID=self.uuid)["State"]
        return told

    def switch(self, *, on: bool) -> dict[str, Any]:
        told: dict[str, Any] = self.api.update_event_source_mapping(UUID=self.uuid, Enabled=on)
        return told

    def settles(self, state: str) -> None:
        until(lambda: self.state() == state)


def archive() -> bytes:
    with zipfile.ZipFile(content := io.BytesIO(), "w") as file:
        file.writestr("a.py", "def b(event, context): ...")
    return content.getvalue()


def test_a_mapping_settles_in_its_own_time(aws: LocalAws) -> None:
    mapped = Mapped(aws.endpoint_url)
    assert mapped.first["State"] == "Creating"
    mapped.settles("Enabled")
    assert mapped.switch(on=False)["State"] == "Disabling"
    mapped.settles("Disabled")
    assert mapped.switch(on=True)["State"] == "Enabling"
    mapped.settles("Enabled")


def test_a_mapping_that_changes_refuses_other_changes(aws: LocalAws) -> None:
    mapped = Mapped(aws.endpoint_url)
    for change in (lambda: mapped.switch(on=False), lambda: delete(mapped)):
        with pytest.raises(mapped.api.exceptions.ResourceInUseException):
            change()
    mapped.settles("Enabled")
    delete(mapped)
    with pytest.raises(mapped.api.exceptions.ResourceNotFoundException):
        mapped.switch(on=False)


def delete(mapped: Mapped) -> Any:
    return mapped.api.delete_event_source_mapping(UUID=mapped.uuid)


def test_a_mapping_is_listed_by_queue_and_by_each_spelling_of_its_function(aws: LocalAws) -> None:
    mapped = Mapped(aws.endpoint_url)
    for wanted in (
        {"EventSourceArn": mapped.queue},
        {"FunctionName": mapped.name},
        {"FunctionName": mapped.arn},
        {"FunctionName": f"function:{mapped.name}"},
    ):
        (found,) = mapped.api.list_event_source_mappings(**wanted)["EventSourceMappings"]
        assert found["UUID"] == mapped.uuid
    others = mapped.api.list_event_source_mappings(FunctionName=unique("function"))
    assert others["EventSourceMappings"] == []


def test_moto_still_changes_a_mapping_at_once_and_misses_names(moto: str) -> None:
    """Else delete corrections/lambda_mappings.py."""
    mapped = Mapped(moto)
    assert mapped.first["State"] == "Enabled"
    assert mapped.switch(on=False)["State"] == "Disabled"
    listed = mapped.api.list_event_source_mappings(FunctionName=mapped.name)
    assert listed["EventSourceMappings"] == []
    unknown = mapped.api.update_event_source_mapping(UUID=str(uuid4()), Enabled=True)
    assert "UUID" not in unknown
